"""How invitations stand: which there are, what keeps one from being accepted, and whom else it could be sent to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.extensions import db
from tracker.identity import links, requirements
from tracker.models import Account, Accreditation, MailedLink, OutsideIdentity, Participant
from tracker.vocabulary import InvitationState, LinkPurpose, Tenure


class Hindrance(Enum):
    """What keeps an invitation from being accepted."""

    USED = "it was accepted"
    REPLACED = "another one was sent after it"
    WITHDRAWN = "it was withdrawn, or who sent it may invite nobody any more"
    EXPIRED = "its time is over"
    OPENED = "the person can sign in already"
    NOT_ACCREDITED = "the accreditation for which it was sent has ended, or is suspended"


@dataclass(frozen=True)
class Invitation:
    """The last invitation that was sent to a person, and for what."""

    link: MailedLink

    @property
    def state(self) -> InvitationState:
        """Where it stands."""
        return state_of(self.link)

    @property
    def accreditations(self) -> list[Accreditation]:
        """Those of the person that hold or are to come."""
        return accreditations_of(self.link.account)


def has_opened(account: Account) -> bool:
    """Whether a person can sign in, by whatever way."""
    outside = select(OutsideIdentity.id).filter_by(account_id=account.id).limit(1)
    return bool(account.password) or requirements.has_passkey(account) or db.session.scalar(outside) is not None


def state_of(link: MailedLink) -> InvitationState:
    """Return where an invitation stands."""
    if link.used_at is not None:
        return InvitationState.ACCEPTED
    if link.withdrawn_at is not None or not link.account.active:
        return InvitationState.WITHDRAWN
    return InvitationState.EXPIRED if link.expires_at <= clock.now() else InvitationState.WAITING


def hindrance(link: MailedLink) -> Hindrance | None:
    """Return what keeps an invitation from being accepted; ``None`` where nothing does."""
    if link.used_at is not None:
        return Hindrance.USED
    if has_opened(link.account):
        return Hindrance.OPENED
    if link.withdrawn_at is not None or not link.account.active or not _may_still_invite(link):
        latest = links.latest(link.account, LinkPurpose.INVITATION)
        is_replaced = latest is not None and latest is not link and state_of(latest) is InvitationState.WAITING
        return Hindrance.REPLACED if is_replaced else Hindrance.WITHDRAWN
    if not links.is_good(link):
        return Hindrance.EXPIRED
    if link.invited_as is None and not link.account.is_staff and not accreditations_of(link.account):
        return Hindrance.NOT_ACCREDITED
    return None


def accreditations_of(account: Account) -> list[Accreditation]:
    """Return a person's accreditations that hold or are to come, the earliest first."""
    today = clock.today()
    query = select(Accreditation).filter_by(account_id=account.id).options(joinedload(Accreditation.participant))
    found = db.session.scalars(query.order_by(Accreditation.starts_on, Accreditation.id))
    return [each for each in found if each.tenure(today) in (Tenure.HOLDS, Tenure.TO_COME)]


def at(reference: str) -> MailedLink | None:
    """Return an invitation by its reference."""
    found = links.called(reference)
    return found if found and found.purpose is LinkPurpose.INVITATION else None


def latest_ones(*, with_secretariat: bool, state: InvitationState | None = None) -> list[Invitation]:
    """Return the last invitation of everybody who was ever invited, the latest first.

    Args:
        with_secretariat: whether those to join the secretariat are among them.
        state: where they stand, if only some are wanted.
    """
    which = [] if with_secretariat else [MailedLink.invited_as.is_(None)]
    found = map(Invitation, _latest(*which))
    return [each for each in found if state is None or each.state is state]


def of_people(participant: Participant) -> dict[int, Invitation]:
    """Return the last invitations of a participant's people, by their accounts."""
    theirs = select(Accreditation.account_id).filter_by(participant_id=participant.id)
    return {each.account_id: Invitation(each) for each in _latest(MailedLink.account_id.in_(theirs))}


def unopened(accounts: Collection[Account]) -> set[int]:
    """Return those of some accounts with which nobody can sign in yet."""
    return {each.id for each in accounts if each.active and not has_opened(each)}


def _latest(*which: ColumnElement[bool]) -> Iterator[MailedLink]:
    last = select(func.max(MailedLink.id)).filter_by(purpose=LinkPurpose.INVITATION).group_by(MailedLink.account_id)
    query = select(MailedLink).where(MailedLink.id.in_(last), *which).order_by(MailedLink.id.desc())
    with_people = (joinedload(MailedLink.by), joinedload(MailedLink.account).selectinload(Account.accreditations))
    yield from db.session.scalars(query.options(*with_people))


def _may_still_invite(link: MailedLink) -> bool:
    """Whether who invited somebody to join the secretariat administers it still: they vouch for the person."""
    return link.invited_as is None or link.by is None or (link.by.active and link.by.is_administrator)
