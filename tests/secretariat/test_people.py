"""The secretariat proposes who may act for a participant, with the letter that names the person."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.acting import found, in_register
from tests.checked_client import CheckedClient, text_of
from tests.letters import a_letter, a_pdf
from tests.world import World, a_candidate, account
from tracker import ledger
from tracker.extensions import db
from tracker.models import Proposal
from tracker.people import admitting, requesting
from tracker.vocabulary import Action

LEAGUE = "/en/secretariat/people/league-of-clean-hands"
CARL = {"name": "Carl", "email": "carl@example.org", "is_head": "no", "mails_in": "en"}


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


def propose(browser: CheckedClient, letter: bytes | None = None, **answers: Any) -> TestResponse:
    """Fill in who is to represent the league, with a letter where there is one, and send it."""
    address, fields = browser.fill(f"{LEAGUE}/new", "/new", **{**CARL, **answers})
    files = {"letter": (io.BytesIO(letter), "Powers.pdf")} if letter is not None else {}
    return browser.post(address, data={**fields, **files}, content_type="multipart/form-data")


def with_letter(app: Flask, world: World) -> str:
    """Return the address of Sam's request with a letter."""
    with in_register(app):
        league = found(world.league, world.cohort)[0]
        request = requesting.propose(league, a_candidate(), letter=a_letter(), by=account(world.sam))
        return f"/en/secretariat/proposals/{request.reference}"


def test_it_works(app: Flask, sam: CheckedClient, kim: CheckedClient) -> None:
    proposal = str(propose(sam, a_pdf()).location)
    shown = kim.get(proposal)
    assert "On whose authority Powers.pdf" in text_of(shown)
    assert kim.get(f"{proposal}/credentials", buffered=True).data == a_pdf()
    kim.send(proposal, "/approve")
    assert "Credentials letter Carl" in text_of(kim.get(LEAGUE))
    with app.app_context():
        subject = db.session.scalars(select(Proposal.subject)).one()
        assert "credentials" in ledger.bound(subject, Action.ACCREDITED)


def test_it_asks_on_whose_authority(sam: CheckedClient) -> None:
    answer = propose(sam)
    assert answer.status_code == 422
    assert "say below on whose authority this is" in text_of(answer)
    assert propose(sam, note="Note verbale 7.").status_code == 302


def test_it_says_what_is_wrong_with_a_letter(sam: CheckedClient) -> None:
    answer = propose(sam, b"Dear Secretariat,")
    assert answer.status_code == 422
    assert "The file is no PDF, PNG or JPEG" in text_of(answer)


@pytest.mark.parametrize("answers", [{"name": ""}, {"show": "en"}, {"email": "alice@example.org", "name": ""}])
def test_it_asks_for_the_letter_again_where_the_form_comes_back(sam: CheckedClient, answers: dict[str, str]) -> None:
    answer = propose(sam, a_pdf(), **answers)
    assert answer.status_code == 422
    assert "Choose the letter again: it was not kept" in text_of(answer)


def test_it_asks_for_the_letter_again_where_it_is_refused(app: Flask, world: World, sam: CheckedClient) -> None:
    with_letter(app, world)
    answer = propose(sam, a_pdf(), email="clara@example.org")
    assert answer.status_code == 409
    assert "Choose the letter again: it was not kept" in text_of(answer)


def test_a_request_that_is_made_again_has_its_letter(app: Flask, world: World, sam: CheckedClient) -> None:
    proposal = with_letter(app, world)
    with in_register(app):
        request = db.session.scalars(select(Proposal)).one()
        admitting.return_(request, reason="Which office?", by=account(world.kim))
        reference = request.reference
    form = f"{LEAGUE}/new?after={reference}"
    assert "Letter attached Letter.pdf" in text_of(sam.get(form))
    again = sam.send(form, f"/new?after={reference}", note="")
    letters = [sam.get(f"{each}/credentials", buffered=True) for each in (proposal, again.location)]
    assert letters[0].data == letters[1].data


def test_a_request_without_a_letter_has_none_to_download(app: Flask, world: World, sam: CheckedClient) -> None:
    with in_register(app):
        league = found(world.league, world.cohort)[0]
        reference = requesting.propose(league, a_candidate(), by=account(world.sam)).reference
    page = f"/en/secretariat/proposals/{reference}"
    assert "No credentials letter is attached." in text_of(sam.get(page))
    assert sam.get(f"{page}/credentials").status_code == 404


def test_the_participants_own_people_do_not_see_the_letter(app: Flask, world: World, sign_in: Any) -> None:
    assert sign_in(world.alice).get(f"{with_letter(app, world)}/credentials").status_code == 403
