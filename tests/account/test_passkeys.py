from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.acting import in_register
from tests.checked_client import CheckedClient, text_of
from tests.conftest import close, make_app
from tests.identity.soft_key import PRESENT, SoftKey
from tests.world import World, account
from tracker import demonstration
from tracker.extensions import db
from tracker.identity import passkeys
from tracker.models import Mail, SecurityEvent, SignInSession
from tracker.vocabulary import Notice, SecurityAction, SignInWay

SECURITY = "/en/account/security"
NEW = "/en/account/passkeys/new"
SIGN_IN, SECOND_STEP = "/en/sign-in", "/en/sign-in/second-step"
CONFIRM = "/en/account/confirm"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: pages know no database."""
    return "sqlite"


@pytest.fixture
def alice(sign_in, world: World) -> CheckedClient:
    return sign_in(world.alice)


@pytest.fixture
def key(alice: CheckedClient) -> SoftKey:
    """Return the device with Alice's passkey."""
    return added(alice)


def options(browser: CheckedClient, page: str, address: str, **typed: str) -> str:
    """Fetch what the browser is to be told, as the script on a page does."""
    token = browser.get(page).text.split('name="csrf_token" value="')[-1].split('"')[0]
    answer = browser.post(address, data={"csrf_token": token, **typed})
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/json"
    return answer.text


def added(browser: CheckedClient, name: str = "My phone") -> SoftKey:
    key = SoftKey()
    made = key.make(options(browser, NEW, f"{NEW}/options", name=name))
    assert browser.send(NEW, name=name, answer=made).status_code == 302
    return key


def by_passkey(browser: CheckedClient, key: SoftKey, page: str = SIGN_IN, **lies: Any) -> TestResponse:
    """Sign in with a passkey, on the page for it or as the second step."""
    address = f"{page.partition('?')[0]}/passkey"
    answer = key.answer(options(browser, page, f"{address}/options"), **lies)
    return browser.send(page, address, answer=answer)


def references(app: Flask, email: str) -> list[str]:
    with in_register(app):
        return [each.reference for each in passkeys.of(account(email))]


def way_of_last_session(app: Flask) -> SignInWay:
    with in_register(app):
        query = select(SignInSession.way).order_by(SignInSession.id.desc()).limit(1)
        return db.session.scalars(query).one()


def last_events(app: Flask, count: int) -> list[SecurityAction]:
    with in_register(app):
        query = select(SecurityEvent.action).order_by(SecurityEvent.id.desc()).limit(count)
        return list(db.session.scalars(query))[::-1]


def no_longer_fresh(app: Flask) -> None:
    with in_register(app):
        for each in db.session.scalars(select(SignInSession)):
            each.opened_at -= timedelta(hours=2)
            each.proved_at = each.opened_at


# Adding


def test_a_passkey_is_added_and_shown(alice: CheckedClient) -> None:
    added(alice, "My <phone>")
    page = text_of(alice.get(SECURITY))
    assert "My <phone>" in page
    assert "Never" in page


def test_who_has_no_recovery_codes_is_led_to_them(alice: CheckedClient) -> None:
    made = SoftKey().make(options(alice, NEW, f"{NEW}/options", name="My phone"))
    assert alice.send(NEW, name="My phone", answer=made).location == "/en/account/recovery-codes"


def test_who_has_recovery_codes_is_led_back(alice: CheckedClient) -> None:
    added(alice)
    alice.send("/en/account/recovery-codes")
    made = SoftKey().make(options(alice, NEW, f"{NEW}/options", name="Another"))
    assert alice.send(NEW, name="Another", answer=made).location == SECURITY


@pytest.mark.parametrize("action", ["added", "removed"])
def test_the_owner_is_told_by_mail(app: Flask, world: World, alice: CheckedClient, action: str) -> None:
    added(alice)
    if action == "removed":
        (reference,) = references(app, world.alice)
        alice.send(f"/en/account/passkeys/{reference}/remove")
    with in_register(app):
        mail = db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()
        assert mail.notice is Notice.SIGN_IN_CHANGED
        assert f"passkey_{action}" in mail.facts


