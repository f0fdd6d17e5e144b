"""The history that representatives see of their participant: complete, with who did what."""

from __future__ import annotations

from datetime import date

from tests import world as a
from tests.world import World
from tracker import correcting, endorsing, history, notices, withdrawing
from tracker.history import Step
from tracker.models import Text
from tracker.vocabulary import Action, Question, ReviewOutcome


def steps(register: World) -> dict[int, Step]:
    return {each.entry.sequence: each for each in history.page_of(register.arcadia).steps}


def actions(register: World) -> list[Action]:
    return [each.entry.action for each in history.page_of(register.arcadia).steps]


def test_it_has_submissions_returns_and_confirmations_with_who_did_them(register: World) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice)
    endorsing.return_(endorsement, reasons={Question.LETTER: "Page 2 is missing."}, by=register.sam)
    endorsing.submit(endorsement, by=register.adam)
    endorsing.confirm(endorsement, by=register.kim)
    latest = history.page_of(register.arcadia).steps[:4]
    assert [(each.entry.action, each.by) for each in latest] == [
        (Action.ENDORSED, register.kim),
        (Action.SUBMITTED, register.adam),
        (Action.RETURNED, register.sam),
        (Action.SUBMITTED, register.alice),
    ]


def test_it_has_the_participant_its_people_and_nobody_elses(register: World) -> None:
    a.with_contact(register.arcadia, register.sam, register.kim)
    a.a_submission(register.borduria, register.cohort, register.bruno)
    found = history.page_of(register.arcadia).steps
    assert {Action.PARTICIPANT_ADDED, Action.CONTACT_CHANGED, Action.ACCREDITED} == {
        each.entry.action for each in found
    }
    assert {"Alice", "Adam", "Petra", "Fay"} == {each.about for each in found if each.about}


def test_what_two_people_decided_names_both(register: World) -> None:
    endorsement = a.published(register.arcadia, register.cohort)
    days = {"signed_on": date(2026, 3, 2), "received_on": date(2026, 3, 9)}
    notices.sign(endorsement, **days, on_paper=True, by=register.sam)  # type: ignore[arg-type]
    notices.declare(endorsement, effective_on=date(2026, 3, 9), on_paper=True, by=register.sam)
    withdrawing.confirm(notices.submit(endorsement, by=register.sam), by=register.kim)
    step = history.page_of(register.arcadia).steps[0]
    assert (step.entry.action, step.by, step.proposed_by) == (Action.WITHDRAWN, register.kim, register.sam)
    assert step.on_paper
    assert actions(register)[:2] == [Action.WITHDRAWN, Action.NOTICE_GIVEN]


def test_it_has_corrections_and_reviews(register: World) -> None:
    endorsement = a.published(a.with_contact(register.arcadia, register.sam, register.kim), register.cohort)
    a.disputed(endorsement)
    correction = correcting.propose(endorsement, reason=Text.of("It was another's."), by=register.sam)
    correcting.confirm(correction, by=register.kim)
    assert actions(register)[:4] == [
        Action.REVIEW_CLOSED,
        Action.CORRECTED,
        Action.REVIEW_OPENED,
        Action.ENDORSED,
    ]
    assert history.page_of(register.arcadia).steps[2].from_contact


def test_what_was_annulled_says_by_which_entry_and_a_review_how_it_ended(register: World) -> None:
    endorsement = a.published(a.with_contact(register.arcadia, register.sam, register.kim), register.cohort)
    a.disputed(endorsement)
    correction = correcting.propose(endorsement, reason=Text.of("It was another's."), by=register.sam)
    correcting.confirm(correction, by=register.kim)
    closed, corrected, _, endorsed = history.page_of(register.arcadia).steps[:4]
    assert endorsed.annulled_by == corrected.entry.sequence
    assert corrected.annulled_by is None
    assert closed.finding is not None
    assert (closed.finding.outcome, str(closed.finding.text)) == (ReviewOutcome.CORRECTED, "It was another's.")


def test_it_goes_on_over_pages_without_a_gap(register: World) -> None:
    endorsement = a.a_submission(register.arcadia, register.cohort, register.alice)
    for _ in range(20):
        endorsing.take_back(endorsement, by=register.alice)
        endorsing.submit(endorsement, by=register.alice)
    first, second = (history.page_of(register.arcadia, number) for number in (1, 2))
    assert len(first.steps) == history.A_PAGE
    assert first.pages == second.pages == 2
    numbers = [each.entry.sequence for each in (*first.steps, *second.steps)]
    assert numbers == sorted(set(numbers), reverse=True)
    assert history.page_of(register.arcadia, 99).number == 2
