from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.acting import in_register
from tests.checked_client import CheckedClient, text_of
from tests.conftest import close, make_app
from tests.world import PASSWORD, World, account
from tracker import demonstration

SIGN_IN = "/en/sign-in"
WRONG = "The e-mail address and the password do not belong together"


def test_a_representative_arrives_at_the_desk(client: CheckedClient, world: World) -> None:
    assert client.sign_in(world.alice).location == "/en/account/"
    assert client.get("/en/account/").location == "/en/desk/"


def test_staff_arrive_at_the_queue(client: CheckedClient, world: World) -> None:
    client.sign_in(world.sam)
    assert client.get("/en/account/").location == "/en/secretariat/"


def test_the_address_may_be_typed_in_capitals(client: CheckedClient) -> None:
    assert client.sign_in("ALICE@Example.org").status_code == 302


def test_it_leads_back_to_the_page_that_asked_for_it(client: CheckedClient, world: World) -> None:
    asked = client.get("/en/desk/arcadia/")
    assert client.send(asked.location, email=world.alice, password=PASSWORD).location == "/en/desk/arcadia/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_it_leads_nowhere_else(client: CheckedClient, world: World, elsewhere: str) -> None:
    answer = client.post(f"{SIGN_IN}?next={elsewhere}", data=_typed(client, world.alice, PASSWORD))
    assert answer.status_code == 302
    assert urlsplit(answer.location).netloc == ""


@pytest.mark.parametrize(
    ("email", "password"), [("alice@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("no address", PASSWORD)]
)
def test_it_says_the_same_whether_or_not_the_account_exists(
    client: CheckedClient, world: World, email: str, password: str
) -> None:
    answer = client.sign_in(email, password)
    assert answer.status_code == 422
    assert WRONG in text_of(answer)
    assert email in answer.text


def test_both_fields_are_asked_for_at_once(client: CheckedClient, world: World) -> None:
    answer = client.sign_in("", "")
    assert answer.status_code == 422
    assert "Enter your e-mail address" in text_of(answer)
    assert "Enter your password" in text_of(answer)
    assert answer.text.count("<title>Error: Sign in") == 1


def test_a_deactivated_person_does_not_get_in(app: Flask, client: CheckedClient, world: World) -> None:
    with in_register(app):
        account(world.alice).active = False
    assert client.sign_in(world.alice).status_code == 422


def test_a_person_deactivated_meanwhile_is_out_at_once(app: Flask, client: CheckedClient, world: World) -> None:
    client.sign_in(world.alice)
    with in_register(app):
        account(world.alice).active = False
    answer = client.get("/en/desk/")
    assert (answer.status_code, "Your account is deactivated" in answer.text) == (403, True)
    assert client.get("/en/desk/").location.startswith("/en/sign-in")


def test_sign_out_is_by_post_alone(client: CheckedClient, world: World) -> None:
    client.sign_in(world.alice)
    assert client.get("/en/sign-out").status_code == 404
    assert client.get("/en/desk/").status_code == 200
    page = client.get("/en/desk/")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post("/en/sign-out", data={"csrf_token": token}).status_code == 302
    assert client.get("/en/desk/").status_code == 302


def test_a_session_without_its_form_token_is_refused(client: CheckedClient, world: World) -> None:
    client.sign_in(world.alice)
    answer = client.post("/en/sign-out")
    assert answer.status_code == 400
    assert "Open the page anew" in text_of(answer)


def test_it_speaks_french(client: CheckedClient) -> None:
    answer = client.send("/fr/sign-in", email="", password="")
    assert "Saisissez votre adresse électronique" in text_of(answer)


def _typed(client: CheckedClient, email: str, password: str) -> dict[str, str]:
    token = client.get(SIGN_IN).text.split('name="csrf_token" value="')[1].split('"')[0]
    return {"csrf_token": token, "email": email, "password": password}


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app: Flask, client: CheckedClient, world: World) -> None:
    client.sign_in(world.alice)
    copied = client.get_cookie("session")
    client.send("/en/desk/", "/sign-out")
    thief = app.test_client()
    thief.set_cookie("session", copied.value)
    assert thief.get("/en/desk/").status_code == 302


def test_the_token_of_before_signing_in_is_worth_nothing_afterwards(client: CheckedClient, world: World) -> None:
    _, fields = client.fill("/en/sign-in")
    client.sign_in(world.alice)
    assert client.post("/en/sign-out", data={"csrf_token": fields["csrf_token"]}).status_code == 400


@pytest.mark.parametrize("nonsense", ["//[::1", "http://[evil", "x" * 5000])
def test_nonsense_to_go_back_to_is_forgotten(client: CheckedClient, world: World, nonsense: str) -> None:
    assert client.get(SIGN_IN, query_string={"next": nonsense}).status_code == 200
    answer = client.send(SIGN_IN, email=world.alice, password=PASSWORD, next=nonsense)
    assert answer.location == "/en/account/"


def test_a_new_secret_key_keeps_nobody_out(client: CheckedClient, database_url: str, world: World) -> None:
    client.sign_in(world.alice)
    other = make_app(database_url, SECRET_KEY="another key, long enough to be one: 9876543210")
    assert other.test_client().sign_in(world.alice).location == "/en/account/"  # type: ignore[attr-defined]
    close(other)


@pytest.mark.parametrize("demo", [True, False])
def test_the_demos_accounts_get_in_only_where_the_demo_is_on(database_url: str, demo: bool) -> None:
    app = make_app(database_url, DEMO=True)
    with in_register(app):
        demonstration.make()
    app.config["DEMO"] = demo
    answer = app.test_client().sign_in("staff@example.org", demonstration.PASSWORD)  # type: ignore[attr-defined]
    assert answer.status_code == (302 if demo else 422)
    assert (WRONG in answer.text) is not demo
    close(app)
