"""What changes on the roll: names over time, facts, kinds with their tallies, and duplicates that are merged."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import world as a
from tests.world import World
from tracker import accrediting, clock, endorsing, ledger, publishing, signatory_lists, tallies, verifying
from tracker import register as pages
from tracker.desk.standings import standings
from tracker.disputes import contacting
from tracker.errors import BothEndorsed, DateRefused, NothingChanged, Refused, Stale
from tracker.extensions import db
from tracker.models import Endorsement, FormerAddress, LedgerEntry, Participant, Proposal, Text
from tracker.publishing import Grounds
from tracker.roll import enrolling, naming, outstanding
from tracker.vocabulary import Action, Kind

BEFORE, CHANGE, AFTER = date(2023, 5, 1), date(2023, 6, 1), date(2023, 7, 1)
DAY = timedelta(days=1)
NEW_NAME = Text.of("Free Arcadia", fr="Arcadie libre")


def names_on(world: World, day: date) -> list[str]:
    """Return the names of the signatories of a day."""
    return [str(row.name) for row in signatory_lists.of_set(world.cohort, day, "en")]


def count_on(world: World, day: date) -> dict[Kind, int]:
    """Return the tally of a day, which is the same as that of the list of signatories."""
    found = tallies.of_set(world.cohort, day)
    rows = dict(signatory_lists.by_kind(signatory_lists.of_set(world.cohort, day, "en")))
    assert {kind: found.signatories(kind) for kind in Kind} == {kind: len(rows.get(kind, [])) for kind in Kind}
    [first, *_] = tallies.of_headings(world.cohort, day).values()
    assert {kind: count.signatories for kind, count in first.items()} == {
        kind: len(rows.get(kind, [])) for kind in Kind
    }
    return {kind: found.signatories(kind) for kind in Kind if found.signatories(kind)}


def a_duplicate(kind: Kind = Kind.COUNTRY, name: str = "The Arcadia") -> Participant:
    return publishing.add_participant(kind=kind, name=Text.of(name))


def test_a_participant_carries_another_name_from_a_day_on(register: World) -> None:
    a.published(register.arcadia, register.cohort)
    entry = enrolling.rename(register.arcadia, name=NEW_NAME, formal_name=Text.of("the Free State"), since=CHANGE)
    assert entry.action is Action.PARTICIPANT_RENAMED
    assert (names_on(register, BEFORE), names_on(register, CHANGE)) == (["Arcadia"], ["Free Arcadia"])
    assert register.arcadia.slug == "arcadia"
    assert [str(each.name) for each in register.arcadia.names] == ["Arcadia", "Free Arcadia"]
    assert verifying.verify() is None


def test_an_institution_that_is_counted_by_name_is_named_as_on_the_day(register: World) -> None:
    a.published(register.union, register.cohort)
    enrolling.rename(register.union, name=Text.of("Commission of the Federation"), since=CHANGE)
    named = [str(tallies.of_set(register.cohort, day).named[0].name) for day in (BEFORE, AFTER)]
    assert named == ["Commission of the Union", "Commission of the Federation"]


def test_a_name_that_was_never_right_is_replaced(register: World) -> None:
    a.published(register.arcadia, register.cohort)
    enrolling.rename(register.arcadia, name=NEW_NAME)
    assert names_on(register, BEFORE) == ["Free Arcadia"]
    assert verifying.verify() is None


def test_names_follow_each_other(register: World) -> None:
    enrolling.rename(register.arcadia, name=NEW_NAME, since=CHANGE)
    for day in (BEFORE, clock.today() + DAY):
        with pytest.raises(DateRefused):
            enrolling.rename(register.arcadia, name=Text.of("Utopia"), since=day)
    enrolling.rename(register.arcadia, name=Text.of("Utopia"), since=CHANGE)  # of the same day: it takes its place
    assert [str(each.name) for each in register.arcadia.names] == ["Arcadia", "Utopia"]
    assert verifying.verify() is None


def test_the_name_that_it_carries_is_no_new_one(register: World) -> None:
    with pytest.raises(NothingChanged):
        enrolling.rename(register.arcadia, name=Text.of("Arcadia", fr="Arcadie"), since=CHANGE)


def test_why_it_changed_stands_in_the_ledger(register: World) -> None:
    grounds = Grounds(reason=Text.of("By its constitution."), source="Note verbale 12", proposed_by=register.sam)
    entry = enrolling.rename(register.arcadia, name=NEW_NAME, since=CHANGE, grounds=grounds, by=register.kim)
    facts = ledger.facts_of(entry)
    assert (facts["source"], facts["proposed_by"], entry.actor) == (
        "Note verbale 12",
        register.sam.actor,
        register.kim.actor,
    )
    assert Text.from_json(facts["reason"]) == Text.of("By its constitution.")


def test_facts_change(register: World) -> None:
    facts = {"kind": Kind.CIVIL_SOCIETY, "seat": "FR", "acronym": "LCH", "website": "https://league.example.org"}
    enrolling.change_facts(register.league, **facts)  # type: ignore[arg-type]  # as they stand in the table above
    assert {name: getattr(register.league, name) for name in facts} == facts
    with pytest.raises(NothingChanged):
        enrolling.change_facts(register.league, **facts)  # type: ignore[arg-type]
    assert verifying.verify() is None


def test_a_change_that_is_refused_changes_nothing(register: World) -> None:
    enrolling.change_facts(register.arcadia, kind=Kind.COUNTRY, iso_code="AR", acronym="ARC")
    with pytest.raises(DateRefused):
        enrolling.change_facts(register.arcadia, kind=Kind.SUPRANATIONAL, seat="FR", since=clock.today() + DAY)
    db.session.commit()
    assert (register.arcadia.iso_code, register.arcadia.acronym, register.arcadia.seat) == ("AR", "ARC", None)
    assert verifying.verify() is None


def test_another_kind_counts_from_its_day_on(register: World) -> None:
    a.published(register.league, register.cohort, numbers=["1.1"], reservations={"1.1": Text.of("In part.")})
    enrolling.change_facts(register.league, kind=Kind.INTERGOVERNMENTAL, since=CHANGE)
    assert count_on(register, BEFORE) == {Kind.CIVIL_SOCIETY: 1}
    assert count_on(register, CHANGE) == {Kind.INTERGOVERNMENTAL: 1}
    assert tallies.of_set(register.cohort, AFTER).counts[Kind.INTERGOVERNMENTAL].partial == 1
    assert [each.slug for each in outstanding.participants(a.a_cohort("other"), BEFORE, "en", Kind.CIVIL_SOCIETY)]
    assert verifying.verify() is None


def test_a_kind_that_was_never_right_counts_nowhere(register: World) -> None:
    a.published(register.league, register.cohort)
    enrolling.change_facts(register.league, kind=Kind.INTERGOVERNMENTAL)
    assert count_on(register, BEFORE) == {Kind.INTERGOVERNMENTAL: 1}
    assert verifying.verify() is None


def test_kinds_follow_each_other(register: World) -> None:
    a.published(register.league, register.cohort)
    enrolling.change_facts(register.league, kind=Kind.INTERGOVERNMENTAL, since=CHANGE)
    with pytest.raises(DateRefused):
        enrolling.change_facts(register.league, kind=Kind.COUNTRY, since=BEFORE)
    enrolling.change_facts(register.league, kind=Kind.COUNTRY, since=CHANGE)
    assert count_on(register, AFTER) == {Kind.COUNTRY: 1}
    enrolling.change_facts(register.league, kind=Kind.SUPRANATIONAL, since=AFTER)
    enrolling.change_facts(register.league, kind=Kind.COUNTRY)  # that was wrong: it stayed a country
    assert (count_on(register, BEFORE), count_on(register, AFTER)) == ({Kind.CIVIL_SOCIETY: 1}, {Kind.COUNTRY: 1})
    assert verifying.verify() is None


def test_what_ends_after_a_change_of_kind_is_counted_out_of_the_new_one(register: World) -> None:
    endorsement = a.in_force(register.arcadia, register.cohort, register.alice, register.sam)
    enrolling.change_facts(register.arcadia, kind=Kind.SUPRANATIONAL, since=clock.today())
    a.withdrawn(endorsement, register.alice, register.sam, effective_on=clock.today() + 9 * DAY)
    days = (clock.today(), clock.today() + 9 * DAY)
    assert [tallies.of_set(register.cohort, day).signatories(Kind.SUPRANATIONAL) for day in days] == [1, 0]
    assert verifying.verify() is None


def test_what_is_to_end_is_counted_out_of_the_new_kind_too(register: World) -> None:
    endorsement = a.in_force(register.arcadia, register.cohort, register.alice, register.sam)
    a.withdrawn(endorsement, register.alice, register.sam, effective_on=clock.today() + 9 * DAY)
    enrolling.change_facts(register.arcadia, kind=Kind.SUPRANATIONAL, since=clock.today())
    days = (clock.today(), clock.today() + 9 * DAY)
    assert [tallies.of_set(register.cohort, day).signatories(Kind.SUPRANATIONAL) for day in days] == [1, 0]
    assert verifying.verify() is None


def test_what_is_recorded_after_a_change_of_kind_counts_as_of_its_days(register: World) -> None:
    enrolling.change_facts(register.league, kind=Kind.INTERGOVERNMENTAL, since=CHANGE)
    a.published(register.league, register.cohort)
    assert count_on(register, BEFORE) == {Kind.CIVIL_SOCIETY: 1}
    assert count_on(register, CHANGE) == {Kind.INTERGOVERNMENTAL: 1}
    assert verifying.verify() is None


def test_a_duplicate_is_merged(register: World) -> None:
    twin = a_duplicate(Kind.CIVIL_SOCIETY)
    endorsement = a.published(twin, register.cohort, reservations={"1.1": Text.of("In part.")})
    accrediting.accredit(register.bruno, twin, starts_on=clock.today())
    entry = enrolling.merge(twin, register.arcadia)
    assert (entry.subject, ledger.facts_of(entry)["into"]) == ("participant/the-arcadia", "arcadia")
    assert endorsement.participant == register.arcadia
    assert accrediting.may_act_for(register.bruno, register.arcadia, clock.today())
    assert count_on(register, BEFORE) == {Kind.COUNTRY: 1}
    assert tallies.of_roll()[Kind.CIVIL_SOCIETY] == 1
    assert names_on(register, BEFORE) == ["Arcadia"]
    assert [(str(each.name), each.of_duplicate) for each in register.arcadia.names] == [
        ("Arcadia", False),
        ("The Arcadia", True),
    ]
    assert naming.participant_at("the-arcadia") == register.arcadia
    assert verifying.verify() is None


def test_what_duplicates_were_merged_into_may_be_merged_too(register: World) -> None:
    first, second = a_duplicate(), a_duplicate(name="Second Arcadia")
    a.published(first, register.cohort)
    enrolling.rename(first, name=Text.of("First Arcadia"), since=CHANGE)
    enrolling.merge(first, second)
    enrolling.merge(second, register.arcadia)
    assert naming.participant_at("the-arcadia") == naming.participant_at("second-arcadia") == register.arcadia
    assert len(register.arcadia.names) == 4
    enrolling.rename(register.arcadia, name=NEW_NAME, since=AFTER)
    assert (names_on(register, BEFORE), names_on(register, AFTER)) == (["Arcadia"], ["Free Arcadia"])
    assert verifying.verify() is None


def test_the_address_of_a_duplicate_is_given_to_nobody_else(register: World) -> None:
    enrolling.merge(a_duplicate(), register.arcadia)
    assert a_duplicate().slug == "the-arcadia-2"


def test_the_two_may_have_endorsed_different_sets(register: World) -> None:
    twin, other = a_duplicate(), a.a_cohort("other")
    a.published(twin, register.cohort)
    a.published(register.arcadia, other)
    enrolling.merge(twin, register.arcadia)
    assert {each.cohort for each in pages.endorsements_of(register.arcadia)} == {register.cohort, other}
    assert verifying.verify() is None


def test_the_endorsement_in_force_is_shown_however_early_it_was_recorded(register: World) -> None:
    twin = a_duplicate()
    in_force = a.published(twin, register.cohort, effective_on=clock.today())
    lapsed = a.published(register.arcadia, register.cohort)
    a.withdrawn(lapsed, register.alice, register.sam)
    enrolling.merge(twin, register.arcadia)
    [row] = signatory_lists.of_set(register.cohort, clock.today(), "en")
    assert not row.withdrawn
    assert pages.latest_one("arcadia", "clean-rivers") == in_force
    assert [each.latest for each in standings(register.arcadia)] == [in_force]
    assert verifying.verify() is None


@pytest.mark.parametrize("theirs", ["draft", "in force", "withdrawn"])
def test_two_endorsements_of_the_same_are_not_one(register: World, theirs: str) -> None:
    twin = a_duplicate()
    a.published(twin, register.cohort)
    if theirs == "draft":
        a.a_draft(register.arcadia, register.cohort, register.alice)
    else:
        found = a.published(register.arcadia, register.cohort)
        if theirs == "withdrawn":
            a.withdrawn(found, register.alice, register.sam)
    before = ledger.head()
    with pytest.raises(BothEndorsed):
        enrolling.merge(twin, register.arcadia)
    assert ledger.head() == before


def test_a_participant_is_not_merged_into_itself(register: World) -> None:
    with pytest.raises(Refused):
        enrolling.merge(register.arcadia, register.arcadia)


def test_who_is_accredited_for_both_keeps_them_apart(register: World) -> None:
    twin = a_duplicate()
    accrediting.accredit(register.alice, twin, starts_on=clock.today() + DAY)
    with pytest.raises(Refused):
        enrolling.merge(twin, register.arcadia)


def test_what_waits_about_a_duplicate_is_decided_first(register: World) -> None:
    twin = a_duplicate()
    proposal = contacting.propose(twin, "office@example.org", by=register.sam)
    with pytest.raises(Refused):
        enrolling.merge(twin, register.arcadia)
    contacting.change(proposal, by=register.kim)
    enrolling.merge(twin, register.arcadia)
    assert register.arcadia.contact_address is None
    assert db.session.scalars(select(Proposal.participant_id)).one() == register.arcadia.id
    assert verifying.verify() is None


def test_what_was_merged_is_gone(register: World) -> None:
    twin = a_duplicate()
    enrolling.merge(twin, register.arcadia)
    with pytest.raises(Stale):
        enrolling.rename(twin, name=NEW_NAME)
    assert db.session.scalars(select(FormerAddress.slug)).all() == ["the-arcadia"]
    assert db.session.scalars(select(Endorsement)).all() == []
    assert db.session.get_one(LedgerEntry, ledger.head()[0]).action is Action.PARTICIPANT_MERGED


def test_what_waits_for_a_decision_is_still_what_was_submitted(register: World) -> None:
    twin = a_duplicate()
    accrediting.accredit(register.bruno, twin, starts_on=clock.today())
    waiting = a.a_submission(twin, register.cohort, register.bruno)
    enrolling.merge(twin, register.arcadia)
    enrolling.change_facts(register.arcadia, kind=Kind.SUPRANATIONAL, since=clock.today())
    endorsing.confirm(waiting, by=register.sam)
    assert count_on(register, clock.today()) == {Kind.SUPRANATIONAL: 1}
    assert verifying.verify() is None
