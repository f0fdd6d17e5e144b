"""Wishes to be forgotten: a person asks, somebody of the secretariat looks, and carries it out or refuses.

There is no table of them: a wish is the event of the security log that tells of it, and it waits as long as no later
event says what became of it. Such an event is not purged before that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker import accrediting, clock, ledger
from tracker.accrediting import require_staff
from tracker.errors import AlreadyAsked, Incomplete, StillInOffice, WishDecided
from tracker.extensions import db
from tracker.identity import security_log
from tracker.models import Account, Proposal, SecurityEvent
from tracker.people import candidates
from tracker.vocabulary import ProposalStatus, SecurityAction, Tenure

_ASKED, _REFUSED, _ERASED = SecurityAction.ERASURE_ASKED, SecurityAction.ERASURE_REFUSED, SecurityAction.ERASED
_ACTIONS = (_ASKED, _REFUSED, _ERASED)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How the wish of a person stands.

    Attributes:
        number: that of the event, by which the wish is addressed.
        reason: why the person asked, or why the secretariat refused.
    """

    number: int
    action: SecurityAction
    at: datetime
    account: Account
    reason: str

    @property
    def waits(self) -> bool:
        """Whether it waits for a decision."""
        return self.action is _ASKED


def ask(account: Account, *, reason: str = "") -> SecurityEvent:
    """Ask to be forgotten.

    Raises:
        StillInOffice: who works for the secretariat is not forgotten, and so asks for nothing.
        AlreadyAsked: the person did, and it waits.
    """
    ledger.lock()
    if account.is_staff:
        raise StillInOffice
    latest = latest_of(account)
    if latest and latest.waits:
        raise AlreadyAsked
    said = {"reason": reason} if reason else {}
    return security_log.record(_ASKED, account=account, by=account, **said)


def refuse(account: Account, *, reason: str, by: Account, wish: int) -> SecurityEvent:
    """Refuse to forget a person, with the reason that they read.

    Raises:
        NotStaff: the person does not work for the secretariat.
        Incomplete: no reason is given.
        WishDecided: somebody has decided on the wish.
    """
    take_up(account, by=by, wish=wish)
    if not reason.strip():
        raise Incomplete
    return security_log.record(_REFUSED, account=account, by=by, reason=reason.strip())


def take_up(account: Account, *, by: Account, wish: int) -> None:
    """Take the lock that puts those who decide in order, and see that the wish still waits.

    Raises:
        NotStaff, WishDecided: as in :func:`refuse`.
    """
    require_staff(by)
    ledger.lock()
    latest = latest_of(account)
    if latest is None or not latest.waits or latest.number != wish:
        raise WishDecided


def require_out_of_office(account: Account) -> None:
    """Refuse to forget who may act, is going to, or works for the secretariat.

    Raises:
        StillInOffice: the person is one of these.
    """
    if account.is_staff or is_in_office(account):
        raise StillInOffice


def is_in_office(account: Account) -> bool:
    """Whether a person may act for a participant, is going to, is suspended alone, or is proposed again."""
    held = any(each.tenure(clock.today()) is not Tenure.ENDED for each in accrediting.held_by(account))
    waiting = db.session.scalars(
        sa.select(Proposal).where(Proposal.status == ProposalStatus.OPEN, Proposal.kind.in_(candidates.KINDS))
    )
    return held or any(each.content.get("email") == account.email for each in waiting)


def latest_of(account: Account) -> Wish | None:
    """Return how a person's wish stands; ``None`` where they never asked."""
    query = sa.select(SecurityEvent).where(SecurityEvent.account_id == account.id, SecurityEvent.action.in_(_ACTIONS))
    found = db.session.scalars(query.order_by(SecurityEvent.id.desc()).limit(1)).one_or_none()
    return _read(found) if found else None


def waiting() -> list[Wish]:
    """Return the wishes that wait, the oldest first."""
    query = sa.select(SecurityEvent).where(waits()).order_by(SecurityEvent.id)
    return [_read(each) for each in db.session.scalars(query)]


def wish_at(number: int) -> Wish | None:
    """Return how the wish stands that was made by an event: as it was made, or as it was decided since."""
    event = db.session.get(SecurityEvent, number)
    if event is None or event.action is not _ASKED or event.account is None:
        return None
    return latest_of(event.account)


def waits() -> sa.ColumnElement[bool]:
    """Return the condition that an event is a wish that waits for a decision."""
    later = aliased(SecurityEvent)
    decided = sa.exists().where(
        later.account_id == SecurityEvent.account_id, later.action.in_(_ACTIONS), later.id > SecurityEvent.id
    )
    return sa.and_(SecurityEvent.action == _ASKED, ~decided)


def _read(event: SecurityEvent) -> Wish:
    assert event.account is not None  # noqa: S101  # nosec B101  # whoever asks has an account
    said = json.loads(event.said)
    return Wish(number=event.id, action=event.action, at=event.at, account=event.account, reason=said.get("reason", ""))
