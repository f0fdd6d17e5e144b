"""What heads and staff propose about people, and what a second person decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import world as a
from tests.world import World
from tracker import accrediting, awaiting, clock, ledger, proposing, verifying
from tracker.errors import (
    AccountClosed,
    AccreditationChanged,
    AccreditationOver,
    AccreditationStale,
    AlreadyAccredited,
    AlreadyProposed,
    DateRefused,
    Incomplete,
    NotAccredited,
    NotHead,
    NothingChanged,
    NotStaff,
    OwnSubmission,
    WrongStatus,
)
from tracker.extensions import db
from tracker.models import Account, Accreditation, LedgerEntry, Proposal
from tracker.people import admitting, candidates, requesting
from tracker.vocabulary import Action, Matter, ProposalStatus, Tenure

DAY = timedelta(days=1)


def proposed(register: World, by: Account, **more: object) -> Proposal:
    """Return the proposal that Clara represents Arcadia."""
    return requesting.propose(register.arcadia, a.a_candidate(**more), by=by)


def accredited(register: World, **more: object) -> Accreditation:
    """Return Clara's accreditation, proposed by the head and approved by staff."""
    proposal = proposed(register, register.alice, **more)
    admitting.confirm(proposal, by=register.sam)
    return candidates.the_accreditation_of(proposal)


def of_adam(register: World) -> Accreditation:
    return accrediting.held_by(register.adam)[0]


def entry_of(proposal: Proposal) -> LedgerEntry:
    return db.session.get_one(LedgerEntry, proposal.entry_sequence)


def test_a_head_proposes_and_staff_accredit(register: World) -> None:
    proposal = proposed(register, register.alice)
    assert accrediting.account_at("clara@example.org") is None
    admitting.confirm(proposal, by=register.sam)
    clara = accrediting.account_at("clara@example.org")
    assert clara is not None
    assert accrediting.may_act_for(clara, register.arcadia, clock.today())
    assert (clara.name, clara.password) == ("Clara", None)
    assert proposal.status is ProposalStatus.APPROVED
    assert verifying.verify() is None


def test_the_entry_names_who_proposed_and_who_approved(register: World) -> None:
    proposal = proposed(register, register.alice)
    admitting.confirm(proposal, by=register.sam)
    entry = entry_of(proposal)
    assert (entry.action, entry.actor, entry.subject) == (
        Action.ACCREDITED,
        register.sam.actor,
        proposal.subject,
    )
    assert ledger.facts_of(entry)["proposed_by"] == register.alice.actor


def test_an_account_that_is_there_is_used_and_keeps_its_name(register: World) -> None:
    proposal = proposed(register, register.alice, name="B. Smith", email="bruno@example.org")
    admitting.confirm(proposal, by=register.sam)
    accreditation = candidates.the_accreditation_of(proposal)
    assert accreditation.account is register.bruno
    assert register.bruno.name == "Bruno"
    assert accreditation.shown_name == "B. Smith"  # as colleagues are shown: nothing of the account is told


def test_a_closed_account_is_not_accredited(register: World) -> None:
    register.bruno.active = False
    proposal = proposed(register, register.alice, email="bruno@example.org")
    with pytest.raises(AccountClosed):
        admitting.confirm(proposal, by=register.sam)


@pytest.mark.parametrize("who", ["alice", "adam", "bruno"])
def test_who_is_not_staff_approves_nothing(register: World, who: str) -> None:
    with pytest.raises(NotStaff):
        admitting.confirm(proposed(register, register.alice), by=getattr(register, who))


def test_staff_propose_and_others_approve(register: World) -> None:
    proposal = requesting.propose(register.league, a.a_candidate(is_head=True), by=register.sam)
    with pytest.raises(OwnSubmission):
        admitting.confirm(proposal, by=register.sam)
    admitting.confirm(proposal, by=register.kim)
    [clara] = accrediting.heads_of(register.league)
    assert clara.name == "Clara"


def test_nobody_decides_on_their_own_accreditation(register: World) -> None:
    proposal = requesting.propose(register.league, a.a_candidate(email="kim@example.org"), by=register.sam)
    with pytest.raises(OwnSubmission):
        admitting.confirm(proposal, by=register.kim)


