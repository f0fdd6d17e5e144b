"""What the register shows of itself, and what it takes, beyond what its pages need: nothing."""

import re

import pytest
from flask import Flask
from werkzeug.test import Client

from config import PROJECT, STATIC, Settings
from tests.acting import in_register
from tests.checked_client import CheckedClient
from tests.conftest import KEY
from tests.web.test_headers import ANSWERS, PAGE
from tests.world import World, account

SCRIPTS = sorted((STATIC / "js").glob("*.js"))

#: What can turn a text into markup or code, keep it in the browser, or take it from another page.
DANGEROUS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|\bFunction\(|srcdoc"
    r"|localStorage|sessionStorage|indexedDB|document\.cookie|postMessage|__proto__|javascript:"
)


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: nothing here depends on the database."""
    return "sqlite"


@pytest.fixture
def reader(app: Flask, world: World) -> Client:
    return Client(app)


@pytest.mark.parametrize("what", [what for what in ANSWERS if "broken" not in what])
def test_an_answer_with_a_body_says_its_type_and_its_encoding(reader: Client, what: str) -> None:
    answer = ANSWERS[what][1](reader)
    if answer.data:
        kind = answer.headers["Content-Type"]
        assert kind in ("application/json", "application/problem+json") or kind.endswith("; charset=utf-8")
    answer.close()


@pytest.mark.parametrize("what", ["page", "API", "API not found", "form", "static", "options"])
def test_no_answer_lets_a_page_from_elsewhere_read_it(app: Flask, world: World, what: str) -> None:
    reader = Client(lambda environ, respond: app({**environ, "HTTP_ORIGIN": "https://evil.example"}, respond))
    answer = ANSWERS[what][1](reader)
    answer.close()
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("address", [PAGE, "/api/v1/cohorts/clean-rivers/tally", "/en/sign-in", "/en/desk/"])
def test_a_method_that_nothing_needs_is_refused(reader: Client, address: str, method: str) -> None:
    answer = reader.open(address, method=method, headers={"Cookie": "told=back"})
    assert answer.status_code == 405
    assert "told=back" not in answer.text


@pytest.mark.parametrize("path", ["/.git/config", "/.git/", "/config.py", "/instance/secret-key", "/Makefile"])
@pytest.mark.parametrize("before", ["", "/static", "/static/..", "/static/%2e%2e", "/static/css/..%2f..", "/en"])
def test_nothing_of_the_projects_folder_is_served(reader: Client, before: str, path: str) -> None:
    assert reader.get(before + path).status_code in (404, 308)
    assert reader.get(before + path, follow_redirects=True).status_code == 404


@pytest.mark.parametrize("folder", ["/static/", "/static/css/", "/static/vendor", "/static/vendor/"])
def test_no_folder_is_listed(reader: Client, folder: str) -> None:
    assert reader.get(folder).status_code == 404


def test_nothing_of_the_environment_switches_debugging_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    made = Flask(__name__)
    made.config.from_mapping(Settings(secret_key=KEY).flask())
    assert not made.debug


def test_fields_that_a_form_does_not_have_change_nothing(app: Flask, sign_in, world: World) -> None:
    alice: CheckedClient = sign_in(world.alice)
    more = {"name": "Eve", "email": "eve@example.org", "active": "", "roles": "administrator", "id": "1"}
    assert alice.send("/en/account/language", mails_in="fr", **more).status_code == 302
    with in_register(app):
        now = account(world.alice)
        assert now.language == "fr"
        assert (now.name, now.active, now.is_staff) == ("Alice", True, False)


def test_a_field_for_a_password_hides_it_and_lets_programs_fill_it_in(client: CheckedClient, world: World) -> None:
    page = client.send("/en/sign-in", email=world.alice, password="not that one")
    assert page.status_code == 422
    [field] = re.findall(r'<input [^>]*name="password"[^>]*>', client.get("/en/sign-in").text)
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    assert "not that one" not in page.text


PAGES_OF = {"alice": ["desk/", "desk/arcadia/", "account/security"], "sam": ["secretariat/", "secretariat/mail"]}


@pytest.mark.parametrize(("who", "page"), [(who, page) for who, pages in PAGES_OF.items() for page in pages])
def test_every_page_of_who_signed_in_lets_them_sign_out(sign_in, world: World, who: str, page: str) -> None:
    shown = sign_in(getattr(world, who)).get(f"/en/{page}")
    assert shown.status_code == 200
    [form] = re.findall(r'<form [^>]*action="/en/sign-out">.*?</form>', shown.text, re.DOTALL)
    assert "hidden>" not in form
    assert "<button" in form


def test_signing_out_clears_what_the_browser_kept(sign_in, world: World) -> None:
    answer = sign_in(world.alice).send("/en/account/security", action="/en/sign-out")
    assert answer.status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"cache"'


def test_there_are_scripts() -> None:
    assert SCRIPTS


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_no_script_makes_markup_or_code_of_texts_or_keeps_anything(script) -> None:
    assert DANGEROUS.findall(script.read_text()) == []


def test_nothing_of_the_tests_is_needed_to_run() -> None:
    needed = (PROJECT / "requirements" / "run.in").read_text()
    assert not re.search(r"^(-r|pytest|playwright|bandit|pip-audit)", needed, re.MULTILINE)
