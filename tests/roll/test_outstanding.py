from datetime import date, timedelta

from tests import world as a
from tests.world import World
from tracker import clock
from tracker.roll import outstanding
from tracker.vocabulary import Kind, Status

TODAY = clock.today()


def slugs(register: World, day: date = TODAY, kind: Kind | None = None) -> list[str]:
    return [each.slug for each in outstanding.participants(register.cohort, day, "en", kind)]


def test_everybody_is_outstanding_who_has_not_endorsed(register: World) -> None:
    a.published(register.arcadia, register.cohort)
    a.published(register.union, register.cohort, numbers=["1.1"])
    assert slugs(register) == ["borduria", "council-of-rivers", "league-of-clean-hands"]
    assert slugs(register, kind=Kind.COUNTRY) == ["borduria"]


def test_another_cohort_is_another_matter(register: World) -> None:
    a.published(register.arcadia, a.a_cohort("dry-roads", ("1.1",)))
    assert "arcadia" in slugs(register)


def test_names_are_sorted_in_the_readers_language(register: World) -> None:
    found = outstanding.participants(register.cohort, TODAY, "fr", Kind.COUNTRY)
    assert [str(each.name) for each in found] == ["Arcadie", "Bordurie"]


def test_who_withdrew_is_outstanding_again_from_that_day(register: World) -> None:
    a.withdrawn(a.published(register.arcadia, register.cohort), register.alice, register.kim)
    yesterday = TODAY - timedelta(days=1)
    assert "arcadia" not in slugs(register, yesterday)
    [arcadia, _] = outstanding.participants(register.cohort, TODAY, "en", Kind.COUNTRY)
    assert arcadia.withdrawn_on == TODAY


def test_who_changed_what_is_in_force_has_endorsed(register: World) -> None:
    a.published(register.arcadia, register.cohort)
    a.in_force(register.arcadia, register.cohort, register.alice, register.sam, numbers=("1.1",))
    assert "arcadia" not in slugs(register)


def test_what_waits_is_told_of_today_alone_and_a_draft_never(register: World) -> None:
    a.a_submission(register.arcadia, register.cohort, register.alice)
    a.a_draft(register.borduria, register.cohort, register.bruno)
    for day, known in ((TODAY, Status.SUBMITTED), (a.PUBLISHED, None)):
        found = outstanding.participants(register.cohort, day, "en", Kind.COUNTRY)
        assert [(each.slug, each.submission) for each in found] == [("arcadia", known), ("borduria", None)]