def test_staff_who_represent_the_participant_do_not_decide(register: World) -> None:
    accrediting.accredit(register.kim, register.arcadia, starts_on=clock.today())
    with pytest.raises(OwnSubmission):
        admitting.confirm(proposed(register, register.alice), by=register.kim)


@pytest.mark.parametrize(("who", "why"), [("adam", NotHead), ("bruno", NotAccredited), ("petra", NotAccredited)])
def test_only_heads_propose(register: World, who: str, why: type[Exception]) -> None:
    with pytest.raises(why):
        proposed(register, getattr(register, who))


def test_a_head_names_no_head(register: World) -> None:
    with pytest.raises(NotHead):
        proposed(register, register.alice, is_head=True)


@pytest.mark.parametrize("missing", [{"name": " "}, {"email": "nobody"}])
def test_a_name_and_an_address_are_needed(register: World, missing: dict[str, str]) -> None:
    with pytest.raises(Incomplete):
        requesting.propose(register.arcadia, a.a_candidate(**{"name": "Clara", **missing}), by=register.alice)


@pytest.mark.parametrize(("first", "last"), [(-1, None), (1, 0), (0, -1)])
def test_days_are_in_order_and_not_past(register: World, first: int, last: int | None) -> None:
    today = clock.today()
    days = {"starts_on": today + first * DAY, "ends_on": None if last is None else today + last * DAY}
    with pytest.raises(DateRefused):
        proposed(register, register.alice, **days)


def test_the_same_address_is_proposed_once(register: World) -> None:
    proposed(register, register.alice)
    with pytest.raises(AlreadyProposed):
        requesting.propose(register.arcadia, a.a_candidate("Clarissa", email="CLARA@example.org"), by=register.sam)


def test_who_is_accredited_for_these_days_is_not_proposed_again(register: World) -> None:
    with pytest.raises(AlreadyAccredited):
        proposed(register, register.alice, name="Adam", email="adam@example.org")


def test_whose_accreditation_ended_is_proposed_anew(register: World) -> None:
    admitting.confirm(proposed(register, register.alice, name="Petra", email="petra@example.org"), by=register.sam)
    assert accrediting.may_act_for(register.petra, register.arcadia, clock.today())


def test_whether_an_address_has_an_account_is_not_told(register: World) -> None:
    known = proposed(register, register.alice, name="B", email="bruno@example.org")
    unknown = proposed(register, register.alice, name="C", email="nobody@example.org")
    told = [{**each.content, "name": "", "email": ""} for each in (known, unknown)]
    assert told[0] == told[1]


def test_what_was_proposed_from_a_past_day_begins_with_the_approval(register: World) -> None:
    proposal = proposed(register, register.alice)
    with time_machine.travel(clock.now() + 3 * DAY):
        admitting.confirm(proposal, by=register.sam)
        assert candidates.the_accreditation_of(proposal).starts_on == clock.today()


def test_a_last_day_that_passed_is_refused(register: World) -> None:
    proposal = proposed(register, register.alice, ends_on=clock.today() + DAY)
    with time_machine.travel(clock.now() + 3 * DAY), pytest.raises(DateRefused):
        admitting.confirm(proposal, by=register.sam)


def test_a_returned_request_is_corrected_and_waits_no_more(register: World) -> None:
    first = proposed(register, register.alice)
    admitting.return_(first, reason="Which office?", by=register.sam)
    assert [each.matter for each in awaiting.for_correction()] == [Matter.ACCREDITATION]
    assert candidates.returned_one(register.arcadia, first.reference) is first
    again = requesting.propose(register.arcadia, a.a_candidate(office="Envoy"), by=register.alice, instead_of=first)
    assert awaiting.for_correction() == []
    assert candidates.returned_one(register.arcadia, first.reference) is None
    admitting.confirm(again, by=register.kim)
    assert candidates.the_accreditation_of(again).office == "Envoy"
    assert verifying.verify() is None


def test_a_head_takes_back_what_their_people_proposed(register: World) -> None:
    proposal = proposed(register, register.alice)
    requesting.take_back(proposal, by=register.alice)
    assert proposal.status is ProposalStatus.TAKEN_BACK
    with pytest.raises(WrongStatus):
        admitting.confirm(proposal, by=register.sam)


