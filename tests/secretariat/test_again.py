"""A proposal that was returned or taken back is corrected in its form, and proposed again without typing it anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests import announced as an
from tests import world as a
from tests.acting import in_register
from tests.checked_client import HTML, CheckedClient, parse, text_of, values_of
from tests.world import World
from tracker import clock, correcting, publishing
from tracker.disputes import contacting
from tracker.extensions import db
from tracker.models import Accreditation, Proposal, Text
from tracker.people import requesting
from tracker.publications import announcing
from tracker.roll import enrolling, roll_proposals
from tracker.roll.roll_proposals import Why
from tracker.vocabulary import Kind, ProposalKind, ProposalStatus, RevisionKind

WHY = Why(reason=Text.of("It changed its constitution."), source="Note verbale 12")
REASON = "By which law?"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: the rules run on both databases elsewhere."""
    return "sqlite"


@pytest.fixture
def sam(sign_in, world: World) -> CheckedClient:
    return sign_in(world.sam)  # type: ignore[no-any-return]


@pytest.fixture
def kim(sign_in, world: World) -> CheckedClient:
    return sign_in(world.kim)  # type: ignore[no-any-return]


def addition(world: World) -> Proposal:
    name = Text("fr", {"fr": "Freedonie", "en": "Freedonia", "ro": "Fridonia"})
    facts = {
        "kind": Kind.COUNTRY,
        "name": name,
        "formal_name": Text.of("the Free State"),
        "in_sentence": None,
        "iso_code": "FR",
        "seat": None,
        "acronym": "FD",
        "website": "https://freedonia.example",
        "footnote": Text.of("As it calls itself."),
    }
    return roll_proposals.propose_addition(facts, why=WHY, by=world.sam)


def rename(world: World) -> Proposal:
    facts = {"name": Text.of("Free Arcadia", fr="Arcadie libre"), "formal_name": None, "in_sentence": None}
    return roll_proposals.propose_rename(world.arcadia, facts, since=clock.today(), why=WHY, by=world.sam)


def change(world: World) -> Proposal:
    facts = {
        "kind": Kind.INTERGOVERNMENTAL,
        "iso_code": None,
        "seat": "CH",
        "acronym": "LCH",
        "website": None,
        "footnote": None,
    }
    return roll_proposals.propose_change(world.league, facts, since=clock.today(), why=WHY, by=world.sam)


def merger(world: World) -> Proposal:
    twin = publishing.add_participant(kind=Kind.COUNTRY, name=Text.of("The Arcadia"))
    return roll_proposals.propose_merger(twin, world.arcadia, why=WHY, by=world.sam)


def contact(world: World) -> Proposal:
    return contacting.propose(world.arcadia, "office@arcadia.example", by=world.sam)


def correction(world: World) -> Proposal:
    endorsement = a.published(world.arcadia, world.cohort)
    return correcting.propose(endorsement, reason=Text.of("The letter was Borduria’s."), by=world.sam)


def accreditation(world: World) -> Proposal:
    return requesting.propose(world.borduria, a.a_candidate(), by=world.sam)


def _adams(world: World) -> Accreditation:
    query = select(Accreditation).filter_by(account_id=world.alice.id, participant_id=world.arcadia.id)
    return db.session.scalars(query).one()


def accreditation_change(world: World) -> Proposal:
    found = _adams(world)
    days = {"starts_on": found.starts_on, "ends_on": clock.today() + timedelta(days=90)}
    return requesting.propose_change(found, **days, is_head=True, note="Note verbale 3.", by=world.sam)


def accreditation_end(world: World) -> Proposal:
    last_day = clock.today() + timedelta(days=3)
    return requesting.propose_end(_adams(world), last_day=last_day, note="She retires.", by=world.sam)


def event(world: World) -> Proposal:
    return an.proposed_event(world, ahead=48, place=Text.of("Brussels", fr="Bruxelles"))


def event_change(world: World) -> Proposal:
    facts = an.event_facts("The third meeting")
    return announcing.propose_change(an.an_event(world), facts, why=an.WHY, by=world.sam)


def event_end(world: World) -> Proposal:
    return announcing.propose_end(an.an_event(world), why=an.WHY, by=world.sam)


def document(world: World) -> Proposal:
    return announcing.propose_document(world.cohort, an.document_facts(note=Text.of("A note.")), by=world.sam)


def document_change(world: World) -> Proposal:
    facts = an.document_facts("The third report")
    return announcing.propose_change(an.a_document(world), facts, why=an.WHY, by=world.sam)


def document_end(world: World) -> Proposal:
    return announcing.propose_end(an.a_document(world), why=an.WHY, by=world.sam)


def wording(kind: RevisionKind) -> Callable[[World], Proposal]:
    return lambda world: a.proposed(a.item(world.cohort, "2.3"), world.sam, "Do all of 2.3.", kind=kind)


def title(world: World) -> Proposal:
    return a.proposed(world.cohort.headings[0], world.sam, "Springs and sources", kind=RevisionKind.CORRIGENDUM)


