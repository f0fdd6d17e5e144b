"""The page cache, through the whole application as a server calls it."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask, abort, request, request_started, session
from werkzeug.test import Client, TestResponse

from tests import world as a
from tests.acting import act, found, in_register, open_one
from tests.conftest import make_app
from tests.world import World
from tracker import clock, endorsing, ledger, publishing, standing, withdrawing
from tracker.access import Audience, open_to
from tracker.extensions import db
from tracker.models import Endorsement, Proposal, Text
from tracker.vocabulary import Kind

PAGE = "/en/clean-rivers"
TALLY = "/api/v1/cohorts/clean-rivers/tally"
GZIP = {"Accept-Encoding": "gzip, deflate, br"}

Made = list[str]

#: Nothing of what these tests show depends on the database.
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


@pytest.fixture
def made(app: Flask) -> Iterator[Made]:
    """Return the addresses of which the application itself was asked, in order."""
    with counting(app) as addresses:
        yield addresses


@contextmanager
def counting(app: Flask) -> Iterator[Made]:
    """Note every request that reaches the application."""
    addresses: Made = []

    def note(_app: Flask, **_: object) -> None:
        addresses.append(request.full_path.rstrip("?"))

    with request_started.connected_to(note, app):
        yield addresses


@pytest.fixture
def reader(app: Flask, world: World) -> Client:
    """Return somebody who reads as a server hands it over: nothing is unpacked and nothing is remembered."""
    return Client(app, use_cookies=False)


@pytest.fixture
def another(database_url: str, world: World) -> Iterator[Callable[..., Flask]]:
    """Return a function that gives another application on the same database."""
    apps: list[Flask] = []

    def make(**more: object) -> Flask:
        apps.append(make_app(database_url, **more))
        return apps[-1]

    yield make
    for app in apps:
        app.extensions["page_cache_head"].close()
        with app.app_context():
            db.engine.dispose()


def add(app: Flask, address: str, view: Callable[[], Any], audience: Audience = Audience.PUBLIC) -> None:
    """Add a page to the application."""
    app.add_url_rule(address, address.replace("/", "_"), open_to(audience)(view))


def etag(answer: TestResponse) -> str:
    return answer.headers["ETag"]


def test_a_second_reader_is_answered_from_memory(reader: Client, made: Made) -> None:
    first, second = reader.get(PAGE), reader.get(PAGE)
    assert made == [PAGE]
    assert (second.status, second.data, dict(second.headers)) == (first.status, first.data, dict(first.headers))


@on_sqlite
def test_every_public_page_is_kept(reader: Client, made: Made) -> None:
    pages = [
        "/en/",
        "/fr/",
        PAGE,
        f"{PAGE}/signatories",
        f"{PAGE}/recommendations/1.1",
        "/en/participants/arcadia",
        TALLY,
    ]
    for page in pages * 2:
        assert reader.get(page).status_code == 200
    assert made == pages


ACTS: dict[str, Callable[[World], Any]] = {
    "published": lambda it: a.published(*found(it.league, it.cohort)),
    "submitted": lambda it: a.a_submission(*found(it.arcadia, it.cohort), a.account(it.alice)),
    "taken back": lambda it: endorsing.take_back(open_one(it.arcadia, it.cohort), by=a.account(it.alice)),
    "submitted again": lambda it: endorsing.submit(open_one(it.arcadia, it.cohort), by=a.account(it.alice)),
    "confirmed": lambda it: endorsing.confirm(open_one(it.arcadia, it.cohort), by=a.account(it.sam)),
    "notice given": lambda it: a.with_notice(the_one_in_force(it), a.account(it.alice)),
    "notice confirmed": lambda it: withdrawing.confirm(notice_waiting(it), by=a.account(it.sam)),
    "participant added": lambda _: publishing.add_participant(kind=Kind.COUNTRY, name=Text.of("Freedonia")),
    "cohort published": lambda _: a.a_cohort("dry-roads", ("1.1",)),
}


def notice_waiting(world: World) -> Proposal:
    notice = withdrawing.waiting(the_one_in_force(world))
    assert notice is not None
    return notice


def the_one_in_force(world: World) -> Endorsement:
    endorsement = standing.in_force_one(*found(world.arcadia, world.cohort))
    assert endorsement is not None
    return endorsement


def test_every_act_makes_every_page_anew(
    app: Flask, reader: Client, world: World, made: Made, subtests: pytest.Subtests
) -> None:
    for what, it_happens in ACTS.items():
        with subtests.test(what):
            before = reader.get(PAGE)
            made.clear()
            with in_register(app):
                it_happens(world)
            after = reader.get(PAGE)
            assert made == [PAGE]
            assert (after.data, etag(after)) != (before.data, etag(before))


def test_what_a_draft_says_is_no_act(app: Flask, reader: Client, world: World, made: Made) -> None:
    reader.get(PAGE)
    act(app, a.a_draft, world.arcadia, world.cohort, world.alice)
    reader.get(PAGE)
    assert made == [PAGE]


def test_an_act_that_was_rolled_back_moves_nothing(app: Flask, reader: Client, world: World, made: Made) -> None:
    reader.get(PAGE)
    with app.app_context():
        a.published(*found(world.league, world.cohort))
        db.session.rollback()
    reader.get(PAGE)
    assert made == [PAGE]


def test_a_new_day_makes_every_page_anew(reader: Client, made: Made) -> None:
    reader.get(PAGE)
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        reader.get(PAGE)
        reader.get(PAGE)
    assert made == [PAGE, PAGE]


PAGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "address": ({"path": "/en/clean-rivers"}, {"path": "/fr/clean-rivers"}),
    "host": ({"path": PAGE, "base_url": "http://localhost:1"}, {"path": PAGE, "base_url": "http://localhost:2"}),
    "scheme": ({"path": PAGE, "base_url": "http://localhost:3"}, {"path": PAGE, "base_url": "https://localhost:3"}),
    "language": ({"path": TALLY, "query_string": "language=en"}, {"path": TALLY, "query_string": "language=fr"}),
    "day": ({"path": TALLY, "query_string": "as_at=2024-01-01"}, {"path": TALLY, "query_string": "as_at=2024-01-02"}),
    "no day": ({"path": TALLY}, {"path": TALLY, "query_string": "as_at=2024-01-03"}),
}


@on_sqlite
def test_what_a_page_depends_on_gives_it_a_place_of_its_own(
    reader: Client, made: Made, subtests: pytest.Subtests
) -> None:
    for what, (one, other) in PAGES.items():
        with subtests.test(what):
            made.clear()
            for asked in (one, other, one, other):
                assert reader.open(**asked).status_code == 200
            assert len(made) == 2


NO_PAGES: dict[str, dict[str, Any]] = {
    "unknown argument": {"query_string": "utm_source=letter"},
    "two of them": {"query_string": "language2=fr&utm_source=letter"},
    "browser's language": {"headers": {"Accept-Language": "fr"}},
    "cookie": {"headers": {"Cookie": "session=nonsense"}},
    "browser": {"headers": {"User-Agent": "another"}},
    "how its host is written": {"headers": {"Host": "LocalHost"}},
}


@on_sqlite
def test_what_no_page_depends_on_shares_the_page(reader: Client, made: Made, subtests: pytest.Subtests) -> None:
    page = reader.get(PAGE)
    for what, other in NO_PAGES.items():
        with subtests.test(what):
            made.clear()
            same = reader.get(PAGE, **other)
            assert made == []
            assert (same.data, etag(same)) == (page.data, etag(page))


@on_sqlite
def test_known_arguments_may_stand_in_any_order(reader: Client, made: Made) -> None:
    reader.get(f"{TALLY}?language=fr&as_at=2024-01-01")
    reader.get(f"{TALLY}?as_at=2024-01-01&utm_source=letter&language=fr")
    assert len(made) == 1


@on_sqlite
def test_of_an_argument_given_twice_the_same_one_holds_in_memory(reader: Client) -> None:
    days = ("2024-01-02", "2024-01-01")
    for first, second in (days, reversed(days)):
        told = reader.get(f"{TALLY}?as_at={first}&as_at={second}").json
        assert told is not None
        assert told["as_at"] == first


@on_sqlite
def test_a_page_says_how_it_is_kept(reader: Client) -> None:
    for page in (reader.get(PAGE), reader.get(PAGE, headers=GZIP), reader.get(TALLY)):
        assert page.headers["Cache-Control"] == "public, no-cache"
        assert page.headers["Vary"] == "Accept-Encoding"
        assert etag(page).startswith('"')
        assert int(page.headers["Content-Length"]) == len(page.data)


@on_sqlite
def test_a_page_is_sent_compressed_to_who_takes_it(reader: Client, made: Made) -> None:
    plain, packed = reader.get(PAGE), reader.get(PAGE, headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert etag(packed) != etag(plain)
    assert made == [PAGE]


@on_sqlite
def test_who_does_not_take_gzip_gets_it_plain(reader: Client, subtests: pytest.Subtests) -> None:
    for accepted in ("gzip;q=0", "identity, gzip; q=0.0", "*;q=0.5, gzip;q=0", "deflate, br", ""):
        with subtests.test(accepted):
            page = reader.get(PAGE, headers={"Accept-Encoding": accepted})
            assert "Content-Encoding" not in page.headers
            assert page.data.startswith(b"<!doctype html>")


@on_sqlite
def test_who_takes_gzip_among_others_gets_it(reader: Client, subtests: pytest.Subtests) -> None:
    for accepted in ("gzip", "br, gzip;q=0.5", "gzip, deflate, br, zstd"):
        with subtests.test(accepted):
            page = reader.get(PAGE, headers={"Accept-Encoding": accepted})
            assert page.headers["Content-Encoding"] == "gzip"


@on_sqlite
def test_what_is_too_small_to_compress_is_sent_plain(app: Flask, reader: Client) -> None:
    with in_register(app):
        a.a_cohort("dry-roads", numbers=())
    assert "Content-Encoding" not in reader.get("/api/v1/cohorts/dry-roads/tally", headers=GZIP).headers


@on_sqlite
def test_who_has_the_page_is_told_so(reader: Client, subtests: pytest.Subtests) -> None:
    for taken in ({}, GZIP):
        page = reader.get(PAGE, headers=taken)
        for condition in ("{}", "W/{}", '"other", {}', '"other",W/{} , "third"', "*"):
            with subtests.test(condition, **taken):
                answer = reader.get(PAGE, headers={**taken, "If-None-Match": condition.format(etag(page))})
                assert (answer.status_code, answer.data) == (304, b"")
                for name in ("ETag", "Vary", "Cache-Control"):
                    assert answer.headers[name] == page.headers[name]
                for name in ("Content-Length", "Content-Type", "Content-Encoding"):
                    assert name not in answer.headers


@on_sqlite
def test_who_has_another_page_gets_this_one(reader: Client, subtests: pytest.Subtests) -> None:
    for condition in ('"other"', 'W/"other"', "other", '"', ""):
        with subtests.test(condition):
            assert reader.get(PAGE, headers={"If-None-Match": condition}).status_code == 200


@on_sqlite
def test_one_encoding_is_not_the_other(reader: Client) -> None:
    plain, packed = reader.get(PAGE), reader.get(PAGE, headers=GZIP)
    assert reader.get(PAGE, headers={"If-None-Match": etag(packed)}).status_code == 200
    assert reader.get(PAGE, headers={**GZIP, "If-None-Match": etag(plain)}).status_code == 200


def test_who_has_the_page_is_told_so_by_a_server_that_has_not(reader: Client, another: Callable[..., Flask]) -> None:
    page = reader.get(PAGE)
    answer = Client(another()).get(PAGE, headers={"If-None-Match": etag(page)})
    assert (answer.status_code, etag(answer)) == (304, etag(page))


def test_who_has_the_page_of_before_an_act_gets_the_new_one(app: Flask, reader: Client, world: World) -> None:
    before = etag(reader.get(PAGE))
    act(app, a.published, world.league, world.cohort)
    assert reader.get(PAGE, headers={"If-None-Match": before}).status_code == 200


PARTS = {
    "If-Modified-Since": "Fri, 01 Jan 2999 00:00:00 GMT",
    "Range": "bytes=0-10",
    "If-Match": '"other"',
    "If-None-Match": '"other"',
}


@on_sqlite
@pytest.mark.parametrize(("header", "value"), PARTS.items())
def test_a_page_first_asked_for_under_a_condition_is_kept_whole(reader: Client, header: str, value: str) -> None:
    reader.get(PAGE, headers={header: value})
    page = reader.get(PAGE)
    assert page.status_code == 200
    assert page.data.rstrip().endswith(b"</html>")


@on_sqlite
def test_who_asks_for_the_head_gets_it_without_the_page(reader: Client, made: Made) -> None:
    for taken in ({}, GZIP):
        head, page = reader.head(PAGE, headers=taken), reader.get(PAGE, headers=taken)
        assert head.data == b""
        assert page.data
        assert dict(head.headers) == dict(page.headers)
    assert made == [PAGE]


@on_sqlite
def test_the_head_of_what_is_not_kept_comes_without_it_too(reader: Client) -> None:
    for address, status in (("/en/nothing", 404), ("/", 302), ("/en/sign-in", 200)):
        answer = reader.head(address)
        assert (answer.status_code, answer.data) == (status, b"")


NOT_KEPT = {
    "/": 302,
    "/en": 308,
    "/en/nothing": 404,
    "/en/participants/nobody": 404,
    "/api/v1/cohorts/nothing/tally": 404,
    f"{TALLY}?as_at=soon": 422,
    "/en/sign-in": 200,
    "/en/account/": 302,
    "/en/desk/": 302,
    "/en/secretariat/": 302,
    "/static/favicon.svg": 200,
}


@on_sqlite
def test_what_is_no_public_page_is_not_kept(app: Flask, reader: Client, made: Made, subtests: pytest.Subtests) -> None:
    for address, status in NOT_KEPT.items():
        with subtests.test(address):
            made.clear()
            for _ in range(2):
                answer = reader.get(address)
                assert answer.status_code == status
                answer.close()
            assert made == [address, address]
    assert not app.extensions["page_cache"].pages


def test_what_a_person_sees_after_signing_in_is_not_kept(sign_in, world: World, made: Made) -> None:
    seen = {world.alice: ["/en/desk/", "/en/desk/arcadia/", "/en/account/"], world.sam: ["/en/secretariat/"]}
    for email, addresses in seen.items():
        browser = sign_in(email)
        made.clear()
        for address in addresses * 2:
            assert browser.get(address).status_code in (200, 302)
        assert made == addresses * 2


def test_who_signed_in_is_served_the_same_public_page(reader: Client, sign_in, world: World, made: Made) -> None:
    page = reader.get(PAGE)
    alice = sign_in(world.alice)
    made.clear()
    assert alice.get(PAGE).data == page.data
    assert made == []


def test_a_page_first_made_for_who_signed_in_is_anybodys(reader: Client, sign_in, world: World, made: Made) -> None:
    alice = sign_in(world.alice)
    made.clear()
    hers = alice.get(PAGE)
    anybodys = reader.get(PAGE)
    assert made == [PAGE]
    assert anybodys.data == hers.data
    assert "Alice" not in anybodys.text
    assert "Set-Cookie" not in anybodys.headers


@on_sqlite
def test_a_public_page_touches_no_session(reader: Client) -> None:
    page = reader.get(PAGE)
    assert "Set-Cookie" not in page.headers
    assert "Cookie" not in page.headers["Vary"]


@on_sqlite
def test_a_page_that_is_made_anew_for_each_is_not_kept(app: Flask) -> None:
    add(app, "/en/mirror", lambda: request.headers["User-Agent"], Audience.ANYONE)
    told = [Client(app).get("/en/mirror", headers={"User-Agent": browser}).text for browser in ("one", "another")]
    assert told == ["one", "another"]


@on_sqlite
def test_an_answer_that_sets_a_cookie_is_not_kept(app: Flask) -> None:
    def greeting() -> Any:
        answer = app.make_response("Good day.")
        answer.set_cookie("greeted", "yes")
        return answer

    add(app, "/en/greeting", greeting)
    with counting(app) as made:
        for _ in range(2):
            assert "Set-Cookie" in Client(app).get("/en/greeting").headers
    assert len(made) == 2


@on_sqlite
def test_an_answer_that_writes_to_the_session_is_not_kept(app: Flask) -> None:
    def greeting() -> str:
        session["greeted"] = True
        return "Good day."

    add(app, "/en/greeting", greeting)
    with counting(app) as made:
        for _ in range(2):
            assert "Set-Cookie" in Client(app).get("/en/greeting").headers
    assert len(made) == 2


@on_sqlite
def test_what_is_kept_has_its_bounds(another: Callable[..., Flask]) -> None:
    app = another(PAGE_CACHE_BYTES=8000)
    reader = Client(app)
    days = [f"{TALLY}?as_at=2024-01-{day:02}" for day in range(1, 21)]
    with counting(app) as made:
        for day in days * 2:
            assert reader.get(day).status_code == 200
    assert len(made) == 2 * len(days)
    assert 0 < app.extensions["page_cache"].size <= 8000


@on_sqlite
def test_what_was_not_asked_for_longest_goes_first(another: Callable[..., Flask]) -> None:
    app = another(PAGE_CACHE_BYTES=8000)
    reader = Client(app)
    with counting(app) as made:
        for day in range(1, 21):
            reader.get(f"{TALLY}?as_at=2024-01-{day:02}")
            reader.get(TALLY)
    assert made.count(TALLY) == 1


@on_sqlite
def test_a_page_too_large_to_keep_drives_out_no_other(another: Callable[..., Flask]) -> None:
    app = another(PAGE_CACHE_BYTES=8000)
    reader = Client(app)
    add(app, "/en/tome", lambda: "x" * 20_000)
    with counting(app) as made:
        for address in (TALLY, "/en/tome", TALLY):
            assert reader.get(address).status_code == 200
    assert made == [TALLY, "/en/tome"]


@on_sqlite
def test_a_cache_of_no_size_keeps_nothing(another: Callable[..., Flask]) -> None:
    app = another(PAGE_CACHE_BYTES=0)
    with counting(app) as made:
        assert Client(app).get(PAGE).data == Client(app).get(PAGE).data
    assert made == [PAGE, PAGE]


def test_many_who_ask_at_once_have_the_page_made_once(app: Flask, world: World, made: Made) -> None:
    def slow(_app: Flask, **_: object) -> None:
        time.sleep(0.2)

    with request_started.connected_to(slow, app):
        answers = at_once(app, [PAGE] * 8)
    assert made == [PAGE]
    assert len({answer.data for answer in answers}) == 1


def test_who_asks_for_another_page_does_not_wait(app: Flask, world: World) -> None:
    meeting = threading.Barrier(2, timeout=10)

    def meet(_app: Flask, **_: object) -> None:
        meeting.wait()

    with request_started.connected_to(meet, app):
        answers = at_once(app, [PAGE, "/fr/clean-rivers"])
    assert [answer.status_code for answer in answers] == [200, 200]


@on_sqlite
def test_a_page_that_failed_is_not_kept(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    turns = iter([ZeroDivisionError, None])

    def fragile() -> str:
        if error := next(turns):
            raise error
        return "Well again."

    add(app, "/en/fragile", fragile)
    reader = Client(app)
    assert reader.get("/en/fragile").status_code == 500
    assert reader.get("/en/fragile").text == "Well again."
    assert reader.get("/en/fragile").text == "Well again."


def test_a_page_that_failed_holds_nobody_up(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fragile() -> str:
        time.sleep(0.05)
        abort(500)

    add(app, "/en/fragile", fragile)
    with counting(app) as made:
        answers = at_once(app, ["/en/fragile"] * 4)
    assert [answer.status_code for answer in answers] == [500] * 4
    assert len(made) == 4


@on_sqlite
def test_an_error_that_reaches_the_server_gives_the_turn_back(app: Flask) -> None:
    turns = iter([ZeroDivisionError, None])

    def fragile() -> str:
        if error := next(turns):
            raise error
        return "Well again."

    add(app, "/en/fragile", fragile)
    with pytest.raises(ZeroDivisionError):
        Client(app).get("/en/fragile")
    [answer] = at_once(app, ["/en/fragile"])
    assert answer.text == "Well again."


def test_a_head_whose_connection_broke_is_read_on_a_new_one(app: Flask, reader: Client) -> None:
    reader.get(PAGE)
    head = app.extensions["page_cache_head"]
    head.of_thread.cursor.connection.close()
    assert reader.get(PAGE).status_code == 200
    with app.app_context():
        assert head.read() == ledger.head()[0]


def test_the_connection_of_the_head_is_never_lent_to_an_act(app: Flask, world: World) -> None:
    head = app.extensions["page_cache_head"]
    head.read()
    head.close()
    with app.app_context():
        db.session.execute(sa.text("UPDATE participant SET acronym = 'ARC'"))
        db.session.rollback()
        assert set(db.session.scalars(sa.text("SELECT acronym FROM participant"))) == {None}


def at_once(app: Flask, addresses: list[str]) -> list[TestResponse]:
    """Let readers ask for pages at the same moment, each in a thread of its own."""
    start = threading.Barrier(len(addresses), timeout=10)

    def read(address: str) -> TestResponse:
        try:
            start.wait()
            return Client(app).get(address)
        finally:
            app.extensions["page_cache_head"].close()

    with ThreadPoolExecutor(len(addresses)) as readers:
        return list(readers.map(read, addresses, timeout=30))


def test_a_page_with_an_endless_address_is_not_kept(reader: Client, made: Made) -> None:
    for _ in range(2):
        reader.get(f"{TALLY}?as_at={'9' * 5000}")
    assert len(made) == 2


def test_html_pages_depend_on_no_argument(reader: Client, made: Made) -> None:
    reader.get(PAGE)
    reader.get(f"{PAGE}?as_at=2023-03-26")
    assert made == [PAGE]
