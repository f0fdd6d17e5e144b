"""What one of the secretariat proposes about the roll, and another one approves."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests import world as a
from tests.world import World
from tracker import awaiting, clock, deciding, ledger, proposing, publishing, verifying
from tracker.errors import (
    AlreadyProposed,
    BothEndorsed,
    DateRefused,
    LikeAnother,
    NothingChanged,
    NotStaff,
    NotYourProposal,
    OwnSubmission,
    Refused,
    RollChanged,
    WrongStatus,
)
from tracker.extensions import db
from tracker.models import Mail, Participant, Proposal, Text
from tracker.roll import enrolling, roll_proposals
from tracker.roll.roll_proposals import Why
from tracker.vocabulary import Kind, Matter, Notice, ProposalStatus

WHY = Why(reason=Text.of("It changed its constitution."), source="Note verbale 12")
FREEDONIA: dict[str, Any] = {"kind": Kind.COUNTRY, "name": Text.of("Freedonia"), "formal_name": None}


def addition(register: World, **more: Any) -> Proposal:
    return roll_proposals.propose_addition({**FREEDONIA, **more}, why=WHY, by=register.sam)


def rename(register: World, name: str = "Free Arcadia", **more: Any) -> Proposal:
    given = {"since": clock.today(), "why": WHY, "by": register.sam, **more}
    return roll_proposals.propose_rename(register.arcadia, {"name": Text.of(name)}, **given)


def change(register: World, **facts: Any) -> Proposal:
    said = {"kind": Kind.CIVIL_SOCIETY, "seat": "CH", **facts}
    return roll_proposals.propose_change(register.league, said, since=clock.today(), why=WHY, by=register.sam)


def merger(register: World) -> Proposal:
    twin = publishing.add_participant(kind=Kind.COUNTRY, name=Text.of("The Arcadia"))
    return roll_proposals.propose_merger(twin, register.arcadia, why=WHY, by=register.sam)


PROPOSE = {"addition": addition, "rename": rename, "change": lambda r: change(r, acronym="LCH"), "merger": merger}
each_kind = pytest.mark.parametrize("kind", PROPOSE)


def told(notice: Notice) -> list[str]:
    return list(db.session.scalars(select(Mail.address).filter_by(notice=notice).order_by(Mail.id)))


@each_kind
def test_one_proposes_and_another_approves(register: World, kind: str) -> None:
    proposal = PROPOSE[kind](register)
    before = ledger.head()
    assert [each.matter for each in awaiting.for_decision()] == [Matter.ROLL]
    with pytest.raises(OwnSubmission):
        deciding.approve(proposal, by=register.sam)
    assert ledger.head() == before
    deciding.approve(proposal, by=register.kim)
    assert (proposal.status, proposal.entry_sequence) == (ProposalStatus.APPROVED, before[0] + 1)
    with pytest.raises(WrongStatus):
        deciding.approve(proposal, by=register.kim)
    assert verifying.verify() is None


@each_kind
def test_the_entry_says_who_proposed_it_and_why(register: World, kind: str) -> None:
    proposal = PROPOSE[kind](register)
    deciding.approve(proposal, by=register.kim)
    entry = next(each for each in ledger.entries() if each.sequence == proposal.entry_sequence)
    facts = ledger.facts_of(entry)
    assert (facts["proposed_by"], entry.actor, facts["source"]) == (
        register.sam.actor,
        register.kim.actor,
        "Note verbale 12",
    )


@each_kind
def test_who_proposed_it_takes_it_back(register: World, kind: str) -> None:
    proposal = PROPOSE[kind](register)
    with pytest.raises(NotYourProposal):
        deciding.take_back(proposal, by=register.kim)
    deciding.take_back(proposal, by=register.sam)
    assert proposal.status is ProposalStatus.TAKEN_BACK


@each_kind
def test_it_is_returned_with_a_reason(register: World, kind: str) -> None:
    proposal = PROPOSE[kind](register)
    deciding.return_(proposal, reason="By which law?", by=register.kim)
    assert told(Notice.ROLL_DUE) == ["kim@example.org"]
    assert told(Notice.ROLL_RETURNED) == ["sam@example.org"]
    assert [each.matter for each in awaiting.for_correction()] == [Matter.ROLL]


@each_kind
def test_representatives_decide_nothing(register: World, kind: str) -> None:
    proposal = PROPOSE[kind](register)
    with pytest.raises(NotStaff):
        deciding.approve(proposal, by=register.alice)


def test_representatives_propose_nothing(register: World) -> None:
    with pytest.raises(NotStaff):
        rename(register, by=register.alice)
    with pytest.raises(NotStaff):
        roll_proposals.propose_addition(FREEDONIA, why=WHY, by=register.alice)


def test_representatives_are_told_of_another_name(register: World) -> None:
    deciding.approve(rename(register), by=register.kim)
    assert told(Notice.ROLL_CHANGED) == ["alice@example.org", "adam@example.org"]
    assert told(Notice.ROLL_APPROVED) == ["sam@example.org"]
    said = db.session.scalars(select(Mail.facts).filter_by(notice=Notice.ROLL_CHANGED)).first()
    assert json.loads(said or "")["participant"]["name"]["texts"]["en"] == "Free Arcadia"


def test_similar_names_are_looked_at_first(register: World) -> None:
    with pytest.raises(LikeAnother) as refusal:
        addition(register, name=Text.of("The Arcadia"))
    assert [each.participant for each in refusal.value.similar] == [register.arcadia]
    facts = {**FREEDONIA, "name": Text.of("The Arcadia")}
    roll_proposals.propose_addition(facts, why=WHY, others=["arcadia"], by=register.sam)
    with pytest.raises(LikeAnother):
        roll_proposals.propose_rename(
            register.arcadia, {"name": Text.of("Bordurie")}, since=None, why=WHY, by=register.sam
        )


@pytest.mark.parametrize("which", ["the one that goes", "the one that stays"])
def test_a_merger_is_stale_after_an_entry_about_either(register: World, which: str) -> None:
    proposal = merger(register)
    assert proposal.participant is not None
    changed = proposal.participant if which == "the one that goes" else register.arcadia
    entry = enrolling.change_facts(changed, kind=Kind.COUNTRY, acronym="ARC")
    assert proposing.recorded_since(proposal) == [entry]
    with pytest.raises(RollChanged):
        deciding.approve(proposal, by=register.kim)


def test_the_same_is_proposed_once(register: World) -> None:
    addition(register)
    with pytest.raises(AlreadyProposed):
        addition(register)
    rename(register)
    with pytest.raises(AlreadyProposed):
        roll_proposals.propose_change(
            register.arcadia, {"kind": Kind.SUPRANATIONAL}, since=None, why=WHY, by=register.sam
        )


def test_what_changed_meanwhile_is_proposed_anew(register: World) -> None:
    proposal = rename(register)
    enrolling.change_facts(register.arcadia, kind=Kind.COUNTRY, iso_code="AR")
    with pytest.raises(RollChanged):
        deciding.approve(proposal, by=register.kim)
    deciding.return_(proposal, reason="It changed.", by=register.kim)
    with pytest.raises(RollChanged):
        rename(register, seen=1)


def test_what_is_merged_into_goes_on_another_way(register: World) -> None:
    proposal = merger(register)
    enrolling.merge(register.arcadia, register.borduria)
    with pytest.raises(RollChanged):
        deciding.approve(proposal, by=register.kim)


def test_nothing_is_merged_that_endorsed_meanwhile(register: World) -> None:
    proposal = merger(register)
    twin = proposal.participant
    assert twin is not None
    a.published(twin, register.cohort)
    a.published(register.arcadia, register.cohort)
    with pytest.raises(BothEndorsed):
        deciding.approve(proposal, by=register.kim)


def test_staff_who_represent_the_other_do_not_merge_into_it(register: World) -> None:
    proposal = merger(register)
    a.accrediting.accredit(register.kim, register.arcadia, starts_on=clock.today())
    with pytest.raises(OwnSubmission):
        deciding.approve(proposal, by=register.kim)


def test_what_says_nothing_new_is_not_proposed(register: World) -> None:
    with pytest.raises(NothingChanged):
        change(register)
    with pytest.raises(NothingChanged):
        roll_proposals.propose_rename(
            register.league, {"name": register.league.name}, since=None, why=WHY, by=register.sam
        )


def test_days_are_not_in_the_future(register: World) -> None:
    with pytest.raises(DateRefused):
        rename(register, since=clock.today() + timedelta(days=1))
    given: dict[str, Any] = {"since": clock.today() + timedelta(days=1), "why": WHY, "by": register.sam}
    with pytest.raises(DateRefused):
        roll_proposals.propose_change(register.league, {"kind": Kind.COUNTRY}, **given)


def test_a_participant_is_not_merged_into_itself(register: World) -> None:
    with pytest.raises(Refused):
        roll_proposals.propose_merger(register.arcadia, register.arcadia, why=WHY, by=register.sam)


def test_what_is_added_is_as_it_was_proposed(register: World) -> None:
    facts = {"iso_code": "FD", "website": "https://freedonia.example", "formal_name": Text.of("the Free State")}
    deciding.approve(addition(register, **facts), by=register.kim)
    found = db.session.scalars(select(Participant).filter_by(slug="freedonia")).one()
    assert (found.iso_code, found.website, found.current_name.formal_name) == tuple(facts.values())