@pytest.mark.parametrize(
    ("name", "told"), [(" ", "Give the passkey a name"), ("x" * 101, "Shorten the name to 100 characters or fewer")]
)
def test_a_name_is_asked_for_before_the_browser_makes_anything(alice: CheckedClient, name: str, told: str) -> None:
    token = alice.fill(NEW)[1]["csrf_token"]
    assert alice.post(f"{NEW}/options", data={"csrf_token": token, "name": name}).status_code == 422
    answer = alice.send(NEW, name=name)
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert 'href="#name"' in answer.text
    assert "Your browser made no passkey" not in text_of(answer)


@pytest.mark.parametrize(
    ("sent", "told"),
    [("", "Your browser made no passkey"), ("rubbish", "What your browser sent is not the answer of a passkey")],
)
def test_what_is_no_passkey_is_told_at_the_button(alice: CheckedClient, sent: str, told: str) -> None:
    answer = alice.send(NEW, name="My phone", answer=sent)
    assert answer.status_code == 422
    assert text_of(answer).count(told) == 2
    assert 'href="#passkey"' in answer.text
    assert 'value="My phone"' in answer.text


def test_what_was_refused_is_in_the_log(app: Flask, alice: CheckedClient) -> None:
    made = SoftKey().make(options(alice, NEW, f"{NEW}/options", name="My phone"), origin="https://evil.example")
    assert alice.send(NEW, name="My phone", answer=made).status_code == 422
    assert last_events(app, 1) == [SecurityAction.PASSKEY_REFUSED]


def test_adding_one_asks_for_a_fresh_proof(app: Flask, alice: CheckedClient) -> None:
    no_longer_fresh(app)
    assert alice.get(NEW).location == f"{CONFIRM}?next={NEW}"
    token = alice.fill(CONFIRM)[1]["csrf_token"]
    assert alice.post(f"{NEW}/options", data={"csrf_token": token, "name": "Mine"}).status_code == 403


# Signing in


def test_a_passkey_alone_signs_in(app: Flask, client: CheckedClient, key: SoftKey) -> None:
    assert by_passkey(client, key).location == "/en/account/"
    assert client.get("/en/desk/").status_code == 200
    assert way_of_last_session(app) is SignInWay.PASSKEY


def test_it_leads_back_to_the_page_that_asked_for_it(client: CheckedClient, key: SoftKey) -> None:
    asked = client.get("/en/desk/arcadia/").location
    assert by_passkey(client, key, asked).location == "/en/desk/arcadia/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_it_leads_nowhere_else(client: CheckedClient, key: SoftKey, elsewhere: str) -> None:
    answer = key.answer(options(client, SIGN_IN, f"{SIGN_IN}/passkey/options"))
    sent = client.send(SIGN_IN, f"{SIGN_IN}/passkey", answer=answer, next=elsewhere)
    assert sent.location == "/en/account/"


def test_signing_in_makes_a_new_session_and_token(client: CheckedClient, key: SoftKey) -> None:
    before = client.fill(SIGN_IN)[1]["csrf_token"]
    by_passkey(client, key)
    assert client.post("/en/sign-out", data={"csrf_token": before}).status_code == 400


def test_staff_who_need_a_second_factor_need_no_other(sign_in, app: Flask, client: CheckedClient, world: World) -> None:
    app.config["SECOND_FACTOR"] = "staff"
    sam = sign_in(world.sam)
    assert sam.get("/en/secretariat/").location == SECURITY
    key = added(sam)
    assert sam.get("/en/secretariat/").status_code == 200
    by_passkey(client, key)
    assert client.get("/en/secretariat/").status_code == 200


@pytest.mark.parametrize(
    ("lies", "told"),
    [
        ({"origin": "https://evil.example"}, "made for another website"),
        ({"flags": PRESENT}, "did not check that it is you"),
        ({"count": 0}, "may have been copied"),
        ({"person": b"person/other"}, "made for somebody else"),
    ],
)
def test_one_that_is_refused_says_why(client: CheckedClient, key: SoftKey, lies: dict[str, Any], told: str) -> None:
    by_passkey(client, key)
    client.send(SECURITY, "/en/sign-out")
    answer = by_passkey(client, key, **lies)
    assert answer.status_code == 422
    assert text_of(answer).count(told) == 2
    assert client.get("/en/desk/").status_code == 302


def test_one_that_may_be_a_copy_is_in_the_log(app: Flask, client: CheckedClient, key: SoftKey) -> None:
    by_passkey(client, key)
    by_passkey(app.test_client(), key, count=1)  # type: ignore[arg-type]  # ours
    with in_register(app):
        event = db.session.scalars(select(SecurityEvent).order_by(SecurityEvent.id.desc()).limit(1)).one()
        assert (event.action, event.said) == (SecurityAction.PASSKEY_REFUSED, '{"why": "possible_copy"}')
        assert event.account is not None


