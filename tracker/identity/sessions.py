"""Where a person is signed in: one row a browser, which the register can end at any moment.

The limits are those of NIST SP 800-63B-4, section 2.2.3, for the second level of assurance: an hour without activity,
and a day over all, of which we take the half.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import timedelta

from sqlalchemy import select, update

from tracker import clock
from tracker.extensions import db
from tracker.identity import origin
from tracker.models import Account, SignInSession
from tracker.vocabulary import SignInWay

#: How long a session lasts while nothing is asked for, and how long at most.
IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)

#: How long a proof of who somebody is counts as fresh: for opening a form that asks for one, and for sending it.
FRESH = timedelta(minutes=15)
FRESH_TO_SEND = timedelta(hours=1)

#: How often at most it is written down that a session is in use: a write for each page would cost more than the page.
SEEN_EVERY = timedelta(minutes=5)


def open_(account: Account, *, way: SignInWay) -> str:
    """Open a session for a person who proved who they are; return its key, which only the browser keeps."""
    key, now, here = secrets.token_urlsafe(32), clock.now(), origin.current()
    session = SignInSession(
        reference=str(uuid.uuid4()),
        account=account,
        key_hash=_hash(key),
        way=way,
        opened_at=now,
        seen_at=now,
        proved_at=now,
        address=here.address,
        agent=here.agent,
    )
    db.session.add(session)
    db.session.flush()
    return key


def current(key: str) -> SignInSession | None:
    """Return the session with a key, while it and its account let anybody in."""
    found = at(key)
    return found if found and holds(found) and found.account.active else None


def at(key: str) -> SignInSession | None:
    """Return the session with a key, be it over or not."""
    return db.session.scalars(select(SignInSession).filter_by(key_hash=_hash(key))).one_or_none()


def holds(session: SignInSession) -> bool:
    """Whether a session was neither ended nor reached a limit."""
    now = clock.now()
    return session.ended_at is None and now - session.seen_at < IDLE and now - session.opened_at < LONGEST


def of(account: Account) -> list[SignInSession]:
    """Return a person's sessions that hold, the one that was seen last first."""
    query = select(SignInSession).filter_by(account_id=account.id, ended_at=None)
    found = db.session.scalars(query.order_by(SignInSession.seen_at.desc(), SignInSession.id.desc()))
    return [each for each in found if holds(each)]


def one_of(account: Account, reference: str) -> SignInSession | None:
    """Return a session of a person by its reference, be it over or not."""
    query = select(SignInSession).filter_by(account_id=account.id, reference=reference)
    return db.session.scalars(query).one_or_none()


def last_sign_in(account: Account, *, before: SignInSession | None = None) -> SignInSession | None:
    """Return the session that a person opened last, or last before another one."""
    query = select(SignInSession).filter_by(account_id=account.id)
    if before is not None:
        query = query.where(SignInSession.id < before.id)
    return db.session.scalars(query.order_by(SignInSession.id.desc()).limit(1)).one_or_none()


def is_due_to_be_seen(session: SignInSession) -> bool:
    """Whether it is to be written down again that a session is in use."""
    return clock.now() - session.seen_at >= SEEN_EVERY


def seen(session: SignInSession) -> None:
    """Write down that a session is in use."""
    session.seen_at = clock.now()
    db.session.flush()


def prove(session: SignInSession) -> str:
    """Write down that the person has just proved again who they are; return the session's new key.

    A copy of the earlier one is worth nothing any more: whoever took it has proved nothing.
    """
    key = secrets.token_urlsafe(32)
    session.proved_at, session.key_hash = clock.now(), _hash(key)
    db.session.flush()
    return key


def is_fresh(session: SignInSession, *, to_send: bool = False) -> bool:
    """Whether the person proved who they are so lately that a form which asks for it may be opened, or sent."""
    return clock.now() - session.proved_at < (FRESH_TO_SEND if to_send else FRESH)


def end(session: SignInSession) -> None:
    """Let a session let nobody in any more."""
    session.ended_at = session.ended_at or clock.now()
    db.session.flush()


def end_all(account: Account, *, but: SignInSession | None = None) -> None:
    """End every session of a person, perhaps but one."""
    ended = update(SignInSession).where(SignInSession.account_id == account.id, SignInSession.ended_at.is_(None))
    if but is not None:
        ended = ended.where(SignInSession.id != but.id)
    db.session.execute(ended.values(ended_at=clock.now()))


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
