"""How a participant withdraws: notice, receipt, end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from tests import world as a
from tests.world import World
from tracker import accrediting, clock, drafting, endorsing, ledger, tallies, verifying, withdrawing
from tracker.errors import (
    AlreadyProposed,
    ChangeSubmitted,
    DateRefused,
    Incomplete,
    NotAccredited,
    NotAsSubmitted,
    NoticeGiven,
    NotStaff,
    OwnSubmission,
    Stale,
    WrongStatus,
)
from tracker.extensions import db
from tracker.models import Account, Endorsement, Proposal, Text
from tracker.vocabulary import Action, Kind, ProposalStatus, Status

TODAY = date(2026, 11, 25)


@pytest.fixture
def endorsement(register: World) -> Endorsement:
    return a.published(register.arcadia, register.cohort)


def notice_of(endorsement: Endorsement, by: Account, **more: date | Text) -> Proposal:
    """Give notice, with effect from today where no other day is named."""
    today = clock.today()
    return withdrawing.give_notice(endorsement, by=by, **{"signed_on": today, "effective_on": today, **more})  # type: ignore[arg-type]


def countries(register: World, day: date) -> int:
    return tallies.of_set(register.cohort, day).signatories(Kind.COUNTRY)


def test_a_confirmed_notice_ends_the_endorsement_on_its_day(register: World, endorsement: Endorsement) -> None:
    withdrawing.confirm(notice_of(endorsement, register.alice), by=register.sam)
    assert endorsement.status is Status.WITHDRAWN
    assert endorsement.notice_on == endorsement.ended_on == clock.today()
    assert countries(register, clock.today() - timedelta(days=1)) == 1
    assert countries(register, clock.today()) == 0
    assert verifying.verify() is None


def test_a_notice_alone_changes_nothing_of_the_public_record(register: World, endorsement: Endorsement) -> None:
    notice_of(endorsement, register.alice)
    assert endorsement.status is Status.IN_FORCE
    assert countries(register, clock.today()) == 1
    assert verifying.verify() is None


def test_it_may_take_effect_on_a_later_day(register: World, endorsement: Endorsement) -> None:
    later = clock.today() + timedelta(days=90)
    withdrawing.confirm(notice_of(endorsement, register.alice, effective_on=later), by=register.sam)
    assert (endorsement.notice_on, endorsement.ended_on) == (clock.today(), later)
    assert countries(register, later - timedelta(days=1)) == 1
    assert countries(register, later) == 0


def test_a_late_receipt_does_not_move_the_day_of_effect(register: World, endorsement: Endorsement) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        given = clock.today()
        notice = notice_of(endorsement, register.alice)
        traveller.shift(timedelta(days=3))
        withdrawing.confirm(notice, by=register.sam)
    assert endorsement.notice_on == endorsement.ended_on == given


def test_who_withdrew_with_effect_later_endorses_again_from_that_day(register: World, endorsement: Endorsement) -> None:
    later = clock.today() + timedelta(days=90)
    a.withdrawn(endorsement, register.alice, register.sam, effective_on=later)
    again = a.in_force(register.arcadia, register.cohort, register.alice, register.sam)
    assert again.effective_on == later
    assert [countries(register, later + timedelta(days=days)) for days in (-1, 0, 1)] == [1, 1, 1]
    assert verifying.verify() is None


def test_the_reason_is_published_with_the_withdrawal(register: World, endorsement: Endorsement) -> None:
    reason = Text.of("A new law.", fr="Une loi nouvelle.")
    withdrawing.confirm(notice_of(endorsement, register.alice, reason=reason), by=register.sam)
    assert endorsement.withdrawal_reason == reason
    assert ledger.facts_of(endorsement.acts[-1].entry)["reason"] == reason.as_json()


def test_the_ledger_binds_a_notice_without_telling_it(register: World, endorsement: Endorsement) -> None:
    notice_of(endorsement, register.alice, reason=Text.of("A secret until confirmed."))
    entry = endorsement.acts[-1].entry
    assert entry.action is Action.NOTICE_GIVEN
    assert set(ledger.facts_of(entry)) == {"cohort", "commitments"}


def test_a_notice_is_taken_back(register: World, endorsement: Endorsement) -> None:
    notice = notice_of(endorsement, register.alice)
    withdrawing.take_back(notice, by=register.adam)
    assert notice.status is ProposalStatus.TAKEN_BACK
    assert endorsement.status is Status.IN_FORCE
    assert withdrawing.waiting(endorsement) is None
    assert verifying.verify() is None


def test_a_notice_is_returned_and_given_again(register: World, endorsement: Endorsement) -> None:
    notice = notice_of(endorsement, register.alice)
    withdrawing.return_(notice, reason="The letter names another day.", by=register.sam)
    returned = withdrawing.returned(endorsement)
    assert returned is not None
    assert returned.reason == "The letter names another day."
    withdrawing.confirm(notice_of(endorsement, register.adam), by=register.sam)
    assert endorsement.status is Status.WITHDRAWN
    assert verifying.verify() is None


def test_a_return_needs_its_reason(register: World, endorsement: Endorsement) -> None:
    with pytest.raises(Incomplete):
        withdrawing.return_(notice_of(endorsement, register.alice), reason=" ", by=register.sam)


@pytest.mark.parametrize(
    "days",
    [{"signed_on": 1}, {"effective_on": -1}, {"effective_on": 800}],
    ids=["signed tomorrow", "with effect yesterday", "with effect in a mistyped year"],
)
def test_it_refuses_days_out_of_order(register: World, endorsement: Endorsement, days: dict[str, int]) -> None:
    with pytest.raises(DateRefused):
        notice_of(
            endorsement,
            register.alice,
            **{name: clock.today() + timedelta(days=shift) for name, shift in days.items()},
        )


def test_it_refuses_a_second_notice(register: World, endorsement: Endorsement) -> None:
    notice_of(endorsement, register.alice)
    with pytest.raises(AlreadyProposed):
        notice_of(endorsement, register.adam)


def test_it_refuses_notice_while_a_change_waits(register: World, endorsement: Endorsement) -> None:
    a.a_submission(register.arcadia, register.cohort, register.alice, numbers=("1.1",))
    with pytest.raises(ChangeSubmitted):
        notice_of(endorsement, register.alice)


def test_no_change_is_submitted_while_a_notice_waits(register: World, endorsement: Endorsement) -> None:
    notice_of(endorsement, register.alice)
    draft = a.a_draft(register.arcadia, register.cohort, register.alice, numbers=("1.1",))
    with pytest.raises(NoticeGiven):
        endorsing.submit(draft, by=register.alice)


def test_it_refuses_somebody_elses_representative(register: World, endorsement: Endorsement) -> None:
    with pytest.raises(NotAccredited):
        notice_of(endorsement, register.bruno)


def test_it_refuses_a_stale_form(register: World, endorsement: Endorsement) -> None:
    with pytest.raises(Stale):
        withdrawing.give_notice(
            endorsement, signed_on=TODAY, effective_on=clock.today(), by=register.alice, version=endorsement.version + 1
        )


def test_representatives_do_not_confirm(register: World, endorsement: Endorsement) -> None:
    notice = notice_of(endorsement, register.alice)
    with pytest.raises(NotStaff):
        withdrawing.confirm(notice, by=register.bruno)


def test_staff_who_may_act_for_the_participant_do_not_confirm(register: World, endorsement: Endorsement) -> None:
    accrediting.accredit(register.sam, register.arcadia, starts_on=clock.today())
    notice = notice_of(endorsement, register.alice)
    with pytest.raises(OwnSubmission):
        withdrawing.confirm(notice, by=register.sam)


def test_it_is_confirmed_once(register: World, endorsement: Endorsement) -> None:
    notice = notice_of(endorsement, register.alice)
    withdrawing.confirm(notice, by=register.sam)
    with pytest.raises(WrongStatus):
        withdrawing.confirm(notice, by=register.kim)


def test_what_was_taken_back_is_not_returned(register: World, endorsement: Endorsement) -> None:
    notice = notice_of(endorsement, register.alice)
    withdrawing.take_back(notice, by=register.alice)
    with pytest.raises(WrongStatus):
        withdrawing.return_(notice, reason="Too late.", by=register.sam)


def test_what_was_changed_in_the_database_is_not_confirmed(register: World, endorsement: Endorsement) -> None:
    notice = notice_of(endorsement, register.alice)
    notice.content = {**notice.content, "effective_on": "2027-01-01"}
    db.session.flush()
    with pytest.raises(NotAsSubmitted):
        withdrawing.confirm(notice, by=register.sam)


def test_a_draft_may_be_prepared_while_a_notice_waits(register: World, endorsement: Endorsement) -> None:
    notice_of(endorsement, register.alice)
    assert drafting.begin(register.arcadia, register.cohort, by=register.adam).status is Status.DRAFT