def test_an_answer_sent_again_lets_nobody_in(app: Flask, client: CheckedClient, key: SoftKey) -> None:
    answer = key.answer(options(client, SIGN_IN, f"{SIGN_IN}/passkey/options"))
    assert client.send(SIGN_IN, f"{SIGN_IN}/passkey", answer=answer).status_code == 302
    thief: CheckedClient = app.test_client()  # type: ignore[assignment]
    again = thief.send(SIGN_IN, f"{SIGN_IN}/passkey", answer=answer)
    assert again.status_code == 422
    assert "or was sent before" in text_of(again)


def test_one_that_was_removed_lets_nobody_in(app: Flask, world: World, alice: CheckedClient, key: SoftKey) -> None:
    (reference,) = references(app, world.alice)
    assert alice.send(f"/en/account/passkeys/{reference}/remove").location == SECURITY
    answer = by_passkey(app.test_client(), key)  # type: ignore[arg-type]  # ours
    assert answer.status_code == 422
    assert "does not know this passkey" in text_of(answer)


def test_a_closed_account_lets_nobody_in(app: Flask, client: CheckedClient, world: World, key: SoftKey) -> None:
    with in_register(app):
        account(world.alice).active = False
    answer = by_passkey(client, key)
    assert answer.status_code == 422
    assert "This account is closed" in text_of(answer)


def test_an_account_of_the_demo_lets_nobody_in_elsewhere(database_url: str) -> None:
    app = make_app(database_url, DEMO=True)
    with in_register(app):
        demonstration.make()
    owner: CheckedClient = app.test_client()  # type: ignore[assignment]
    owner.sign_in("staff@example.org", demonstration.PASSWORD)
    key = added(owner)
    app.config["DEMO"] = False
    assert by_passkey(app.test_client(), key).status_code == 422  # type: ignore[arg-type]  # ours
    close(app)


def test_without_an_address_for_them_there_are_none(app: Flask, client: CheckedClient) -> None:
    app.config["ADDRESS"] = "http://127.0.0.1:8000"
    page = client.get(SIGN_IN)
    assert "Passkeys cannot be used in this register" in text_of(page)
    assert "data-passkey" not in page.text
    token = client.fill(SIGN_IN)[1]["csrf_token"]
    assert client.post(f"{SIGN_IN}/passkey/options", data={"csrf_token": token}).status_code == 409


def test_whoever_asks_at_another_host_is_told_the_registers_own(client: CheckedClient) -> None:
    page = client.get(SIGN_IN, headers={"Host": "localhost"}).text
    assert 'data-origin="https://register.example.org"' in page
    assert 'href="https://register.example.org/en/sign-in"' in page


# The second step


def test_it_is_a_second_factor(app: Flask, client: CheckedClient, world: World, key: SoftKey) -> None:
    assert client.sign_in(world.alice).location == SECOND_STEP
    assert client.get("/en/desk/").status_code == 302
    assert by_passkey(client, key, SECOND_STEP).location == "/en/account/"
    assert client.get("/en/desk/").status_code == 200
    assert way_of_last_session(app) is SignInWay.PASSWORD_AND_PASSKEY


def test_another_persons_passkey_is_no_second_factor(
    sign_in, client: CheckedClient, world: World, key: SoftKey
) -> None:
    brunos = added(sign_in(world.bruno))
    client.sign_in(world.alice)
    answer = by_passkey(client, brunos, SECOND_STEP)
    assert answer.status_code == 422
    assert "not one of this account" in text_of(answer)
    assert client.get("/en/desk/").status_code == 302


def test_one_that_is_refused_as_second_factor_says_why(client: CheckedClient, world: World, key: SoftKey) -> None:
    client.sign_in(world.alice)
    answer = by_passkey(client, key, SECOND_STEP, flags=PRESENT)
    assert answer.status_code == 422
    assert "did not check that it is you" in text_of(answer)


def test_who_has_no_first_factor_is_asked_for_no_second(client: CheckedClient, key: SoftKey) -> None:
    token = client.fill(SIGN_IN)[1]["csrf_token"]
    assert client.post(f"{SECOND_STEP}/passkey/options", data={"csrf_token": token}).status_code == 403
    answer = client.post(f"{SECOND_STEP}/passkey", data={"csrf_token": token, "answer": "{}"})
    assert answer.location == SIGN_IN


