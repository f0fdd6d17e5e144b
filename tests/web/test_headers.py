from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.http import parse_cookie
from werkzeug.test import Client, TestResponse

from config import Settings
from tests.conftest import KEY
from tests.world import PASSWORD, World
from tracker import create_app
from tracker.access import Audience, open_to
from tracker.extensions import db
from tracker.web.headers import ALWAYS

HERE = "https://register.example"
PAGE = "/en/clean-rivers"
SIGN_IN = "/en/sign-in"
#: Nothing of what these tests show depends on the database.
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)

YEAR = 365 * 24 * 60 * 60


def broken() -> None:
    raise ZeroDivisionError


@pytest.fixture
def settled(app: Flask, world: World) -> Flask:
    """Return the application as it answers outside tests, with a page and an address of the API that fail."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/en/broken", "broken", open_to(Audience.PUBLIC)(broken))
    app.add_url_rule("/api/v1/broken", "broken_too", open_to(Audience.PUBLIC)(broken))
    return app


@pytest.fixture
def reader(settled: Flask) -> Client:
    return Client(settled)


@pytest.fixture
def production(database_url: str, world: World) -> Iterator[Flask]:
    """Return the application with the settings of production."""
    settings = Settings(database_url=database_url, secret_key=KEY, environment="production", address=HERE, testing=True)
    app = create_app(settings)
    yield app
    app.extensions["page_cache_head"].close()
    with app.app_context():
        db.engine.dispose()


def signed_in(app: Flask, email: str, **more: str) -> tuple[Client, list[str]]:
    """Sign somebody in over HTTPS; return their browser and every cookie that was set on the way."""
    browser = Client(app)
    page = browser.get(SIGN_IN, base_url=HERE)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    answer = browser.post(
        SIGN_IN,
        base_url=HERE,
        headers={"Referer": HERE + SIGN_IN},
        data={"csrf_token": token[1], "email": email, "password": PASSWORD, **more},
    )
    assert answer.status_code == 302
    return browser, [*page.headers.getlist("Set-Cookie"), *answer.headers.getlist("Set-Cookie")]


def conditional(reader: Client, address: str) -> TestResponse:
    first = reader.get(address)
    first.close()
    return reader.get(address, headers={"If-None-Match": first.headers["ETag"]})


ANSWERS: dict[str, tuple[int, Callable[[Client], TestResponse]]] = {
    "page": (200, lambda reader: reader.get(PAGE)),
    "page from memory": (200, lambda reader: reader.get(PAGE)),
    "head of a page": (200, lambda reader: reader.head(PAGE)),
    "compressed page": (200, lambda reader: reader.get(PAGE, headers={"Accept-Encoding": "gzip"})),
    "page not modified": (304, lambda reader: conditional(reader, PAGE)),
    "form": (200, lambda reader: reader.get(SIGN_IN)),
    "form without its token": (400, lambda reader: reader.post(SIGN_IN)),
    "way to sign in": (302, lambda reader: reader.get("/en/desk/")),
    "entrance": (302, lambda reader: reader.get("/")),
    "address without its slash": (308, lambda reader: reader.get("/en")),
    "not found": (404, lambda reader: reader.get("/en/nothing")),
    "no address at all": (404, lambda reader: reader.get("/nothing/of/the/kind")),
    "wrong method": (405, lambda reader: reader.delete(PAGE)),
    "too large": (413, lambda reader: reader.post(SIGN_IN, data={"email": "x" * 2_000_000})),
    "broken page": (500, lambda reader: reader.get("/en/broken")),
    "API": (200, lambda reader: reader.get("/api/v1/cohorts/clean-rivers/tally")),
    "API not modified": (304, lambda reader: conditional(reader, "/api/v1/cohorts/clean-rivers/tally")),
    "API not found": (404, lambda reader: reader.get("/api/v1/nothing")),
    "API refused": (422, lambda reader: reader.get("/api/v1/cohorts/clean-rivers/tally?as_at=soon")),
    "broken API": (500, lambda reader: reader.get("/api/v1/broken")),
    "static": (200, lambda reader: reader.get("/static/css/tracker.css")),
    "static for ever": (200, lambda reader: reader.get("/static/css/tracker.css?v=1")),
    "static not modified": (304, lambda reader: conditional(reader, "/static/css/tracker.css")),
    "static not found": (404, lambda reader: reader.get("/static/nothing.css")),
    "options": (200, lambda reader: reader.options(PAGE)),
}


def test_every_kind_of_answer_has_the_security_headers(reader: Client, subtests: pytest.Subtests) -> None:
    for what, (status, ask) in ANSWERS.items():
        with subtests.test(what):
            answer = ask(reader)
            answer.close()
            assert answer.status_code == status
            assert {name: answer.headers.get_all(name) for name in ALWAYS} == {
                name: [value] for name, value in ALWAYS.items()
            }
            assert len(answer.headers.get_all("Cache-Control")) == 1


@on_sqlite
def test_an_answer_says_who_may_keep_it(reader: Client, subtests: pytest.Subtests) -> None:
    kept = {
        "page": "public, no-cache",
        "page not modified": "public, no-cache",
        "API": "public, no-cache",
        "static": "public, no-cache",
        "static for ever": "public, max-age=31536000, immutable",
        "form": "no-store",
        "way to sign in": "no-store",
        "not found": "no-store",
        "broken page": "no-store",
    }
    for what, expected in kept.items():
        with subtests.test(what):
            answer = ANSWERS[what][1](reader)
            answer.close()
            assert answer.headers["Cache-Control"] == expected


@on_sqlite
def test_a_missing_static_file_is_not_kept_for_ever(reader: Client) -> None:
    assert reader.get("/static/nothing.css?v=1").headers["Cache-Control"] == "no-store"


@on_sqlite
def test_what_a_person_sees_after_signing_in_is_kept_nowhere(sign_in, world: World) -> None:
    answer = sign_in(world.alice).get("/en/desk/arcadia/")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", [PAGE, "/api/v1/cohorts/clean-rivers/tally"])
def test_a_register_whose_database_does_not_answer_says_so_with_every_header(
    settled: Flask, reader: Client, address: str
) -> None:
    with settled.app_context(), db.engine.begin() as connection:
        for table in ("ledger_head", "cohort"):
            connection.execute(sa.text(f"ALTER TABLE {table} RENAME TO mislaid_{table}"))
    answer = reader.get(address)
    assert answer.status_code == 500
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert answer.headers["Cache-Control"] == "no-store"


@on_sqlite
def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline(reader: Client) -> None:
    policy = dict(
        directive.strip().split(" ", 1) for directive in reader.get(PAGE).headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert set(policy.values()) == {"'none'", "'self'"}


@on_sqlite
def test_nothing_is_permitted_but_passkeys_on_our_own_pages(reader: Client) -> None:
    permitted = reader.get(PAGE).headers["Permissions-Policy"].split(", ")
    assert [each for each in permitted if not each.endswith("=()")] == [
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]


@on_sqlite
def test_no_page_needs_more_than_the_policy_gives(reader: Client, sign_in, world: World) -> None:
    alice = sign_in(world.alice)
    for page in (reader.get(PAGE), reader.get("/en/nothing"), reader.get(SIGN_IN), alice.get("/en/desk/arcadia/")):
        assert not re.search(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=|javascript:", page.text)
        assert not re.search(r'(?:src|href)="(?:https?:)?//(?!register\.example\.org/)', page.text)


@on_sqlite
def test_no_answer_tells_what_it_runs_on(reader: Client) -> None:
    for _, ask in ANSWERS.values():
        answer = ask(reader)
        answer.close()
        assert answer.headers["Server"] == "register"
        assert "X-Powered-By" not in answer.headers


@on_sqlite
def test_a_failure_tells_nothing_of_its_inside(reader: Client) -> None:
    for address in ("/en/broken", "/api/v1/broken"):
        assert "ZeroDivision" not in reader.get(address).text


@on_sqlite
def test_browsers_are_held_to_https_in_production_alone(
    production: Flask, reader: Client, subtests: pytest.Subtests
) -> None:
    for address in (PAGE, "/en/nothing", SIGN_IN, "/static/css/tracker.css", "/"):
        with subtests.test(address):
            there, here = Client(production).get(address, base_url=HERE), reader.get(address)
            assert there.headers["Strict-Transport-Security"] == f"max-age={YEAR}; includeSubDomains"
            assert "Strict-Transport-Security" not in here.headers
            there.close()
            here.close()


@on_sqlite
@pytest.mark.parametrize("more", [{}, {"remember": "y"}], ids=["for now", "remembered"])
def test_every_cookie_of_production_is_kept_from_scripts_and_from_plain_http(
    production: Flask, world: World, more: dict[str, str]
) -> None:
    _browser, cookies = signed_in(production, world.alice, **more)
    assert cookies
    for cookie in cookies:
        attributes = {part.strip().partition("=")[0]: part.strip().partition("=")[2] for part in cookie.split(";")[1:]}
        assert {"Secure", "HttpOnly"} <= attributes.keys(), cookie
        assert attributes["SameSite"] == "Lax", cookie
        assert attributes["Path"] == "/", cookie
        assert "Domain" not in attributes, cookie


@on_sqlite
def test_every_cookie_of_production_belongs_to_one_host(production: Flask, world: World) -> None:
    _browser, cookies = signed_in(production, world.alice)
    assert all(name.startswith("__Host-") for cookie in cookies for name in parse_cookie(cookie.split(";")[0]))


@on_sqlite
def test_nobody_stays_signed_in_longer_than_a_session(production: Flask, world: World) -> None:
    _browser, cookies = signed_in(production, world.alice, remember="y")
    sessions = [cookie for cookie in cookies if "session" in cookie.split("=")[0]]
    assert sessions
    assert not [cookie for cookie in sessions if "Expires" in cookie or "Max-Age" in cookie]


@on_sqlite
def test_a_laptop_needs_no_https_to_sign_in(reader: Client) -> None:
    [cookie] = reader.get(SIGN_IN).headers.getlist("Set-Cookie")
    assert "Secure" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@on_sqlite
def test_an_anonymous_reader_gets_no_cookie(production: Flask) -> None:
    reader = Client(production)
    for address in (PAGE, "/", "/en/nothing", "/static/css/tracker.css", "/api/v1/cohorts/clean-rivers/tally"):
        answer = reader.get(address, base_url=HERE)
        answer.close()
        assert "Set-Cookie" not in answer.headers


@on_sqlite
def test_a_page_says_its_address_as_the_settings_name_it(reader: Client) -> None:
    page = reader.get(PAGE)
    assert f'<link rel="canonical" href="https://register.example.org{PAGE}">' in page.text
    assert 'hreflang="fr" href="https://register.example.org/fr/clean-rivers">' in page.text
