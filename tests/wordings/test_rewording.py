"""How published texts change: by corrigendum and by amendment, each approved by a second person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import DatabaseError

from tests import world as a
from tests.world import World
from tracker import clock, drafting, endorsing, ledger, proposing, tallies, verifying
from tracker.errors import (
    AlreadyProposed,
    DateRefused,
    Incomplete,
    NothingChanged,
    NotStaff,
    NotYourProposal,
    OwnSubmission,
    Stale,
    UnknownRecommendation,
    WordingChanged,
    WrongStatus,
)
from tracker.extensions import db
from tracker.models import Endorsement, Proposal, Recommendation, Text
from tracker.tallies import Count
from tracker.vocabulary import Action, Kind, ProposalStatus, RevisionKind, TextStatus
from tracker.wordings import endorsed_wordings, rewording

CORRIGENDUM, AMENDMENT = RevisionKind.CORRIGENDUM, RevisionKind.AMENDMENT
both_kinds = pytest.mark.parametrize("kind", [CORRIGENDUM, AMENDMENT])


@pytest.fixture
def item(register: World) -> Recommendation:
    return a.item(register.cohort, "2.3")


def countries(item: Recommendation, day: date | None = None) -> Count:
    return tallies.of_recommendation(item, day or clock.today()).counts[Kind.COUNTRY]


def amend(register: World, item: Recommendation, text: str = "Do more.", **more: Any) -> None:
    a.amended(item, register.sam, register.kim, text, **more)


def correct(register: World, item: Recommendation, text: str = "Do what 2.3 said.", **more: Any) -> None:
    a.corrected(item, register.sam, register.kim, text, **more)


@both_kinds
def test_a_change_stands_when_a_second_person_approves_it(
    register: World, item: Recommendation, kind: RevisionKind
) -> None:
    proposal = a.proposed(item, register.sam, "Do more.", kind=kind)
    assert str(item.revision.text) == "Do what 2.3 says."
    rewording.publish(proposal, by=register.kim)
    assert str(item.revision.text) == "Do more."
    assert (item.revision.number, item.revision.kind) == (2, kind)
    assert verifying.verify() is None


def test_the_entry_tells_the_whole_text_and_who_proposed_it(register: World, item: Recommendation) -> None:
    correct(register, item, source="page")
    entry = ledger.entries_of("recommendation/clean-rivers/2.3")[-1]
    assert entry.action is Action.CORRIGENDUM_PUBLISHED
    assert entry.actor == register.kim.actor
    assert ledger.facts_of(entry) == {
        "revision": 2,
        "kind": "corrigendum",
        "text": {"authentic": "en", "texts": {"en": "Do what 2.3 said."}},
        "text_status": "summary",
        "effective_on": str(clock.today()),
        "source": "page",
        "reason": {"authentic": "en", "texts": {"en": "As the cohort agreed."}},
        "proposed_by": register.sam.actor,
    }


def test_the_authoritative_text_takes_the_place_of_a_summary_by_corrigendum(
    register: World, item: Recommendation
) -> None:
    a.published(register.arcadia, register.cohort)
    correct(register, item, text_status=TextStatus.AUTHORITATIVE)
    assert item.revision.text_status is TextStatus.AUTHORITATIVE
    assert countries(item) == Count(signatories=1)


def test_a_status_alone_can_be_corrected(register: World, item: Recommendation) -> None:
    correct(register, item, "Do what 2.3 says.", text_status=TextStatus.AUTHORITATIVE)
    assert item.revision.text_status is TextStatus.AUTHORITATIVE


@both_kinds
def test_it_refuses_what_changes_nothing(register: World, item: Recommendation, kind: RevisionKind) -> None:
    with pytest.raises(NothingChanged):
        a.proposed(item, register.sam, "Do what 2.3 says.", kind=kind)


@pytest.mark.parametrize("source", [{"provenance": None}, {"source": "page", "provenance": "A note"}, {"source": "x"}])
def test_it_needs_one_source(register: World, item: Recommendation, source: dict[str, str]) -> None:
    with pytest.raises(Incomplete):
        a.proposed(item, register.sam, "Do more.", kind=AMENDMENT, **source)


@pytest.mark.parametrize(
    ("kind", "days"), [(CORRIGENDUM, 1), (AMENDMENT, 800)], ids=["a corrigendum tomorrow", "a mistyped year"]
)
def test_it_refuses_a_day_that_is_too_late(
    register: World, item: Recommendation, kind: RevisionKind, days: int
) -> None:
    with pytest.raises(DateRefused):
        a.proposed(item, register.sam, "Do more.", kind=kind, effective_on=clock.today() + timedelta(days=days))


@both_kinds
def test_it_refuses_a_day_before_that_of_the_text_that_it_follows(
    register: World, item: Recommendation, kind: RevisionKind
) -> None:
    with pytest.raises(DateRefused):
        a.proposed(item, register.sam, "Do more.", kind=kind, effective_on=a.PUBLISHED - timedelta(days=1))


def test_only_the_secretariat_proposes(register: World, item: Recommendation) -> None:
    with pytest.raises(NotStaff):
        a.proposed(item, register.alice, "Do more.", kind=AMENDMENT)


def test_who_proposed_it_does_not_approve_it(register: World, item: Recommendation) -> None:
    proposal = a.proposed(item, register.sam, "Do more.", kind=AMENDMENT)
    with pytest.raises(OwnSubmission):
        rewording.publish(proposal, by=register.sam)


def test_there_is_one_proposal_of_a_kind_at_a_time(register: World, item: Recommendation) -> None:
    a.proposed(item, register.sam, "Do more.", kind=AMENDMENT)
    with pytest.raises(AlreadyProposed):
        a.proposed(item, register.kim, "Do less.", kind=AMENDMENT)


def test_a_proposal_for_a_text_that_changed_meanwhile_is_stale(register: World, item: Recommendation) -> None:
    proposal = a.proposed(item, register.sam, "Do more.", kind=AMENDMENT)
    correct(register, item)
    with pytest.raises(Stale):
        rewording.publish(proposal, by=register.kim)


def test_a_form_for_a_text_that_changed_meanwhile_is_stale(register: World, item: Recommendation) -> None:
    seen = ledger.latest_of("recommendation/clean-rivers/2.3")
    correct(register, item)
    with pytest.raises(Stale):
        rewording.propose(item, AMENDMENT, a.a_change(item, "Do more."), by=register.sam, seen=seen)


def test_it_is_returned_and_proposed_anew(register: World, item: Recommendation) -> None:
    proposal = a.proposed(item, register.sam, "Do moore.", kind=AMENDMENT)
    rewording.return_(proposal, reason="A slip.", by=register.kim)
    assert rewording.unfinished(item, AMENDMENT) is proposal
    amend(register, item)
    assert rewording.unfinished(item, AMENDMENT) is None
    assert str(item.revision.text) == "Do more."


def test_who_proposed_it_takes_it_back(register: World, item: Recommendation) -> None:
    proposal = a.proposed(item, register.sam, "Do more.", kind=AMENDMENT)
    with pytest.raises(NotYourProposal):
        rewording.take_back(proposal, by=register.kim)
    rewording.take_back(proposal, by=register.sam)
    assert proposal.status is ProposalStatus.TAKEN_BACK
    with pytest.raises(WrongStatus):
        rewording.publish(proposal, by=register.kim)


# From which day


def test_an_amendment_stands_from_its_day_on(register: World, item: Recommendation) -> None:
    later = clock.today() + timedelta(days=30)
    amend(register, item, effective_on=later)
    assert str(item.revision.text) == "Do what 2.3 says."
    with time_machine.travel(later):
        assert str(item.revision.text) == "Do more."


def test_what_is_to_stand_later_is_corrected_with_effect_from_the_same_day(
    register: World, item: Recommendation
) -> None:
    later = clock.today() + timedelta(days=30)
    amend(register, item, effective_on=later)
    with pytest.raises(DateRefused, match="DateRefused"):
        correct(register, item)
    correct(register, item, "Do more, please.", effective_on=later)
    assert str(item.revision_on(later).text) == "Do more, please."
    assert str(item.revision.text) == "Do what 2.3 says."


# Endorsements


def test_endorsements_carry_over_to_a_corrigendum(register: World, item: Recommendation) -> None:
    endorsement = a.published(register.arcadia, register.cohort)
    correct(register, item)
    assert countries(item) == Count(signatories=1)
    assert endorsed_wordings.amended_since(endorsement) == []
    assert verifying.verify() is None


def test_endorsements_stay_with_the_wording_before_an_amendment(register: World, item: Recommendation) -> None:
    endorsement = a.published(register.arcadia, register.cohort)
    a.published(register.borduria, register.cohort, numbers=["1.1"])
    amend(register, item)
    assert countries(item) == Count(signatories=1, earlier=1)
    assert countries(item, clock.today() - timedelta(days=1)) == Count(signatories=1)
    assert [each.position.recommendation.number for each in endorsed_wordings.amended_since(endorsement)] == ["2.3"]
    assert verifying.verify() is None


def test_the_tally_tells_the_present_wording_and_an_earlier_one_apart(register: World, item: Recommendation) -> None:
    a.published(register.arcadia, register.cohort, reservations={"2.3": Text.of("In part.")})
    amend(register, item)
    a.in_force(register.borduria, register.cohort, register.bruno, register.sam)
    assert countries(item) == Count(signatories=2, reserved=1, earlier=1)
    correct(register, item, "Do more, then.")
    assert countries(item) == Count(signatories=2, reserved=1, earlier=1)
    amend(register, item, "Do most.")
    assert countries(item) == Count(signatories=2, reserved=1, earlier=2)
    assert verifying.verify() is None


def test_an_amendment_counts_from_its_day_on(register: World, item: Recommendation) -> None:
    a.published(register.arcadia, register.cohort)
    later = clock.today() + timedelta(days=30)
    amend(register, item, effective_on=later)
    assert countries(item) == Count(signatories=1)
    assert countries(item, later) == Count(signatories=1, earlier=1)


def changed(register: World, *numbers: str) -> Endorsement:
    """Return Arcadia's change to the present wording of these recommendations, in force."""
    draft = drafting.begin(register.arcadia, register.cohort, by=register.alice)
    drafting.endorse_present_wording(draft, numbers=numbers, by=register.alice)
    drafting.sign(draft, signed_on=clock.today(), by=register.alice)
    endorsing.submit(draft, by=register.alice)
    endorsing.confirm(draft, by=register.sam)
    return draft


