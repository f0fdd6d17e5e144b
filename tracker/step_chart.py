"""Tallies over time as step lines to draw: a tally stands still between the days on which it changes.

There is a panel for each kind. All share one scale, so that a height means the same number in each, and all begin at
nought. Only places are worked out here; templates/components/chart.html draws.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.tallies import Tally
from tracker.vocabulary import Kind

WIDTH, HEIGHT = 360, 150
LEFT, RIGHT, TOP, BOTTOM = 30, 318, 14, 126
#: Before the first change the line runs along the baseline for this share of the width, so that the rise is seen.
_LEAD = 0.04
#: The least span of days that is drawn: a register in its first week has a time axis too.
_LEAST = 28
_MOST_TICKS = 5
_MOST_LEVELS = 4
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600)
#: A tick at the very edge would have its label cut off.
_MARGIN = 14


@dataclass(frozen=True)
class Mark:
    """A place on an axis, and what stands there."""

    at: float
    value: int | date


@dataclass(frozen=True)
class Panel:
    """The line of one kind: where it runs, where it ends, and the number that it ends at."""

    line: str
    end: float
    last: int


@dataclass(frozen=True)
class Chart:
    """The panels, and the levels and ticks that all of them share.

    Attributes:
        yearly: whether the ticks stand at the beginnings of years; else of months.
    """

    panels: dict[Kind, Panel]
    levels: list[Mark]
    ticks: list[Mark]
    yearly: bool


def drawn(tallies: Sequence[Tally], until: date) -> Chart:
    """Return the chart of what tallies were, from shortly before the first of them until a day.

    Args:
        tallies: a tally for each day of change, in order; at least one.
    """
    first = min(tallies[0].as_at, until - timedelta(days=_LEAST))
    lead = _LEAD * (until - first).days
    highest = max(1, *(each.signatories(kind) for each in tallies for kind in Kind))

    def x(day: date) -> float:
        share = ((day - first).days + lead) / ((until - first).days + lead)
        return round(LEFT + share * (RIGHT - LEFT), 1)

    def y(count: int) -> float:
        return round(BOTTOM - count / highest * (BOTTOM - TOP), 1)

    panels = {}
    for kind in Kind:
        counts = [(x(each.as_at), each.signatories(kind)) for each in tallies]
        steps = "".join(f"H{at:g}V{y(count):g}" for at, count in counts)
        last = counts[-1][1]
        panels[kind] = Panel(f"M{LEFT} {BOTTOM}{steps}H{RIGHT}", y(last), last)
    step, days = _ticks(first, until)
    ticks = [Mark(x(day), day) for day in days if LEFT + _MARGIN <= x(day) <= RIGHT - _MARGIN]
    return Chart(panels, [Mark(y(level), level) for level in _levels(highest)], ticks, yearly=step % 12 == 0)


def _levels(highest: int) -> list[int]:
    """Return round numbers up to the highest: the finest steps that keep them few."""
    steps = (factor * 10**power for power in range(12) for factor in (1, 2, 5))
    step = next(each for each in steps if highest // each <= _MOST_LEVELS)
    return list(range(0, highest + 1, step))


def _ticks(first: date, until: date) -> tuple[int, list[date]]:
    """Return the beginnings of months or years between two days that are few enough, and how many months apart."""
    for step in _MONTHS:
        days = list(_beginnings(first, until, step))
        if len(days) <= _MOST_TICKS:
            return step, days
    return _MONTHS[-1], days


def _beginnings(first: date, until: date, step: int) -> Iterator[date]:
    """Yield every ``step``-th beginning of a month between two days."""
    for month in range(first.year * 12 + first.month, until.year * 12 + until.month):
        if month % step == 0:
            yield date(month // 12, month % 12 + 1, 1)
