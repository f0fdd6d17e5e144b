"""Guesses sent at the same moment to a running server: no more of them are looked at than of guesses in turn."""

from __future__ import annotations

import http.client
import re
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from tests import hashes
from tests.world import PASSWORD, World
from tracker.extensions import db
from tracker.models import Delay, Mail
from tracker.vocabulary import DelayKind, Notice

SIGN_IN = "/en/sign-in"
MANY = 50


@pytest.fixture
def port(app: Flask, world: World) -> Iterator[int]:
    """Serve the register, each request in a thread of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def asked(port: int, method: str, body: str = "", cookie: str = "") -> tuple[int, str, str]:
    """Return the status of an answer, its text, and the session's cookie that came with it."""
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, SIGN_IN, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), (answer.headers["Set-Cookie"] or "").split(";")[0]
    finally:
        connection.close()


def guessed(port: int, emails: list[str], *, rightly: bool = False) -> Counter[int]:
    """Send a guess for each address, all at the same moment; return how many had which status."""
    forms = [asked(port, "GET") for _ in emails]
    tokens = [re.search(r'name="csrf_token" value="([^"]+)"', text) for _, text, _ in forms]
    start = threading.Barrier(len(emails))

    def send(number: int) -> int:
        token = tokens[number]
        assert token is not None
        typed = urlencode(
            {"csrf_token": token[1], "email": emails[number], "password": PASSWORD if rightly else "wrong"}
        )
        start.wait()
        return asked(port, "POST", typed, forms[number][2])[0]

    with ThreadPoolExecutor(len(emails)) as people:
        return Counter(people.map(send, range(len(emails))))


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"])
def test_of_fifty_at_once_at_one_account_five_are_looked_at(
    app: Flask, port: int, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    asked(port, "GET")
    guessed(port, ["the-first@example.org"])  # it makes the hash that is nobody's
    computed = hashes.counted(monkeypatch)
    statuses = guessed(port, [email] * MANY)
    assert statuses == {HTTPStatus.UNPROCESSABLE_ENTITY: 5, HTTPStatus.TOO_MANY_REQUESTS: MANY - 5}
    assert computed == ["verify"] * 5
    with app.app_context():
        kept = db.session.scalars(select(Delay.failures).filter_by(kind=DelayKind.PASSWORD)).all()
        assert sorted(kept) == [1, 5]
        told = db.session.scalars(select(Mail.notice)).all()
        assert told == ([Notice.PASSWORD_GUESSED] if email == "alice@example.org" else [])


def test_of_fifty_at_once_from_one_network_thirty_are_looked_at(port: int) -> None:
    statuses = guessed(port, [f"{number}@example.org" for number in range(MANY)])
    assert statuses == {HTTPStatus.UNPROCESSABLE_ENTITY: 30, HTTPStatus.TOO_MANY_REQUESTS: MANY - 30}


def test_of_fifty_right_ones_at_once_nobody_is_locked_out(app: Flask, port: int, world: World) -> None:
    statuses = guessed(port, [world.alice] * MANY, rightly=True)
    assert set(statuses) <= {HTTPStatus.FOUND, HTTPStatus.TOO_MANY_REQUESTS}
    assert app.test_client().sign_in(world.alice).status_code == HTTPStatus.FOUND  # type: ignore[attr-defined]
