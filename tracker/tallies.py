"""What counts and how. Nothing else counts.

A participant counts as a signatory on a day when its endorsement of at least one recommendation is in force on that
day: from the day of effect on, up to but not including the day on which it ends. Tallies are kept as running totals,
a row for each day on which one moved: reading any day's tally is one look-up a figure, however many rows there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import and_, case, func, or_, select

from tracker.extensions import db
from tracker.models import (
    Cohort,
    Endorsement,
    FormerKind,
    Participant,
    ParticipantName,
    Position,
    Recommendation,
    RecommendationTally,
    Revision,
    SetTally,
)
from tracker.roll import regions
from tracker.roll.kinds import kind_on
from tracker.roll.naming import carried_on
from tracker.vocabulary import OPEN, Kind, RevisionKind, Scope, Stance, Status


@dataclass(frozen=True)
class Count:
    """How many participants of one kind endorse, and how many of them not without more.

    Attributes:
        reserved: with a reservation.
        partial: of a set, some of its recommendations.
        earlier: of a recommendation, a wording that was amended since.
    """

    signatories: int = 0
    reserved: int = 0
    partial: int = 0
    earlier: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.signatories + other.signatories,
            self.reserved + other.reserved,
            self.partial + other.partial,
            self.earlier + other.earlier,
        )


Counts = Mapping[Kind, Count]


def total(counts: Counts) -> Count:
    """Return what all kinds count together."""
    return sum(counts.values(), Count())


@dataclass(frozen=True)
class Tally:
    """The tally of a cohort's set, or of one recommendation, on a day.

    Attributes:
        as_at: the day.
        counts: what each kind counts; every kind is there.
        named: the supranational signatories, which are counted by name.
    """

    as_at: date
    counts: dict[Kind, Count]
    named: list[ParticipantName]

    def signatories(self, kind: Kind) -> int:
        """Return the number of signatories of a kind."""
        return self.counts[kind].signatories


def in_force_on(day: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    """Return the condition under which an endorsement counts on a day."""
    return and_(Endorsement.effective_on <= day, or_(Endorsement.ended_on.is_(None), Endorsement.ended_on > day))


def of_set(cohort: Cohort, as_at: date) -> Tally:
    """Return the tally of the whole set on a day."""
    counts = {kind: Count() for kind in Kind}
    for row in db.session.execute(_SET_ON_DAY, {"cohort": cohort.id, "as_at": as_at}):
        counts[row.kind] = Count(row.signatories, row.reserved, row.partial)
    named = list(db.session.scalars(_NAMED_IN_SET, {"cohort": cohort.id, "as_at": as_at}))
    return Tally(as_at, counts, named)


def of_nobody(as_at: date) -> Tally:
    """Return the tally of a set that nobody has endorsed on a day."""
    return Tally(as_at, {kind: Count() for kind in Kind}, [])


def of_recommendations(cohort: Cohort, as_at: date) -> dict[int, dict[Kind, Count]]:
    """Return the tally of each recommendation of a cohort on a day, by the recommendation's id; every kind is there."""
    found: dict[int, dict[Kind, Count]] = defaultdict(lambda: dict.fromkeys(Kind, Count()))
    for (recommendation, edition), (counts, standing) in of_editions(cohort, as_at).items():
        for kind, count in counts.items():
            earlier = count.signatories if edition < standing else 0
            found[recommendation][kind] += Count(count.signatories, count.reserved, earlier=earlier)
    return found


def of_editions(cohort: Cohort, as_at: date) -> dict[tuple[int, int], tuple[dict[Kind, Count], int]]:
    """Return what each edition of each recommendation counts on a day, and which edition stands on it."""
    counts: dict[tuple[int, int], dict[Kind, Count]] = defaultdict(dict)
    standing: dict[int, int] = defaultdict(lambda: 1)
    for recommendation, edition, effective_on, kind, figures in db.session.execute(
        _EDITIONS_ON_DAY, {"cohort": cohort.id, "as_at": as_at}
    ):
        if edition > standing[recommendation] and effective_on <= as_at:
            standing[recommendation] = edition
        if figures:
            counts[recommendation, edition][kind] = Count(*divmod(figures, _FIGURES))
    return {(item, edition): (found, standing[item]) for (item, edition), found in counts.items()}


