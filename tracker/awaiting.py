"""What waits for the secretariat, or was returned by it, and who is looking at it now."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, joinedload

from tracker import clock
from tracker.extensions import db
from tracker.models import Account, Cohort, Endorsement, FactorReset, Look, Participant, Proposal, Review, Text
from tracker.vocabulary import Matter, ProposalKind, ProposalStatus, ResetStatus, Status

#: For how long somebody who looked at something counts as looking at it.
A_LOOK_LASTS = timedelta(minutes=10)


@dataclass(kw_only=True)
class Waiting:
    """Something that waits for the secretariat, or for those to whom it was returned.

    Attributes:
        since: when it was submitted, or returned.
        by: who submitted it, or proposed it.
        subject: the ledger's address of what a proposal would change; empty for an endorsement.
        title: what it is called, where it is about no participant.
        person: whom it is about, where it is about one.
        due_at: the moment from which it is public, where it waits for that.
        lookers: who is looking at it now.
    """

    matter: Matter
    reference: str
    participant: Participant | None
    cohort: Cohort | None
    since: datetime
    by: Account | None
    subject: str = ""
    title: Text | None = None
    person: str = ""
    due_at: datetime | None = None
    lookers: list[Account] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Where it is decided on: ``endorsement``, ``review``, ``reset`` or ``proposal``."""
        return _PLACE_OF.get(self.matter, "proposal")

    @property
    def days(self) -> int:
        """How many days ago that was."""
        return (clock.today() - self.since.date()).days


def for_decision() -> list[Waiting]:
    """Return all that waits for a decision of the secretariat, the oldest first."""
    proposals = _proposals(Proposal.status == ProposalStatus.OPEN)
    found = [*_endorsements(Status.SUBMITTED), *proposals, *_reviews(), *_resets()]
    looks = _looks()
    for each in found:
        each.lookers = looks.get(each.reference, [])
    return sorted(found, key=lambda each: each.since)


def for_its_moment() -> list[Waiting]:
    """Return all that is approved and waits for the moment from which it is public, the next one first."""
    found = _proposals(Proposal.status == ProposalStatus.SCHEDULED)
    return sorted(found, key=lambda each: each.due_at or each.since)


def for_correction() -> list[Waiting]:
    """Return all that the secretariat returned, or could not publish, and that nobody has corrected yet.

    The oldest comes first.
    """
    later = aliased(Proposal)
    corrected = exists().where(later.kind == Proposal.kind, later.subject == Proposal.subject, later.id > Proposal.id)
    ended = exists().where(
        Proposal.kind == ProposalKind.WITHDRAWAL,
        Proposal.subject == "endorsement/" + Endorsement.reference,
        Endorsement.status != Status.IN_FORCE,
    )
    reversed_ = Proposal.kind == ProposalKind.SUSPENSION  # what was suspended holds again, and nothing is left to do
    stood = Proposal.status.in_((ProposalStatus.RETURNED, ProposalStatus.STOPPED))
    returned = (stood, ~corrected, ~ended, ~reversed_)
    return sorted([*_endorsements(Status.RETURNED), *_proposals(*returned)], key=lambda each: each.since)


def only(
    found: Iterable[Waiting], *, matter: str | None = None, kind: str | None = None, cohort: str | None = None
) -> list[Waiting]:
    """Return those of a matter, of participants of a kind, of a cohort; nothing chosen leaves them all."""
    return [
        each
        for each in found
        if (not matter or each.matter == matter)
        and (not kind or (each.participant is not None and each.participant.kind == kind))
        and (not cohort or (each.cohort is not None and each.cohort.slug == cohort))
    ]


def look(reference: str, *, by: Account) -> None:
    """Note that somebody looks at something now; forget who looked long ago."""
    db.session.execute(delete(Look).where(Look.looked_at < clock.now() - A_LOOK_LASTS))
    with suppress(IntegrityError), db.session.begin_nested():  # who pressed twice at once is noted by the other one
        db.session.merge(Look(reference=reference, account_id=by.id, looked_at=clock.now()))


def lookers(reference: str, *, but: Account) -> list[Look]:
    """Return who else looked at something of late."""
    query = select(Look).where(Look.reference == reference, Look.account_id != but.id, _lately())
    return list(db.session.scalars(query.options(joinedload(Look.account)).order_by(Look.looked_at)))


