from datetime import date, timedelta

import pytest
import time_machine

from tests import world as a
from tests.world import World
from tracker import accrediting, clock, drafting, endorsing, ledger, standing, tallies, verifying
from tracker.errors import (
    AlreadyEndorsed,
    DateRefused,
    Incomplete,
    NotAccredited,
    NotAsSubmitted,
    NothingChanged,
    NotStaff,
    OwnSubmission,
    Stale,
    UnknownRecommendation,
    WrongStatus,
)
from tracker.extensions import db
from tracker.models import AccountRole, Text
from tracker.vocabulary import Action, Kind, Question, Scope, Stance, Status


def test_an_endorsement_goes_from_draft_to_force(register: World) -> None:
    endorsement = a.a_draft(register.arcadia, register.cohort, register.alice)
    assert endorsement.status is Status.DRAFT
    endorsing.submit(endorsement, by=register.alice)
    assert endorsement.status is Status.SUBMITTED
    endorsing.confirm(endorsement, by=register.sam)
    assert endorsement.status is Status.IN_FORCE
    assert [act.action for act in endorsement.acts] == [Action.SUBMITTED, Action.ENDORSED]


def test_it_takes_effect_on_the_day_it_was_received(register: World) -> None:
    with time_machine.travel(clock.now() + timedelta(days=0), tick=False) as traveller:
        received = clock.today()
        endorsement = a.a_submission(register.arcadia, register.cohort, register.alice)
        traveller.shift(timedelta(days=3))
        endorsing.confirm(endorsement, by=register.sam)
    assert endorsement.received_on == endorsement.effective_on == received


def test_each_act_carries_its_own_dates(register: World) -> None:
    signed, today = date(2026, 11, 3), clock.today()
    endorsement = a.in_force(register.arcadia, register.cohort, register.alice, register.sam, signed_on=signed)
    a.withdrawn(endorsement, register.alice, register.sam)
    assert [(act.signed_on, act.received_on, act.effective_on) for act in endorsement.acts] == [
        (signed, today, None),
        (signed, today, today),
        (today, today, None),
        (today, today, today),
    ]


def test_who_may_act_for_the_participant_may_not_decide(register: World) -> None:
    accrediting.accredit(register.kim, register.arcadia, starts_on=clock.today())
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice)
    with pytest.raises(OwnSubmission):
        endorsing.confirm(endorsement, by=register.kim)


def test_who_submitted_it_before_it_was_returned_may_not_decide(register: World) -> None:
    accrediting.accredit(register.kim, register.arcadia, starts_on=clock.today(), ends_on=clock.today())
    endorsement = a.a_submission(register.arcadia, register.cohort, register.kim)
    endorsing.take_back(endorsement, by=register.alice)
    endorsing.submit(endorsement, by=register.alice)
    with time_machine.travel(clock.now() + timedelta(days=1)), pytest.raises(OwnSubmission):
        endorsing.confirm(endorsement, by=register.kim)


def test_what_was_changed_behind_the_ledgers_back_is_not_confirmed(register: World) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice)
    endorsement.statement = Text.of("What nobody submitted.")
    db.session.flush()
    with pytest.raises(NotAsSubmitted):
        endorsing.confirm(endorsement, by=register.sam)


def test_nothing_counts_before_it_is_confirmed(register: World) -> None:
    a.a_submission(register.arcadia, register.cohort, register.alice)
    assert tallies.of_set(register.cohort, clock.today()).signatories(Kind.COUNTRY) == 0


def test_chosen_recommendations_alone_are_endorsed(register: World) -> None:
    endorsement = a.in_force(register.arcadia, register.cohort, register.alice, register.sam, numbers=("1.1", "2.3"))
    assert endorsement.scope is Scope.CHOSEN
    assert [position.recommendation.number for position in endorsement.ordered_positions] == ["1.1", "2.3"]


def test_all_chosen_one_by_one_are_the_whole_set(register: World) -> None:
    endorsement = a.a_draft(register.arcadia, register.cohort, register.alice, numbers=a.NUMBERS)
    assert endorsement.scope is Scope.ALL


def test_a_reservation_stays_while_its_recommendation_stays_chosen(register: World) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice, reservations={"1.2": "Not on Sundays."})
    drafting.choose(draft, scope=Scope.CHOSEN, numbers=("1.1", "1.2"), by=register.alice)
    assert [str(position.reservation) for position in draft.reservations] == ["Not on Sundays."]


def test_colleagues_share_one_draft(register: World) -> None:
    begun = drafting.begin(register.arcadia, register.cohort, by=register.alice)
    assert drafting.begin(register.arcadia, register.cohort, by=register.adam) is begun


def test_a_returned_one_is_corrected_and_submitted_again(register: World) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice)
    endorsing.return_(endorsement, reasons={Question.OVERALL: "The letter names 1.1 only."}, by=register.sam)
    assert endorsement.status is Status.RETURNED
    drafting.choose(endorsement, scope=Scope.CHOSEN, numbers=("1.1",), by=register.alice)
    endorsing.submit(endorsement, by=register.alice)
    endorsing.confirm(endorsement, by=register.sam)
    assert [position.recommendation.number for position in endorsement.positions] == ["1.1"]
    assert endorsement.reasons is None