def test_a_head_takes_nothing_back_that_staff_proposed(register: World) -> None:
    proposal = proposed(register, register.sam)
    with pytest.raises(NotHead):
        requesting.take_back(proposal, by=register.alice)
    with pytest.raises(NotHead):
        requesting.take_back(proposal, by=register.kim)


def test_an_end_is_proposed_and_approved(register: World) -> None:
    accreditation = of_adam(register)
    proposal = requesting.propose_end(accreditation, last_day=clock.today() + 2 * DAY, by=register.alice)
    assert accreditation.ends_on is None
    admitting.confirm(proposal, by=register.sam)
    assert accreditation.ends_on == clock.today() + 2 * DAY
    assert accrediting.may_act_for(register.adam, register.arcadia, clock.today() + 2 * DAY)
    assert not accrediting.may_act_for(register.adam, register.arcadia, clock.today() + 3 * DAY)
    assert entry_of(proposal).action is Action.ACCREDITATION_ENDED
    assert verifying.verify() is None


def test_an_end_that_is_approved_late_is_not_put_into_the_past(register: World) -> None:
    accreditation = of_adam(register)
    proposal = requesting.propose_end(accreditation, last_day=clock.today(), by=register.alice)
    with time_machine.travel(clock.now() + 3 * DAY):
        admitting.confirm(proposal, by=register.sam)
        assert accreditation.ends_on == clock.today()


def test_an_end_is_neither_past_nor_later_than_the_present_one(register: World) -> None:
    accreditation = of_adam(register)
    with pytest.raises(DateRefused):
        requesting.propose_end(accreditation, last_day=clock.today() - DAY, by=register.alice)
    accreditation.ends_on = clock.today() + DAY
    db.session.flush()
    with pytest.raises(NothingChanged):
        requesting.propose_end(accreditation, last_day=clock.today() + DAY, by=register.alice)


def test_the_last_head_can_end(register: World) -> None:
    of_alice = accrediting.held_by(register.alice)[0]
    admitting.confirm(requesting.propose_end(of_alice, last_day=clock.today(), by=register.alice), by=register.sam)
    with time_machine.travel(clock.now() + DAY):
        assert accrediting.heads_of(register.arcadia) == []


def test_staff_name_a_head_and_change_days(register: World) -> None:
    accreditation = of_adam(register)
    last = clock.today() + 30 * DAY
    proposal = requesting.propose_change(
        accreditation, starts_on=accreditation.starts_on, ends_on=last, is_head=True, by=register.sam
    )
    with pytest.raises(OwnSubmission):
        admitting.confirm(proposal, by=register.sam)
    admitting.confirm(proposal, by=register.kim)
    assert (accreditation.ends_on, accreditation.is_head) == (last, True)
    assert entry_of(proposal).action is Action.ACCREDITATION_CHANGED
    assert verifying.verify() is None


def test_heads_change_nothing(register: World) -> None:
    accreditation = of_adam(register)
    with pytest.raises(NotStaff):
        requesting.propose_change(
            accreditation, starts_on=accreditation.starts_on, ends_on=None, is_head=True, by=register.alice
        )


def test_a_first_day_is_changed_while_it_is_to_come(register: World) -> None:
    of_fay, today = accrediting.held_by(register.fay)[0], clock.today()
    admitting.confirm(
        requesting.propose_change(of_fay, starts_on=today + 5 * DAY, ends_on=None, is_head=False, by=register.sam),
        by=register.kim,
    )
    assert of_fay.starts_on == today + 5 * DAY
    with pytest.raises(DateRefused):
        requesting.propose_change(
            of_adam(register), starts_on=today + DAY, ends_on=None, is_head=False, by=register.sam
        )


def test_a_change_that_says_the_same_is_refused(register: World) -> None:
    accreditation = of_adam(register)
    with pytest.raises(NothingChanged):
        requesting.propose_change(
            accreditation, starts_on=accreditation.starts_on, ends_on=None, is_head=False, by=register.sam
        )


def test_what_changed_since_it_was_proposed_is_proposed_anew(register: World) -> None:
    accreditation = of_adam(register)
    ending = requesting.propose_end(accreditation, last_day=clock.today() + 9 * DAY, by=register.alice)
    change = requesting.propose_change(
        accreditation, starts_on=accreditation.starts_on, ends_on=None, is_head=True, by=register.sam
    )
    admitting.confirm(change, by=register.kim)
    with pytest.raises(AccreditationChanged):
        admitting.confirm(ending, by=register.sam)


