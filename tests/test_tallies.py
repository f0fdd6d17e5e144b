from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests import world as a
from tests.world import World
from tracker import clock, ledger, tallies
from tracker.extensions import db
from tracker.models import RecommendationTally, SetTally, Text
from tracker.tallies import Count
from tracker.vocabulary import Kind

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


def test_what_is_kept_is_what_the_entries_give(register: World) -> None:
    endorsement = a.published(register.arcadia, register.cohort, numbers=["1.1", "2.2"])
    a.published(register.league, register.cohort, reservations={"1.1": Text.of("In part.")})
    a.withdrawn(endorsement, register.alice, register.sam)
    assert tallies.verify() is None


@pytest.mark.parametrize(
    "tamper",
    [
        sa.update(SetTally).values(signatories=SetTally.signatories + 1),
        sa.update(RecommendationTally).values(signatories=RecommendationTally.signatories + 1),
        sa.delete(SetTally),
        sa.delete(RecommendationTally).where(RecommendationTally.kind == Kind.COUNTRY),
        sa.update(SetTally).values(day=date(2023, 3, 26)),
    ],
    ids=["set", "recommendation", "set row removed", "rows removed", "day"],
)
def test_a_tally_changed_by_hand_is_found(register: World, tamper: sa.Executable) -> None:
    a.published(register.arcadia, register.cohort)
    db.session.execute(tamper)
    difference = tallies.verify()
    assert difference is not None
    assert "clean-rivers" in str(difference)


def test_a_tally_row_inserted_by_hand_is_found(register: World) -> None:
    db.session.add(
        SetTally(cohort_id=register.cohort.id, kind=Kind.COUNTRY, day=TODAY, signatories=1, partial=0, reserved=0)
    )
    db.session.flush()
    assert "the ledger's entries give no row" in str(tallies.verify())


def test_the_recount_reads_entries_alone(register: World) -> None:
    a.published(register.arcadia, register.cohort, numbers=["1.1"])
    assert tallies.from_entries(ledger.entries()) == {
        ("clean-rivers", "", "country", a.PUBLISHED): (1, 0, 1),
        ("clean-rivers", "1.1", "country", a.PUBLISHED): (1, 0),
    }