def test_the_new_wording_is_endorsed_with_the_reservation_kept(register: World, item: Recommendation) -> None:
    reservation = Text.of("In part.")
    a.published(register.arcadia, register.cohort, reservations={"2.3": reservation})
    amend(register, item)
    endorsement = changed(register, "2.3")
    [position] = endorsement.reservations
    assert (position.revision.number, position.reservation) == (2, reservation)
    assert countries(item) == Count(signatories=1, reserved=1)
    assert countries(item, clock.today() - timedelta(days=1)) == Count(signatories=1, reserved=1)
    assert verifying.verify() is None


def test_of_two_amended_wordings_one_may_be_left_as_it_is(register: World, item: Recommendation) -> None:
    a.published(register.arcadia, register.cohort)
    other = a.item(register.cohort, "1.1")
    amend(register, item)
    amend(register, other)
    endorsement = changed(register, "1.1")
    assert countries(other) == Count(signatories=1)
    assert countries(item) == Count(signatories=1, earlier=1)
    assert [each.position.recommendation.number for each in endorsed_wordings.amended_since(endorsement)] == ["2.3"]


def test_only_what_an_endorsement_covers_is_moved(register: World, item: Recommendation) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice, numbers=("1.1",))
    with pytest.raises(UnknownRecommendation):
        drafting.endorse_present_wording(draft, numbers=["2.3"], by=register.alice)