def test_a_submission_can_be_taken_back(register: World) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice)
    endorsing.take_back(endorsement, by=register.adam)
    assert endorsement.status is Status.DRAFT


def test_a_draft_can_be_thrown_away(register: World) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice)
    drafting.discard(draft, by=register.alice)
    assert standing.open_one(register.arcadia, register.cohort) is None


def test_a_draft_that_was_submitted_before_stays(register: World) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice)
    endorsing.take_back(endorsement, by=register.alice)
    with pytest.raises(WrongStatus):
        drafting.discard(endorsement, by=register.alice)


def test_who_withdrew_may_endorse_again(register: World) -> None:
    a.withdrawn(a.published(register.arcadia, register.cohort), register.alice, register.sam)
    again = a.in_force(register.arcadia, register.cohort, register.alice, register.sam)
    assert again.status is Status.IN_FORCE


def test_a_change_begins_with_what_is_in_force(register: World) -> None:
    a.published(register.arcadia, register.cohort, numbers=("1.1", "1.2"), reservations={"1.2": Text.of("In part.")})
    change = drafting.begin(register.arcadia, register.cohort, by=register.alice)
    assert change.scope is Scope.CHOSEN
    assert [(each.recommendation.number, str(each.reservation or "")) for each in change.ordered_positions] == [
        ("1.1", ""),
        ("1.2", "In part."),
    ]


def test_a_change_supersedes_what_is_in_force_when_it_is_confirmed_and_not_before(register: World) -> None:
    before = a.published(register.arcadia, register.cohort)
    change = a.a_submission(register.arcadia, register.cohort, register.alice, numbers=("1.1",))
    assert (before.status, change.status) == (Status.IN_FORCE, Status.SUBMITTED)
    endorsing.confirm(change, by=register.sam)
    assert (before.status, change.status) == (Status.SUPERSEDED, Status.IN_FORCE)
    assert before.ended_on == change.effective_on == clock.today()
    assert change.acts[-1].action is Action.POSITION_CHANGED


def test_a_change_counts_once_and_from_its_day_on(register: World) -> None:
    a.published(register.arcadia, register.cohort)
    change = a.a_submission(register.arcadia, register.cohort, register.alice, numbers=("1.1",))
    endorsing.confirm(change, by=register.sam)
    last = register.cohort.recommendations[-1]
    for day, partial, endorsing_last in ((clock.today() - timedelta(days=1), 0, 1), (clock.today(), 1, 0)):
        count = tallies.of_set(register.cohort, day).counts[Kind.COUNTRY]
        assert (count.signatories, count.partial) == (1, partial)
        assert tallies.of_recommendation(last, day).signatories(Kind.COUNTRY) == endorsing_last
    assert verifying.verify() is None


def test_a_change_that_changes_nothing_is_not_submitted(register: World) -> None:
    a.published(register.arcadia, register.cohort)
    with pytest.raises(NothingChanged):
        a.a_submission(register.arcadia, register.cohort, register.alice)


def test_a_change_of_what_was_withdrawn_meanwhile_comes_into_force_after_it(register: World) -> None:
    before = a.published(register.arcadia, register.cohort)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        change = a.a_draft(register.arcadia, register.cohort, register.alice, numbers=("1.1",))
        traveller.shift(timedelta(days=2))
        a.withdrawn(before, register.alice, register.sam)
        endorsing.submit(change, by=register.alice)
        endorsing.confirm(change, by=register.sam)
        assert before.status is Status.WITHDRAWN
        assert change.effective_on == before.ended_on == clock.today()
        assert change.acts[-1].action is Action.ENDORSED
        assert verifying.verify() is None


def test_nothing_is_recorded_for_a_day_on_which_another_one_was_in_force(register: World) -> None:
    a.withdrawn(a.published(register.arcadia, register.cohort), register.alice, register.sam)
    with pytest.raises(AlreadyEndorsed):
        a.published(register.arcadia, register.cohort, effective_on=clock.today() - timedelta(days=1))


def test_it_refuses_a_draft_beside_a_submission(register: World) -> None:
    a.a_submission(register.arcadia, register.cohort, register.alice)
    with pytest.raises(WrongStatus):
        drafting.begin(register.arcadia, register.cohort, by=register.adam)


def test_it_refuses_who_submitted_it_as_who_confirms(register: World) -> None:
    register.alice.roles.append(db.session.query(AccountRole).filter_by(name="staff").one())
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice)
    with pytest.raises(OwnSubmission):
        endorsing.confirm(endorsement, by=register.alice)
    with pytest.raises(OwnSubmission):
        endorsing.return_(endorsement, reasons={Question.OVERALL: "No."}, by=register.alice)


def test_it_refuses_a_decision_by_who_is_not_staff(register: World) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice)
    with pytest.raises(NotStaff):
        endorsing.confirm(endorsement, by=register.bruno)