def _endorsements(status: Status) -> list[Waiting]:
    present = aliased(Endorsement)
    changes_one = exists().where(
        present.participant_id == Endorsement.participant_id,
        present.cohort_id == Endorsement.cohort_id,
        present.status == Status.IN_FORCE,
    )
    query = (
        select(Endorsement, changes_one)
        .where(Endorsement.status == status)
        .options(
            joinedload(Endorsement.participant), joinedload(Endorsement.cohort), joinedload(Endorsement.submitted_by)
        )
    )
    return [
        Waiting(
            matter=Matter.CHANGE if is_change else Matter.ENDORSEMENT,
            reference=each.reference,
            participant=each.participant,
            cohort=each.cohort,
            since=each.submitted_at or each.changed_at,
            by=each.submitted_by,
        )
        for each, is_change in db.session.execute(query)
    ]


def _proposals(*conditions: ColumnElement[bool]) -> list[Waiting]:
    query = (
        select(Proposal)
        .where(*conditions)
        .options(joinedload(Proposal.participant), joinedload(Proposal.cohort), joinedload(Proposal.proposed_by))
    )
    return [
        Waiting(
            matter=_MATTER_OF[each.kind],
            reference=each.reference,
            participant=each.participant,
            cohort=each.cohort,
            since=each.decided_at or each.proposed_at,
            by=each.proposed_by,
            subject=each.subject,
            title=_title(each),
            due_at=each.due_at,
        )
        for each in db.session.scalars(query)
    ]


def _title(proposal: Proposal) -> Text | None:
    if proposal.kind is ProposalKind.PARTICIPANT_ADDITION:
        return Text.from_json(proposal.content["facts"]["name"])
    return Text.from_json(proposal.content["title"]) if proposal.kind in _TITLED else None


def _reviews() -> list[Waiting]:
    query = select(Review).where(Review.outcome.is_(None)).options(joinedload(Review.opened))
    return [
        Waiting(
            matter=Matter.REVIEW,
            reference=each.reference,
            participant=each.endorsement.participant,
            cohort=each.endorsement.cohort,
            since=each.opened.recorded_at,
            by=None,
        )
        for each in db.session.scalars(query)
    ]


def _resets() -> list[Waiting]:
    query = select(FactorReset).filter_by(status=ResetStatus.OPEN)
    return [
        Waiting(
            matter=Matter.SECOND_FACTOR,
            reference=each.reference,
            participant=None,
            cohort=None,
            since=each.asked_at,
            by=each.asked_by,
            person=each.account.name,
        )
        for each in db.session.scalars(query.options(joinedload(FactorReset.account), joinedload(FactorReset.asked_by)))
    ]


#: What is decided on elsewhere than on the page of a proposal.
_PLACE_OF = {
    Matter.ENDORSEMENT: "endorsement",
    Matter.CHANGE: "endorsement",
    Matter.REVIEW: "review",
    Matter.SECOND_FACTOR: "reset",
}
_MATTER_OF = {
    ProposalKind.WITHDRAWAL: Matter.WITHDRAWAL,
    ProposalKind.CORRECTION: Matter.CORRECTION,
    ProposalKind.ACCREDITATION: Matter.ACCREDITATION,
    ProposalKind.ACCREDITATION_CHANGE: Matter.ACCREDITATION,
    ProposalKind.ACCREDITATION_END: Matter.ACCREDITATION,
    ProposalKind.SUSPENSION: Matter.ACCREDITATION,
    ProposalKind.CONTACT: Matter.CONTACT,
    ProposalKind.PARTICIPANT_ADDITION: Matter.ROLL,
    ProposalKind.PARTICIPANT_RENAME: Matter.ROLL,
    ProposalKind.PARTICIPANT_CHANGE: Matter.ROLL,
    ProposalKind.PARTICIPANT_MERGER: Matter.ROLL,
    ProposalKind.CORRIGENDUM: Matter.CORRIGENDUM,
    ProposalKind.HEADING_CORRIGENDUM: Matter.CORRIGENDUM,
    ProposalKind.AMENDMENT: Matter.AMENDMENT,
    ProposalKind.LOAD: Matter.LOAD,
    ProposalKind.COHORT: Matter.COHORT,
    ProposalKind.EVENT: Matter.EVENT,
    ProposalKind.DOCUMENT: Matter.DOCUMENT,
}
#: Those that are about no participant.
_TITLED = (ProposalKind.COHORT, ProposalKind.EVENT, ProposalKind.DOCUMENT)


def _looks() -> dict[str, list[Account]]:
    found: dict[str, list[Account]] = {}
    for each in db.session.scalars(select(Look).where(_lately()).options(joinedload(Look.account))):
        found.setdefault(each.reference, []).append(each.account)
    return found


def _lately() -> ColumnElement[bool]:
    return Look.looked_at >= clock.now() - A_LOOK_LASTS
