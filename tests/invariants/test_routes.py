"""Rules that hold for every address."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, request_finished
from werkzeug.routing import Map

from tests.acting import in_register
from tests.conftest import make_app
from tests.invariants.walking import forms_on, methods_of, on_sqlite, person_for, routes, settle, walkers
from tests.world import World, account
from tracker.extensions import db

ADDRESSES = Path(__file__).with_name("addresses.txt")

#: These pages only lead to others.
LEAD_ELSEWHERE = {"public.entrance", "account.home"}

#: The provider of an organisation sends people here, and can do so by GET alone; who was not sent is told so, and it is
#: written down.
ANSWERS_A_PROVIDER = "account.back_from_organisation"


@pytest.fixture(scope="module")
def url_map(migrated_file: Path) -> Iterator[Map]:
    app = make_app(f"sqlite:///{migrated_file}")
    yield app.url_map
    app.extensions["page_cache_head"].close()


def test_a_route_shows_or_does_and_never_both(url_map: Map) -> None:
    both = {rule.endpoint for rule in url_map.iter_rules() if methods_of(rule) not in ({"GET"}, {"POST"})}
    assert both == set()


def test_addresses_are_lower_case_words_joined_by_hyphens_or_end_as_a_file_does(url_map: Map) -> None:
    words = {word for rule in url_map.iter_rules() for word in re.sub("<[^>]*>", "value", rule.rule).split("/")}
    words.remove(".well-known")  # where RFC 8615 has everybody look
    assert [word for word in words if word and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?", word)] == []


def test_every_address_is_kept(url_map: Map) -> None:
    # An address that disappears breaks the links of others: take it out of the file only with a redirect in its place.
    kept = ADDRESSES.read_text().splitlines()
    assert kept == sorted({rule.rule for rule in url_map.iter_rules()})


@contextmanager
def watched(app: Flask) -> Iterator[list[str]]:
    """Collect what requests do to the database beyond reading it, and what they leave in the session."""
    noticed: list[str] = []

    def note_statement(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("SELECT") or "FOR UPDATE" in statement:
            noticed.append(statement)

    def note_session(*_: Any, **__: Any) -> None:
        noticed.extend(map(repr, [*db.session.new, *db.session.dirty, *db.session.deleted]))

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note_statement)
    with request_finished.connected_to(note_session, app):
        yield noticed
    sa.event.remove(engine, "before_cursor_execute", note_statement)


def test_showing_changes_nothing_but_the_security_log(app: Flask, world: World) -> None:
    pages = [each for each in routes(app, settle(app, world), "GET") if each.endpoint != ANSWERS_A_PROVIDER]
    browsers = walkers(app, world).values()
    with watched(app) as noticed:
        for browser in browsers:
            for page in pages:
                browser.get(page.address, buffered=True)
    downloads = [each for each in noticed if each.startswith("INSERT INTO security_event")]
    begun = ["BEGIN IMMEDIATE"] * len(downloads)  # by SQLite's writers; all others hold nobody up
    rest = [each for each in noticed if each != "BEGIN" and each not in downloads]
    assert rest in (begun, [])


@on_sqlite
def test_a_change_would_be_noticed(app: Flask, world: World) -> None:
    with watched(app) as noticed, in_register(app):
        account(world.alice).name = "Alicia"
    assert any(each.startswith("UPDATE account") for each in noticed)


@on_sqlite
def test_every_page_is_shown_to_whom_it_is_for(app: Flask, world: World) -> None:
    pages, browsers = routes(app, settle(app, world), "GET"), walkers(app, world)
    shown = {
        page.endpoint: browsers[person_for(page, world)].get(page.address, buffered=True).status_code for page in pages
    }
    assert {endpoint for endpoint, status in shown.items() if status != 200} == {*LEAD_ELSEWHERE, ANSWERS_A_PROVIDER}


@on_sqlite
def test_every_route_that_does_something_has_its_form(app: Flask, world: World) -> None:
    reference = settle(app, world)
    offered = set()
    for browser in walkers(app, world).values():
        offered |= forms_on(browser, routes(app, reference, "GET")).keys()
    known = {route.address for route in routes(app, reference, "POST")}
    assert known - offered == set()
    # Beside these, the pages of the other proposals offer the same for theirs.
    assert {unreferenced(address) for address in offered} - {unreferenced(address) for address in known} == set()


def unreferenced(address: str) -> str:
    """Return an address without the reference of the one thing that it is about."""
    part = r"/(outcomes|areas|co-leads|sources|headings|recommendations)/[0-9]+/remove$"  # each member has its own
    return re.sub(part, "/co-leads/1/remove", re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", address))