# What was prepared on another wording


@both_kinds
def test_a_draft_is_not_submitted_on_a_wording_that_stands_no_more(
    register: World, item: Recommendation, kind: RevisionKind
) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice, reservations={"2.3": "In part."})
    a.reworded(item, register.sam, register.kim, "Do more.", kind=kind)
    with pytest.raises(WordingChanged):
        endorsing.submit(draft, by=register.alice)
    [behind] = endorsed_wordings.behind(draft)
    assert (behind.position.recommendation, behind.stands, behind.kept) == (item, item.revision, False)
    drafting.endorse_present_wording(draft, numbers=["2.3"], by=register.alice)
    endorsing.submit(draft, by=register.alice)
    endorsing.confirm(draft, by=register.sam)
    assert [str(each.reservation) for each in draft.reservations] == ["In part."]
    assert countries(item) == Count(signatories=1, reserved=1)


@both_kinds
def test_a_change_may_keep_the_wording_that_was_in_force(
    register: World, item: Recommendation, kind: RevisionKind
) -> None:
    a.published(register.arcadia, register.cohort)
    a.reworded(item, register.sam, register.kim, "Do more.", kind=kind)
    change = a.a_submission(register.arcadia, register.cohort, register.alice, reservations={"1.1": "In part."})
    endorsing.confirm(change, by=register.sam)
    assert countries(item) == Count(signatories=1, earlier=int(kind is AMENDMENT))
    assert verifying.verify() is None


