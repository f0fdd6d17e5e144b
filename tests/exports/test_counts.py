"""What the tables of counts say is what ``tallies`` says."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests import world as a
from tests.exports.reading import in_sheet
from tests.world import World
from tracker import clock, publishing, tallies
from tracker.exports import counts
from tracker.models import Text
from tracker.vocabulary import Kind

TODAY = clock.today()
DAYS = (date(2023, 3, 26), date(2023, 3, 27), date(2023, 6, 1), TODAY)


@pytest.fixture
def busy(register: World) -> World:
    """Return the register after a few years: late and partial endorsements, a reservation, a withdrawal, a draft."""
    norway = publishing.add_participant(kind=Kind.COUNTRY, name=Text.of("Norway"), iso_code="NO")
    a.published(norway, register.cohort, reservations={"1.1": Text.of("No.")})
    a.published(register.borduria, register.cohort, effective_on=date(2023, 5, 1), numbers=["1.1", "2.2"])
    a.published(register.league, register.cohort, effective_on=date(2023, 4, 1), numbers=["2.2"])
    a.published(register.union, register.cohort)
    a.withdrawn(
        a.in_force(register.arcadia, register.cohort, register.alice, register.sam), register.alice, register.kim
    )
    a.a_draft(register.arcadia, register.cohort, register.alice)
    return register


Rows = list[dict[str, Any]]


def rows_of(table: Callable[..., Any], register: World, day: date) -> Rows:
    rows = in_sheet(table(register.cohort, day, "en"))
    assert {(row["cohort"], row["as_at"]) for row in rows} <= {("clean-rivers", day)}
    return rows


def by_kinds(row: dict[str, Any], part: str = "") -> dict[Kind, int]:
    return {kind: row[kind.value + part] for kind in Kind}


def test_by_kind(busy: World) -> None:
    for day in DAYS:
        tally, roll = tallies.of_set(busy.cohort, day), tallies.of_roll()
        for row in rows_of(counts.by_kind, busy, day):
            count = tally.counts[row["kind"]]
            assert (row["signatories"], row["reserved"], row["partial"]) == (
                count.signatories,
                count.reserved,
                count.partial,
            )
            assert row["signatories"] + row["not_endorsed"] == row["on_the_roll"] == roll[row["kind"]]


def test_the_regions_add_up_to_the_set(busy: World) -> None:
    for day in DAYS:
        rows = rows_of(counts.by_region, busy, day)
        tally = tallies.of_set(busy.cohort, day)
        assert {kind: sum(row[kind.value] for row in rows) for kind in Kind} == {
            kind: tally.signatories(kind) for kind in Kind
        }
        assert sum(row["all"] for row in rows) == tallies.total(tally.counts).signatories


def test_by_region_says_where(busy: World) -> None:
    found = [row for row in rows_of(counts.by_region, busy, date(2023, 6, 1)) if row["all"]]
    assert [(row["region_name"], row["sub_region_name"], row["sub_region"], by_kinds(row)) for row in found] == [
        ("Europe", "Northern Europe", "154", {**dict.fromkeys(Kind, 0), Kind.COUNTRY: 1}),
        ("Europe", "Western Europe", "155", {**dict.fromkeys(Kind, 0), Kind.CIVIL_SOCIETY: 1}),
        (None, None, None, {**dict.fromkeys(Kind, 0), Kind.COUNTRY: 1, Kind.SUPRANATIONAL: 1}),
    ]


@pytest.mark.parametrize("table", [counts.by_heading, counts.by_recommendation])
def test_by_heading_and_by_recommendation(busy: World, table: Callable[..., Any]) -> None:
    for day in DAYS:
        things = busy.cohort.headings if table is counts.by_heading else busy.cohort.recommendations
        read = tallies.of_headings if table is counts.by_heading else tallies.of_recommendations
        expected = read(busy.cohort, day)
        rows = rows_of(table, busy, day)
        assert len(rows) == len(things)
        for row, thing in zip(rows, things, strict=True):
            assert by_kinds(row) == {kind: expected[thing.id][kind].signatories for kind in Kind}
            assert by_kinds(row, "_reserved") == {kind: expected[thing.id][kind].reserved for kind in Kind}
            assert (row["all"], row["reserved"]) == (
                tallies.total(expected[thing.id]).signatories,
                tallies.total(expected[thing.id]).reserved,
            )


def test_by_recommendation_says_how_many_are_of_an_earlier_wording(busy: World) -> None:
    a.amended(a.item(busy.cohort, "2.2"), busy.sam, busy.kim, "Do more.")
    found = {row["recommendation"]: row for row in rows_of(counts.by_recommendation, busy, TODAY)}
    assert (found["2.2"]["wording"], found["2.2"]["all"], found["2.2"]["of_earlier_wording"]) == ("Do more.", 4, 4)
    assert found["1.1"]["of_earlier_wording"] == 0
    before = {row["recommendation"]: row for row in rows_of(counts.by_recommendation, busy, DAYS[2])}
    assert (before["2.2"]["wording"], before["2.2"]["of_earlier_wording"]) == ("Do what 2.2 says.", 0)


def test_over_time_each_day_says_what_that_day_s_tally_says(busy: World) -> None:
    for day in DAYS:
        rows = rows_of(counts.over_time, busy, day)
        assert all(row["day"] <= day for row in rows)
        for row in rows:
            tally = tallies.of_set(busy.cohort, row["day"])
            assert by_kinds(row) == {kind: tally.signatories(kind) for kind in Kind}
            assert by_kinds(row, "_reserved") == {kind: tally.counts[kind].reserved for kind in Kind}
            assert row["partial"] == tallies.total(tally.counts).partial
        last = rows[-1] if rows else dict.fromkeys((kind.value for kind in Kind), 0)
        assert by_kinds(last) == {kind: tallies.of_set(busy.cohort, day).signatories(kind) for kind in Kind}


def test_who_has_not_endorsed_is_as_many_as_the_counts_say(busy: World) -> None:
    for day in DAYS:
        missing = {row["kind"]: row["not_endorsed"] for row in rows_of(counts.by_kind, busy, day)}
        found = rows_of(counts.not_endorsed, busy, day)
        assert {kind: sum(row["kind"] is kind for row in found) for kind in Kind} == missing


def test_what_is_in_preparation_is_of_today(busy: World) -> None:
    rows = in_sheet(counts.in_preparation(busy.cohort, TODAY, "en"))
    assert [(row["as_at"], row["kind"], row["draft"], row["submitted"], row["returned"]) for row in rows] == [
        (TODAY, kind, int(kind is Kind.COUNTRY), 0, 0) for kind in Kind
    ]


@pytest.mark.parametrize("table", counts.TABLES)
def test_a_cohort_that_nobody_endorsed_has_its_tables(register: World, table: str) -> None:
    sheet = counts.TABLES[table](register.cohort, TODAY - timedelta(days=1), "fr")
    assert sheet.name == table
    assert all(len(row) == len(sheet.columns) for row in sheet.rows)
