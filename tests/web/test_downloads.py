"""Whoever takes a table or a signed letter away is written down, at every door, and nobody else is."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.acting import in_register
from tests.invariants.walking import Route, person_for, routes, settle, walkers
from tests.world import World, account
from tracker import ledger
from tracker.access import Audience
from tracker.extensions import db
from tracker.identity import security_log
from tracker.models import SecurityEvent
from tracker.vocabulary import SecurityAction

#: What the participant knows already: letters to sign, and receipts of what it submitted.
PAPERS = {
    "desk.letter_pdf",
    "desk.letter_docx",
    "desk.withdrawal_letter_pdf",
    "desk.withdrawal_letter_docx",
    "desk.receipt",
}
TAKEN = {
    SecurityAction.EXPORTED,
    SecurityAction.EVIDENCE_DOWNLOADED,
    SecurityAction.LOG_DOWNLOADED,
    SecurityAction.OWN_DATA_DOWNLOADED,
}


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone, whose write lock a page that is asked for has to take."""
    return "sqlite"


def written_down(app: Flask) -> list[tuple[str | None, str | None]]:
    """Return who took something away, and whom it concerned."""
    with app.app_context():
        query = select(SecurityEvent).where(SecurityEvent.action.in_(TAKEN)).order_by(SecurityEvent.id)
        events = db.session.scalars(query)
        return [(each.by and each.by.email, each.account and each.account.email) for each in events]


def signed_in_routes(app: Flask, reference: str) -> list[Route]:
    open_to_all = (Audience.PUBLIC, Audience.ANYONE)
    return [each for each in routes(app, reference, "GET") if each.audience not in open_to_all]


def test_every_door_writes_down_who_takes_a_file_away(app: Flask, world: World) -> None:
    reference = settle(app, world)
    browsers, taken = walkers(app, world), set()
    for route in signed_in_routes(app, reference):
        who, before = person_for(route, world), len(written_down(app))
        answer = browsers[who].get(route.address, buffered=True)
        is_file = answer.headers.get("Content-Disposition", "").startswith("attachment")
        expected = [(who, who)] if is_file and route.endpoint not in PAPERS else []
        assert written_down(app)[before:] == expected, route.endpoint
        taken |= {route.endpoint} if is_file else set()
    assert taken >= PAPERS
    assert len(taken) > len(PAPERS)


def test_it_says_which_file(app: Flask, sign_in, world: World) -> None:
    browser = sign_in(world.sam)
    browser.get("/en/secretariat/record/participants/csv")
    with app.app_context():
        event = db.session.scalars(select(SecurityEvent).filter_by(action=SecurityAction.EXPORTED)).one()
        assert event.said.startswith('{"file": "participants-')


def test_what_cannot_be_written_down_does_not_go_out(
    app: Flask, sign_in, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(world.sam)
    with app.app_context():
        db.session.execute(db.text("ALTER TABLE security_event RENAME TO away"))
        db.session.commit()
    logging.disable(logging.CRITICAL)
    answer = browser.get("/en/secretariat/record/participants/csv")
    logging.disable(logging.NOTSET)
    assert answer.status_code == 500
    assert "attachment" not in answer.headers.get("Content-Disposition", "")


def test_a_letter_whose_file_is_missing_is_not_said_to_be_taken(
    app: Flask, sign_in, world: World, evidence_folder: Path
) -> None:
    reference = settle(app, world)
    for file in evidence_folder.iterdir():
        file.unlink()
    [route] = [each for each in signed_in_routes(app, reference) if each.endpoint == "secretariat.evidence"]
    browser = sign_in(world.sam)
    before = written_down(app)
    logging.disable(logging.CRITICAL)
    assert browser.get(route.address).status_code == 404
    logging.disable(logging.NOTSET)
    assert written_down(app) == before


def test_no_event_changes_the_ledger_or_a_public_page(app: Flask, world: World) -> None:
    reference = settle(app, world)
    public = [each for each in routes(app, reference, "GET") if each.audience is Audience.PUBLIC]
    reader = app.test_client()

    def seen() -> list[tuple[int, bytes, str | None]]:
        answers = [reader.get(each.address, buffered=True) for each in public]
        return [(each.status_code, each.data, each.headers.get("ETag")) for each in answers]

    before = seen()
    with in_register(app):
        head = ledger.head()
        for action in SecurityAction:
            security_log.record(action, account=account(world.alice), by=account(world.sam), reason="Something")
    with app.app_context():
        assert ledger.head() == head
    assert seen() == before
