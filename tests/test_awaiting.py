"""What waits for the secretariat, and who is looking at it."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from tests import world as a
from tests.world import World
from tracker import awaiting, clock, endorsing, withdrawing
from tracker.vocabulary import Kind, Matter, Question


def test_the_oldest_comes_first_whatever_it_is(register: World) -> None:
    a.published(register.borduria, register.cohort)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        a.with_notice(a.published(register.arcadia, register.cohort), register.alice)
        traveller.shift(timedelta(hours=1))
        a.a_submission(register.borduria, register.cohort, register.bruno, numbers=("1.1",))
        traveller.shift(timedelta(days=2))
        found = [(each.participant, each.matter, each.days) for each in awaiting.for_decision()]
    assert found == [(register.arcadia, Matter.WITHDRAWAL, 2), (register.borduria, Matter.CHANGE, 2)]


def test_a_first_submission_is_an_endorsement(register: World) -> None:
    a.a_submission(register.arcadia, register.cohort, register.alice)
    assert [each.matter for each in awaiting.for_decision()] == [Matter.ENDORSEMENT]


def test_what_was_decided_waits_no_more(register: World) -> None:
    a.withdrawn(
        a.in_force(register.arcadia, register.cohort, register.alice, register.sam), register.alice, register.kim
    )
    assert awaiting.for_decision() == []


def test_what_was_returned_waits_to_be_corrected(register: World) -> None:
    submission = a.a_submission(register.borduria, register.cohort, register.bruno)
    endorsing.return_(submission, reasons={Question.LETTER: "It is not signed."}, by=register.sam)
    endorsement = a.with_notice(a.published(register.arcadia, register.cohort), register.alice)
    notice = withdrawing.waiting(endorsement)
    assert notice is not None
    withdrawing.return_(notice, reason="Another day.", by=register.sam)
    assert {(each.participant, each.matter) for each in awaiting.for_correction()} == {
        (register.borduria, Matter.ENDORSEMENT),
        (register.arcadia, Matter.WITHDRAWAL),
    }
    assert awaiting.for_decision() == []


def test_what_was_corrected_waits_to_be_corrected_no_more(register: World) -> None:
    submission = a.a_submission(register.borduria, register.cohort, register.bruno)
    endorsing.return_(submission, reasons={Question.LETTER: "It is not signed."}, by=register.sam)
    endorsing.submit(submission, by=register.bruno)
    endorsement = a.with_notice(a.published(register.arcadia, register.cohort), register.alice)
    notice = withdrawing.waiting(endorsement)
    assert notice is not None
    withdrawing.return_(notice, reason="Another day.", by=register.sam)
    a.with_notice(endorsement, register.alice)
    assert awaiting.for_correction() == []


def test_a_part_of_the_queue_is_shown(register: World) -> None:
    other = a.a_cohort("dry-roads", ("1.1",))
    a.a_submission(register.arcadia, other, register.alice)
    a.with_notice(a.published(register.borduria, register.cohort), register.bruno)
    found = awaiting.for_decision()
    assert [each.cohort for each in awaiting.only(found, cohort="dry-roads")] == [other]
    assert [each.participant for each in awaiting.only(found, matter=Matter.WITHDRAWAL)] == [register.borduria]
    assert awaiting.only(found, kind=Kind.CIVIL_SOCIETY) == []
    assert awaiting.only(found) == found


def test_the_queue_says_who_is_looking(register: World) -> None:
    submission = a.a_submission(register.arcadia, register.cohort, register.alice)
    awaiting.look(submission.reference, by=register.kim)
    assert [each.lookers for each in awaiting.for_decision()] == [[register.kim]]


def test_one_is_told_of_others_and_not_of_oneself(register: World) -> None:
    submission = a.a_submission(register.arcadia, register.cohort, register.alice)
    for person in (register.kim, register.sam, register.kim):
        awaiting.look(submission.reference, by=person)
    assert [each.account for each in awaiting.lookers(submission.reference, but=register.sam)] == [register.kim]


def test_a_look_is_over_after_a_while(register: World) -> None:
    submission = a.a_submission(register.arcadia, register.cohort, register.alice)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        awaiting.look(submission.reference, by=register.kim)
        traveller.shift(awaiting.A_LOOK_LASTS + timedelta(seconds=1))
        assert awaiting.lookers(submission.reference, but=register.sam) == []
        assert [each.lookers for each in awaiting.for_decision()] == [[]]