def test_a_form_that_was_overtaken_is_refused(register: World) -> None:
    accreditation = of_adam(register)
    seen = requesting.seen_of(accreditation)
    requesting.suspend(accreditation, note="Stolen.", by=register.sam)
    with pytest.raises(AccreditationStale):
        requesting.propose_end(accreditation, last_day=clock.today(), by=register.alice, version=seen)


def test_one_person_suspends_at_once_and_a_second_confirms(register: World) -> None:
    accreditation = of_adam(register)
    proposal = requesting.suspend(accreditation, note="The mailbox was broken into.", by=register.sam)
    assert not accrediting.may_act_for(register.adam, register.arcadia, clock.today())
    assert accreditation.tenure(clock.today()) is Tenure.SUSPENDED
    assert [each.matter for each in awaiting.for_decision()] == [Matter.ACCREDITATION]
    with pytest.raises(OwnSubmission):
        admitting.confirm(proposal, by=register.sam)
    admitting.confirm(proposal, by=register.kim)
    assert accreditation.tenure(clock.today()) is Tenure.ENDED
    assert not accrediting.may_act_for(register.adam, register.arcadia, clock.today())
    assert verifying.verify() is None


def test_a_second_person_reverses_a_suspension(register: World) -> None:
    accreditation = of_adam(register)
    proposal = requesting.suspend(accreditation, note="A rumour.", by=register.sam)
    with pytest.raises(OwnSubmission):
        admitting.return_(proposal, reason="It was none.", by=register.sam)
    admitting.return_(proposal, reason="It was none.", by=register.kim)
    assert accrediting.may_act_for(register.adam, register.arcadia, clock.today())
    assert awaiting.for_correction() == []
    assert verifying.verify() is None


def test_a_suspension_is_not_taken_back(register: World) -> None:
    proposal = requesting.suspend(of_adam(register), note="A rumour.", by=register.sam)
    with pytest.raises(WrongStatus):
        requesting.take_back(proposal, by=register.sam)


def test_a_suspension_needs_its_reason_and_staff(register: World) -> None:
    with pytest.raises(Incomplete):
        requesting.suspend(of_adam(register), note=" ", by=register.sam)
    with pytest.raises(NotStaff):
        requesting.suspend(of_adam(register), note="Why.", by=register.alice)


def test_what_is_to_come_is_suspended_before_it_begins(register: World) -> None:
    of_fay = accrediting.held_by(register.fay)[0]
    proposal = requesting.suspend(of_fay, note="An error.", by=register.sam)
    with time_machine.travel(clock.now() + DAY):
        assert not accrediting.may_act_for(register.fay, register.arcadia, clock.today())
    admitting.confirm(proposal, by=register.kim)
    with time_machine.travel(clock.now() + DAY):
        assert of_fay.tenure(clock.today()) is Tenure.ENDED
    assert verifying.verify() is None


def test_what_is_suspended_or_over_changes_no_more(register: World) -> None:
    requesting.suspend(of_adam(register), note="A rumour.", by=register.sam)
    of_petra = accrediting.held_by(register.petra)[0]
    for accreditation in (of_adam(register), of_petra):
        with pytest.raises(AccreditationOver):
            requesting.propose_end(accreditation, last_day=clock.today() + DAY, by=register.alice)


def test_the_database_keeps_who_proposed_from_approving(register: World) -> None:
    proposal = proposed(register, register.sam)
    db.session.flush()
    with pytest.raises(sa.exc.IntegrityError, match="four_eyes"):
        proposing.approved(proposal, by=register.sam, entry=next(ledger.entries()))


def test_people_are_listed_with_what_they_proposed(register: World) -> None:
    theirs, staffs = proposed(register, register.alice), proposed(register, register.sam, name="Carl", email="c@e.org")
    assert candidates.made_by_its_people(register.arcadia) == [theirs]
    assert candidates.open_ones(register.arcadia) == [theirs, staffs]
    assert [candidates.person_of(each) for each in (theirs, staffs)] == ["Clara", "Carl"]
    assert accredited(register, name="Cid", email="cid@example.org").shown_name == "Cid"
