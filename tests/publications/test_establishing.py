"""Cohorts are prepared in private, published by two people, and changed so that every number stays what it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from tests import world as a
from tests.announced import PAGE, WHY, an_item, clean_seas, extended
from tests.world import World
from tracker import clock, drafting, endorsing, ledger, register, tallies, verifying
from tracker.errors import (
    AddressTaken,
    BeingDecided,
    GoneMeanwhile,
    LinkRefused,
    NothingToPublish,
    NotStaff,
    NumberTaken,
    OwnSubmission,
    SetGrown,
    SetIncomplete,
    SourceInUse,
    Stale,
)
from tracker.extensions import db
from tracker.models import Cohort, Preparation, Text
from tracker.publications import appearing, establishing, preparing
from tracker.publications.preparing import HeadingFacts, Prepared
from tracker.publishing import SourceFacts
from tracker.vocabulary import Action, Scope


def begun(register: World, **more: Any) -> Preparation:
    return preparing.begin(clean_seas(**more), by=register.sam)


def a_published_one(world: World, **more: Any) -> Cohort:
    appearing.approve(establishing.propose(begun(world, **more), by=world.sam), by=world.kim)
    found = register.cohort("clean-seas")
    assert found is not None
    return found


def changed(world: World, cohort: Cohort, **more: Any) -> None:
    extended(cohort, by=world.sam, other=world.kim, **more)


def test_a_cohort_appears_with_its_set_when_a_second_person_approves_it(register: World) -> None:
    preparation = begun(register)
    proposal = establishing.propose(preparation, by=register.sam)
    assert a.register.cohort("clean-seas") is None
    appearing.approve(proposal, by=register.kim)
    cohort = a.register.cohort("clean-seas")
    assert cohort is not None
    assert Prepared.as_published(cohort).facts == clean_seas().facts
    assert [(each.number, each.place) for each in cohort.recommendations] == [("1.1", 1), ("1.2", 2)]
    assert preparing.preparations() == []
    assert verifying.verify() is None


def test_without_a_day_its_recommendations_are_published_on_the_day_on_which_it_appears(register: World) -> None:
    cohort = a_published_one(register, published_on=None)
    assert cohort.published_on == clock.today()
    assert {each.revision.effective_on for each in cohort.recommendations} == {clock.today()}


def test_every_entry_names_who_proposed_and_who_approved(register: World) -> None:
    last = ledger.head()[0]
    a_published_one(register)
    entries = [entry for entry in ledger.entries() if entry.sequence > last]
    assert [entry.action for entry in entries] == [
        Action.COHORT_PUBLISHED,
        Action.HEADING_PUBLISHED,
        Action.RECOMMENDATION_PUBLISHED,
        Action.RECOMMENDATION_PUBLISHED,
    ]
    assert {entry.actor for entry in entries} == {register.kim.actor}
    assert {ledger.facts_of(entry)["proposed_by"] for entry in entries} == {register.sam.actor}


def test_it_appears_at_its_moment(register: World) -> None:
    moment = clock.now() + timedelta(hours=2)
    proposal = establishing.propose(begun(register), by=register.sam, due_at=moment)
    appearing.approve(proposal, by=register.kim)
    assert a.register.cohort("clean-seas") is None
    assert appearing.waiting() == [proposal]


def test_what_is_prepared_is_saved_and_taken_up_by_a_colleague(register: World) -> None:
    preparation = begun(register)
    assert Prepared.of(preparation) == clean_seas()
    preparing.keep(preparation, clean_seas(summit="Summit of all Seas"), by=register.kim)
    assert (Prepared.of(preparation).summit, preparation.changed_by) == ("Summit of all Seas", register.kim)


def test_what_a_colleague_changed_meanwhile_is_not_lost(register: World) -> None:
    preparation = begun(register)
    seen = preparation.version
    preparing.keep(preparation, clean_seas(summit="Summit of all Seas"), by=register.kim)
    with pytest.raises(Stale):
        preparing.keep(preparation, clean_seas(), by=register.sam, version=seen)


def test_what_a_colleague_discarded_meanwhile_is_told(register: World) -> None:
    preparation = begun(register)
    db.session.execute(delete(Preparation), execution_options={"synchronize_session": False})  # as another session
    for act in (
        lambda: preparing.keep(preparation, clean_seas(), by=register.sam),
        lambda: preparing.discard(preparation, by=register.sam),
        lambda: establishing.propose(preparation, by=register.sam),
    ):
        with pytest.raises(GoneMeanwhile):
            act()


def test_while_it_waits_it_does_not_change(register: World) -> None:
    preparation = begun(register)
    proposal = establishing.propose(preparation, by=register.sam)
    for act in (
        lambda: preparing.keep(preparation, clean_seas(), by=register.sam),
        lambda: preparing.discard(preparation, by=register.sam),
        lambda: establishing.propose(preparation, by=register.sam),
    ):
        with pytest.raises(BeingDecided):
            act()
    appearing.return_(proposal, reason="A source lacks.", by=register.kim)
    preparing.keep(preparation, clean_seas(), by=register.sam)


def test_others_than_staff_prepare_nothing(register: World) -> None:
    with pytest.raises(NotStaff):
        preparing.begin(clean_seas(), by=register.alice)
    with pytest.raises(NotStaff):
        preparing.begin_change(register.cohort, by=register.alice)


def test_nobody_approves_the_cohort_that_they_proposed(register: World) -> None:
    proposal = establishing.propose(begun(register), by=register.sam)
    with pytest.raises(OwnSubmission):
        appearing.approve(proposal, by=register.sam)


@pytest.mark.parametrize("slug", ["clean-rivers", "participants", "", "Clean", "clean--seas", "-seas", "a/b", "s" * 81])
def test_an_address_that_cannot_be_a_cohorts_is_refused(register: World, slug: str) -> None:
    with pytest.raises(AddressTaken):
        begun(register, slug=slug)


def test_two_preparations_do_not_have_one_address(register: World) -> None:
    begun(register)
    with pytest.raises(AddressTaken):
        begun(register)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"headings": (HeadingFacts(1, Text.of("A")), HeadingFacts(1, Text.of("B")))}, NumberTaken),
        ({"headings": (HeadingFacts(0, Text.of("A")),), "items": (an_item("0.1", 0),)}, NumberTaken),
        ({"items": (an_item("1.1"), an_item("1.1"))}, NumberTaken),
        ({"items": (an_item("2.1"),)}, NumberTaken),
        ({"items": (an_item("one"),)}, NumberTaken),
        ({"items": (an_item("2.1", 2), an_item("1.1"))}, SetIncomplete),
        ({"items": ()}, SetIncomplete),
        ({"items": (an_item("1.1", source="nowhere"),)}, SetIncomplete),
        ({"sources": (PAGE, PAGE)}, SetIncomplete),
        ({"sources": (replace(PAGE, url="javascript:alert(1)"),)}, LinkRefused),
    ],
)
def test_a_set_that_does_not_hold_together_is_refused(register: World, more: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        establishing.propose(begun(register, **more), by=register.sam)


def test_a_cohort_may_be_published_before_its_set(register: World) -> None:
    cohort = a_published_one(register, headings=(), items=())
    assert cohort.recommendations == []
    changed(register, cohort, headings=clean_seas().headings, items=clean_seas().items)
    assert [each.number for each in cohort.recommendations] == ["1.1", "1.2"]
    assert verifying.verify() is None


def test_facts_of_a_published_cohort_change_with_reason_and_source(register: World) -> None:
    cohort = register.cohort
    more = SourceFacts(key="letter", title="A letter", publisher="Arcadia", describes_cohort=False)
    sources = (replace(Prepared.as_published(cohort).sources[0], title="Another title"), more)
    leads = (Text.of("Borduria"), Text.of("Government of Arcadia"))
    changed(register, cohort, title=Text.of("Cohort on Rivers"), co_leads=leads, sources=sources)
    assert str(cohort.title) == "Cohort on Rivers"
    assert [str(each.name) for each in cohort.co_leads] == ["Borduria", "Government of Arcadia"]
    assert [each.title for each in cohort.sources] == ["Another title", "A letter"]
    entry = list(ledger.entries())[-1]
    assert (entry.action, entry.actor) == (Action.COHORT_CHANGED, register.kim.actor)
    assert ledger.facts_of(entry)["change"]["source"] == WHY.source
    assert verifying.verify() is None


def test_a_source_that_is_used_stays(register: World) -> None:
    preparation = preparing.begin_change(register.cohort, by=register.sam)
    preparing.keep(preparation, replace(Prepared.of(preparation), sources=()), by=register.sam)
    with pytest.raises(SourceInUse):
        establishing.propose(preparation, why=WHY, by=register.sam)


def test_a_change_that_changes_nothing_is_not_proposed(register: World) -> None:
    with pytest.raises(NothingToPublish):
        establishing.propose(preparing.begin_change(register.cohort, by=register.sam), why=WHY, by=register.sam)


def test_to_a_published_set_more_comes_at_its_end(register: World) -> None:
    cohort = register.cohort
    endorsement = a.published(register.arcadia, cohort)
    items = (an_item("2.4", 2), an_item("3.1", 3))
    changed(register, cohort, headings=(HeadingFacts(3, Text.of("Heading 3")),), items=items)
    assert [each.number for each in cohort.recommendations] == [*a.NUMBERS, "2.4", "3.1"]
    assert len(endorsement.positions) == 5
    assert {each.revision.effective_on for each in cohort.recommendations[-2:]} == {clock.today()}
    counts = tallies.of_recommendations(cohort, clock.today())
    assert sum(count.signatories for count in counts[cohort.recommendations[-1].id].values()) == 0
    assert verifying.verify() is None


def test_what_was_prepared_for_the_whole_set_is_asked_for_again_once_there_is_more(register: World) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice)
    extended(register.cohort, items=(an_item("2.4", 2),), by=register.sam, other=register.kim)
    assert [each.number for each in drafting.added_since(draft)] == ["2.4"]
    with pytest.raises(SetGrown):
        endorsing.submit(draft, by=register.alice)
    drafting.choose(draft, scope=Scope.ALL, by=register.alice)
    endorsing.submit(draft, by=register.alice)
    assert len(draft.positions) == 6


def test_chosen_recommendations_stay_what_was_chosen_when_there_is_more(register: World) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice, numbers=("1.1",))
    extended(register.cohort, items=(an_item("2.4", 2),), by=register.sam, other=register.kim)
    endorsing.submit(draft, by=register.alice)
    assert [each.recommendation.number for each in draft.positions] == ["1.1"]


@pytest.mark.parametrize(
    "more",
    [
        {"items": (an_item("1.1"),)},
        {"headings": (HeadingFacts(2, Text.of("Again")),), "items": (an_item("2.4", 2),)},
        {"headings": (HeadingFacts(1, Text.of("Again")),), "items": (an_item("1.3"),)},
    ],
)
def test_no_number_that_was_published_is_used_again(register: World, more: Any) -> None:
    preparation = preparing.begin_change(register.cohort, by=register.sam)
    preparing.keep(preparation, replace(Prepared.of(preparation), **more), by=register.sam)
    with pytest.raises(NumberTaken):
        establishing.propose(preparation, why=WHY, by=register.sam)


def test_parts_are_moved_replaced_and_removed(register: World) -> None:
    leads = clean_seas().co_leads
    assert clean_seas().moved_up("co_leads", 1).co_leads == leads[::-1]
    assert clean_seas().moved_up("co_leads", 0).co_leads == leads
    assert clean_seas().without("co_leads", 0).co_leads == leads[1:]
    assert clean_seas().with_member("co_leads", None, leads[0]).co_leads == (*leads, leads[0])
    assert clean_seas().with_member("co_leads", 1, leads[0]).co_leads == (leads[0], leads[0])


def test_a_published_cohort_has_one_preparation_of_its_changes(register: World) -> None:
    assert preparing.begin_change(register.cohort, by=register.sam) is preparing.begin_change(
        register.cohort, by=register.kim
    )
    preparing.discard(preparing.begin_change(register.cohort, by=register.kim), by=register.kim)
    assert preparing.preparations() == []
