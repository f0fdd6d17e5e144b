"""A wrong act is corrected by a further act, which names it; nothing is edited."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import world as a
from tests.world import World
from tracker import clock, correcting, drafting, endorsing, ledger, tallies, verifying
from tracker.errors import AlreadyProposed, NoticeGiven, NotStaff, OwnSubmission, SomethingLater, WrongStatus
from tracker.models import Account, Endorsement, Proposal, Text
from tracker.vocabulary import Action, Kind, ProposalStatus, Scope, Status

REASON = Text.of("The letter was Borduria’s.")


def proposed(endorsement: Endorsement, by: Account) -> Proposal:
    return correcting.propose(endorsement, reason=REASON, by=by)


def corrected(endorsement: Endorsement, register: World) -> Endorsement:
    correcting.confirm(proposed(endorsement, register.sam), by=register.kim)
    return endorsement


def countries(register: World, *ago: int) -> list[int]:
    """Return how many countries had endorsed so many days ago."""
    days = [clock.today() - timedelta(days=each) for each in ago]
    return [tallies.of_set(register.cohort, day).signatories(Kind.COUNTRY) for day in days]


def test_an_endorsement_that_is_annulled_counts_on_no_day(register: World) -> None:
    endorsement = corrected(a.published(register.arcadia, register.cohort), register)
    assert (endorsement.status, endorsement.effective_on) == (Status.ANNULLED, None)
    assert countries(register, 0, 1, 100) == [0, 0, 0]
    assert verifying.verify() is None


def test_the_entry_names_what_it_corrects_and_who_proposed_it(register: World) -> None:
    endorsement = a.published(register.arcadia, register.cohort)
    wrong = endorsement.acts[-1].entry_sequence
    corrected(endorsement, register)
    entry = endorsement.acts[-1].entry
    facts = ledger.facts_of(entry)
    assert entry.action is Action.CORRECTED
    assert (facts["corrects"], facts["action"], facts["reason"]) == (wrong, "endorsed", REASON.as_json())
    assert (facts["proposed_by"], entry.actor) == (register.sam.actor, register.kim.actor)
    assert endorsement.acts[-1].correction == (wrong, REASON)


def test_what_a_wrong_change_superseded_is_in_force_again_without_a_gap(register: World) -> None:
    before = a.published(register.arcadia, register.cohort)
    change = a.in_force(register.arcadia, register.cohort, register.alice, register.sam, numbers=("1.1",))
    corrected(change, register)
    assert (before.status, before.ended_on) == (Status.IN_FORCE, None)
    assert countries(register, 0, 1) == [1, 1]
    assert tallies.of_set(register.cohort, clock.today()).counts[Kind.COUNTRY].partial == 0
    assert verifying.verify() is None


def test_a_wrong_withdrawal_never_was(register: World) -> None:
    endorsement = a.published(register.arcadia, register.cohort)
    a.withdrawn(endorsement, register.alice, register.sam)
    corrected(endorsement, register)
    assert (endorsement.status, endorsement.ended_on, endorsement.notice_on) == (Status.IN_FORCE, None, None)
    assert countries(register, 0, 1) == [1, 1]
    assert verifying.verify() is None


def test_who_was_annulled_endorses_again(register: World) -> None:
    corrected(a.published(register.arcadia, register.cohort), register)
    again = a.in_force(register.arcadia, register.cohort, register.alice, register.sam)
    assert again.status is Status.IN_FORCE
    assert countries(register, 0, 1) == [1, 0]
    assert verifying.verify() is None


def test_the_right_letter_is_recorded_for_the_days_of_the_annulled_one(register: World) -> None:
    corrected(a.in_force(register.arcadia, register.cohort, register.alice, register.sam), register)
    day = clock.today() - timedelta(days=30)
    draft = drafting.begin(register.arcadia, register.cohort, on_paper=True, by=register.sam)
    drafting.choose(draft, scope=Scope.ALL, by=register.sam)
    drafting.sign(draft, signed_on=day, received_on=day, by=register.sam)
    endorsing.submit(draft, by=register.sam)
    endorsing.confirm(draft, by=register.kim)
    assert countries(register, 0, 30, 31) == [1, 1, 0]


def test_who_proposed_it_does_not_approve_it(register: World) -> None:
    proposal = proposed(a.published(register.arcadia, register.cohort), register.sam)
    with pytest.raises(OwnSubmission):
        correcting.confirm(proposal, by=register.sam)


def test_representatives_propose_no_correction(register: World) -> None:
    with pytest.raises(NotStaff):
        proposed(a.published(register.arcadia, register.cohort), register.alice)


def test_it_is_proposed_once(register: World) -> None:
    endorsement = a.published(register.arcadia, register.cohort)
    proposed(endorsement, register.sam)
    with pytest.raises(AlreadyProposed):
        proposed(endorsement, register.kim)


def test_what_a_later_act_stands_on_is_not_annulled(register: World) -> None:
    before = a.published(register.arcadia, register.cohort)
    a.in_force(register.arcadia, register.cohort, register.alice, register.sam, numbers=("1.1",))
    with pytest.raises(SomethingLater):
        proposed(before, register.sam)


def test_a_withdrawal_after_which_the_participant_endorsed_again_is_not_annulled(register: World) -> None:
    endorsement = a.withdrawn(a.published(register.arcadia, register.cohort), register.alice, register.sam)
    a.in_force(register.arcadia, register.cohort, register.alice, register.sam)
    with pytest.raises(SomethingLater):
        proposed(endorsement, register.sam)


def test_what_changed_since_it_was_proposed_is_not_annulled(register: World) -> None:
    endorsement = a.published(register.arcadia, register.cohort)
    proposal = proposed(endorsement, register.sam)
    a.in_force(register.arcadia, register.cohort, register.alice, register.sam, numbers=("1.1",))
    with pytest.raises(SomethingLater):
        correcting.confirm(proposal, by=register.kim)


def test_nothing_is_annulled_while_a_notice_of_withdrawal_waits(register: World) -> None:
    endorsement = a.with_notice(a.published(register.arcadia, register.cohort), register.alice)
    with pytest.raises(NoticeGiven):
        proposed(endorsement, register.sam)


def test_it_is_taken_back_or_returned_and_nothing_changes(register: World) -> None:
    endorsement = a.published(register.arcadia, register.cohort)
    first = proposed(endorsement, register.sam)
    correcting.take_back(first, by=register.sam)
    second = proposed(endorsement, register.sam)
    correcting.return_(second, reason="The letter is theirs.", by=register.kim)
    assert (first.status, second.status) == (ProposalStatus.TAKEN_BACK, ProposalStatus.RETURNED)
    assert endorsement.status is Status.IN_FORCE
    with pytest.raises(WrongStatus):
        correcting.confirm(second, by=register.kim)
    assert verifying.verify() is None


@given(steps=st.lists(st.sampled_from(["endorse", "change", "withdraw", "correct"]), min_size=2, max_size=8))
def test_whatever_is_corrected_the_register_agrees_with_itself(register: World, steps: list[str]) -> None:
    cohort = a.a_cohort(f"c{clock.now():%H%M%S%f}", numbers=("1.1", "1.2"))
    present: Endorsement | None = None
    history: list[Endorsement] = []
    for step in steps:
        if step == "endorse" and present is None:
            present = a.in_force(register.arcadia, cohort, register.alice, register.sam)
            history.append(present)
        elif step == "change" and present is not None and present.scope is Scope.ALL:
            present = a.in_force(register.arcadia, cohort, register.alice, register.sam, numbers=("1.1",))
            history.append(present)
        elif step == "withdraw" and present is not None:
            a.withdrawn(present, register.alice, register.sam)
            present = None
        elif step == "correct" and history:
            last = history[-1]
            corrected(last, register)
            if last.status is Status.ANNULLED:
                history.pop()
                present = history[-1] if history and history[-1].status is Status.IN_FORCE else None
            else:
                present = last
    counted = tallies.of_set(cohort, clock.today()).signatories(Kind.COUNTRY)
    assert counted == (present is not None)
    assert verifying.verify() is None