def of_recommendation(recommendation: Recommendation, as_at: date) -> Tally:
    """Return the tally of one recommendation on a day."""
    counts = of_recommendations(recommendation.cohort, as_at)[recommendation.id]
    named = db.session.scalars(_NAMED_FOR_RECOMMENDATION, {"recommendation": recommendation.id, "as_at": as_at})
    return Tally(as_at, counts, list(named))


def of_headings(cohort: Cohort, as_at: date) -> dict[int, dict[Kind, Count]]:
    """Return how many participants endorse at least one recommendation of each heading, by the heading's id.

    Counted from the rows, for the secretariat's table; no public page asks for it.
    """
    found: dict[int, dict[Kind, Count]] = defaultdict(lambda: dict.fromkeys(Kind, Count()))
    reserving = case((Position.stance == Stance.RESERVED, Endorsement.participant_id))
    kind_then = kind_on(as_at).label("kind_then")
    query = (
        select(
            Recommendation.heading_id,
            kind_then,
            func.count(Endorsement.participant_id.distinct()),
            func.count(reserving.distinct()),
        )
        .join(Position, Position.recommendation_id == Recommendation.id)
        .join(Endorsement, Endorsement.id == Position.endorsement_id)
        .join(Participant, Participant.id == Endorsement.participant_id)
        .where(Recommendation.cohort_id == cohort.id, in_force_on(as_at))
        .group_by(Recommendation.heading_id, kind_then)
    )
    for heading, kind, signatories, reserved in db.session.execute(query):
        found[heading][kind] = Count(signatories, reserved)
    return found


#: The key of what lies in no region that is known, beside the codes of regions and sub-regions.
UNKNOWN = ""


def of_regions(cohort: Cohort, as_at: date) -> dict[str, dict[Kind, Count]]:
    """Return the tally of each region and each sub-region on a day, by code; every kind is there.

    A country counts in the region in which it lies, any other participant in that of its seat. Counted from the rows,
    for the secretariat's table.
    """
    found: dict[str, dict[Kind, Count]] = defaultdict(lambda: dict.fromkeys(Kind, Count()))
    kind_then = kind_on(as_at).label("kind_then")
    place = case((kind_on(as_at) == Kind.COUNTRY, Participant.iso_code), else_=Participant.seat).label("place")
    reserves = sa.exists().where(Position.endorsement_id == Endorsement.id, Position.stance == Stance.RESERVED)
    query = (
        select(
            kind_then,
            place,
            func.count(),
            func.sum(case((reserves, 1), else_=0)),
            func.sum(case((Endorsement.scope == Scope.CHOSEN, 1), else_=0)),
        )
        .select_from(Endorsement)
        .join(Participant, Participant.id == Endorsement.participant_id)
        .where(Endorsement.cohort_id == cohort.id, in_force_on(as_at))
        .group_by(kind_then, place)
    )
    for kind, country, *figures in db.session.execute(query):
        sub_region = regions.sub_region_of(country)
        for code in (sub_region, regions.region_of(sub_region)) if sub_region else (UNKNOWN,):
            found[code][kind] += Count(*figures)
    return found


def over_time(cohort: Cohort, until: date) -> list[Tally]:
    """Return the tally of the whole set on each day on which one of its counts changed, up to a day; named is empty."""
    query = (
        select(SetTally.day, SetTally.kind, SetTally.signatories, SetTally.reserved, SetTally.partial)
        .where(SetTally.cohort_id == cohort.id, SetTally.day <= until)
        .order_by(SetTally.day)
    )
    counts, days = dict.fromkeys(Kind, Count()), dict[date, dict[Kind, Count]]()
    for day, kind, *figures in db.session.execute(query):
        counts = days[day] = {**counts, kind: Count(*figures)}
    before = dict.fromkeys(Kind, Count())
    changes = []
    for day, counts in days.items():
        if counts != before:
            changes.append(Tally(day, counts, named=[]))
        before = counts
    return changes


