"""Fills fresh registers: through the acts of the domain, or in bulk where there would be too many of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import case, func, insert, literal, select

from config import Settings
from tracker import clock, create_app, endorsing, publishing
from tracker.cli import run_migrations
from tracker.extensions import db, writing
from tracker.models import (
    Cohort,
    Endorsement,
    Participant,
    ParticipantName,
    Position,
    Recommendation,
    RecommendationTally,
    Revision,
    SetTally,
    Text,
)
from tracker.publishing import SourceFacts
from tracker.vocabulary import Kind, Scope, Stance, Status, TextStatus

SLUG = "clean-rivers"
UNDER_A_HEADING = 5

#: The first day of effect, and over how many days they spread.
FIRST_DAY = date(2021, 1, 4)
DAYS = 1000

#: Kinds in turn, of every 41 participants. One supranational institution comes beside them, at every size: a tally
#: names each, so their number sets how much is read.
MIX = (*[Kind.COUNTRY] * 24, *[Kind.CIVIL_SOCIETY] * 15, *[Kind.INTERGOVERNMENTAL] * 2)

#: Every so manieth participant chooses recommendations, every so manieth has left again after so many days.
PARTIAL, LEAVING, STAY = 10, 20, 200
#: Every so manieth position carries a reservation.
RESERVING = 37

RESERVATION = Text.of("Subject to the law on rivers that is in force at home.")


def new_register(path: Path) -> Flask:
    """Return the application on a new SQLite file with every table."""
    app = create_app(Settings(database_url=f"sqlite:///{path}", secret_key=secrets.token_hex(32)))
    with app.app_context():
        run_migrations(app)
    return app


@contextmanager
def filled(app: Flask) -> Iterator[None]:
    """Do the work inside in one transaction, and leave the file as a register at rest has it."""
    token = writing.set(True)
    try:
        with app.app_context():
            yield
            db.session.commit()
    finally:
        writing.reset(token)
    with app.app_context(), db.engine.connect() as connection:
        connection.rollback()
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]


def publish(recommendations: int) -> Cohort:
    """Publish a cohort with so many recommendations: 1.1 to 1.5, 2.1 and so on."""
    cohort = publishing.publish_cohort(
        slug=SLUG,
        title=Text.of("Cohort on Clean Rivers", fr="Groupe pour des rivières propres"),
        summit="Summit of Rivers",
        published_on=FIRST_DAY,
        expected_outcomes=[Text.of(f"Outcome {number} for clean rivers.") for number in range(1, 5)],
        co_leads=[Text.of(f"Government {number}") for number in range(1, 4)],
        sources=[SourceFacts(key="page", title="The page", publisher="Summit of Rivers", describes_cohort=True)],
    )
    for place in range(1, recommendations + 1):
        part, item = divmod(place - 1, UNDER_A_HEADING)
        if item == 0:
            heading = publishing.publish_heading(cohort, number=part + 1, title=Text.of(f"Heading {part + 1}"))
        publishing.publish_recommendation(
            heading,
            cohort=cohort,
            number=f"{part + 1}.{item + 1}",
            place=place,
            text=Text.of(f"Keep the rivers of part {part + 1} clean by the measures that step {item + 1} names."),
            text_status=TextStatus.SUMMARY,
            effective_on=FIRST_DAY,
            source=cohort.sources[0],
        )
    db.session.flush()
    return cohort


def by_acts(cohort: Cohort, participants: int) -> None:
    """Put so many endorsements on record, one act after the other."""
    numbers = [each.number for each in cohort.recommendations]
    for at, (kind, day) in enumerate(_kinds_and_days(participants)):
        name = f"{kind.value.replace('_', ' ').capitalize()} {at:03}"
        participant = publishing.add_participant(
            kind=kind,
            name=Text.of(name, fr=f"{name} (fr)") if at % 2 else Text.of(name),
            acronym=f"P{at:03}" if kind is not Kind.COUNTRY and at % 3 == 0 else None,
            footnote=Text.of("Without prejudice to positions on status.") if at % 50 == 7 else None,
        )
        chosen = numbers[: len(numbers) // 2] if at % PARTIAL == PARTIAL - 1 else numbers
        endorsing.record_published(
            participant,
            cohort,
            effective_on=day,
            numbers=None if chosen is numbers else chosen,
            reservations={n: RESERVATION for place, n in enumerate(chosen) if (at + place) % RESERVING == 0},
            date_note=Text.of("The day of publication stands for the day of effect.") if at % 60 == 11 else None,
            source=cohort.sources[0],
        )


def in_bulk(cohort: Cohort, participants: int) -> None:
    """Write the rows that so many endorsements leave behind, kept tallies among them; the ledger stays as it is."""
    rows = list(enumerate(_kinds_and_days(participants), start=1))
    _write(
        Participant, [{"id": at, "slug": f"participant-{at}", "kind": k, "name_confirmed": True} for at, (k, _) in rows]
    )
    _write(ParticipantName, [{"participant_id": at, "name": Text.of(f"Participant {at}")} for at, _ in rows])
    _write(Endorsement, [_endorsement(cohort, at, kind, day) for at, (kind, day) in rows])
    _fill_positions(cohort)
    moves = _moves(cohort)
    _fill_set_tally(cohort, moves)
    _fill_recommendation_tally(moves)


def _kinds_and_days(participants: int) -> Iterator[tuple[Kind, date]]:
    """Yield the kind and the day of effect of each participant; each kind spreads over all days from the first on."""
    kinds = [Kind.SUPRANATIONAL, *(MIX[at % len(MIX)] for at in range(participants - 1))]
    sizes, seen = {kind: kinds.count(kind) for kind in Kind}, dict.fromkeys(Kind, 0)
    for kind in kinds:
        yield kind, FIRST_DAY + timedelta(days=seen[kind] * DAYS // sizes[kind])
        seen[kind] += 1


def _endorsement(cohort: Cohort, at: int, kind: Kind, day: date) -> dict[str, Any]:
    left = day + timedelta(days=STAY) if kind is not Kind.SUPRANATIONAL and at % LEAVING == 0 else None
    return {
        "id": at,
        "reference": f"endorsement-{at}",
        "cohort_id": cohort.id,
        "participant_id": at,
        "status": Status.WITHDRAWN if left else Status.IN_FORCE,
        "scope": Scope.CHOSEN if at % PARTIAL == PARTIAL - 1 else Scope.ALL,
        "effective_on": day,
        "notice_on": left,
        "ended_on": left,
        "changed_at": clock.now(),
        "version": 1,
    }


def _write(model: type[Any], rows: list[dict[str, Any]]) -> None:
    db.session.execute(insert(model.__table__), rows)


def _fill_positions(cohort: Cohort) -> None:
    reserves = (Endorsement.id + Recommendation.place) % RESERVING == 0
    half = len(cohort.recommendations) // 2
    positions = (
        select(
            Endorsement.id,
            Recommendation.id,
            Revision.id,
            case((reserves, literal(Stance.RESERVED)), else_=literal(Stance.ENDORSED)),
            case((reserves, literal(RESERVATION, Position.reservation.type))),
        )
        .select_from(Endorsement)
        .join(Recommendation, Recommendation.cohort_id == Endorsement.cohort_id)
        .join(Revision, Revision.recommendation_id == Recommendation.id)
        .where(Endorsement.cohort_id == cohort.id, sa.or_(Endorsement.scope == Scope.ALL, Recommendation.place <= half))
    )
    columns = ["endorsement_id", "recommendation_id", "revision_id", "stance", "reservation"]
    db.session.execute(insert(Position.__table__).from_select(columns, positions))


def _moves(cohort: Cohort) -> sa.Subquery:
    """Return a row for each entering and each leaving: endorsement, kind, day, and one more or one less."""
    of_cohort = (
        select(Endorsement.id, Endorsement.scope, Participant.kind)
        .join(Participant, Participant.id == Endorsement.participant_id)
        .where(Endorsement.cohort_id == cohort.id)
    )
    entering = of_cohort.add_columns(Endorsement.effective_on.label("day"), literal(1).label("sign"))
    leaving = of_cohort.add_columns(Endorsement.ended_on, literal(-1)).where(Endorsement.ended_on.is_not(None))
    return sa.union_all(entering, leaving).subquery()


def _fill_set_tally(cohort: Cohort, moves: sa.Subquery) -> None:
    reserves = sa.exists().where(Position.endorsement_id == moves.c.id, Position.stance == Stance.RESERVED)
    group = [moves.c.kind]
    totals = select(
        literal(cohort.id),
        moves.c.kind,
        moves.c.day,
        _running(moves.c.sign, group, moves.c.day),
        _running(moves.c.sign * case((moves.c.scope == Scope.CHOSEN, 1), else_=0), group, moves.c.day),
        _running(moves.c.sign * case((reserves, 1), else_=0), group, moves.c.day),
    ).group_by(moves.c.kind, moves.c.day)
    columns = ["cohort_id", "kind", "day", "signatories", "partial", "reserved"]
    db.session.execute(insert(SetTally.__table__).from_select(columns, totals))


def _fill_recommendation_tally(moves: sa.Subquery) -> None:
    group = [Position.recommendation_id, Revision.edition, moves.c.kind]
    totals = (
        select(
            Position.recommendation_id,
            Revision.edition,
            moves.c.kind,
            moves.c.day,
            _running(moves.c.sign, group, moves.c.day),
            _running(moves.c.sign * case((Position.stance == Stance.RESERVED, 1), else_=0), group, moves.c.day),
        )
        .join(moves, moves.c.id == Position.endorsement_id)
        .join(Revision, Revision.id == Position.revision_id)
        .group_by(*group, moves.c.day)
    )
    columns = ["recommendation_id", "edition", "kind", "day", "signatories", "reserved"]
    db.session.execute(insert(RecommendationTally.__table__).from_select(columns, totals))


def _running(delta: sa.ColumnElement[int], group: list[Any], day: sa.ColumnElement[date]) -> sa.Over[Any]:
    """Return the running total of a day's deltas within a group."""
    return func.sum(func.sum(delta)).over(partition_by=group, order_by=day)
