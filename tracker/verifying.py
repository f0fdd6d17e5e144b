"""Verifies the register against its own ledger: the chain, the tallies, and what the tables say of each thing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker import ledger, tallies
from tracker.extensions import db
from tracker.facts import Facts, facts_of, subject_of, withdrawal_of
from tracker.ledger import Difference
from tracker.models import (
    Act,
    Cohort,
    Commitment,
    Document,
    Endorsement,
    Event,
    Heading,
    LedgerEntry,
    Participant,
    Position,
    Recommendation,
    Revision,
)
from tracker.vocabulary import Action, Status

#: Entries that publish what a thing says, and so what the tables must say of it.
_PUBLISHING = {
    Action.COHORT_PUBLISHED,
    Action.HEADING_PUBLISHED,
    Action.RECOMMENDATION_PUBLISHED,
    Action.PARTICIPANT_ADDED,
    Action.EVENT_ADDED,
    Action.DOCUMENT_ADDED,
    Action.ENDORSED,
}


#: Entries that are acts in an endorsement's life.
_ACTS = {Action.SUBMITTED, Action.TAKEN_BACK, Action.RETURNED, Action.ENDORSED, Action.WITHDRAWN}


def verify() -> Difference | None:
    """Return the first point at which the register does not agree with itself, or ``None`` where all is well."""
    return ledger.verify() or tallies.verify() or _verify_tables()


Published = dict[str, tuple[int, bytes]]


def _verify_tables() -> Difference | None:
    things, acts = _published()
    return _compare(things, _kept_things()) or _compare(acts, _kept_acts()) or _verify_submissions()


def _compare(published: Published, kept: Iterator[tuple[str, bytes]]) -> Difference | None:
    for subject, digest in kept:
        entry, expected = published.pop(subject, (None, None))
        if entry is None:
            return Difference(subject, "stands in the tables, but no entry of the ledger publishes it")
        if digest != expected:
            return Difference(subject, f"the tables say something else than entry {entry}")
    for subject, (entry, _) in published.items():
        return Difference(subject, f"entry {entry} publishes it, but it is not in the tables")
    return None


def _published() -> tuple[Published, Published]:
    """Return what the entries say of things, and which acts they are: number and digest of the facts, by subject."""
    things: Published = {}
    acts: Published = {}
    for entry in ledger.entries():
        facts = ledger.facts_of(entry)
        if entry.action in _PUBLISHING:
            things[entry.subject] = (entry.sequence, _digest(facts))
        elif entry.action is Action.WITHDRAWN:
            things[f"{entry.subject}, its end"] = (entry.sequence, _digest(facts))
        if entry.action in _ACTS:
            days = _days(facts.get("signed_on"), facts.get("received_on", facts.get("notice_on")), facts)
            acts[f"{entry.subject}, act {entry.sequence}"] = (entry.sequence, _digest({"act": entry.action, **days}))
    return things, acts


def _kept_things() -> Iterator[tuple[str, bytes]]:
    """Yield what the tables say of things: subject and digest of the facts."""
    with_their_parts = {
        Cohort: (),
        Heading: (joinedload(Heading.cohort),),
        Recommendation: (
            joinedload(Recommendation.cohort),
            joinedload(Recommendation.heading),
            selectinload(Recommendation.revisions).joinedload(Revision.source),
        ),
        Participant: (selectinload(Participant.names),),
        Event: (joinedload(Event.cohort),),
        Document: (joinedload(Document.cohort),),
    }
    for model, options in with_their_parts.items():
        for thing in _every(model, *options):
            yield subject_of(thing), _digest(facts_of(thing))
    of_endorsements = (
        joinedload(Endorsement.participant),
        joinedload(Endorsement.cohort),
        joinedload(Endorsement.source),
        selectinload(Endorsement.positions).joinedload(Position.recommendation),
        selectinload(Endorsement.positions).joinedload(Position.revision),
    )
    for endorsement in _every(Endorsement, *of_endorsements):
        if endorsement.effective_on is not None:
            yield subject_of(endorsement), _digest(facts_of(endorsement))
        if endorsement.ended_on is not None:
            yield f"{subject_of(endorsement)}, its end", _digest(withdrawal_of(endorsement))


def _kept_acts() -> Iterator[tuple[str, bytes]]:
    for act in _every(Act, joinedload(Act.endorsement)):
        days = _days(act.signed_on, act.received_on, {"effective_on": act.effective_on})
        yield f"{subject_of(act.endorsement)}, act {act.entry_sequence}", _digest({"act": act.action, **days})


def _days(signed_on: Any, received_on: Any, facts: Facts) -> Facts:
    """Return the days of an act that its entry publishes; those of what is not public yet are only bound there."""
    if facts.get("effective_on") is None:
        return {}
    return {"signed": signed_on, "received": received_on, "effective": facts["effective_on"]}


def _every(model: Any, *options: Any) -> Iterator[Any]:
    """Yield all rows of a table in batches: a register may be larger than memory."""
    last = 0
    while batch := list(
        db.session.scalars(select(model).where(model.id > last).order_by(model.id).limit(500).options(*options))
    ):
        yield from batch
        last = batch[-1].id


def _verify_submissions() -> Difference | None:
    """Compare what waits for a decision with what its representatives submitted, which the ledger binds."""
    submitted = (
        select(Commitment.value)
        .join(LedgerEntry, LedgerEntry.sequence == Commitment.entry_sequence)
        .where(LedgerEntry.action == Action.SUBMITTED, Commitment.field == "content")
        .order_by(LedgerEntry.sequence.desc())
        .limit(1)
    )
    for endorsement in db.session.scalars(select(Endorsement).filter_by(status=Status.SUBMITTED)):
        subject = subject_of(endorsement)
        bound = db.session.scalar(submitted.where(LedgerEntry.subject == subject))
        if bound != ledger.canonical(ledger.plain(facts_of(endorsement))).decode():
            return Difference(subject, "is not what its representatives submitted")
    return None


def _digest(facts: Facts) -> bytes:
    public = {name: fact for name, fact in facts.items() if name != "commitments"}
    return hashlib.sha256(ledger.canonical(ledger.plain(public))).digest()
