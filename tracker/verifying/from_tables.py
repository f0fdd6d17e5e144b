"""What the tables say, in the form in which the entries say it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker import ledger
from tracker.bulk.loads import load_of
from tracker.extensions import db
from tracker.facts import end_of, facts_of, facts_of_revision, subject_of
from tracker.models import (
    Accreditation,
    Act,
    Cohort,
    Document,
    Endorsement,
    Event,
    Heading,
    Participant,
    Position,
    Proposal,
    Recommendation,
    Review,
    Revision,
)
from tracker.verifying import roll_from_entries
from tracker.verifying.digests import days_of_act, digest_of, digest_of_its_own
from tracker.vocabulary import Action, ProposalKind, ProposalStatus, Status

WITH_ALL = (
    joinedload(Endorsement.participant),
    joinedload(Endorsement.cohort),
    joinedload(Endorsement.source),
    joinedload(Endorsement.evidence),
    selectinload(Endorsement.positions).joinedload(Position.recommendation),
    selectinload(Endorsement.positions).joinedload(Position.revision),
)


def every(model: Any, *options: Any, where: sa.ColumnElement[bool] | None = None) -> Iterator[Any]:
    """Yield all rows of a table in batches: a register may be larger than memory."""
    last = 0
    query = select(model).order_by(model.id).limit(500).options(*options)
    query = query if where is None else query.where(where)
    while batch := list(db.session.scalars(query.where(model.id > last))):
        yield from batch
        last = batch[-1].id


def things() -> Iterator[tuple[str, bytes]]:
    """Yield what the tables say of things: subject and digest of the facts."""
    with_their_parts = {
        Cohort: (),
        Heading: (joinedload(Heading.cohort),),
        Recommendation: (
            joinedload(Recommendation.cohort),
            joinedload(Recommendation.heading),
            selectinload(Recommendation.revisions).joinedload(Revision.source),
        ),
        Event: (joinedload(Event.cohort),),
        Document: (joinedload(Document.cohort),),
        Accreditation: (joinedload(Accreditation.participant), joinedload(Accreditation.account)),
    }
    for model, options in with_their_parts.items():
        for thing in every(model, *options):
            yield subject_of(thing), digest_of_its_own(facts_of(thing))
    later = (joinedload(Revision.source), joinedload(Revision.recommendation).joinedload(Recommendation.cohort))
    for revision in every(Revision, *later, where=Revision.number > 1):
        facts = {**facts_of_revision(revision), "edition": revision.edition}
        yield f"{subject_of(revision.recommendation)}, revision {revision.number}", digest_of(facts)
    for endorsement in every(Endorsement, *WITH_ALL):
        if endorsement.effective_on is not None or endorsement.status is Status.ANNULLED:
            yield subject_of(endorsement), digest_of_its_own(facts_of(endorsement))
        if endorsement.ended_on is not None:
            yield f"{subject_of(endorsement)}, its end", digest_of_its_own(end_of(endorsement))


def roll() -> Iterator[tuple[str, bytes]]:
    """Yield what the tables say of participants."""
    for participant in every(Participant, *roll_from_entries.WITH_ALL):
        subject, facts = roll_from_entries.kept(participant)
        yield subject, digest_of(facts)


def owners() -> Iterator[tuple[str, bytes]]:
    """Yield whose endorsements and accreditations are."""
    for model in (Endorsement, Accreditation):
        for each in every(model, joinedload(model.participant)):
            if model is Accreditation or each.effective_on is not None or each.status is Status.ANNULLED:
                yield f"{subject_of(each)}, its participant", digest_of({"of": each.participant.slug})


def acts() -> Iterator[tuple[str, bytes]]:
    """Yield who did what in the life of each endorsement, and the days of it."""
    for act in every(Act, joinedload(Act.endorsement), joinedload(Act.by)):
        days = days_of_act(act.signed_on, act.received_on, {"effective_on": act.effective_on})
        actor = act.by.actor if act.by else _ACTOR_OF.get(act.action, ledger.OPERATOR)
        facts = {"act": act.action, "by": actor, **days}
        yield f"{subject_of(act.endorsement)}, act {act.entry_sequence}", digest_of(facts)


def standings() -> Iterator[tuple[str, bytes]]:
    """Yield where each endorsement stands, but for drafts that were never submitted: the ledger does not know them."""
    for endorsement in every(Endorsement, joinedload(Endorsement.submitted_by), selectinload(Endorsement.acts)):
        if endorsement.acts or endorsement.status is not Status.DRAFT:
            submitter = endorsement.submitted_by.actor if endorsement.submitted_by else None
            standing = {"status": endorsement.status, "submitted_by": submitter}
            yield f"{subject_of(endorsement)}, its status", digest_of(standing)


def notices() -> Iterator[tuple[str, bytes]]:
    """Yield what became of the last notice of withdrawal of each endorsement."""
    latest: dict[str, Proposal] = {}
    for proposal in every(Proposal, where=Proposal.kind == ProposalKind.WITHDRAWAL):
        latest[proposal.subject] = proposal
    for subject, proposal in latest.items():
        yield f"{subject}, its notice", digest_of({"status": proposal.status})


def reviews() -> Iterator[tuple[str, bytes]]:
    """Yield how each review ended, or that it has not yet."""
    for review in every(Review, joinedload(Review.endorsement)):
        said = {"outcome": review.outcome, "finding": review.finding}
        yield f"{subject_of(review.endorsement)}, review {review.opened_entry}", digest_of(said)


def loads() -> Iterator[tuple[str, bytes]]:
    """Yield which files were loaded: those that the second person approved, as they are kept."""
    for proposal in every(Proposal, where=Proposal.kind == ProposalKind.LOAD):
        if proposal.status is ProposalStatus.APPROVED:
            kept = [hashlib.sha256(each.content).hexdigest() for each in load_of(proposal).files]
            yield proposal.subject, digest_of({"files": kept})


#: Who acted without an account, where it was not the operator.
_ACTOR_OF = {Action.REVIEW_OPENED: ledger.CONTACT}