@pytest.mark.parametrize("who", ["bruno", "petra", "fay", "sam"])
def test_it_refuses_who_is_not_accredited_today(register: World, who: str) -> None:
    with pytest.raises(NotAccredited):
        drafting.begin(register.arcadia, register.cohort, by=getattr(register, who))


def test_it_refuses_a_deactivated_representative(register: World) -> None:
    register.alice.active = False
    with pytest.raises(NotAccredited):
        drafting.begin(register.arcadia, register.cohort, by=register.alice)


def test_it_refuses_to_submit_what_is_incomplete(register: World) -> None:
    draft = drafting.begin(register.arcadia, register.cohort, by=register.alice)
    drafting.choose(draft, scope=Scope.ALL, by=register.alice)
    with pytest.raises(Incomplete):
        endorsing.submit(draft, by=register.alice)


def test_it_refuses_a_choice_of_nothing(register: World) -> None:
    draft = drafting.begin(register.arcadia, register.cohort, by=register.alice)
    with pytest.raises(Incomplete):
        drafting.choose(draft, scope=Scope.CHOSEN, by=register.alice)


def test_it_refuses_an_unknown_recommendation(register: World) -> None:
    draft = drafting.begin(register.arcadia, register.cohort, by=register.alice)
    with pytest.raises(UnknownRecommendation):
        drafting.choose(draft, scope=Scope.CHOSEN, numbers=("9.9",), by=register.alice)


def test_it_refuses_a_reservation_to_what_is_not_endorsed(register: World) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice, numbers=("1.1",))
    with pytest.raises(UnknownRecommendation):
        drafting.reserve(draft, reservations={"2.1": Text.of("No.")}, by=register.alice)


def test_it_refuses_a_signature_of_tomorrow(register: World) -> None:
    draft = drafting.begin(register.arcadia, register.cohort, by=register.alice)
    with pytest.raises(DateRefused):
        drafting.sign(draft, signed_on=clock.today() + timedelta(days=1), by=register.alice)


def test_it_refuses_a_return_without_a_reason(register: World) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice)
    with pytest.raises(Incomplete):
        endorsing.return_(endorsement, reasons={Question.OVERALL: "  "}, by=register.sam)


def test_it_refuses_what_a_form_saw_before_a_colleague_changed_it(register: World) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice)
    seen = draft.version
    drafting.choose(draft, scope=Scope.CHOSEN, numbers=("1.1",), by=register.adam)
    with pytest.raises(Stale):
        endorsing.submit(draft, by=register.alice, version=seen)


def test_a_change_of_reservations_alone_makes_older_forms_stale(register: World) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice)
    seen = draft.version
    drafting.reserve(draft, reservations={"1.1": Text.of("Not yet.")}, by=register.adam)
    with pytest.raises(Stale):
        endorsing.submit(draft, by=register.alice, version=seen)


@pytest.mark.parametrize("verb", ["submit", "take_back", "confirm", "discard"])
def test_it_refuses_a_verb_out_of_turn(register: World, verb: str) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice)
    endorsing.return_(endorsement, reasons={Question.OVERALL: "Once more."}, by=register.sam)
    turn = {"submit"}
    by = register.sam if verb == "confirm" else register.alice
    if verb in turn:
        endorsing.submit(endorsement, by=by)
    with pytest.raises(WrongStatus):
        getattr(drafting if verb == "discard" else endorsing, verb)(endorsement, by=by)


def test_the_ledger_binds_a_submission_without_telling_it(register: World) -> None:
    endorsement = a.a_submission(
        register.arcadia, register.cohort, register.alice, reservations={"1.1": "A secret until confirmed."}
    )
    entry = endorsement.acts[-1].entry
    assert "secret" not in entry.payload
    assert "arcadia" not in entry.payload
    assert "content" in ledger.facts_of(entry)["commitments"]


def test_the_ledger_names_nobody(register: World) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice)
    endorsing.return_(endorsement, reasons={Question.OVERALL: "Alice forgot the letter."}, by=register.sam)
    written = " ".join(f"{entry.actor} {entry.payload}" for entry in ledger.entries())
    for private in ("Alice", "alice", "Sam", "sam@", "letter"):
        assert private not in written


def test_an_endorsement_from_before_the_register_is_recorded_as_published(register: World) -> None:
    endorsement = a.published(
        register.league, register.cohort, numbers=["1.1", "1.2"], reservations={"1.2": Text.of("In part.")}
    )
    assert endorsement.status is Status.IN_FORCE
    assert endorsement.effective_on == a.PUBLISHED
    assert [position.stance for position in endorsement.ordered_positions] == [Stance.ENDORSED, Stance.RESERVED]


def test_it_refuses_to_record_what_is_to_come(register: World) -> None:
    with pytest.raises(DateRefused):
        a.published(register.league, register.cohort, effective_on=date(2999, 1, 1))


def test_it_refuses_to_record_over_a_draft(register: World) -> None:
    a.a_draft(register.arcadia, register.cohort, register.alice)
    with pytest.raises(AlreadyEndorsed):
        a.published(register.arcadia, register.cohort)
