"""Events and documents are added, changed, called off and taken down by two people of the secretariat."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.announced import HELD_ON, WHY, a_document, an_event, document_facts, event_facts, proposed_event
from tests.world import World
from tracker import ledger, proposing, verifying
from tracker.errors import (
    AlreadyProposed,
    ChangedMeanwhile,
    LinkRefused,
    NothingToPublish,
    NotStaff,
    NotYourProposal,
    Over,
    OwnSubmission,
    WrongStatus,
)
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.models import Text
from tracker.publications import announcing, appearing
from tracker.vocabulary import Action, ProposalStatus, Rendering


def last_entry() -> Any:
    return list(ledger.entries())[-1]


def test_an_event_is_public_once_a_second_person_approves_it(register: World) -> None:
    proposal = proposed_event(
        register, place=Text.of("Geneva", fr="Genève"), begins_at="14:30", time_zone="Europe/Zurich"
    )
    assert register.cohort.events == []
    appearing.approve(proposal, by=register.kim)
    db.session.expire_all()
    (event,) = register.cohort.events
    assert (str(event.title), event.day, event.begins_at) == ("The second meeting", HELD_ON, "14:30")
    assert event.place == Text.of("Geneva", fr="Genève")
    assert verifying.verify() is None


def test_the_entry_names_who_proposed_and_who_approved(register: World) -> None:
    event = an_event(register)
    entry = last_entry()
    assert (entry.action, entry.subject) == (Action.EVENT_ADDED, subject_of(event))
    assert (ledger.facts_of(entry)["proposed_by"], entry.actor) == (register.sam.actor, register.kim.actor)


def test_nobody_approves_what_they_proposed(register: World) -> None:
    proposal = proposed_event(register)
    with pytest.raises(OwnSubmission):
        appearing.approve(proposal, by=register.sam)
    assert register.cohort.events == []


@pytest.mark.parametrize("who", ["alice", "bruno", "petra"])
def test_who_is_not_of_the_secretariat_proposes_and_decides_nothing(register: World, who: str) -> None:
    person = getattr(register, who)
    with pytest.raises(NotStaff):
        announcing.propose_event(register.cohort, event_facts(), by=person)
    with pytest.raises(NotStaff):
        announcing.propose_document(register.cohort, document_facts(), by=person)
    proposal = proposed_event(register)
    with pytest.raises(NotStaff):
        appearing.approve(proposal, by=person)
    with pytest.raises(NotYourProposal):
        proposing.take_back(proposal, by=person)


def test_what_is_decided_is_decided_once(register: World) -> None:
    proposal = proposed_event(register)
    appearing.approve(proposal, by=register.kim)
    for again in (appearing.approve, proposing.take_back):
        with pytest.raises(WrongStatus):
            again(proposal, by=register.kim)
    with pytest.raises(WrongStatus):
        appearing.return_(proposal, reason="No.", by=register.kim)
    assert len(register.cohort.events) == 1


def test_the_same_is_not_proposed_twice(register: World) -> None:
    proposed_event(register)
    with pytest.raises(AlreadyProposed):
        proposed_event(register)


def test_two_events_of_a_day_may_have_the_same_title(register: World) -> None:
    first, second = an_event(register), an_event(register)
    assert (first.reference, second.reference) == ("the-second-meeting", "the-second-meeting-2")
    assert verifying.verify() is None


def test_a_title_that_is_none_in_ascii_has_an_address(register: World) -> None:
    event = an_event(register, title="اجتماع")
    assert event.reference == "item"
    assert verifying.verify() is None


def test_a_change_replaces_what_is_said_and_gives_its_reason_and_source(register: World) -> None:
    event = an_event(register, place=Text.of("Geneva"))
    change = announcing.propose_change(event, event_facts("The last meeting"), why=WHY, by=register.sam)
    assert str(event.title) == "The second meeting"
    appearing.approve(change, by=register.kim)
    assert (str(event.title), event.place) == ("The last meeting", None)
    entry = last_entry()
    assert entry.action is Action.EVENT_CHANGED
    assert ledger.facts_of(entry)["change"] == {"reason": WHY.reason.as_json(), "source": WHY.source}
    assert verifying.verify() is None


def test_an_event_that_is_moved_keeps_its_address(register: World) -> None:
    event = an_event(register)
    address = subject_of(event)
    for day in (date(2031, 6, 1), HELD_ON):
        change = announcing.propose_change(event, event_facts(held_on=day), why=WHY, by=register.sam)
        appearing.approve(change, by=register.kim)
        assert (event.day, event.held_on, subject_of(event)) == (day, HELD_ON, address)
        assert verifying.verify() is None


def test_what_says_the_same_is_not_proposed(register: World) -> None:
    event, document = an_event(register), a_document(register)
    with pytest.raises(NothingToPublish):
        announcing.propose_change(event, event_facts(), why=WHY, by=register.sam)
    with pytest.raises(NothingToPublish):
        announcing.propose_change(document, document_facts(), why=WHY, by=register.sam)


def test_an_event_that_was_called_off_stays_and_says_why(register: World) -> None:
    event = an_event(register)
    appearing.approve(announcing.propose_end(event, why=WHY, by=register.sam), by=register.kim)
    assert register.cohort.events == [event]
    assert event.called_off == WHY.reason
    assert last_entry().action is Action.EVENT_CALLED_OFF
    assert verifying.verify() is None


def test_a_document_that_was_taken_down_keeps_its_line(register: World) -> None:
    document = a_document(register, language="fr", rendering=Rendering.TRANSLATION, url="https://example.org/report")
    assert (document.language, document.rendering) == ("fr", Rendering.TRANSLATION)
    appearing.approve(announcing.propose_end(document, why=WHY, by=register.sam), by=register.kim)
    assert register.cohort.documents == [document]
    assert document.taken_down == WHY.reason
    assert last_entry().action is Action.DOCUMENT_TAKEN_DOWN
    assert verifying.verify() is None


def test_what_is_over_does_not_change_any_more(register: World) -> None:
    event = an_event(register)
    appearing.approve(announcing.propose_end(event, why=WHY, by=register.sam), by=register.kim)
    with pytest.raises(Over):
        announcing.propose_change(event, event_facts("The last meeting"), why=WHY, by=register.sam)
    with pytest.raises(Over):
        announcing.propose_end(event, why=WHY, by=register.sam)


def test_a_change_of_what_was_changed_since_is_refused(register: World) -> None:
    event = an_event(register)
    seen = ledger.latest_of(subject_of(event))
    change = announcing.propose_change(event, event_facts("The last meeting"), why=WHY, by=register.sam)
    appearing.approve(change, by=register.kim)
    with pytest.raises(ChangedMeanwhile):
        announcing.propose_change(event, event_facts("A meeting"), why=WHY, by=register.sam, seen=seen)


def test_what_was_returned_keeps_its_reason_and_may_be_proposed_anew(register: World) -> None:
    proposal = proposed_event(register)
    appearing.return_(proposal, reason="The day is wrong.", by=register.kim)
    assert (proposal.status, proposal.reason) == (ProposalStatus.RETURNED, "The day is wrong.")
    proposed_event(register)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "ftp://example.org/",
        "//example.org",
        "/en/",
        "https://",
        "https:///report",
        "https://exa mple.org/",
        'https://example.org/"onclick="alert(1)',
        "https://example.org/<script>",
        "https://[::1",
        "https://example.org/" + "a" * 2000,
    ],
)
def test_no_link_leads_elsewhere_than_into_the_web(register: World, address: str) -> None:
    with pytest.raises(LinkRefused):
        proposed_event(register, url=address)
    with pytest.raises(LinkRefused):
        announcing.propose_document(register.cohort, document_facts(url=address), by=register.sam)
