"""What proposals about people say: who is proposed, how an accreditation is to stand, with which day it is to end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from sqlalchemy import select

from tracker import accrediting, clock, proposing
from tracker.errors import AlreadyAccredited
from tracker.extensions import db
from tracker.models import Accreditation, Participant, Proposal
from tracker.models.columns import called
from tracker.vocabulary import ProposalKind, ProposalStatus, Tenure

#: What is proposed about people, of whatever kind.
KINDS = (
    ProposalKind.ACCREDITATION,
    ProposalKind.ACCREDITATION_CHANGE,
    ProposalKind.ACCREDITATION_END,
    ProposalKind.SUSPENSION,
)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Who is proposed, and for how long.

    Attributes:
        email: where the person is reached; whether it has an account is told nobody who proposes.
        ends_on: the last day; ``None`` where no end is set.
        language: that of the person's mails, by its tag, where they have no account yet.
        note: what those who decide should know.
        credentials: the key of the letter in which the participant names the person, where one came.
    """

    name: str
    office: str
    email: str
    starts_on: date
    ends_on: date | None
    language: str
    is_head: bool = False
    note: str = ""
    credentials: str | None = None

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        """Return the candidate whom a proposal holds."""
        content = proposal.content
        names = ("name", "office", "email", "language", "is_head", "note")
        said = {each: content[each] for each in names} | {"credentials": content.get("credentials")}
        return cls(starts_on=_day(content, "starts_on"), ends_on=_end(content), **said)

    def facts(self) -> dict[str, Any]:
        """Return what a proposal holds."""
        return dict(self.__dict__)


@dataclass(frozen=True, kw_only=True)
class Change:
    """How an accreditation is to stand."""

    starts_on: date
    ends_on: date | None
    is_head: bool
    note: str

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        """Return the change that a proposal holds."""
        content = proposal.content
        said = {each: content[each] for each in ("is_head", "note")}
        return cls(starts_on=_day(content, "starts_on"), ends_on=_end(content), **said)


def accreditation_of(proposal: Proposal) -> Accreditation | None:
    """Return the accreditation that a proposal is about; before a new one is approved, there is none."""
    return accrediting.accreditation(proposal.subject.removeprefix("accreditation/"))


def person_of(proposal: Proposal) -> str:
    """Return the name of the person whom a proposal is about."""
    accreditation = accreditation_of(proposal)
    return accreditation.shown_name if accreditation else called(proposal.content["name"])


def open_ones(participant: Participant) -> list[Proposal]:
    """Return what waits for a decision about a participant's people, the oldest first."""
    query = select(Proposal).filter_by(participant_id=participant.id, status=ProposalStatus.OPEN)
    return list(db.session.scalars(query.where(Proposal.kind.in_(KINDS)).order_by(Proposal.id)))


def made_by_its_people(participant: Participant) -> list[Proposal]:
    """Return what the representatives of a participant proposed about its people, the latest first."""
    theirs = select(Accreditation.account_id).filter_by(participant_id=participant.id)
    query = select(Proposal).where(
        Proposal.participant_id == participant.id, Proposal.kind.in_(KINDS), Proposal.proposed_by_id.in_(theirs)
    )
    return list(db.session.scalars(query.order_by(Proposal.id.desc())))


def the_accreditation_of(proposal: Proposal) -> Accreditation:
    """Return the accreditation that a proposal is about, where there must be one."""
    accreditation = accreditation_of(proposal)
    assert accreditation is not None  # noqa: S101  # nosec B101  # it was proposed about one, or one was just made
    return accreditation


def last_day_of(proposal: Proposal) -> date:
    """Return the day with which an accreditation ends if that is approved today: what was until now stays so."""
    if proposal.kind is ProposalKind.SUSPENSION:
        return the_accreditation_of(proposal).suspended_on or clock.today()
    return max(_day(proposal.content, "ends_on"), clock.today())


def returned_one(participant: Participant, reference: str) -> Proposal | None:
    """Return a request of a participant that was returned and that nothing took the place of yet, by its reference."""
    found = db.session.scalars(
        select(Proposal).filter_by(
            reference=reference,
            participant_id=participant.id,
            kind=ProposalKind.ACCREDITATION,
            status=ProposalStatus.RETURNED,
        )
    ).one_or_none()
    latest = proposing.latest_one(ProposalKind.ACCREDITATION, found.subject) if found else None
    return found if found is latest else None


def require_free(participant: Participant, candidate: Candidate) -> None:
    """Refuse whom the participant's own accreditations name for some of the days. It asks about no other account.

    Raises:
        AlreadyAccredited: one of them does.
    """
    for each in accrediting.of(participant):
        ends_before = each.ends_on is not None and each.ends_on < candidate.starts_on
        begins_after = candidate.ends_on is not None and candidate.ends_on < each.starts_on
        over = each.tenure(clock.today()) is Tenure.ENDED
        if each.account.email == candidate.email and not (ends_before or begins_after or over):
            raise AlreadyAccredited


def _day(content: dict[str, Any], name: str) -> date:
    return date.fromisoformat(content[name])


def _end(content: dict[str, Any]) -> date | None:
    return _day(content, "ends_on") if "ends_on" in content else None
