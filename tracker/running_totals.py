"""Keeps the tallies as running totals: an endorsement that enters or leaves moves them from its day on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy import select

from tracker.extensions import db
from tracker.models import (
    Cohort,
    Endorsement,
    RecommendationTally,
    SetTally,
)
from tracker.roll import kinds
from tracker.tallies import Count, of_editions, of_set
from tracker.vocabulary import Kind, Scope, Stance


def enter(endorsement: Endorsement) -> None:
    """Count an endorsement from its day of effect on. The caller holds the ledger's lock and has flushed."""
    _move(endorsement, known(endorsement.effective_on), +1)


def leave(endorsement: Endorsement) -> None:
    """Count an endorsement no more from the day on which it ends."""
    _move(endorsement, known(endorsement.ended_on), -1)


@contextmanager
def recounted(endorsements: Collection[Endorsement]) -> Iterator[None]:
    """Take endorsements out of the count while something changes as what they count, and count them again then.

    That is the kind of their participant, or which participant's they are.
    """
    for each in endorsements:
        _count(each, -1)
    yield
    db.session.flush()
    for each in endorsements:
        _count(each, +1)


def never_entered(endorsement: Endorsement) -> None:
    """Take an endorsement out of the count for good, as if it had never been in force."""
    _move(endorsement, known(endorsement.effective_on), -1)


def never_ended(endorsement: Endorsement) -> None:
    """Count an endorsement as if it had not ended."""
    _move(endorsement, known(endorsement.ended_on), +1)


def known(day: date | None) -> date:
    """Return the day of an endorsement that counts, and so has one.

    Raises:
        ValueError: it has none.
    """
    if day is None:
        raise ValueError("an endorsement without its day cannot be counted")
    return day


def _count(endorsement: Endorsement, sign: int) -> None:
    """Add ``sign`` to the running totals for as long as an endorsement is in force; what is added comes first."""
    ends = [(endorsement.effective_on, sign), (endorsement.ended_on, -sign)]
    for day, change in sorted(ends, key=lambda end: -end[1]):
        if day is not None:
            _move(endorsement, day, change)


@dataclass
class _Moved:
    """What is added to, or taken from, running totals: of the set, and of each edition of its recommendations."""

    whole: Count = field(default_factory=Count)
    items: dict[tuple[int, int], Count] = field(default_factory=dict)

    def take(self, endorsement: Endorsement) -> None:
        """Take an endorsement into account."""
        reserved = any(position.stance is Stance.RESERVED for position in endorsement.positions)
        self.whole += Count(1, int(reserved), int(endorsement.scope is Scope.CHOSEN))
        for each in endorsement.positions:
            key = each.recommendation_id, each.revision.edition
            self.items[key] = self.items.get(key, Count()) + Count(1, int(each.stance is Stance.RESERVED))


#: By the sign, the cohort, the kind, and the day from which on.
_Moves = dict[tuple[int, Cohort, Kind, date], _Moved]


_together: ContextVar[_Moves | None] = ContextVar("together", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Move the totals once for all the endorsements that enter and leave meanwhile, and not once for each.

    Nobody may ask for a tally before the end.
    """
    moves: _Moves = {}
    token = _together.set(moves)
    try:
        yield
    finally:
        _together.reset(token)
    _carry_out(moves)


def _move(endorsement: Endorsement, day: date, sign: int) -> None:
    """Add ``sign`` to the running totals that an endorsement touches, on ``day`` and on every later day.

    Where its participant is of another kind from a later day on, the totals of that kind are touched from then on.
    """
    of_all = _together.get()
    moves: _Moves = {} if of_all is None else of_all
    for kind, since, change in kinds.steps(kinds.history_of(endorsement.participant), day, sign):
        moves.setdefault((change, endorsement.cohort, kind, since), _Moved()).take(endorsement)
    if of_all is None:
        _carry_out(moves)


def _carry_out(moves: _Moves) -> None:
    """Move the running totals; what is added comes first, so that none falls below nothing meanwhile."""
    for (sign, cohort, kind, day), moved in sorted(moves.items(), key=lambda move: -move[0][0]):
        _move_set(cohort, kind, day, sign, moved.whole)
        _move_recommendations(cohort, kind, day, sign, moved.items)


def _move_set(cohort: Cohort, kind: Kind, day: date, sign: int, moved: Count) -> None:
    """Add ``sign`` times a count to the totals of the set, on ``day`` and on every later day."""
    if db.session.get(SetTally, (cohort.id, kind, day)) is None:
        before = of_set(cohort, day).counts[kind]
        db.session.add(
            SetTally(
                cohort_id=cohort.id,
                kind=kind,
                day=day,
                signatories=before.signatories,
                reserved=before.reserved,
                partial=before.partial,
            )
        )
        db.session.flush()
    db.session.execute(
        sa.update(SetTally)
        .where(SetTally.cohort_id == cohort.id, SetTally.kind == kind, SetTally.day >= day)
        .values(
            signatories=SetTally.signatories + sign * moved.signatories,
            reserved=SetTally.reserved + sign * moved.reserved,
            partial=SetTally.partial + sign * moved.partial,
        )
    )


def _move_recommendations(
    cohort: Cohort, kind: Kind, day: date, sign: int, moved: Mapping[tuple[int, int], Count]
) -> None:
    """Do for editions of recommendations what ``_move_set`` does for the set; for all of one count at once."""
    before = of_editions(cohort, day)
    key = sa.tuple_(RecommendationTally.recommendation_id, RecommendationTally.edition)
    have_row = {
        (recommendation, edition)
        for recommendation, edition in db.session.execute(
            select(RecommendationTally.recommendation_id, RecommendationTally.edition).where(
                key.in_(moved), RecommendationTally.kind == kind, RecommendationTally.day == day
            )
        )
    }
    for recommendation, edition in moved.keys() - have_row:
        counts, _ = before.get((recommendation, edition), ({}, 1))
        count = counts.get(kind, Count())
        db.session.add(
            RecommendationTally(
                recommendation_id=recommendation,
                edition=edition,
                kind=kind,
                day=day,
                signatories=count.signatories,
                reserved=count.reserved,
            )
        )
    db.session.flush()
    for count in set(moved.values()):
        touched = [each for each, its_count in moved.items() if its_count == count]
        db.session.execute(
            sa.update(RecommendationTally)
            .where(key.in_(touched), RecommendationTally.kind == kind, RecommendationTally.day >= day)
            .values(
                signatories=RecommendationTally.signatories + sign * count.signatories,
                reserved=RecommendationTally.reserved + sign * count.reserved,
            )
        )
