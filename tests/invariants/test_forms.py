"""Every form and every address survives rubbish: it is told what is wrong, on a page without a fault."""

import json
import unicodedata
from collections.abc import Callable, Iterable
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.acting import open_one
from tests.checked_client import CheckedClient, text_of, values_of
from tests.invariants.walking import TYPED, Route, forms_on, on_sqlite, person_for, routes, settle, walkers
from tests.world import World, status_of
from tracker import clock, ledger
from tracker.extensions import db
from tracker.models import Proposal
from tracker.texts import cleaned
from tracker.verifying import recount
from tracker.vocabulary import Status

on_postgresql = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)

#: What an HTTP client can put where a text is expected.
RUBBISH = {
    "nothing": b"",
    "a NUL": b"a\x00b",
    "no UTF-8": b"\xff\xfe",
    "half a surrogate pair": b"\xed\xa0\x80",
    "control characters": b"\x07\x1b[31m\x7f",
    "late control characters": "\x80\x9f".encode(),
    "noncharacters": "\ufdd0\uffff".encode(),
    "a right-to-left override": "\u202e".encode(),
    "white space": " \t\r\n\u2028\u3000".encode(),
    "foreign digits": "٣²".encode(),
    "a huge number": b"9" * 5_000,
    "a number below all": b"-1",
    "a long text": b"x" * 20_000,
    "markup": b"\"'</textarea><script>{{ 7*7 }}",
    "a way out": b"../../../etc/passwd",
}

#: The arguments that some page reads from a query.
ARGUMENTS = (b"as_at", b"as-at", b"kind", b"language", b"next", b"page", b"participant", b"status", b"v")

#: The statuses of an answer that tells what became of a form (200: it comes back with more fields, or fewer, as asked),
#: and of one to a request for a page.
TOLD = {200, 302, 400, 404, 409, 413, 415, 422}
SHOWN = TOLD | {308}

anything = st.one_of(st.sampled_from([*RUBBISH.values()]), st.text(max_size=20).map(str.encode), st.binary(max_size=20))

Fields = list[tuple[bytes, bytes]]
Body = tuple[bytes, str]


class Form:
    """A form as the person for whom it is has it open, in the state in which it can be sent."""

    def __init__(self, route: Route, form: Any, browser: CheckedClient) -> None:
        cookie = browser.get_cookie("session")
        assert cookie is not None
        typed = values_of(form) | TYPED.get(route.endpoint, {})
        self.browser = browser.application.test_client()
        self.route = route
        self.cookie = cookie.value
        self.token = typed.pop("csrf_token")
        self.typed = {
            name.encode(): (value if isinstance(value, str) else value[0]).encode() for name, value in typed.items()
        }
        self.names = sorted({each.get("name").encode() for each in form.iter() if each.get("name")} - {b"csrf_token"})

    def __repr__(self) -> str:
        return self.route.endpoint

    def send(self, body: bytes, content_type: str) -> TestResponse:
        """Send a body in the person's session. The token goes beside it, so that the body may be anything."""
        self.browser.set_cookie("session", self.cookie)
        return self.browser.post(
            self.route.address, data=body, content_type=content_type, headers={"X-CSRFToken": self.token}
        )