PROPOSE: dict[str, Callable[[World], Proposal]] = {
    "addition": addition,
    "rename": rename,
    "change": change,
    "merger": merger,
    "contact": contact,
    "correction": correction,
    "accreditation": accreditation,
    "accreditation change": accreditation_change,
    "accreditation end": accreditation_end,
    "event": event,
    "event change": event_change,
    "event end": event_end,
    "document": document,
    "document change": document_change,
    "document end": document_end,
    "corrigendum": wording(RevisionKind.CORRIGENDUM),
    "amendment": wording(RevisionKind.AMENDMENT),
    "title": title,
}
each_kind = pytest.mark.parametrize("kind", PROPOSE)


def proposed(app: Flask, kind: str) -> str:
    """Return the reference of what Sam proposed."""
    with in_register(app):
        return PROPOSE[kind](World.found()).reference


def page_of(reference: str) -> str:
    return f"/en/secretariat/proposals/{reference}"


def button_on(page: TestResponse) -> str | None:
    links = {"".join(each.itertext()): each.get("href") for each in parse(page).iter(f"{HTML}a")}
    return links.get("Correct and propose again")


def sent(client: CheckedClient, page: TestResponse, **more: Any) -> TestResponse:
    form = next(each for each in parse(page).iter(f"{HTML}form") if each.get("id") == "answers")
    return client.post(form.get("action"), data={**values_of(form), **more})


def content_of(app: Flask, reference: str) -> tuple[Any, ...]:
    """Return how a proposal stands, and what it says beside what its form had seen."""
    with app.app_context():
        found = db.session.scalars(select(Proposal).filter_by(reference=reference)).one()
        said = {name: fact for name, fact in found.content.items() if name not in ("seen", "also_seen", "follows")}
        return (
            found.status,
            found.kind,
            found.subject,
            found.due_at and found.due_at.replace(second=0, microsecond=0),
            said,
        )


@each_kind
def test_it_is_proposed_again_without_typing_it_anew(
    app: Flask, sam: CheckedClient, kim: CheckedClient, world: World, kind: str
) -> None:
    before = proposed(app, kind)
    kim.send(page_of(before), "/return", reason=REASON)
    form = sam.get(button_on(sam.get(page_of(before))))
    assert REASON in text_of(form)
    answer = sent(sam, form)
    if answer.status_code == 200:  # a text is checked first
        answer = sent(sam, answer, sure="1")
    after = answer.location.rpartition("/")[2]
    assert after != before
    (status, *said), (was, *proposed_before) = content_of(app, after), content_of(app, before)
    assert (status, was) == (ProposalStatus.OPEN, ProposalStatus.RETURNED)
    assert said == proposed_before
    assert button_on(sam.get(page_of(before))) is None


@pytest.mark.parametrize("kind", ["rename", "event", "contact"])
def test_what_was_taken_back_is_proposed_again(app: Flask, sam: CheckedClient, world: World, kind: str) -> None:
    before = proposed(app, kind)
    sam.send(page_of(before), "/take-back")
    form = sam.get(button_on(sam.get(page_of(before))))
    assert "The form holds what was proposed." in text_of(form)
    assert sent(sam, form).status_code == 302


def test_a_mistake_keeps_the_reason(app: Flask, sam: CheckedClient, kim: CheckedClient, world: World) -> None:
    before = proposed(app, "rename")
    kim.send(page_of(before), "/return", reason=REASON)
    wrong = sent(sam, sam.get(button_on(sam.get(page_of(before)))), authentic="")
    assert wrong.status_code == 422
    assert REASON in text_of(wrong)


def test_an_unknown_proposal_is_none(sam: CheckedClient, world: World) -> None:
    assert "The form holds" not in text_of(sam.get("/en/secretariat/roll/arcadia/rename?after=unknown"))


def test_one_of_somebody_else_is_none(app: Flask, sam: CheckedClient, kim: CheckedClient, world: World) -> None:
    before = proposed(app, "rename")
    kim.send(page_of(before), "/return", reason=REASON)
    assert REASON not in text_of(sam.get(f"/en/secretariat/roll/borduria/rename?after={before}"))


def test_a_suspension_is_not_made_again(app: Flask, sam: CheckedClient, kim: CheckedClient, world: World) -> None:
    with in_register(app):
        before = requesting.suspend(_adams(World.found()), note="Her key was lost.", by=World.found().sam).reference
    kim.send(page_of(before), "/return", reason=REASON)
    assert content_of(app, before)[:2] == (ProposalStatus.RETURNED, ProposalKind.SUSPENSION)
    assert button_on(sam.get(page_of(before))) is None


def test_the_form_says_what_was_recorded_since(
    app: Flask, sam: CheckedClient, kim: CheckedClient, world: World
) -> None:
    before = proposed(app, "rename")
    with in_register(app):
        enrolling.rename(World.found().arcadia, name=Text.of("New Arcadia"))
    told = text_of(kim.get(page_of(before)))
    assert "What was recorded since this was proposed Entry" in told
    assert "Send it back, so that it is proposed again" in told
    assert "Take it back, and propose it again" in text_of(sam.get(page_of(before)))
    kim.send(page_of(before), "/return", reason=REASON)
    form = sam.get(button_on(sam.get(page_of(before))))
    assert "Participant renamed" in text_of(form)
    assert sent(sam, form).status_code == 302
