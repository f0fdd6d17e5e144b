from datetime import date, timedelta

import pytest
from sqlalchemy import event

from tests import world as a
from tests.world import World
from tracker import clock, publishing, tallies
from tracker.extensions import db
from tracker.models import Participant, Text
from tracker.tallies import Count
from tracker.vocabulary import Kind, Status

TODAY = clock.today()
YESTERDAY = TODAY - timedelta(days=1)


def of_item(register: World, number: str, day: date = TODAY) -> dict[Kind, Count]:
    found = {each.number: each.id for each in register.cohort.recommendations}
    return tallies.of_recommendations(register.cohort, day)[found[number]]


def test_signatories_are_counted_by_kind(register: World) -> None:
    for participant in (register.arcadia, register.borduria, register.league, register.council, register.union):
        a.published(participant, register.cohort)
    tally = tallies.of_set(register.cohort, TODAY)
    assert {kind: tally.signatories(kind) for kind in Kind} == {
        Kind.COUNTRY: 2,
        Kind.SUPRANATIONAL: 1,
        Kind.CIVIL_SOCIETY: 1,
        Kind.INTERGOVERNMENTAL: 1,
    }


def test_supranational_signatories_are_named(register: World) -> None:
    a.published(register.union, register.cohort)
    assert [str(name.name) for name in tallies.of_set(register.cohort, TODAY).named] == ["Commission of the Union"]


def test_a_set_that_nobody_endorsed_counts_nothing(register: World) -> None:
    tally = tallies.of_set(register.cohort, TODAY)
    assert tally.counts == dict.fromkeys(Kind, Count())
    assert tally.named == []


def test_a_past_day_counts_what_was_in_force_on_it(register: World) -> None:
    a.published(register.arcadia, register.cohort, effective_on=date(2023, 3, 27))
    a.published(register.borduria, register.cohort, effective_on=date(2023, 5, 1))
    counts = {
        day: tallies.of_set(register.cohort, day).signatories(Kind.COUNTRY)
        for day in (date(2023, 3, 26), date(2023, 3, 27), date(2023, 4, 30), date(2023, 5, 1), TODAY)
    }
    assert list(counts.values()) == [0, 1, 1, 2, 2]


def test_a_day_recorded_late_moves_the_days_after_it(register: World) -> None:
    a.published(register.arcadia, register.cohort, effective_on=date(2023, 5, 1))
    a.published(register.borduria, register.cohort, effective_on=date(2023, 4, 1))
    assert tallies.of_set(register.cohort, date(2023, 4, 15)).signatories(Kind.COUNTRY) == 1
    assert tallies.of_set(register.cohort, date(2023, 5, 1)).signatories(Kind.COUNTRY) == 2


def test_partial_and_reserved_signatories_are_told_apart(register: World) -> None:
    a.published(register.arcadia, register.cohort, numbers=["1.1"])
    a.published(register.borduria, register.cohort, reservations={"2.1": Text.of("In part.")})
    assert tallies.of_set(register.cohort, TODAY).counts[Kind.COUNTRY] == Count(signatories=2, reserved=1, partial=1)


def test_each_recommendation_has_its_own_tally(register: World) -> None:
    a.published(register.arcadia, register.cohort, numbers=["1.1"])
    a.published(register.borduria, register.cohort, reservations={"1.1": Text.of("In part.")})
    assert of_item(register, "1.1")[Kind.COUNTRY] == Count(signatories=2, reserved=1)
    assert of_item(register, "1.2")[Kind.COUNTRY] == Count(signatories=1)


def test_a_withdrawal_leaves_every_tally(register: World) -> None:
    endorsement = a.published(register.arcadia, register.cohort, reservations={"1.1": Text.of("In part.")})
    a.withdrawn(endorsement, register.alice, register.sam)
    assert of_item(register, "1.1", YESTERDAY)[Kind.COUNTRY] == Count(signatories=1, reserved=1)
    assert of_item(register, "1.1")[Kind.COUNTRY] == Count()
    assert tallies.of_set(register.cohort, TODAY).counts[Kind.COUNTRY] == Count()


def test_endorsed_and_withdrawn_on_one_day_counts_on_no_day(register: World) -> None:
    endorsement = a.in_force(register.arcadia, register.cohort, register.alice, register.sam)
    a.withdrawn(endorsement, register.alice, register.kim)
    for day in (YESTERDAY, TODAY, TODAY + timedelta(days=1)):
        assert tallies.of_set(register.cohort, day).signatories(Kind.COUNTRY) == 0


def test_another_cohort_has_another_tally(register: World) -> None:
    other = a.a_cohort("dry-roads", ("1.1",))
    a.published(register.arcadia, other)
    assert tallies.of_set(register.cohort, TODAY).signatories(Kind.COUNTRY) == 0
    assert tallies.of_set(other, TODAY).signatories(Kind.COUNTRY) == 1


