"""Endorsements that came on paper: the secretariat records them, and somebody else of it confirms."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests import world as a
from tests.world import World
from tracker import clock, drafting, endorsing, ledger, standing, tallies, verifying
from tracker.errors import (
    BeingPrepared,
    DateRefused,
    Incomplete,
    NotAccredited,
    NotStaff,
    OwnSubmission,
    WrongStatus,
)
from tracker.extensions import db
from tracker.models import Account, Endorsement, Participant
from tracker.vocabulary import Action, Kind, Question, Scope, Status

SIGNED, RECEIVED = date(2026, 3, 2), date(2026, 3, 9)


def a_letter_of(
    participant: Participant, register: World, by: Account, *, received_on: date = RECEIVED, **more: str
) -> Endorsement:
    """Return an endorsement that was recorded from a letter, complete."""
    draft = drafting.begin(participant, register.cohort, on_paper=True, by=by)
    drafting.choose(draft, scope=Scope.ALL, by=by)
    drafting.sign(draft, signed_on=SIGNED, received_on=received_on, by=by, **more)
    return draft


def submitted(participant: Participant, register: World, by: Account, **more: date) -> Endorsement:
    draft = a_letter_of(participant, register, by, **more)
    endorsing.submit(draft, by=by)
    return draft


def test_a_letter_is_in_force_from_the_day_on_which_it_was_received(register: World) -> None:
    endorsement = submitted(register.council, register, register.sam)
    endorsing.confirm(endorsement, by=register.kim)
    assert (endorsement.signed_on, endorsement.received_on, endorsement.effective_on) == (SIGNED, RECEIVED, RECEIVED)
    assert tallies.of_set(register.cohort, RECEIVED).signatories(Kind.INTERGOVERNMENTAL) == 1
    assert tallies.of_set(register.cohort, RECEIVED - timedelta(days=1)).signatories(Kind.INTERGOVERNMENTAL) == 0
    assert verifying.verify() is None


def test_the_ledger_says_that_it_came_on_paper_and_how(register: World) -> None:
    endorsement = a_letter_of(register.council, register, register.sam, provenance="By post, no. 123")
    endorsing.submit(endorsement, by=register.sam)
    endorsing.confirm(endorsement, by=register.kim)
    facts = ledger.facts_of(endorsement.acts[-1].entry)
    assert (facts["on_paper"], facts["provenance"]) == (True, "By post, no. 123")


def test_who_recorded_it_does_not_confirm_it(register: World) -> None:
    endorsement = submitted(register.council, register, register.sam)
    with pytest.raises(OwnSubmission):
        endorsing.confirm(endorsement, by=register.sam)


def test_representatives_do_not_record_letters(register: World) -> None:
    with pytest.raises(NotStaff):
        drafting.begin(register.arcadia, register.cohort, on_paper=True, by=register.alice)


def test_staff_do_not_prepare_what_did_not_come_on_paper(register: World) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice)
    with pytest.raises(NotAccredited):
        endorsing.submit(draft, by=register.sam)


def test_representatives_do_not_change_what_the_secretariat_records(register: World) -> None:
    draft = a_letter_of(register.arcadia, register, register.sam)
    with pytest.raises(NotStaff):
        drafting.choose(draft, scope=Scope.CHOSEN, numbers=("1.1",), by=register.alice)


def test_no_letter_is_recorded_beside_what_representatives_prepare(register: World) -> None:
    a.a_draft(register.arcadia, register.cohort, register.alice)
    with pytest.raises(BeingPrepared):
        drafting.begin(register.arcadia, register.cohort, on_paper=True, by=register.sam)


def test_representatives_prepare_nothing_beside_a_letter_that_is_recorded(register: World) -> None:
    a_letter_of(register.arcadia, register, register.sam)
    with pytest.raises(BeingPrepared):
        drafting.begin(register.arcadia, register.cohort, by=register.alice)


@pytest.mark.parametrize(
    "received_on", [SIGNED - timedelta(days=1), clock.today() + timedelta(days=1)], ids=["before signed", "tomorrow"]
)
def test_it_refuses_a_day_of_receipt_out_of_order(register: World, received_on: date) -> None:
    with pytest.raises(DateRefused):
        a_letter_of(register.council, register, register.sam, received_on=received_on)


def test_it_is_not_submitted_without_its_day_of_receipt(register: World) -> None:
    draft = drafting.begin(register.council, register.cohort, on_paper=True, by=register.sam)
    drafting.choose(draft, scope=Scope.ALL, by=register.sam)
    with pytest.raises(Incomplete):
        endorsing.submit(draft, by=register.sam)


def test_a_letter_from_before_what_is_in_force_is_refused(register: World) -> None:
    a.published(register.council, register.cohort, effective_on=RECEIVED + timedelta(days=1), numbers=["1.1"])
    draft = a_letter_of(register.council, register, register.sam)
    with pytest.raises(DateRefused):
        endorsing.submit(draft, by=register.sam)


def test_a_later_letter_changes_what_is_in_force(register: World) -> None:
    before = a.published(register.council, register.cohort, effective_on=SIGNED, numbers=["1.1"])
    endorsement = submitted(register.council, register, register.sam)
    endorsing.confirm(endorsement, by=register.kim)
    assert (before.status, before.ended_on) == (Status.SUPERSEDED, RECEIVED)
    assert endorsement.acts[-1].action is Action.POSITION_CHANGED
    assert verifying.verify() is None


def test_what_was_returned_is_corrected_by_the_secretariat_and_keeps_its_day(register: World) -> None:
    endorsement = submitted(register.council, register, register.sam)
    endorsing.return_(endorsement, reasons={Question.LETTER: "Page 2 is missing."}, by=register.kim)
    assert endorsement.received_on == RECEIVED
    endorsing.submit(endorsement, by=register.sam)
    endorsing.confirm(endorsement, by=register.kim)
    assert endorsement.effective_on == RECEIVED
    assert verifying.verify() is None


def test_it_is_taken_back_and_discarded_no_more(register: World) -> None:
    endorsement = submitted(register.council, register, register.sam)
    endorsing.take_back(endorsement, by=register.kim)
    assert endorsement.status is Status.DRAFT
    with pytest.raises(WrongStatus):
        drafting.discard(endorsement, by=register.sam)


def test_one_that_was_never_submitted_is_discarded(register: World) -> None:
    drafting.discard(a_letter_of(register.council, register, register.sam), by=register.kim)
    assert standing.open_one(register.council, register.cohort) is None


def test_a_day_that_was_changed_in_the_database_is_named(register: World) -> None:
    endorsement = submitted(register.council, register, register.sam)
    endorsement.received_on = RECEIVED - timedelta(days=1)
    db.session.flush()
    difference = verifying.verify()
    assert difference is not None
    assert "is not what its representatives submitted" in str(difference)
