"""What is private stands in no answer to somebody who has not signed in, in no ledger entry and in no export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from werkzeug.test import Client

from tests.acting import found, in_register
from tests.announced import clean_seas, document_facts, event_facts
from tests.bulk.uploading import participants
from tests.bulk.uploading import proposed as proposed_load
from tests.invariants.walking import on_sqlite, routes, settle
from tests.letters import a_letter
from tests.world import (
    World,
    a_candidate,
    a_cohort,
    a_draft,
    account,
    disputed,
    in_force,
    item,
    proposed,
    with_contact,
    with_notice,
)
from tracker import accrediting, correcting, drafting, endorsing, ledger, withdrawing
from tracker.disputes import reporting
from tracker.extensions import db
from tracker.models import Account, Endorsement, Proposal, Text
from tracker.moving import moving
from tracker.people import admitting, requesting
from tracker.publications import announcing, preparing
from tracker.roll import roll_proposals
from tracker.roll.roll_proposals import Why
from tracker.vocabulary import Kind, Question, RevisionKind

#: Every private fact is a word that begins like this.
MARK = "hush-"
MARKED = re.compile(f"{MARK}[a-z-]+", re.IGNORECASE)
#: What is typed into addresses that lead nowhere, and must not lead further.
ODD = ("/en/nothing", "/fr/desk/arcadia/", "/en/secretariat/", "/api/v1/nothing", "/en/participants/hush", "/nothing")


@pytest.fixture
def marked(app: Flask, world: World) -> list[str]:
    """Fill the register, mark every private fact in it; return the address of every route."""
    asked = [each.address for each in routes(app, settle(app, world), "GET")]
    with in_register(app):
        _people(world)
        _prepared(world)
        _in_force(world)
        _proposed(world)
        # At the end, since tests find people by their names.
        for person in db.session.scalars(select(Account)):
            person.name = f"{MARK}name-of-a-person"
            person.email = f"{MARK}address-of-a-person@{person.id}.example.org"
    return asked


def _text(what: str) -> Text:
    return Text.of(f"{MARK}{what}")


def _people(world: World) -> None:
    """Propose a colleague, return another one, and suspend one with a note."""
    arcadia, alice, sam = found(world.arcadia, world.cohort)[0], account(world.alice), account(world.sam)
    for name in ("Cora", "Cyril"):
        candidate = a_candidate(name, office=f"{MARK}office", email=f"{MARK}{name}@example.org")
        request = requesting.propose(arcadia, candidate, by=alice)
    admitting.return_(request, reason=f"{MARK}reason-to-admit-nobody", by=sam)
    fays = accrediting.held_by(account(world.fay))[0]
    requesting.suspend(fays, note=f"{MARK}note-of-a-suspension", by=sam)
    with_contact(arcadia, sam, account(world.kim), address=f"{MARK}contact@example.org")
    reporting.report(
        page="/en/clean-rivers",
        message=f"{MARK}report",
        name=f"{MARK}reader",
        address=f"{MARK}r@example.org",
        language="en",
    )


def _answers(number: str) -> dict[str, Any]:
    return {
        "numbers": (number,),
        "signatory": (f"{MARK}signatory", f"{MARK}office-of-signatory"),
        "letter": a_letter(name=f"{MARK}letter.pdf"),
    }


def _prepared(world: World) -> None:
    """Let one endorsement be returned and stay a draft, with all that a draft has."""
    borduria, cohort = found(world.borduria, world.cohort)
    bruno, sam = account(world.bruno), account(world.sam)
    draft = a_draft(borduria, cohort, bruno, reservations={"1.1": f"{MARK}reservation"}, **_answers("1.1"))
    drafting.declare(draft, statement=_text("statement"), by=bruno)
    endorsing.submit(draft, by=bruno)
    endorsing.return_(draft, reasons={Question.STATEMENT: f"{MARK}reason-of-a-return"}, by=sam)


def _in_force(world: World) -> None:
    """Let endorsements be in force: one is disputed, of one notice was given and returned, one is to be corrected."""
    alice, sam, kim = account(world.alice), account(world.sam), account(world.kim)
    arcadia = found(world.arcadia, world.cohort)[0]
    woods, winds, bays = (
        in_force(arcadia, a_cohort(slug, numbers=("1.1",)), alice, kim, **_answers("1.1"))
        for slug in ("still-woods", "warm-winds", "wide-bays")
    )
    disputed(woods, f"{MARK}dispute")
    withdrawing.take_back(_notice(with_notice(winds, alice)), by=alice)
    withdrawing.return_(_notice(with_notice(winds, alice)), reason=f"{MARK}reason-of-no", by=sam)
    correcting.propose(bays, reason=_text("reason-of-a-correction"), by=sam)


def _notice(endorsement: Endorsement) -> Proposal:
    notice = withdrawing.waiting(endorsement)
    assert notice is not None
    return notice


def _proposed(world: World) -> None:
    """Propose to publish what nobody approved yet."""
    cohort, sam = found(world.arcadia, world.cohort)[1], account(world.sam)
    why = Why(reason=_text("reason-of-the-roll"), source=f"{MARK}source")
    roll_proposals.propose_addition({"name": _text("newcomer"), "kind": Kind.COUNTRY}, why=why, by=sam)
    proposed(item(cohort, "2.3"), sam, f"{MARK}wording", kind=RevisionKind.AMENDMENT)
    announcing.propose_event(cohort, event_facts(f"{MARK}event"), by=sam)
    announcing.propose_document(cohort, document_facts(f"{MARK}document"), by=sam)
    preparation = preparing.begin(clean_seas(slug="hushed-seas", title=_text("cohort")), by=sam)
    assert preparation.reference
    proposed_load(participants("hushed,country,en,hush-row"), by=sam)


def answers_to_anyone(app: Flask, asked: list[str]) -> Iterator[tuple[str, str]]:
    """Yield all that somebody gets who has not signed in: every route in both languages, and what pages lead to."""
    reader = Client(app)
    waiting = [*ODD, *asked, *(each.replace("/en/", "/fr/", 1) for each in asked)]
    seen = set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = reader.get(address)
        if answer.mimetype in ("text/html", "application/json", "application/problem+json"):
            yield address, f"{answer.text}\n{answer.headers}"
        if answer.mimetype == "text/html" and answer.status_code == 200:
            links = re.findall(r'href="(/(?:en|fr)/[^"#]*)', answer.text)
            waiting += [link.replace("&amp;", "&") for link in links]
        answer.close()


WITH_A_MAILED_LINK = ("/account/invitation/", "/account/new-password/")


@on_sqlite
def test_nobody_who_has_not_signed_in_is_told_what_is_private(app: Flask, marked: list[str]) -> None:
    told = {address: set(MARKED.findall(text)) for address, text in answers_to_anyone(app, marked)}
    assert len(told) > 100
    # Who holds a link that was mailed to a person is told whose account it opens.
    told = {address: marks for address, marks in told.items() if not address[3:].startswith(WITH_A_MAILED_LINK)}
    assert {address: marks for address, marks in told.items() if marks} == {}


@on_sqlite
def test_no_ledger_entry_tells_what_is_private(app: Flask, marked: list[str]) -> None:
    with app.app_context():
        assert {
            entry.sequence: marks
            for entry in ledger.entries()
            if (marks := MARKED.findall(str(ledger.facts_of(entry))))
        } == {}


@on_sqlite
def test_no_export_of_the_record_tells_what_is_private(app: Flask, marked: list[str], tmp_path: Path) -> None:
    with app.app_context():
        moving.export(tmp_path / "record")
    files = {path.name: MARKED.findall(path.read_text()) for path in (tmp_path / "record").iterdir()}
    assert files
    assert {name: marks for name, marks in files.items() if marks} == {}


@on_sqlite
def test_the_register_that_is_tried_holds_what_is_private(app: Flask, marked: list[str]) -> None:
    """Whoever knows where to look finds every mark: a test that looks for what is nowhere shows nothing."""
    with app.app_context():
        rows = [
            str(value)
            for table in db.metadata.sorted_tables
            for row in db.session.execute(sa.select(table))
            for value in row
        ]
    assert {mark.lower() for mark in MARKED.findall("\n".join(rows))} >= {
        f"{MARK}{what}"
        for what in (
            "signatory",
            "office-of-signatory",
            "letter",
            "statement",
            "reservation",
            "reason-of-a-return",
            "dispute",
            "reason-of-no",
            "reason-of-a-correction",
            "report",
            "reader",
            "contact",
            "note-of-a-suspension",
            "newcomer",
            "wording",
            "event",
            "document",
            "cohort",
            "name-of-a-person",
        )
    }
