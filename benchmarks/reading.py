"""Measures the price of reading the tally, today's and a past day's, in small registers and in a very large one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from benchmarks import filling, report
from benchmarks.timing import side_by_side
from tracker import clock, register, tallies
from tracker.extensions import db
from tracker.models import Cohort, Endorsement, Participant, Position

#: Participants and recommendations. The last is measured against the one before it, which reads as many figures.
SIZES = ((42, 13), (42, 30), (100_000, 30))
GOAL = 1.1
ROUNDS = 500

READS: dict[str, Callable[[Cohort, date], object]] = {
    "the set": tallies.of_set,
    "each recommendation": tallies.of_recommendations,
}


def measure(folder: Path) -> report.Table:
    """Return what each way of reading costs at each size, and how much more the largest costs."""
    apps = [_register(folder, *size) for size in SIZES]
    days = {"today": clock.today(), "a past day": filling.FIRST_DAY + timedelta(days=filling.DAYS // 2)}
    print("Reading tallies", flush=True)
    lines = []
    for what, read in READS.items():
        for when, day in days.items():
            things = {str(at): _reading(app, read, day) for at, app in enumerate(apps)}
            prices = list(side_by_side(things, rounds=ROUNDS, warm_up=20).values())
            ratio = prices[-1] / prices[-2]
            written = [f"{price:.3f} ms" for price in prices]
            lines.append((f"{what}, {when}", *written, f"{ratio:.2f}", *report.at_most(GOAL, ratio)))
    return report.Table(
        f"Reading the tally, participants x recommendations (median of {ROUNDS}; ratio of the last two)",
        ("tally", *(_written(size) for size in SIZES), "ratio", "goal", ""),
        lines,
    )


def _register(folder: Path, participants: int, recommendations: int) -> Flask:
    print(f"\nFilling a register with {_written((participants, recommendations))}", flush=True)
    app = filling.new_register(folder / f"reading-{participants}-{recommendations}.sqlite")
    with filling.filled(app):
        filling.in_bulk(filling.publish(recommendations), participants)
    with app.app_context():
        _check(clock.today())
        _check(filling.FIRST_DAY + timedelta(days=filling.DAYS // 2))
    return app


def _reading(
    app: Flask, read: Callable[[Cohort, date], object], day: date
) -> Callable[[], AbstractContextManager[Callable[[], object]]]:
    """Return what reads as a page does: with the cohort at hand, in a session that knows nothing else."""

    @contextmanager
    def get_ready() -> Iterator[Callable[[], object]]:
        with app.app_context():
            cohort = _cohort()
            yield lambda: read(cohort, day)

    return get_ready


def _cohort() -> Cohort:
    cohort = register.cohort(filling.SLUG)
    if cohort is None:
        raise LookupError(filling.SLUG)
    return cohort


def _check(day: date) -> None:
    """Compare the kept tallies, as they are read, with a count of the rows."""
    cohort = _cohort()
    in_force = (
        select(Participant.kind, func.count())
        .join(Endorsement, Endorsement.participant_id == Participant.id)
        .where(tallies.in_force_on(day))
    )
    counted = dict(iter(db.session.execute(in_force.group_by(Participant.kind))))
    kept = {kind: count.signatories for kind, count in tallies.of_set(cohort, day).counts.items()}
    last = cohort.recommendations[-1].id
    of_last = in_force.join(Position, Position.endorsement_id == Endorsement.id).where(
        Position.recommendation_id == last
    )
    counted_last = dict(iter(db.session.execute(of_last.group_by(Participant.kind))))
    kept_last = {kind: count.signatories for kind, count in tallies.of_recommendations(cohort, day)[last].items()}
    if (counted, counted_last) != (kept, kept_last):
        raise RuntimeError(f"on {day} the tallies read {kept} and {kept_last}, the rows {counted} and {counted_last}")


def _written(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"
