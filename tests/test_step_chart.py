import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.step_chart import BOTTOM, LEFT, RIGHT, TOP, Chart, drawn
from tracker.tallies import Count, Tally
from tracker.vocabulary import Kind


def tallies(*counts: tuple[date, int]) -> list[Tally]:
    """Return tallies in which so many countries endorse, and nobody else."""
    nobody = dict.fromkeys(Kind, Count())
    return [Tally(day, {**nobody, Kind.COUNTRY: Count(count)}, []) for day, count in counts]


def steps(line: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"H([\d.]+)V([\d.]+)", line)]


def chart() -> Chart:
    return drawn(tallies((date(2023, 1, 1), 10), (date(2024, 1, 1), 40), (date(2025, 1, 1), 20)), date(2026, 1, 1))


def test_a_line_rises_from_the_baseline_and_runs_to_the_end() -> None:
    line = chart().panels[Kind.COUNTRY].line
    assert line.startswith(f"M{LEFT} {BOTTOM}H")
    assert line.endswith(f"H{RIGHT}")


def test_a_height_is_in_proportion_to_its_number() -> None:
    heights = [BOTTOM - y for _, y in steps(chart().panels[Kind.COUNTRY].line)]
    assert heights == [pytest.approx((BOTTOM - TOP) * share, abs=0.1) for share in (0.25, 1, 0.5)]


def test_a_distance_is_in_proportion_to_its_days() -> None:
    first, second, third = (x for x, _ in steps(chart().panels[Kind.COUNTRY].line))
    assert third - second == pytest.approx((second - first) * 366 / 365, abs=0.2)


def test_panels_share_one_scale() -> None:
    nobody = chart().panels[Kind.CIVIL_SOCIETY]
    assert {y for _, y in steps(nobody.line)} == {BOTTOM}
    assert (nobody.end, nobody.last) == (BOTTOM, 0)
    assert [level.value for level in chart().levels] == [0, 10, 20, 30, 40]


def test_years_are_marked() -> None:
    assert [tick.value for tick in chart().ticks] == [date(2024, 1, 1), date(2025, 1, 1)]
    assert chart().yearly


def test_a_few_months_are_marked_by_month() -> None:
    short = drawn(tallies((date(2023, 3, 27), 1)), date(2023, 6, 15))
    assert [tick.value for tick in short.ticks] == [date(2023, 4, 1), date(2023, 5, 1), date(2023, 6, 1)]
    assert not short.yearly


days = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(changes=st.dictionaries(days, st.integers(0, 10**6), min_size=1, max_size=9), later=st.integers(0, 10_000))
def test_nothing_is_drawn_outside_the_frame(changes: dict[date, int], later: int) -> None:
    made = drawn(tallies(*sorted(changes.items())), max(changes) + timedelta(days=later))
    for x, y in steps(made.panels[Kind.COUNTRY].line):
        assert LEFT <= x <= RIGHT
        assert TOP <= y <= BOTTOM
    assert len(made.ticks) <= 6
    assert all(LEFT < tick.at < RIGHT for tick in made.ticks)
    assert 1 < len(made.levels) <= 5
    assert all(TOP <= level.at <= BOTTOM for level in made.levels)
