"""Notices of withdrawal that came on paper, and the letters of notices."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from tests import world as a
from tests.letters import a_letter
from tests.world import World
from tracker import clock, correcting, deciding, ledger, notices, tallies, verifying, withdrawing
from tracker.errors import (
    AlreadyProposed,
    DateRefused,
    Incomplete,
    NotAccredited,
    NotAsSubmitted,
    NotStaff,
    NotYourProposal,
    OwnSubmission,
    Stale,
    WrongStatus,
)
from tracker.evidence import filing
from tracker.extensions import db
from tracker.models import Account, Endorsement, Evidence, Proposal, Text
from tracker.vocabulary import Kind, ProposalStatus, Status

SIGNED, RECEIVED = date(2026, 3, 2), date(2026, 3, 9)


@pytest.fixture
def endorsement(register: World) -> Endorsement:
    return a.published(register.arcadia, register.cohort)


def recorded(endorsement: Endorsement, by: Account, **more: Any) -> Proposal:
    """Record a notice that came on paper, with effect from its receipt, and hand it over."""
    days = {"signed_on": SIGNED, "received_on": RECEIVED, **more}
    effective_on = days.pop("effective_on", days["received_on"])
    notices.sign(endorsement, **days, on_paper=True, by=by)
    notices.declare(endorsement, effective_on=effective_on, reason=Text.of("A new law."), on_paper=True, by=by)
    return notices.submit(endorsement, by=by)


def countries(register: World, day: date) -> int:
    return tallies.of_set(register.cohort, day).signatories(Kind.COUNTRY)


def test_a_notice_on_paper_ends_the_endorsement_with_its_own_dates(register: World, endorsement: Endorsement) -> None:
    notice = recorded(endorsement, register.sam, provenance="By post, no. 124")
    assert endorsement.status is Status.IN_FORCE
    withdrawing.confirm(notice, by=register.kim)
    assert endorsement.status is Status.WITHDRAWN
    assert (endorsement.notice_signed_on, endorsement.notice_on, endorsement.ended_on) == (SIGNED, RECEIVED, RECEIVED)
    assert (endorsement.notice_on_paper, endorsement.notice_provenance) == (True, "By post, no. 124")
    assert [countries(register, RECEIVED + timedelta(days=days)) for days in (-1, 0)] == [1, 0]
    assert verifying.verify() is None


def test_the_ledger_says_that_the_notice_came_on_paper_and_how(register: World, endorsement: Endorsement) -> None:
    withdrawing.confirm(recorded(endorsement, register.sam, provenance="By post"), by=register.kim)
    facts = ledger.facts_of(endorsement.acts[-1].entry)
    assert (facts["on_paper"], facts["provenance"]) == (True, "By post")


def test_who_recorded_it_does_not_confirm_it(register: World, endorsement: Endorsement) -> None:
    with pytest.raises(OwnSubmission):
        withdrawing.confirm(recorded(endorsement, register.sam), by=register.sam)


def test_it_is_confirmed_once(register: World, endorsement: Endorsement) -> None:
    notice = recorded(endorsement, register.sam)
    withdrawing.confirm(notice, by=register.kim)
    with pytest.raises(WrongStatus):
        withdrawing.confirm(notice, by=register.kim)


def test_representatives_do_not_record_what_came_on_paper(register: World, endorsement: Endorsement) -> None:
    with pytest.raises(NotStaff):
        notices.begin(endorsement, on_paper=True, by=register.alice)
    with pytest.raises(NotStaff):
        withdrawing.give_notice(
            endorsement, signed_on=SIGNED, received_on=RECEIVED, effective_on=RECEIVED, by=register.alice
        )


def test_staff_do_not_prepare_what_did_not_come_on_paper(register: World, endorsement: Endorsement) -> None:
    with pytest.raises(NotAccredited):
        notices.begin(endorsement, by=register.sam)


def test_somebody_elses_representative_prepares_nothing(register: World, endorsement: Endorsement) -> None:
    with pytest.raises(NotAccredited):
        notices.attach(endorsement, a_letter(), by=register.bruno)


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ({"signed_on": RECEIVED + timedelta(days=1)}, "signed after receipt"),
        ({"received_on": clock.today() + timedelta(days=1)}, "received tomorrow"),
        ({"effective_on": RECEIVED - timedelta(days=1)}, "effect before receipt"),
        ({"effective_on": RECEIVED + timedelta(days=800)}, "a mistyped year"),
        ({"signed_on": date(2023, 1, 1), "received_on": date(2023, 1, 2)}, "before it was in force"),
    ],
)
def test_it_refuses_days_out_of_order(
    register: World, endorsement: Endorsement, days: dict[str, date], why: str
) -> None:
    with pytest.raises(DateRefused):
        recorded(endorsement, register.sam, **days)


def test_it_is_not_handed_over_before_it_is_complete(register: World, endorsement: Endorsement) -> None:
    notices.sign(endorsement, signed_on=SIGNED, received_on=RECEIVED, on_paper=True, by=register.sam)
    with pytest.raises(Incomplete):
        notices.submit(endorsement, by=register.sam)


def test_nothing_is_prepared_beside_a_notice_that_waits(register: World, endorsement: Endorsement) -> None:
    a.with_notice(endorsement, register.alice)
    with pytest.raises(AlreadyProposed):
        notices.begin(endorsement, on_paper=True, by=register.sam)


def test_two_who_hand_it_over_are_told_apart(register: World, endorsement: Endorsement) -> None:
    a.a_notice_on_paper(endorsement, register.sam)
    seen = endorsement.version
    notices.declare(endorsement, effective_on=clock.today(), on_paper=True, by=register.kim)
    with pytest.raises(Stale):
        notices.submit(endorsement, by=register.sam, version=seen)


def test_only_who_recorded_it_takes_it_back(register: World, endorsement: Endorsement) -> None:
    notice = recorded(endorsement, register.sam)
    for person in (register.kim, register.alice):
        with pytest.raises(NotYourProposal):
            withdrawing.take_back(notice, by=person)
    deciding.take_back(notice, by=register.sam)
    assert notice.status is ProposalStatus.TAKEN_BACK
    assert verifying.verify() is None


def test_what_was_returned_is_recorded_again_with_its_letter(register: World, endorsement: Endorsement) -> None:
    notices.attach(endorsement, a_letter(), on_paper=True, by=register.sam)
    notice = recorded(endorsement, register.sam)
    withdrawing.return_(notice, reason="The letter is dated 3 March.", by=register.kim)
    notices.begin(endorsement, on_paper=True, by=register.sam)
    prepared = withdrawing.prepared(endorsement, on_paper=True)
    assert prepared is not None
    assert (prepared.signed_on, prepared.received_on) == (SIGNED, RECEIVED)
    assert prepared.evidence is withdrawing.letter_of(notice)
    assert withdrawing.returned(endorsement) is None  # it is not the representatives' to correct


def test_a_letter_goes_with_a_representatives_notice(register: World, endorsement: Endorsement) -> None:
    notices.attach(endorsement, a_letter(), by=register.alice)
    notice = withdrawing.waiting(a.with_notice(endorsement, register.alice))
    assert notice is not None
    letter = withdrawing.letter_of(notice)
    assert letter is not None
    assert ledger.bound(notice.subject, endorsement.acts[-1].action)["evidence"] == letter.sha256
    assert letter.sha256 not in endorsement.acts[-1].entry.payload
    withdrawing.confirm(notice, by=register.sam)
    assert verifying.verify() is None


def test_a_letter_that_is_replaced_or_discarded_before_it_was_sent_is_forgotten(
    register: World, endorsement: Endorsement
) -> None:
    notices.attach(endorsement, a_letter(), by=register.alice)
    notices.attach(endorsement, a_letter(name="Second.pdf"), by=register.adam)
    assert [each.file_name for each in db.session.query(Evidence)] == ["Second.pdf"]
    notices.detach(endorsement, by=register.alice)
    assert db.session.query(Evidence).count() == 0
    notices.attach(endorsement, a_letter(), by=register.alice)
    notices.discard(endorsement, by=register.adam)
    assert db.session.query(Evidence).count() == 0
    assert withdrawing.prepared(endorsement) is None


def test_what_the_other_side_prepared_goes_when_the_endorsement_ends(register: World, endorsement: Endorsement) -> None:
    notices.attach(endorsement, a_letter(), by=register.alice)
    withdrawing.confirm(recorded(endorsement, register.sam), by=register.kim)
    assert db.session.query(Evidence).count() == 0


def test_another_letter_in_the_place_of_the_one_that_was_sent_is_not_confirmed(
    register: World, endorsement: Endorsement
) -> None:
    notices.attach(endorsement, a_letter(), on_paper=True, by=register.sam)
    notice = recorded(endorsement, register.sam)
    letter = withdrawing.letter_of(notice)
    assert letter is not None
    filing.path_of(letter).write_bytes(b"another")
    with pytest.raises(NotAsSubmitted):
        withdrawing.confirm(notice, by=register.kim)


def test_a_wrong_withdrawal_on_paper_is_corrected(register: World, endorsement: Endorsement) -> None:
    withdrawing.confirm(recorded(endorsement, register.sam, provenance="By post"), by=register.kim)
    correction = correcting.propose(endorsement, reason=Text.of("It was another's."), by=register.sam)
    correcting.confirm(correction, by=register.kim)
    assert endorsement.status is Status.IN_FORCE
    assert (endorsement.notice_on_paper, endorsement.notice_provenance) == (False, None)
    assert verifying.verify() is None


def test_its_day_of_receipt_stays_however_late_it_is_confirmed(register: World, endorsement: Endorsement) -> None:
    notice = recorded(endorsement, register.sam)
    with time_machine.travel(clock.now() + timedelta(days=10), tick=False):
        withdrawing.confirm(notice, by=register.kim)
    assert endorsement.ended_on == RECEIVED
