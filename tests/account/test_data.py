"""A person takes away what the register keeps of them, and asks to be forgotten."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.acting import act, in_register
from tests.checked_client import text_of
from tests.letters import a_letter
from tests.world import World, a_submission, account
from tracker.extensions import db
from tracker.identity import security_log, wishes
from tracker.mails import posting
from tracker.models import SecurityEvent
from tracker.vocabulary import Notice, SecurityAction

PAGE = "/en/account/data"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: pages know no database."""
    return "sqlite"


def parts_of(answer: TestResponse) -> tuple[dict[str, Any], str]:
    """Return the two files of an archive, the one for programs read."""
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        return json.loads(packed.read("data.json")), packed.read("data.txt").decode()


def test_it_works(app: Flask, sign_in, world: World) -> None:
    act(app, a_submission, world.arcadia, world.cohort, world.alice, letter=a_letter())
    data, _ = parts_of(sign_in(world.alice).get(f"{PAGE}/zip"))
    [held] = data["accreditations"]
    assert (data["account"][0]["name"], data["account"][0]["email"]) == ("Alice", "alice@example.org")
    assert (held["participant"], held["name"], held["is_head"]) == ("arcadia", "Alice", True)
    assert [each["action"] for each in data["entries"]] == ["submitted"]
    assert [each["file_name"] for each in data["letters"]] == ["Letter.pdf"]
    assert [each["notice"] for each in data["mails"]] == ["receipt"]
    assert len(data["sessions"]) == 1
    assert [each["action"] for each in data["security_events"]] == ["signed_in"]


def test_nothing_of_others_is_there(app: Flask, sign_in, world: World) -> None:
    with in_register(app):
        posting.write(account(world.adam), Notice.DIGEST, {})
        security_log.record(SecurityAction.SIGNED_OUT, account=account(world.adam), by=account(world.adam))
        event = security_log.record(SecurityAction.INVITED, account=account(world.alice), by=account(world.sam))
        event.address = "203.0.113.77"
    data, text = parts_of(sign_in(world.alice).get(f"{PAGE}/zip"))
    told = json.dumps(data) + text
    assert [each for each in ("Adam", "Sam", "203.0.113.77") if each in told] == []
    assert [each["by_you"] for each in data["security_events"]] == [False, True]


def test_it_is_read_in_the_language_of_the_page(sign_in, world: World) -> None:
    _, text = parts_of(sign_in(world.alice).get(f"{PAGE}/zip"))
    assert text.startswith("What the register keeps of you\n")
    assert "Name: Alice\n" in text
    assert "Head representative: Yes\n" in text
    assert "Your passkeys\n=============\n\nNothing.\n" in text


def test_that_it_was_taken_is_written_down(app: Flask, sign_in, world: World) -> None:
    sign_in(world.alice).get(f"{PAGE}/zip")
    with app.app_context():
        event = db.session.scalars(select(SecurityEvent).filter_by(action=SecurityAction.OWN_DATA_DOWNLOADED)).one()
        assert (event.account, event.by) == (account(world.alice), account(world.alice))


def test_the_account_leads_to_it(sign_in, world: World) -> None:
    assert f'href="{PAGE}"' in sign_in(world.alice).get("/en/account/security").text


def test_somebody_asks_to_be_forgotten(app: Flask, sign_in, world: World) -> None:
    browser = sign_in(world.petra)
    answer = browser.send(PAGE, PAGE, reason="I have left.")
    assert (answer.status_code, answer.location) == (302, PAGE)
    assert "You asked to be forgotten" in text_of(browser.get(PAGE))
    with app.app_context():
        [wish] = wishes.waiting()
        assert (wish.account.email, wish.reason) == (world.petra, "I have left.")


def test_who_is_in_office_is_told_to_wait(sign_in, world: World) -> None:
    sentence = "once you may not act for any participant any more"
    assert sentence in text_of(sign_in(world.alice).get(PAGE))
    assert sentence not in text_of(sign_in(world.petra).get(PAGE))


def test_staff_are_not_asked(sign_in, world: World) -> None:
    page = sign_in(world.sam).get(PAGE)
    assert "Who works for the secretariat is not forgotten." in text_of(page)
    assert "Ask to be forgotten" not in page.text


def test_who_asked_meanwhile_is_told_so(app: Flask, sign_in, world: World) -> None:
    browser = sign_in(world.petra)
    address, fields = browser.fill(PAGE, PAGE, reason="I have left.")
    browser.post(address, data=fields)
    answer = browser.post(address, data=fields)
    assert answer.status_code == 409
    assert "You asked for this already." in text_of(answer)
    assert "This is what you wrote; it was not sent: I have left." in text_of(answer)


def test_too_long_a_reason_comes_back(sign_in, world: World) -> None:
    answer = sign_in(world.petra).send(PAGE, PAGE, reason="x" * 2001)
    assert answer.status_code == 422
    assert "Shorten the reason to 2000 characters or fewer" in text_of(answer)
    assert "x" * 2001 in answer.text


def test_a_refusal_is_told_with_its_reason(app: Flask, sign_in, world: World) -> None:
    with in_register(app):
        wish = wishes.ask(account(world.petra))
        wishes.refuse(account(world.petra), reason="An enquiry runs.", by=account(world.sam), wish=wish.id)
    told = text_of(sign_in(world.petra).get(PAGE))
    assert "The secretariat refused to forget you" in told
    assert "An enquiry runs. You can ask again." in told
