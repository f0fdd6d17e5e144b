"""Signing in with a second step, setting it up, and who has to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from tests.acting import in_register
from tests.checked_client import CheckedClient, text_of
from tests.conftest import close, make_app
from tests.identity.codes import shown_by, with_app
from tests.post_box import deliver, post_box
from tests.post_box import text_of as mail_text
from tests.world import World, account
from tracker import clock
from tracker.extensions import db
from tracker.identity import authenticators, recovery_codes
from tracker.models import Mail, SecurityEvent
from tracker.vocabulary import Notice, SecurityAction

STEP, RECOVERY = "/en/sign-in/second-step", "/en/sign-in/recovery"
SECURITY, CODES = "/en/account/security", "/en/account/recovery-codes"


def code_of(app: Flask, email: str) -> str:
    with app.app_context():
        return shown_by(authenticators.of(account(email)) or authenticators.begun(account(email)))


def events(app: Flask, action: SecurityAction) -> int:
    with app.app_context():
        return db.session.query(SecurityEvent).filter_by(action=action).count()


@pytest.fixture
def alice(app: Flask, client: CheckedClient, world: World) -> CheckedClient:
    """Return Alice's browser after the first of two steps."""
    with in_register(app):
        with_app(account(world.alice))
    assert client.sign_in(world.alice).location == STEP
    return client


def test_a_right_code_signs_in(app: Flask, alice: CheckedClient, world: World) -> None:
    assert alice.send(STEP, code=code_of(app, world.alice)).location == "/en/account/"
    assert alice.get("/en/desk/").status_code == 200


def test_the_password_alone_does_not(alice: CheckedClient) -> None:
    assert alice.get("/en/desk/").status_code == 302


def test_it_leads_on_to_the_page_that_was_asked_for(app: Flask, client: CheckedClient, world: World) -> None:
    with in_register(app):
        with_app(account(world.alice))
    asked = client.get("/en/desk/arcadia/").location
    client.send(asked, email=world.alice, password="a-passphrase-for-tests")
    assert client.send(STEP, code=code_of(app, world.alice)).location == "/en/desk/arcadia/"


@pytest.mark.parametrize("code", ["", "000000", "x" * 500])
def test_a_wrong_code_is_told_and_written_down(app: Flask, alice: CheckedClient, code: str) -> None:
    answer = alice.send(STEP, code=code)
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)
    assert alice.get("/en/desk/").status_code == 302
    assert events(app, SecurityAction.SECOND_FACTOR_FAILED) == (code == "000000")


def test_a_code_lets_nobody_in_twice(app: Flask, alice: CheckedClient, world: World) -> None:
    code = code_of(app, world.alice)
    alice.send(STEP, code=code)
    other = app.test_client()
    other.sign_in(world.alice)
    assert other.send(STEP, code=code).status_code == 422


def test_who_takes_too_long_begins_again(alice: CheckedClient) -> None:
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert alice.get(STEP).location == "/en/sign-in"


def test_nobody_comes_to_it_without_the_first(client: CheckedClient) -> None:
    assert client.get(STEP).location == "/en/sign-in"
    assert client.get(RECOVERY).location == "/en/sign-in"


def test_a_person_deactivated_between_the_steps_begins_again(app: Flask, alice: CheckedClient, world: World) -> None:
    with in_register(app):
        account(world.alice).active = False
    assert alice.get(STEP).location == "/en/sign-in"


def test_a_recovery_code_takes_its_place_once_and_the_owner_is_told(
    app: Flask, alice: CheckedClient, world: World
) -> None:
    with in_register(app):
        code = recovery_codes.make(account(world.alice), by=account(world.alice))[0]
    assert alice.send(RECOVERY, code=code).location == SECURITY
    assert alice.get("/en/desk/").status_code == 200
    with post_box() as box:
        deliver(app, box)
        mail = mail_text(box.to(world.alice)[-1])
    assert "with a recovery code" in mail
    assert code not in mail
    other = app.test_client()
    other.sign_in(world.alice)
    assert other.send(RECOVERY, code=code).status_code == 422


def test_the_page_about_signing_in_sets_an_app_up(app: Flask, sign_in, world: World) -> None:
    browser = sign_in(world.alice)
    assert "Not set up" in text_of(browser.get(SECURITY))
    browser.send("/en/account/authenticator", "/account/authenticator")
    page = browser.get("/en/account/authenticator")
    assert "<svg" in page.text
    wrong = browser.send("/en/account/authenticator", "/confirm", code="000000")
    assert wrong.status_code == 422
    assert "<svg" in wrong.text
    done = browser.send("/en/account/authenticator", "/confirm", code=code_of(app, world.alice))
    assert done.location == CODES
    with app.app_context():
        assert db.session.query(Mail).filter_by(notice=Notice.SIGN_IN_CHANGED).count() == 1


def test_recovery_codes_are_shown_once(app: Flask, sign_in, world: World) -> None:
    browser = sign_in(world.alice)
    shown = browser.send(CODES)
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    code = shown.text.split("<li><code>")[1].split("<")[0]
    assert code not in browser.get(CODES).text
    with in_register(app):
        assert recovery_codes.use(account(world.alice), code)


def test_who_needs_no_second_step_may_remove_the_app(app: Flask, alice: CheckedClient, world: World) -> None:
    alice.send(STEP, code=code_of(app, world.alice))
    assert alice.send("/en/account/authenticator/remove").location == SECURITY
    with app.app_context():
        assert authenticators.of(account(world.alice)) is None


@pytest.fixture
def strict(database_url: str, world: World) -> Iterator[Flask]:
    """Return an application in which the secretariat needs a second factor."""
    app = make_app(database_url, SECOND_FACTOR="staff")
    yield app
    close(app)


def test_staff_set_a_second_step_up_before_anything_else(strict: Flask, world: World) -> None:
    sam: CheckedClient = strict.test_client()  # type: ignore[assignment]
    sam.sign_in(world.sam)
    for page in ("/en/secretariat/", "/en/account/language", CODES, "/en/secretariat/people"):
        assert sam.get(page).location == SECURITY
    assert "Set up a second step first" in text_of(sam.get(SECURITY))
    sam.send("/en/account/authenticator", "/account/authenticator")
    sam.send("/en/account/authenticator", "/confirm", code=code_of(strict, world.sam))
    assert sam.get("/en/secretariat/").status_code == 200


def test_staff_do_not_remove_their_only_second_factor(strict: Flask, world: World) -> None:
    with in_register(strict):
        with_app(account(world.sam))
    sam: CheckedClient = strict.test_client()  # type: ignore[assignment]
    sam.sign_in(world.sam)
    sam.send(STEP, code=code_of(strict, world.sam))
    assert sam.get("/en/account/authenticator/remove").status_code == 409


def test_representatives_need_none_unless_a_setting_says_so(strict: Flask, world: World) -> None:
    alice: CheckedClient = strict.test_client()  # type: ignore[assignment]
    alice.sign_in(world.alice)
    assert alice.get("/en/desk/").status_code == 200
    strict.config["SECOND_FACTOR"] = "everyone"
    assert alice.get("/en/desk/").location == SECURITY