@pytest.fixture
def forms(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> list[Form]:
    """Return every form. What a view commits is written, verified and undone: each body meets the same register."""
    reference = settle(app, world)
    found = []
    for who, browser in walkers(app, world).items():
        shown = forms_on(browser, routes(app, reference, "GET"))
        found += [
            Form(route, shown[route.address], browser)
            for route in routes(app, reference, "POST")
            if person_for(route, world) == who
        ]
    monkeypatch.setattr(db.session, "commit", verify_and_undo)
    return found


def verify_and_undo() -> None:
    db.session.flush()
    assert ledger.verify() is None
    assert recount.verify() is None


def as_fields(fields: Fields) -> Body:
    pairs = (f"{quote(name)}={quote(value)}" for name, value in fields)
    return "&".join(pairs).encode(), "application/x-www-form-urlencoded"


def as_parts(fields: Fields, more: bytes = b"") -> Body:
    head = b'--edge\r\nContent-Disposition: form-data; name="%s"' + more
    parts = [head % name + b"\r\n\r\n" + value + b"\r\n" for name, value in fields]
    return b"".join(parts) + b"--edge--\r\n", "multipart/form-data; boundary=edge"


def as_files(fields: Fields) -> Body:
    return as_parts(fields, b'; filename="letter.pdf"\r\nContent-Type: application/pdf')


def as_broken_parts(fields: Fields) -> Body:
    body, content_type = as_parts(fields)
    return body[: len(body) // 2], content_type


def as_json(fields: Fields) -> Body:
    # Lone surrogates cannot stand in UTF-8, but JSON can write them out.
    return json.dumps({_text(name): _text(value) for name, value in fields}).encode(), "application/json"


def _text(value: bytes) -> str:
    return value.decode(errors="surrogateescape")


WAYS: list[Callable[[Fields], Body]] = [as_fields, as_parts, as_files, as_broken_parts, as_json]

#: What an HTTP client can send where a form is expected.
OTHER_CONTENT = {
    "nothing": (b"", ""),
    "a plain text": (b"version=1", "text/plain"),
    "bytes": (b"\x00\xff", "application/octet-stream"),
    "parts without an edge": (b"--edge", "multipart/form-data"),
    "a charset that nobody knows": (b"version=1", "application/x-www-form-urlencoded; charset=none"),
    "JSON that is none": (b"{", "application/json"),
    "a JSON list": (b"[1]", "application/json"),
    "a JSON number": (b"1", "application/json"),
    "JSON null": (b"null", "application/json"),
    "too much": as_fields([(b"version", b"1" * 2_000_000)]),
    "too many fields": as_fields([(b"version", b"1")] * 20_000),
    "too many parts": as_parts([(b"version", b"1")] * 2_500),
}


#: What leads to the organisation's own sign-in, where nobody answers in these tests.
LEAD_TO_A_PROVIDER = ("account.go_to_organisation", "account.bind_organisation")


def assert_told(sent: Iterable[tuple[str, Callable[[], TestResponse]]], told: set[int]) -> None:
    """Send everything, and fail with all that got a wrong status, a page with a fault, or no answer."""
    found = []
    for what, send in sent:
        try:
            status = send().status_code
        except Exception as error:
            found.append(f"{what}: {type(error).__name__}: {str(error).splitlines()[0][:100]}")
        else:
            away = status == HTTPStatus.SERVICE_UNAVAILABLE and what.startswith(LEAD_TO_A_PROVIDER)
            if status not in told and not away:
                found.append(f"{what}: {status}")
    assert not found, "\n".join(found)


@on_postgresql
def test_no_rubbish_in_a_field_breaks_a_form(forms: list[Form]) -> None:
    sent = (
        (f"{form} {name.decode()} {what}", partial(form.send, *as_fields([*{**form.typed, name: value}.items()])))
        for form in forms
        for name in form.names
        for what, value in RUBBISH.items()
    )
    assert_told(sent, TOLD)


@on_sqlite
def test_no_rubbish_in_a_name_breaks_a_form(forms: list[Form]) -> None:
    sent = (
        (
            f"{form} {what}",
            partial(form.send, *as_fields([(b"version", b"0"), *((name + value, b"x") for name in form.names)])),
        )
        for form in forms
        for what, value in RUBBISH.items()
    )
    assert_told(sent, TOLD)


@on_sqlite
def test_no_way_of_sending_it_breaks_a_form(forms: list[Form]) -> None:
    sent = (
        (f"{form} {way.__name__}", partial(form.send, *way([*form.typed.items()]))) for form in forms for way in WAYS
    )
    assert_told(sent, TOLD)


@on_sqlite
def test_no_other_content_breaks_a_form(forms: list[Form]) -> None:
    sent = ((f"{form} {what}", partial(form.send, *body)) for form in forms for what, body in OTHER_CONTENT.items())
    assert_told(sent, TOLD)


@on_sqlite
def test_no_number_in_place_of_a_text_breaks_a_form(forms: list[Form]) -> None:
    sent = (
        (str(form), partial(form.send, json.dumps({name.decode(): 1 for name in form.names}), "application/json"))
        for form in forms
    )
    assert_told(sent, TOLD)


@on_sqlite
@settings(max_examples=200)
@given(data=st.data())
def test_no_mixture_breaks_a_form(forms: list[Form], data: st.DataObject) -> None:
    form = data.draw(st.sampled_from([each for each in forms if each.route.endpoint not in LEAD_TO_A_PROVIDER]))
    way = data.draw(st.sampled_from(WAYS))
    names = st.sampled_from([*form.names, b"csrf_token"])
    if way is not as_files:  # Werkzeug leaves files open where it then cannot read the name of another
        names |= anything
    changed = data.draw(st.lists(st.tuples(names, anything), max_size=5))
    assert form.send(*way([*changed, *form.typed.items()])).status_code in TOLD


def live_through(app: Flask, alice: CheckedClient, sam: CheckedClient, text: str) -> None:
    """Live an endorsement's life through, to its end, with a text wherever one can be typed; look at every page."""
    desk, today = "/en/desk/arcadia/clean-rivers", clock.today()
    signed = {f"signed_on-{part}": str(getattr(today, part)) for part in ("day", "month", "year")}
    alice.send(f"{desk}/recommendations", scope="all")
    alice.send(f"{desk}/reservations", written_in="en", **{"reservation-2.3": text})
    alice.send(f"{desk}/statement", **{"statement-0": text, "written_in-0": "en"})
    alice.send(f"{desk}/signature", signatory_name=text, signatory_office=text, **signed)
    alice.send(f"{desk}/check", "/submit")
    alice.get(f"{desk}/submitted")
    with app.app_context():
        decision = f"/en/secretariat/endorsements/{open_one('arcadia', 'clean-rivers').reference}"
    sam.send(decision, "/refuse", decision="returned", reason_statement=f"You wrote: {text}")
    alice.get("/en/desk/arcadia/")
    alice.send(f"{desk}/check", "/submit")
    sam.send(decision, "/confirm")
    kept = " ".join(cleaned(text).split())
    for page in ("participants/arcadia", "clean-rivers/recommendations/2.3"):
        assert kept in text_of(sam.get(f"/fr/{page}"))
    alice.send(f"{desk}/withdraw", name="Arcadia", reason=text, written_in="en", **signed)
    alice.get(f"{desk}/notice")
    with app.app_context():
        notice = db.session.scalars(select(Proposal.reference).order_by(Proposal.id.desc())).first()
    sam.send(f"/en/secretariat/proposals/{notice}", "/approve")
    assert kept in text_of(sam.get("/fr/participants/arcadia"))
    with app.app_context():
        assert (ledger.verify(), recount.verify()) == (None, None)
        assert status_of("arcadia", "clean-rivers") is Status.WITHDRAWN


@on_postgresql
def test_whatever_is_typed_is_on_record(app: Flask, sign_in, world: World) -> None:
    text = "".join(value.decode(errors="replace") for value in RUBBISH.values() if len(value) < 1_000)
    live_through(app, sign_in(world.alice), sign_in(world.sam), text)


@on_sqlite
@settings(max_examples=5)
@given(text=st.text(max_size=50))
def test_any_text_is_on_record(app: Flask, sign_in, world: World, text: str) -> None:
    live_through(app, sign_in(world.alice), sign_in(world.sam), text)


@given(text=st.text())
@example(text="e\x00\u0301")
def test_a_text_is_cleaned_once_and_for_all(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)
    assert unicodedata.is_normalized("NFC", cleaned(text))


def ask(browser: CheckedClient, path: bytes, query: bytes = b"") -> TestResponse:
    """Ask for an address as a server hands it on: with the bytes of the path that were percent-encoded."""
    raw = {"PATH_INFO": path.decode("latin-1"), "QUERY_STRING": query.decode("latin-1")}
    return browser.open(environ_overrides=raw, buffered=True)


@pytest.fixture
def pages(app: Flask, world: World) -> list[tuple[Route, CheckedClient]]:
    """Return every page, each with the browser of a person for whom it is."""
    found, browsers = routes(app, settle(app, world), "GET"), walkers(app, world)
    return [(page, browsers[person_for(page, world)]) for page in found]


@on_postgresql
def test_no_rubbish_at_the_end_of_an_address_breaks_a_page(pages: list[tuple[Route, CheckedClient]]) -> None:
    sent = (
        (f"{page.endpoint} {what}", partial(ask, browser, page.address.encode().rpartition(b"/")[0] + b"/" + value))
        for page, browser in pages
        for what, value in RUBBISH.items()
    )
    assert_told(sent, SHOWN)


@on_postgresql
def test_no_rubbish_in_a_query_breaks_a_page(pages: list[tuple[Route, CheckedClient]]) -> None:
    sent = (
        (f"{page.endpoint} {what}", partial(ask, browser, page.address.encode(), as_query(value)))
        for page, browser in pages
        for what, value in RUBBISH.items()
    )
    assert_told(sent, SHOWN)


def as_query(value: bytes) -> bytes:
    """Return a query with a value in every argument that a page knows, and in one that none knows."""
    return as_fields([(name, value) for name in (*ARGUMENTS, value)])[0]


@on_sqlite
@settings(max_examples=150)
@given(data=st.data())
def test_no_mixture_in_an_address_breaks_a_page(pages: list[tuple[Route, CheckedClient]], data: st.DataObject) -> None:
    page, browser = data.draw(st.sampled_from(pages))
    steps = page.address.encode().split(b"/")
    for place in data.draw(st.sets(st.integers(1, len(steps) - 1), max_size=2)):
        steps[place] = data.draw(anything)
    query, _ = as_fields(data.draw(st.lists(st.tuples(st.sampled_from(ARGUMENTS) | anything, anything), max_size=3)))
    assert ask(browser, b"/".join(steps), query).status_code in SHOWN


@on_sqlite
def test_a_register_under_a_prefix_answers_the_bare_prefix(client: CheckedClient) -> None:
    # A server that mounts the register at /register hands on an empty path for that address (PEP 3333).
    answer = client.open(environ_overrides={"SCRIPT_NAME": "/register", "PATH_INFO": ""})
    assert answer.status_code in (302, 308)
