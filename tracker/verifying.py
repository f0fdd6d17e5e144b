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


def verify() -> Difference | None:
    """Return the first point at which the register does not agree with itself, or ``None`` where all is well."""
    return ledger.verify() or tallies.verify() or _verify_tables()


def _verify_tables() -> Difference | None:
    published = {subject: (entry, digest) for subject, entry, digest in _published()}
    for subject, digest in _kept():
        entry, expected = published.pop(subject, (None, None))
        if entry is None:
            return Difference(subject, "stands in the tables, but no entry of the ledger publishes it")
        if digest != expected:
            return Difference(subject, f"the tables say something else than entry {entry}")
    for subject, (entry, _) in published.items():
        return Difference(subject, f"entry {entry} publishes it, but it is not in the tables")
    return _verify_submissions()


def _published() -> Iterator[tuple[str, int, bytes]]:
    """Yield what the entries say, in order: subject, number and the digest of the facts."""
    for entry in ledger.entries():
        if entry.action in _PUBLISHING:
            yield entry.subject, entry.sequence, _digest(ledger.facts_of(entry))
        elif entry.action is Action.WITHDRAWN:
            yield f"{entry.subject}, its end", entry.sequence, _digest(ledger.facts_of(entry))


def _kept() -> Iterator[tuple[str, bytes]]:
    """Yield what the tables say: subject and the digest of the facts."""
    for model in (Cohort, Heading, Recommendation, Participant, Event, Document):
        for thing in _every(model):
            yield subject_of(thing), _digest(ledger.plain(facts_of(thing)))
    of_endorsements = (
        joinedload(Endorsement.participant),
        joinedload(Endorsement.cohort),
        joinedload(Endorsement.source),
        selectinload(Endorsement.positions).joinedload(Position.recommendation),
        selectinload(Endorsement.positions).joinedload(Position.revision),
    )
    for endorsement in _every(Endorsement, *of_endorsements):
        if endorsement.effective_on is not None:
            yield subject_of(endorsement), _digest(ledger.plain(facts_of(endorsement)))
        if endorsement.ended_on is not None:
            yield f"{subject_of(endorsement)}, its end", _digest(ledger.plain(withdrawal_of(endorsement)))


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
    return hashlib.sha256(ledger.canonical(public)).digest()
