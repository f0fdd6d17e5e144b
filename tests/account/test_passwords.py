import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import hashes
from tests.acting import in_register
from tests.checked_client import CheckedClient, text_of
from tests.conftest import close, make_app
from tests.identity.codes import shown_by, with_app
from tests.post_box import SENDER, post_box
from tests.post_box import text_of as text_of_mail
from tests.world import PASSWORD, World, account
from tracker import clock
from tracker.extensions import db
from tracker.identity import authenticators, devices, links, recovery_codes
from tracker.mails import mailing
from tracker.models import Mail, SecurityEvent
from tracker.vocabulary import Notice, SecurityAction

SIGN_IN, FORGOTTEN, CHANGE = "/en/sign-in", "/en/account/forgotten", "/en/account/password"
STEP = "/en/sign-in/second-step"
NEW = "four words that do not belong"
TWICE = {"password": NEW, "again": NEW}
WRONG = "The e-mail address and the password do not belong together"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: pages know no database."""
    return "sqlite"


@pytest.fixture
def alice(sign_in, world: World) -> CheckedClient:
    return sign_in(world.alice)


def ask(client: CheckedClient, email: str, language: str = "en") -> str:
    """Ask for a link, as far as the server goes on after the answer; return where the answer leads."""
    answer = client.send(FORGOTTEN.replace("/en/", f"/{language}/"), email=email)
    answer.close()
    return str(answer.location)


def link(app: Flask) -> str:
    """Return the page of the link that was mailed last."""
    with app.app_context():
        query = sa.select(Mail.facts).filter_by(notice=Notice.PASSWORD_LINK).order_by(Mail.id.desc())
        token = links.token(json.loads(db.session.scalars(query).first() or "{}")["secret"])
    return f"/en/account/new-password/{token}"


def notices(app: Flask) -> list[Notice]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Mail.notice).order_by(Mail.id)))


def gets_in(app: Flask, email: str, password: str) -> bool:
    return app.test_client().sign_in(email, password).status_code == 302  # type: ignore[attr-defined]


def test_the_sign_in_leads_to_the_form_that_mails_a_link(client: CheckedClient) -> None:
    assert f'href="{FORGOTTEN}"' in client.get(SIGN_IN).text


def test_a_forgotten_password_is_replaced_by_a_mailed_link(app: Flask, client: CheckedClient, world: World) -> None:
    ask(client, world.alice)
    with post_box() as box, app.app_context():
        mailing.deliver(box.server, SENDER)
    page = re.search(r"https://register\.example\.org(/en/account/new-password/\S+)", text_of_mail(box.taken[0][1]))
    assert page is not None
    answer = client.send(page[1], **TWICE)
    assert answer.location == "/en/account/new-password"
    assert "Your password was changed" in client.get(answer.location).text
    assert gets_in(app, world.alice, NEW)
    assert not gets_in(app, world.alice, PASSWORD)


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org", "petra@example.org", "no address"])
def test_who_asks_is_told_the_same_whether_or_not_there_is_an_account(
    app: Flask, client: CheckedClient, email: str
) -> None:
    with in_register(app):
        account("petra@example.org").active = False
    assert ask(client, email) == "/en/account/forgotten/mailed"
    assert "If there is an account with this address" in text_of(client.get("/en/account/forgotten/mailed"))
    assert notices(app) == ([Notice.PASSWORD_LINK] if email == "alice@example.org" else [])


def test_the_answer_is_there_before_anybody_looks_for_an_account(
    app: Flask, client: CheckedClient, world: World
) -> None:
    answer = client.send(FORGOTTEN, email=world.alice)
    assert answer.status_code == 302
    assert notices(app) == []
    answer.close()
    assert notices(app) == [Notice.PASSWORD_LINK]


def test_what_fails_after_the_answer_is_logged(
    app: Flask, client: CheckedClient, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with in_register(app):
        db.session.execute(sa.text("DROP TABLE mailed_link"))
    assert ask(client, world.alice) == "/en/account/forgotten/mailed"
    assert "work after an answer failed" in caplog.text


def test_the_mail_is_in_the_language_of_the_person(app: Flask, client: CheckedClient, world: World) -> None:
    ask(client, world.alice, "fr")
    with app.app_context():
        assert db.session.scalars(sa.select(Mail.language)).one() == "en"


@pytest.mark.parametrize("email", ["", " ", "x" * 300 + "@example.org"])
def test_an_address_is_asked_for(client: CheckedClient, email: str) -> None:
    assert client.send(FORGOTTEN, email=email).status_code == 422


def test_opening_a_link_uses_nothing_up(app: Flask, client: CheckedClient, world: World) -> None:
    ask(client, world.alice)
    for _ in range(3):
        assert client.get(link(app)).status_code == 200
    assert client.send(link(app), **TWICE).status_code == 302


def test_a_link_that_was_used_says_so_and_leads_to_another_one(app: Flask, client: CheckedClient, world: World) -> None:
    ask(client, world.alice)
    form = client.fill(link(app), **TWICE)
    client.send(link(app), **TWICE)
    for answer in (client.get(link(app)), client.post(form[0], data=form[1])):
        assert answer.status_code == 410
        assert "This link was used" in text_of(answer)
        assert f'href="{FORGOTTEN}"' in answer.text


def test_a_link_that_was_never_sent_is_not_found(client: CheckedClient) -> None:
    assert client.get("/en/account/new-password/x").status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "", "again": ""}, "Enter a password"),
        ({"password": "short", "again": "short"}, "Use at least 12 characters"),
        ({"password": "unbelievable", "again": "unbelievable"}, "Many people use this password"),
        ({"password": "alice@example.org", "again": "alice@example.org"}, "This is little more than names"),
        ({"password": NEW, "again": NEW.upper()}, "This is not the same password"),
        (
            {"password": "rwrwrwrwrw", "again": "rwrwrwrwrw"},
            "Use at least 12 characters. A few words in a row are easy to remember. This repeats",
        ),
    ],
)
def test_what_is_easy_to_guess_comes_back_and_the_link_stays_good(
    app: Flask, client: CheckedClient, world: World, typed: dict[str, str], said: str
) -> None:
    ask(client, world.alice)
    answer = client.send(link(app), **typed)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'href="#' in answer.text
    assert not typed["password"] or f'"{typed["password"]}"' not in answer.text.replace('value="alice@example.org"', "")
    assert client.send(link(app), **TWICE).status_code == 302


def test_a_new_password_by_link_signs_nobody_in(app: Flask, client: CheckedClient, world: World) -> None:
    ask(client, world.alice)
    client.send(link(app), **TWICE)
    assert client.get("/en/desk/").status_code == 302


def test_a_new_password_by_link_goes_past_no_second_step(app: Flask, client: CheckedClient, world: World) -> None:
    with in_register(app):
        with_app(account(world.alice))
    ask(client, world.alice)
    client.send(link(app), **TWICE)
    assert client.sign_in(world.alice, NEW).location == STEP
    assert client.get("/en/desk/").status_code == 302


def test_codes_and_recovery_codes_are_guessed_at_together(app: Flask, client: CheckedClient, world: World) -> None:
    with in_register(app):
        with_app(account(world.alice))
        recovery = recovery_codes.make(account(world.alice), by=account(world.alice))[0]
    client.sign_in(world.alice)
    for number in range(5):
        page = STEP if number % 2 else "/en/sign-in/recovery"
        assert client.send(page, code="000000").status_code == 422
    for page, code in ((STEP, "000000"), ("/en/sign-in/recovery", recovery)):
        answer = client.send(page, code=code)
        assert answer.status_code == 429
        assert "Try again in 1 minute." in text_of(answer)
    with clock.at(clock.now() + timedelta(minutes=2)):
        client.sign_in(world.alice)
        assert client.send("/en/sign-in/recovery", code=recovery).status_code == 302
    assert Notice.SECOND_FACTOR_GUESSED in notices(app)


def test_a_browser_that_signed_in_before_does_not_wait_for_the_codes_of_strangers(
    app: Flask, alice: CheckedClient, world: World
) -> None:
    alice.send("/en/desk/", "/sign-out")
    with in_register(app):
        with_app(account(world.alice))
    stranger: CheckedClient = app.test_client()  # type: ignore[assignment]
    stranger.sign_in(world.alice)
    for _ in range(6):
        answer = stranger.send(STEP, code="000000")
    assert answer.status_code == 429
    alice.sign_in(world.alice)
    with app.app_context():
        code = shown_by(authenticators.of(account(world.alice)))
    assert alice.send(STEP, code=code).status_code == 302


def test_a_new_password_by_link_ends_every_session(
    app: Flask, client: CheckedClient, alice: CheckedClient, world: World
) -> None:
    assert alice.get("/en/desk/").status_code == 200
    ask(client, world.alice)
    client.send(link(app), **TWICE)
    assert alice.get("/en/desk/").status_code == 302


def test_a_link_works_while_one_has_to_wait_and_ends_the_waiting(
    app: Flask, client: CheckedClient, world: World
) -> None:
    for _ in range(6):
        stranger = app.test_client().sign_in(world.alice, "a wrong guess")  # type: ignore[attr-defined]
    assert stranger.status_code == 429
    ask(client, world.alice)
    client.send(link(app), **TWICE)
    assert gets_in(app, world.alice, NEW)


def test_after_a_link_strangers_keep_the_owner_out_no_more(app: Flask, client: CheckedClient, world: World) -> None:
    ask(client, world.alice)
    client.send(link(app), **TWICE)
    for _ in range(6):
        stranger = app.test_client().sign_in(world.alice, "a wrong guess")  # type: ignore[attr-defined]
    assert stranger.status_code == 429
    assert not gets_in(app, world.alice, NEW)
    assert client.sign_in(world.alice, NEW).status_code == 302


def test_a_person_changes_their_password_and_stays_signed_in_here_alone(
    app: Flask, sign_in, alice: CheckedClient, world: World
) -> None:
    there = sign_in(world.alice)
    assert alice.send(CHANGE, current=PASSWORD, **TWICE).location == "/en/account/security"
    assert alice.get("/en/desk/").status_code == 200
    assert there.get("/en/desk/").status_code == 302
    assert gets_in(app, world.alice, NEW)
    assert not gets_in(app, world.alice, PASSWORD)
    assert notices(app) == [Notice.SIGN_IN_CHANGED]


def test_the_page_of_ones_sign_in_leads_there(alice: CheckedClient) -> None:
    assert f'href="{CHANGE}"' in alice.get("/en/account/security").text


def test_the_cookie_of_before_is_worth_nothing_after_a_change(app: Flask, alice: CheckedClient) -> None:
    copied = alice.get_cookie("session")
    alice.send(CHANGE, current=PASSWORD, **TWICE)
    thief = app.test_client()
    thief.set_cookie("session", copied.value)
    assert thief.get("/en/desk/").status_code == 302


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"current": "", **TWICE}, "Enter your current password"),
        ({"current": "wrong", **TWICE}, "This is not your current password"),
        ({"current": PASSWORD, "password": "short", "again": "short"}, "Use at least 12 characters"),
    ],
)
def test_without_the_present_password_or_with_a_weak_one_nothing_is_changed(
    app: Flask, alice: CheckedClient, world: World, typed: dict[str, str], said: str
) -> None:
    answer = alice.send(CHANGE, **typed)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert gets_in(app, world.alice, PASSWORD)


def test_every_mistake_is_said_at_once(alice: CheckedClient) -> None:
    said = text_of(alice.send(CHANGE, current="wrong", password="short", again="short"))
    assert "This is not your current password" in said
    assert "Use at least 12 characters" in said


def test_guesses_at_the_present_password_have_to_wait(alice: CheckedClient) -> None:
    # This browser is known to the account, so that it is counted for itself.
    for _ in range(5):
        assert alice.send(CHANGE, current="wrong", **TWICE).status_code == 422
    answer = alice.send(CHANGE, current=PASSWORD, **TWICE)
    assert answer.status_code == 429
    assert "Try again in 1 minute." in text_of(answer)


def test_who_has_no_password_is_not_asked_for_it(app: Flask, alice: CheckedClient, world: World) -> None:
    with in_register(app):
        account(world.alice).password = None
    assert "Current password" not in alice.get(CHANGE).text
    assert alice.send(CHANGE, **TWICE).status_code == 302
    assert gets_in(app, world.alice, NEW)


def test_a_session_that_is_not_fresh_has_to_confirm_first(alice: CheckedClient) -> None:
    with clock.at(clock.now() + timedelta(minutes=20)):
        assert "/account/confirm" in str(alice.get(CHANGE).location)


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"])
def test_who_guesses_has_to_wait_and_is_told_how_long_and_what_else_there_is(
    client: CheckedClient, world: World, email: str
) -> None:
    for _ in range(5):
        assert client.sign_in(email, "a wrong guess").status_code == 422
    answer = client.sign_in(email, PASSWORD)
    assert answer.status_code == 429
    assert "Try again in 1 minute." in text_of(answer)
    assert "passkey" in text_of(answer)
    assert f'href="{FORGOTTEN}"' in answer.text
    assert email in answer.text


def test_the_answer_to_a_wrong_guess_is_the_same_to_the_letter(client: CheckedClient, world: World) -> None:
    def answers(email: str) -> list[tuple[int, str]]:
        given = [client.sign_in(email, "a wrong guess") for _ in range(7)]
        without_tokens = [re.sub(r'name="csrf_token" value="[^"]+"', "", each.text) for each in given]
        return [(each.status_code, text.replace(email, "…")) for each, text in zip(given, without_tokens, strict=True)]

    assert answers(world.alice) == answers("nobody@example.org")


def test_the_owner_gets_in_again_when_the_wait_is_over(app: Flask, client: CheckedClient, world: World) -> None:
    for _ in range(6):
        client.sign_in(world.alice, "a wrong guess")
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert client.sign_in(world.alice).status_code == 302


def test_a_browser_that_signed_in_before_does_not_wait_for_strangers(
    app: Flask, alice: CheckedClient, world: World
) -> None:
    alice.send("/en/desk/", "/sign-out")
    for _ in range(6):
        stranger = app.test_client().sign_in(world.alice, "a wrong guess")  # type: ignore[attr-defined]
    assert stranger.status_code == 429
    assert alice.sign_in(world.alice).status_code == 302


def test_the_mark_of_a_browser_is_out_of_reach_of_scripts(app: Flask, alice: CheckedClient, world: World) -> None:
    with app.app_context():
        cookie = alice.get_cookie(devices.name_for(world.alice))
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.max_age == int(devices.KNOWN_FOR.total_seconds())


def test_in_production_the_mark_goes_over_https_alone(database_url: str, world: World) -> None:
    app = make_app(database_url, SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-session")
    browser: CheckedClient = app.test_client()  # type: ignore[assignment]
    page = {"base_url": "https://localhost"}
    token = browser.get(SIGN_IN, **page).text.split('name="csrf_token" value="')[1].split('"')[0]
    typed = {"csrf_token": token, "email": world.alice, "password": PASSWORD}
    answer = browser.post(SIGN_IN, data=typed, headers={"Referer": "https://localhost/"}, **page)
    mark = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("__Host-known-"))
    assert {"Secure", "HttpOnly", "Path=/"} <= set(mark.split("; "))
    assert "Domain" not in mark
    close(app)


def test_a_failed_sign_in_gives_no_mark(client: CheckedClient, world: World) -> None:
    answer = client.sign_in(world.alice, "a wrong guess")
    assert not any("known-" in each for each in answer.headers.getlist("Set-Cookie"))


@pytest.fixture
def computed(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    client.sign_in("nobody@example.org", "the first one makes the hash that is nobody's")
    return hashes.counted(monkeypatch)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("alice@example.org", PASSWORD),
        ("alice@example.org", "a wrong guess"),
        ("alice@example.org", "x" * 5_000),
        ("adam@example.org", PASSWORD),
        ("bruno@example.org", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("no address", PASSWORD),
        ("staff@example.org", PASSWORD),
    ],
)
def test_each_sign_in_computes_one_hash(
    app: Flask, client: CheckedClient, computed: list[str], email: str, password: str
) -> None:
    with in_register(app):
        account("adam@example.org").active = False
        account("bruno@example.org").password = None
    client.sign_in(email, password)
    assert computed == ["verify"]


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"])
def test_who_has_to_wait_costs_no_hash(client: CheckedClient, computed: list[str], email: str) -> None:
    for _ in range(5):
        client.sign_in(email, "a wrong guess")
    computed.clear()
    client.sign_in(email, "a wrong guess")
    assert computed == []


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"])
def test_to_ask_for_a_link_computes_none(client: CheckedClient, computed: list[str], email: str) -> None:
    ask(client, email)
    assert computed == []


def test_no_password_is_in_the_security_log(app: Flask, client: CheckedClient, world: World) -> None:
    for _ in range(6):
        client.sign_in(world.alice, "a wrong guess")
    with app.app_context():
        events = db.session.scalars(sa.select(SecurityEvent)).all()
        assert [event.action for event in events].count(SecurityAction.SIGN_IN_FAILED) == 5
        assert SecurityAction.DELAYED in [event.action for event in events]
        assert not any("wrong guess" in event.said for event in events)