# A fresh proof


def test_it_proves_that_it_is_you(app: Flask, alice: CheckedClient, key: SoftKey) -> None:
    no_longer_fresh(app)
    address, fields = alice.fill(alice.get(NEW).location)
    del fields["proof-password"]
    fields["proof-passkey"] = key.answer(options(alice, CONFIRM, f"{CONFIRM}/options"))
    assert alice.post(address, data=fields).location == NEW
    assert alice.get(NEW).status_code == 200
    assert last_events(app, 1) == [SecurityAction.CONFIRMED_IDENTITY]


@pytest.mark.parametrize("whose", ["bruno's", "a forger's"])
def test_another_ones_does_not_prove_that_it_is_you(
    app: Flask, sign_in, alice: CheckedClient, key: SoftKey, whose: str
) -> None:
    other = added(sign_in("bruno@example.org")) if whose == "bruno's" else SoftKey()
    no_longer_fresh(app)
    address, fields = alice.fill(CONFIRM)
    del fields["proof-password"]
    fields["proof-passkey"] = other.answer(options(alice, CONFIRM, f"{CONFIRM}/options"))
    answer = alice.post(address, data=fields)
    assert answer.status_code == 422
    assert 'href="#passkey"' in answer.text
    assert alice.get(NEW).status_code == 302
    assert last_events(app, 1) == [SecurityAction.PASSKEY_REFUSED]


def test_a_form_that_was_sent_too_late_goes_on_with_a_passkey(
    app: Flask, world: World, alice: CheckedClient, key: SoftKey
) -> None:
    (reference,) = references(app, world.alice)
    page = f"/en/account/passkeys/{reference}/rename"
    address, fields = alice.fill(page, name="The blue key")
    no_longer_fresh(app)
    asked = alice.post(address, data=fields)
    assert asked.status_code == 403
    answer = key.answer(options(alice, CONFIRM, f"{CONFIRM}/options"))
    assert alice.post(address, data={**fields, "proof-passkey": answer}).location == SECURITY
    assert "The blue key" in text_of(alice.get(SECURITY))


# Renaming and removing


def test_a_passkey_is_renamed(app: Flask, world: World, alice: CheckedClient, key: SoftKey) -> None:
    (reference,) = references(app, world.alice)
    page = f"/en/account/passkeys/{reference}/rename"
    assert alice.fill(page)[1]["name"] == "My phone"
    assert alice.send(page, name=" The  blue key\n").location == SECURITY
    assert "The blue key" in text_of(alice.get(SECURITY))


def test_a_name_may_not_be_empty(app: Flask, world: World, alice: CheckedClient, key: SoftKey) -> None:
    (reference,) = references(app, world.alice)
    answer = alice.send(f"/en/account/passkeys/{reference}/rename", name="")
    assert answer.status_code == 422
    assert "Give the passkey a name" in text_of(answer)


@pytest.mark.parametrize("what", ["rename", "remove"])
def test_nobody_elses_is_found(app: Flask, sign_in, alice: CheckedClient, key: SoftKey, what: str) -> None:
    (reference,) = references(app, "alice@example.org")
    bruno = sign_in("bruno@example.org")
    address = f"/en/account/passkeys/{reference}/{what}"
    assert bruno.get(address).status_code == 404
    token = bruno.fill(NEW)[1]["csrf_token"]
    assert bruno.post(address, data={"csrf_token": token, "name": "Mine"}).status_code == 404
    assert references(app, "alice@example.org") == [reference]


def test_the_last_one_that_is_needed_stays_and_the_page_says_why(app: Flask, sign_in, world: World) -> None:
    app.config["SECOND_FACTOR"] = "staff"
    sam = sign_in(world.sam)
    added(sam)
    (reference,) = references(app, world.sam)
    page = sam.get(f"/en/account/passkeys/{reference}/remove")
    assert "your only second factor" in text_of(page)
    assert 'action="/en/account/passkeys' not in page.text
    token = sam.fill(NEW)[1]["csrf_token"]
    answer = sam.post(f"/en/account/passkeys/{reference}/remove", data={"csrf_token": token})
    assert answer.status_code == 409
    assert "your only second factor" in text_of(answer)
    assert references(app, world.sam) == [reference]