def of_roll() -> dict[Kind, int]:
    """Return how many participants of each kind are on the roll now; every kind is there."""
    query = select(Participant.kind, func.count()).group_by(Participant.kind)
    return dict.fromkeys(Kind, 0) | {kind: count for kind, count in db.session.execute(query)}  # noqa: C416


def in_preparation(cohort: Cohort) -> dict[Status, dict[Kind, int]]:
    """Return how many endorsements of a cohort are being prepared or decided now, by status and kind; all are there."""
    found = {status: dict.fromkeys(Kind, 0) for status in OPEN}
    query = (
        select(Endorsement.status, Participant.kind, func.count())
        .join(Participant, Participant.id == Endorsement.participant_id)
        .where(Endorsement.cohort_id == cohort.id, Endorsement.status.in_(OPEN))
        .group_by(Endorsement.status, Participant.kind)
    )
    for status, kind, count in db.session.execute(query):
        found[status][kind] = count
    return found


def _latest(table: type[SetTally | RecommendationTally], *columns: Any) -> sa.Select[Any]:
    """Return the query for the row of ``table`` that holds on the day ``as_at``."""
    return select(*columns).where(table.day <= sa.bindparam("as_at")).order_by(table.day.desc()).limit(1)


_SET_ON_DAY: sa.CompoundSelect[Any] = sa.union_all(
    *(
        select(
            _latest(SetTally, SetTally.kind, SetTally.signatories, SetTally.reserved, SetTally.partial)
            .where(SetTally.cohort_id == sa.bindparam("cohort"), SetTally.kind == kind)
            .subquery()
        )
        for kind in Kind
    )
)


_AS_AT = sa.bindparam("as_at", type_=sa.Date)


def _named_on_day(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the query for the names of supranational institutions with an endorsement in force on the day."""
    return (
        select(ParticipantName)
        .join(Participant, carried_on(_AS_AT))
        .where(
            # Those few are found by an index, before it is asked of which kind each was on the day.
            Participant.id.in_(
                sa.union_all(
                    select(Participant.id).where(Participant.kind == Kind.SUPRANATIONAL),
                    select(FormerKind.participant_id).where(FormerKind.kind == Kind.SUPRANATIONAL),
                )
            ),
            kind_on(_AS_AT) == Kind.SUPRANATIONAL,
            # Asked of each of the few, so that the many endorsements are never gone through.
            sa.exists().where(
                Endorsement.participant_id == Participant.id,
                in_force_on(_AS_AT),
                *conditions,
            ),
        )
        .order_by(Participant.slug)
    )


_NAMED_IN_SET = _named_on_day(Endorsement.cohort_id == sa.bindparam("cohort"))
_NAMED_FOR_RECOMMENDATION = _named_on_day(
    sa.exists().where(
        Position.endorsement_id == Endorsement.id, Position.recommendation_id == sa.bindparam("recommendation")
    )
)

#: The two figures of a row travel in one number, so that one look-up brings both: databases give a subquery one column.
_FIGURES = 2**31
_kinds = sa.union_all(*(select(sa.literal(kind, Participant.kind.type).label("kind")) for kind in Kind)).subquery()
_EDITIONS_ON_DAY = (
    select(
        Recommendation.id,
        Revision.edition,
        Revision.effective_on,
        _kinds.c.kind,
        _latest(
            RecommendationTally,
            sa.cast(RecommendationTally.signatories, sa.BigInteger) * _FIGURES + RecommendationTally.reserved,
        )
        .where(
            RecommendationTally.recommendation_id == Recommendation.id,
            RecommendationTally.edition == Revision.edition,
            RecommendationTally.kind == _kinds.c.kind,
        )
        .correlate(Recommendation, Revision, _kinds)
        .scalar_subquery(),
    )
    .join(Revision, and_(Revision.recommendation_id == Recommendation.id, Revision.kind != RevisionKind.CORRIGENDUM))
    .join(_kinds, sa.true())
    .where(Recommendation.cohort_id == sa.bindparam("cohort"))
)
