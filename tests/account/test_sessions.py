"""The list of a person's sessions, and what a stolen cookie is worth."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask

from tests.acting import in_register
from tests.checked_client import CheckedClient, text_of
from tests.world import World, account
from tracker import clock
from tracker.extensions import db
from tracker.models import SecurityEvent, SignInSession
from tracker.vocabulary import SecurityAction

SECURITY = "/en/account/security"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_a_person_sees_where_they_are_signed_in(sign_in, world: World) -> None:
    here, elsewhere = sign_in(world.alice), sign_in(world.alice)
    page = text_of(here.get(SECURITY))
    assert "This one" in page
    assert "127.0.0.1" in page
    assert elsewhere.get("/en/desk/").status_code == 200


def test_the_browser_is_named_as_people_know_it(app: Flask, client: CheckedClient, world: World) -> None:
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    client.sign_in(world.alice)
    assert "Firefox on Linux" in text_of(client.get(SECURITY))


def test_a_person_signs_out_elsewhere(sign_in, world: World) -> None:
    here, elsewhere = sign_in(world.alice), sign_in(world.alice)
    assert here.send(SECURITY, "/end").location == SECURITY
    assert elsewhere.get("/en/desk/").status_code == 302
    assert here.get("/en/desk/").status_code == 200


def test_a_person_signs_out_everywhere_else(app: Flask, sign_in, world: World) -> None:
    here, *others = (sign_in(world.alice) for _ in range(3))
    bruno = sign_in(world.bruno)
    here.send(SECURITY, "/end-others")
    assert [each.get("/en/desk/").status_code for each in (here, *others, bruno)] == [200, 302, 302, 200]
    with app.app_context():
        assert db.session.query(SecurityEvent).filter_by(action=SecurityAction.SESSIONS_ENDED).count() == 1


def test_nobody_ends_the_session_of_somebody_else(app: Flask, sign_in, world: World) -> None:
    alice, bruno = sign_in(world.alice), sign_in(world.bruno)
    with app.app_context():
        hers = db.session.query(SignInSession).filter_by(account_id=account(world.alice).id).one().reference
    sign_in(world.bruno)
    _, fields = bruno.fill(SECURITY, "/end-others")
    assert bruno.post(f"/en/account/sessions/{hers}/end", data=fields).status_code == 404
    assert alice.get("/en/desk/").status_code == 200


def test_a_cookie_of_before_signing_in_is_not_that_of_afterwards(client: CheckedClient, world: World) -> None:
    client.get("/en/sign-in")
    planted = client.get_cookie("session")
    client.sign_in(world.alice)
    thief = client.application.test_client()
    thief.set_cookie("session", planted.value)
    assert thief.get("/en/desk/").status_code == 302


def test_signing_in_anew_ends_what_was_open_in_this_browser(app: Flask, client: CheckedClient, world: World) -> None:
    client.sign_in(world.alice)
    copied = client.get_cookie("session")
    client.send("/en/desk/", "/sign-out")
    client.sign_in(world.bruno)
    thief = app.test_client()
    thief.set_cookie("session", copied.value)
    assert thief.get("/en/desk/").status_code == 302


def test_after_an_hour_without_activity_the_person_signs_in_again(sign_in, world: World) -> None:
    alice = sign_in(world.alice)
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        asked = alice.get("/en/desk/arcadia/").location
        assert asked == "/en/sign-in?next=/en/desk/arcadia/"
        assert "You were signed out, because nothing was done for an hour" in text_of(alice.get(asked))


def test_who_goes_on_working_stays_signed_in(sign_in, world: World) -> None:
    alice = sign_in(world.alice)
    for minutes in (40, 80, 120):
        with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
            assert alice.get("/en/desk/").status_code == 200


def test_a_deactivated_persons_open_session_is_dead_at_once(app: Flask, sign_in, world: World) -> None:
    alice = sign_in(world.alice)
    with in_register(app):
        account(world.alice).active = False
    answer = alice.get("/en/desk/")
    assert answer.status_code == 403
    assert "Your account is deactivated" in text_of(answer)


def test_sign_ins_failures_and_sign_outs_stand_in_the_log(app: Flask, client: CheckedClient, world: World) -> None:
    client.sign_in(world.alice, "wrong")
    client.sign_in("nobody@example.org")
    client.sign_in(world.alice)
    client.send("/en/desk/", "/sign-out")
    with app.app_context():
        told = [(each.action, each.account and each.account.email) for each in db.session.query(SecurityEvent)]
    assert told == [
        (SecurityAction.SIGN_IN_FAILED, world.alice),
        (SecurityAction.SIGN_IN_FAILED, None),
        (SecurityAction.SIGNED_IN, world.alice),
        (SecurityAction.SIGNED_OUT, world.alice),
    ]
