"""A real server on a test's own database, and a browser that keeps cookies and fills in forms, without JavaScript.

with served(database_url, tmp_path) as address:
    alice = Browser(address)
    alice.sign_in("alice@example.org")
    told = alice.send("/en/desk/arcadia/clean-rivers/statement", statement="We agree.")
    assert told.status == 302
"""

from __future__ import annotations

import copy
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, Request, build_opener

import html5lib
import pytest

from config import PROJECT
from tests.checked_client import HTML, values_of
from tests.conftest import KEY
from tests.world import PASSWORD


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    @property
    def said(self) -> str:
        """What a reader reads in the main part of the page, in one line."""
        main = next(html5lib.parse(self.text).iter(f"{HTML}main"))
        return " ".join(" ".join(main.itertext()).split())


class _StayHere(HTTPRedirectHandler):
    """Let a redirect be seen rather than followed."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Browser:
    """Somebody's browser."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._cookies = CookieJar()
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(self._cookies), _StayHere())

    def copied(self) -> Browser:
        """Return the browser of a thief, who has a copy of every cookie."""
        thief = Browser(self.address)
        for each in self._cookies:
            thief._cookies.set_cookie(copy.copy(each))
        return thief

    def get(self, path: str) -> Answer:
        return self._ask(Request(self.address + path))  # noqa: S310  # our own server

    def post(self, path: str, fields: dict[str, Any]) -> Answer:
        body = urlencode(fields, doseq=True).encode()
        return self._ask(Request(self.address + path, data=body))  # noqa: S310  # our own server

    def fill(self, page: str, action: str | None = None, **answers: Any) -> tuple[str, dict[str, Any]]:
        """Open a page and fill in its form that posts to ``action``; return the address and what would be sent."""
        shown = self.get(page)
        assert shown.status == 200, f"{page} answered {shown.status} and {shown.location}"
        form = next(
            each
            for each in html5lib.parse(shown.text).iter(f"{HTML}form")
            if each.get("method") == "post"
            and "sign-out" not in each.get("action")
            and each.get("action").endswith(action or "")
        )
        return form.get("action"), {**values_of(form), **answers}

    def send(self, page: str, action: str | None = None, **answers: Any) -> Answer:
        """Open a page, fill in its form, and send it."""
        return self.post(*self.fill(page, action, **answers))

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        assert self.send("/en/sign-in", email=email, password=password).status == 302

    def _ask(self, request: Request) -> Answer:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode())
        except HTTPError as error:  # a redirect, or a page about an error
            with error:
                return Answer(error.code, error.headers, error.read().decode())


@contextmanager
def served(database_url: str, folder: Path, **settings: str) -> Iterator[str]:
    """Serve a database as the demo does, where nobody needs a second factor; give the server's address.

    Args:
        database_url: the database.
        folder: where evidence and the server's log are kept.
        settings: others of the register's, without ``TRACKER_`` before them.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    others = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    ours = {
        "TRACKER_DATABASE_URL": database_url,
        "TRACKER_EVIDENCE_FOLDER": str(folder / "evidence"),
        "TRACKER_SECRET_KEY": KEY,
        "TRACKER_DEMO": "1",
        **{f"TRACKER_{name}": value for name, value in settings.items()},
    }
    command = [str(Path(sys.executable).parent / "tracker"), "serve", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=PROJECT, env={**others, **ours}, stdout=log, stderr=log)
    try:
        wait_for(port, server, folder / "server.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server listens at a port; where it ends instead, fail with what it said."""
    for _ in range(1_200):
        if server.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server did not start: {log.read_text()}")