def test_what_was_submitted_is_confirmed_on_the_wording_that_stood_when_it_was_received(
    register: World, item: Recommendation
) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        submission = a.a_submission(register.arcadia, register.cohort, register.alice)
        traveller.shift(timedelta(days=3))
        amend(register, item)
        endorsing.confirm(submission, by=register.sam)
        assert countries(item) == Count(signatories=1, earlier=1)
        assert [each.position.recommendation for each in endorsed_wordings.amended_since(submission)] == [item]
        assert verifying.verify() is None


def test_what_was_submitted_is_not_confirmed_where_the_amendment_stands_from_that_day(
    register: World, item: Recommendation
) -> None:
    submission = a.a_submission(register.arcadia, register.cohort, register.alice)
    amend(register, item)
    with pytest.raises(WordingChanged):
        endorsing.confirm(submission, by=register.sam)


def test_what_was_submitted_carries_over_to_a_corrigendum(register: World, item: Recommendation) -> None:
    submission = a.a_submission(register.arcadia, register.cohort, register.alice)
    correct(register, item)
    endorsing.confirm(submission, by=register.sam)
    assert countries(item) == Count(signatories=1)
    assert verifying.verify() is None


def test_a_letter_from_before_an_amendment_is_of_the_wording_that_stood_then(
    register: World, item: Recommendation
) -> None:
    amend(register, item)
    received = clock.today() - timedelta(days=10)
    letter = drafting.begin(register.arcadia, register.cohort, on_paper=True, by=register.sam)
    drafting.choose(letter, scope=a.Scope.ALL, by=register.sam)
    drafting.sign(letter, signed_on=received, received_on=received, by=register.sam)
    with pytest.raises(WordingChanged):
        endorsing.submit(letter, by=register.sam)
    drafting.endorse_present_wording(letter, numbers=["2.3"], by=register.sam)
    endorsing.submit(letter, by=register.sam)
    endorsing.confirm(letter, by=register.kim)
    assert countries(item) == Count(signatories=1, earlier=1)
    assert verifying.verify() is None


def test_what_is_recorded_late_is_of_the_wording_that_stood_then(register: World, item: Recommendation) -> None:
    amend(register, item)
    endorsement = a.published(register.arcadia, register.cohort)
    assert {each.revision.number for each in endorsement.positions} == {1}


# Headings


def test_a_headings_title_is_corrected(register: World) -> None:
    heading = register.cohort.headings[1]
    proposal = a.proposed(heading, register.sam, Text.of("Rivers", fr="Fleuves"), kind=CORRIGENDUM)
    rewording.publish(proposal, by=register.kim)
    assert heading.title == Text.of("Rivers", fr="Fleuves")
    assert ledger.entries_of("heading/clean-rivers/2")[-1].action is Action.HEADING_CORRIGENDUM_PUBLISHED
    assert verifying.verify() is None


# What is permanent


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE heading SET number = 9 WHERE number = 2",
        "UPDATE heading SET cohort_id = cohort_id",
        "DELETE FROM heading WHERE number = 2",
        "UPDATE recommendation SET number = '2.4' WHERE number = '2.3'",
        "UPDATE recommendation SET place = 9 WHERE number = '2.3'",
        "UPDATE recommendation SET heading_id = 1 WHERE number = '2.3'",
        "DELETE FROM recommendation WHERE number = '2.3'",
        "UPDATE revision SET text_status = 'authoritative'",
        "DELETE FROM revision",
    ],
)
def test_the_database_itself_refuses_to_renumber_reorder_or_delete(register: World, statement: str) -> None:
    with pytest.raises(DatabaseError, match="permanent"):
        db.session.execute(sa.text(statement))


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", ["heading", "recommendation", "revision"])
def test_nothing_that_was_published_is_replaced(register: World, table: str) -> None:
    with pytest.raises(DatabaseError, match="permanent"):
        db.session.execute(sa.text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", ["heading", "recommendation", "revision"])
def test_nothing_that_was_published_is_emptied(register: World, table: str) -> None:
    with pytest.raises(DatabaseError, match="permanent"):
        db.session.execute(sa.text(f"TRUNCATE {table} CASCADE"))


def test_a_proposal_knows_what_it_would_change(register: World, item: Recommendation) -> None:
    of_item = a.proposed(item, register.sam, "Do more.", kind=CORRIGENDUM)
    of_heading = a.proposed(item.heading, register.sam, "Rivers", kind=CORRIGENDUM)
    assert rewording.subject_of_proposal(of_item) is item
    assert rewording.subject_of_proposal(of_heading) is item.heading
    assert proposing.open_one(of_item.kind, of_item.subject) is of_item
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Proposal)) == 2
