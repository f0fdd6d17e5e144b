"""Guessing is slowed down: who guesses wrongly several times has to wait, longer each time, a quarter hour at last.

What is guessed at is counted, whether or not there is such an account, and so is the network from where. Each guess is
counted before it is looked at, so that many at once are not more than many in turn; a right one takes that back. A
browser in which the person has signed in before is counted for itself: what strangers guess keeps nobody out of their
own account at their own computer (OWASP, "Slow down online guessing attacks with device cookies"). Passkeys, and links
to choose a new password, never wait.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from tracker import accrediting, clock
from tracker.errors import TryLater
from tracker.extensions import db
from tracker.identity import devices, origin, security_log
from tracker.identity.keyring import keyed_hash
from tracker.mails import posting
from tracker.models import Account, Delay, Mail
from tracker.vocabulary import DelayKind, Notice, SecurityAction

#: How many guesses are free. Behind one network address there may be a whole ministry.
FREE = {DelayKind.PASSWORD: 5, DelayKind.SECOND_FACTOR: 5, DelayKind.DEVICE: 5, DelayKind.ADDRESS: 30}

#: How long one waits after the last free guess, and after each that follows.
WAITS = tuple(timedelta(minutes=each) for each in (1, 2, 4, 8, 15))

#: After how long without a wrong guess those before are forgotten.
FORGOTTEN_AFTER = timedelta(days=1)

_TOLD_OF = {DelayKind.PASSWORD: Notice.PASSWORD_GUESSED, DelayKind.SECOND_FACTOR: Notice.SECOND_FACTOR_GUESSED}


def check(identifier: str, kind: DelayKind) -> None:
    """Count a guess that is about to be looked at.

    Args:
        identifier: the mail address that was typed, or that of the account.
        kind: what is guessed at.

    Raises:
        TryLater: it has to wait. It is not looked at, and does not count.
    """
    now = clock.now()
    with db.session.begin_nested():
        counted = [_count(key, each, now) for key, each in _counted_by(identifier, kind)]
        waits = [each.until for each in counted if each.until and each.until > now]
        if waits:
            raise TryLater(max(waits) - now, at_password=kind is DelayKind.PASSWORD)
        for each in counted:
            each.until = now + _wait(each) if each.failures >= FREE[each.kind] else None


def failed(identifier: str, kind: DelayKind) -> None:
    """Tell the owner of an account, if there is one, where a wrong guess begins a wait; once a day at most."""
    (key, _), *_ = _counted_by(identifier, kind)
    own = db.session.get(Delay, key, populate_existing=True)
    if own is None or own.until is None:
        return
    account = accrediting.account_at(identifier.strip())
    security_log.record(SecurityAction.DELAYED, account=account, kind=kind.value, until=own.until.isoformat())
    if account is not None and account.active:
        _tell(account, kind, own.until)


def succeeded(identifier: str, kind: DelayKind) -> None:
    """Forget the guesses at what was guessed rightly; of those from the network, take this one back."""
    keys = [key for key, _ in _counted_by(identifier, kind)]
    own, *others = (db.session.get(Delay, key, with_for_update=True, populate_existing=True) for key in keys)
    if own is not None:
        db.session.delete(own)
    for each in others:
        if each is not None and each.failures > 1:
            each.failures -= 1
            each.until = None
        elif each is not None:
            db.session.delete(each)
    db.session.flush()


def forgive(account: Account) -> None:
    """Forget the wrong guesses at a person's password: they have a new one."""
    db.session.execute(sa.delete(Delay).filter_by(key_hash=_key(account.email, DelayKind.PASSWORD)))


def due() -> bool:
    """Whether there are guesses to be forgotten."""
    return db.session.scalar(sa.select(Delay.key_hash).where(_is_over(clock.now())).limit(1)) is not None


def forget() -> None:
    """Forget the guesses that were made long ago."""
    db.session.execute(sa.delete(Delay).where(_is_over(clock.now())))


def _counted_by(identifier: str, kind: DelayKind) -> list[tuple[str, DelayKind]]:
    """Return the keys under which a guess counts, that of what is guessed at first, each with how it counts."""
    mark = devices.mark_of(identifier)
    if mark is not None:
        return [(_key(f"{identifier}\0{mark}", kind), DelayKind.DEVICE)]
    network = origin.current().network
    by_network = [(_key(network, DelayKind.ADDRESS), DelayKind.ADDRESS)] if network else []
    return [(_key(identifier, kind), kind), *by_network]


def _key(identifier: str, kind: DelayKind) -> str:
    return keyed_hash("delay", f"{kind.value}\0{identifier.strip().lower()}")


def _count(key: str, kind: DelayKind, now: datetime) -> Delay:
    """Count one more under a key, and return its row, which nobody else counts in until the transaction ends."""
    over = _is_over(now)
    counted = _insert()(Delay).values(key_hash=key, kind=kind, failures=1, last_at=now)
    counted = counted.on_conflict_do_update(
        index_elements=[Delay.key_hash],
        set_={
            "failures": sa.case((over, 1), else_=Delay.failures + 1),
            "until": sa.case((over, sa.null()), else_=Delay.until),
            "last_at": now,
        },
    )
    found: Delay = db.session.scalars(counted.returning(Delay), execution_options={"populate_existing": True}).one()
    return found


def _insert() -> Any:  # the two say the same, without a type for both
    """Return the database's own INSERT, which takes a row that is there already."""
    return postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert


def _is_over(now: datetime) -> sa.ColumnElement[bool]:
    return Delay.last_at < now - FORGOTTEN_AFTER


def _wait(delay: Delay) -> timedelta:
    return WAITS[min(delay.failures - FREE[delay.kind], len(WAITS) - 1)]


def _tell(account: Account, kind: DelayKind, until: datetime) -> None:
    # Who would tell the same waits here; who only writes a line about the account into the security log does not.
    db.session.refresh(account, with_for_update={"key_share": True})
    occasion = f"{_TOLD_OF[kind].value}/{account.actor}/{clock.today()}"
    if db.session.scalar(sa.select(Mail.id).filter_by(occasion=occasion)) is not None:
        return
    here = origin.current()
    facts = {"at": clock.now(), "until": until, "address": here.address}
    posting.write(account, _TOLD_OF[kind], facts, occasion=occasion)
    db.session.flush()
