"""What is written down of those who try what they may not, and of failures."""

import json
import logging

import pytest
import sqlalchemy as sa
from flask import Flask, abort
from werkzeug.test import Client

from tests.acting import in_register
from tests.checked_client import CheckedClient
from tests.world import World, account
from tracker.access import Audience, open_to
from tracker.errors import NotStaff, OwnSubmission
from tracker.extensions import db
from tracker.models import Account, SecurityEvent
from tracker.vocabulary import SecurityAction

Written = list[tuple[str | None, dict[str, str]]]


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: nothing here depends on the database."""
    return "sqlite"


def written(app: Flask) -> Written:
    """Return who tried what they may not, and what is said of it."""
    with in_register(app):
        found = db.session.scalars(sa.select(SecurityEvent).filter_by(action=SecurityAction.ACCESS_REFUSED))
        return [(event.by.email if event.by else None, json.loads(event.said)) for event in found]


def test_who_tries_what_they_may_not_is_written_down(app: Flask, sign_in, world: World) -> None:
    alice: CheckedClient = sign_in(world.alice)
    assert alice.get("/en/secretariat/letters").status_code == 403
    assert written(app) == [(world.alice, {"why": "not theirs to open", "asked": "GET /en/secretariat/letters"})]


def test_a_page_that_is_theirs_writes_nothing_down(app: Flask, sign_in, world: World) -> None:
    assert sign_in(world.alice).get("/en/desk/arcadia/").status_code == 200
    assert written(app) == []


def test_nothing_is_written_down_of_who_is_not_signed_in(app: Flask, world: World) -> None:
    reader = Client(app)
    assert reader.get("/en/secretariat/letters").status_code == 302
    assert reader.post("/en/account/language", data={"mails_in": "fr"}).status_code == 400
    assert written(app) == []


def test_a_forged_form_of_somebody_signed_in_is_written_down(app: Flask, sign_in, world: World) -> None:
    alice: CheckedClient = sign_in(world.alice)
    answer = alice.post("/en/account/language", data={"mails_in": "fr", "csrf_token": "forged"})
    assert answer.status_code == 400
    assert written(app) == [(world.alice, {"why": "a form without its token", "asked": "POST /en/account/language"})]


@pytest.mark.parametrize("refused", [OwnSubmission, NotStaff])
def test_a_rule_about_who_may_is_written_down(app: Flask, sign_in, world: World, refused: type[Exception]) -> None:
    def refuse() -> None:
        raise refused

    app.add_url_rule("/en/refuse", "refuse", open_to(Audience.SIGNED_IN)(refuse))
    assert sign_in(world.sam).get("/en/refuse").status_code == 409
    assert written(app) == [(world.sam, {"why": refused.__name__, "asked": "GET /en/refuse"})]


def test_what_the_request_began_is_undone(app: Flask, sign_in, world: World) -> None:
    def begin() -> None:
        db.session.execute(sa.update(Account).values(name="Eve"))
        abort(403)

    app.add_url_rule("/en/begin", "begin", open_to(Audience.SIGNED_IN)(begin))
    assert sign_in(world.alice).get("/en/begin").status_code == 403
    assert len(written(app)) == 1
    with in_register(app):
        assert account(world.alice).name == "Alice"


@pytest.fixture
def failing(app: Flask, world: World) -> Client:
    """Return a reader of a register with a page that fails, as it answers outside tests."""

    def fail(what: str) -> None:
        raise ZeroDivisionError(what)

    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/en/failing/<what>", "failing", open_to(Audience.ANYONE)(fail))
    return Client(app)


def test_a_failure_is_told_to_the_operator(failing: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert failing.get("/en/failing/page").status_code == 500
    [told] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert told.getMessage() == "Exception on /en/failing/page [GET]"
    assert told.exc_info
    assert told.exc_info[0] is ZeroDivisionError


@pytest.mark.parametrize("sign", ["%0a", "%0d", "%1b", "%C2%85", "%E2%80%A8"])
def test_an_address_that_steers_a_log_reaches_no_view(
    failing: Client, caplog: pytest.LogCaptureFixture, sign: str
) -> None:
    assert failing.get(f"/en/failing/page{sign}All is well").status_code == 404
    assert caplog.records == []


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"], indirect=True)
def test_a_constraint_that_refuses_does_not_tell_what_somebody_wrote(
    app: Flask, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def twice() -> None:
        db.session.execute(sa.update(Account).values(email="eve@example.org\nAll is well"))

    app.add_url_rule("/en/twice", "twice", open_to(Audience.ANYONE)(twice))
    assert Client(app).get("/en/twice").status_code == 409
    [told] = [record.getMessage() for record in caplog.records]
    assert told.startswith("a constraint refused: ")
    assert "eve" not in told
    assert "All is well" not in told