def norway() -> Participant:
    """Return a country with a code, beside the participants that have none."""
    return publishing.add_participant(kind=Kind.COUNTRY, name=Text.of("Norway"), iso_code="NO")


def test_a_region_counts_countries_by_code_and_others_by_seat(register: World) -> None:
    a.published(norway(), register.cohort, reservations={"1.1": Text.of("In part.")})
    a.published(register.league, register.cohort, numbers=["1.1"])
    found = tallies.of_regions(register.cohort, TODAY)
    assert found["154"][Kind.COUNTRY] == Count(signatories=1, reserved=1)
    assert found["155"][Kind.CIVIL_SOCIETY] == Count(signatories=1, partial=1)
    assert tallies.total(found["150"]) == Count(signatories=2, reserved=1, partial=1)
    assert tallies.UNKNOWN not in found


def test_what_has_no_code_and_no_seat_lies_in_no_region_that_is_known(register: World) -> None:
    for participant in (register.arcadia, register.union):
        a.published(participant, register.cohort)
    found = tallies.of_regions(register.cohort, TODAY)
    assert found.keys() == {tallies.UNKNOWN}
    assert tallies.total(found[tallies.UNKNOWN]).signatories == 2


def test_a_region_counts_who_is_in_force_on_the_day(register: World) -> None:
    a.withdrawn(
        a.in_force(register.arcadia, register.cohort, register.alice, register.sam), register.alice, register.kim
    )
    a.published(register.league, register.cohort, effective_on=date(2023, 5, 1))
    a.published(register.league, a.a_cohort("dry-roads", ("1.1",)))
    assert tallies.of_regions(register.cohort, date(2023, 4, 30)) == {}
    assert tallies.total(tallies.of_regions(register.cohort, TODAY)["150"]).signatories == 1


def test_over_time_there_is_a_tally_for_each_day_of_change(register: World) -> None:
    a.published(register.league, register.cohort, effective_on=date(2023, 5, 1))
    a.published(register.arcadia, register.cohort, effective_on=date(2023, 3, 27), numbers=["1.1"])
    a.published(register.borduria, register.cohort, effective_on=date(2023, 5, 1))
    changes = tallies.over_time(register.cohort, TODAY)
    assert [(each.as_at, each.counts) for each in changes] == [
        (day, tallies.of_set(register.cohort, day).counts) for day in (date(2023, 3, 27), date(2023, 5, 1))
    ]
    assert changes[0].counts[Kind.COUNTRY] == Count(signatories=1, partial=1)


def test_over_time_ends_on_the_day_that_is_asked_for(register: World) -> None:
    a.published(register.arcadia, register.cohort, effective_on=date(2023, 3, 27))
    a.published(register.borduria, register.cohort, effective_on=date(2023, 5, 1))
    assert [each.as_at for each in tallies.over_time(register.cohort, date(2023, 4, 30))] == [date(2023, 3, 27)]
    assert tallies.over_time(register.cohort, date(2023, 3, 26)) == []


def test_a_day_on_which_nothing_changed_in_the_end_is_no_change(register: World) -> None:
    a.withdrawn(
        a.in_force(register.arcadia, register.cohort, register.alice, register.sam), register.alice, register.kim
    )
    assert tallies.over_time(register.cohort, TODAY) == []


def test_the_roll_counts_who_endorsed_and_who_did_not(register: World) -> None:
    a.published(register.arcadia, register.cohort)
    assert tallies.of_roll() == {
        Kind.COUNTRY: 2,
        Kind.SUPRANATIONAL: 1,
        Kind.CIVIL_SOCIETY: 1,
        Kind.INTERGOVERNMENTAL: 1,
    }


def test_what_is_in_preparation_counts_by_status_and_kind(register: World) -> None:
    a.a_draft(register.arcadia, register.cohort, register.alice)
    a.a_submission(register.borduria, register.cohort, register.bruno)
    a.published(register.league, register.cohort)
    none = dict.fromkeys(Kind, 0)
    assert tallies.in_preparation(register.cohort) == {
        Status.DRAFT: {**none, Kind.COUNTRY: 1},
        Status.SUBMITTED: {**none, Kind.COUNTRY: 1},
        Status.RETURNED: none,
    }


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_who_is_counted_by_name_is_found_without_going_through_the_roll(register: World) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    tallies.of_set(register.cohort, TODAY)
    connection = db.session.connection()
    plans = [
        str(step[3])
        for statement in tuple(asked)
        for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (None,) * statement.count("?"))
    ]
    assert any("participant" in step for step in plans)
    assert not any(step.startswith("SCAN participant") for step in plans)
