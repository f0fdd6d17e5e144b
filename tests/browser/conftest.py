"""A real server on a fresh database, and a real Chromium that reports whatever goes wrong on a page."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page

from config import PROJECT
from tests.browser import chromium

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 375, "height": 740}


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Return how to start the browser that is there."""
    found = chromium.find()
    if found is None:
        pytest.fail("there is no Chromium; `make test` installs it, or says how")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": str(found), "args": [*quiet, *as_root]}


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with the bundled cohort and the demo accounts, to copy."""
    path = tmp_path_factory.mktemp("demo") / "register.sqlite"
    with serving(path):
        pass
    return path


@contextmanager
def serving(path: Path, **settings: str) -> Iterator[str]:
    """Serve the demo on a database file, as `make run` does, with some settings more; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "tracker"), "demo", "--port", str(port)]
    environment = {**os.environ, "TRACKER_DATABASE_URL": f"sqlite:///{path}", "TRACKER_DEMO": "1"}
    address = f"http://localhost:{port}"  # no browser has passkeys for a number
    environment |= {"TRACKER_EVIDENCE_FOLDER": str(path.parent / "evidence"), "TRACKER_ADDRESS": address, **settings}
    server = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=10)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(1_200):
        if server.poll() is not None:
            pytest.fail(f"the server ended with status {server.returncode}")
        try:
            urlopen(f"{address}/en/", timeout=5).close()  # noqa: S310  # our own server
            return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    pytest.fail("the server did not answer within two minutes")


@pytest.fixture
def server(demo_file: Path, tmp_path: Path) -> Iterator[str]:
    """Return the address of a demo of this test's own."""
    path = tmp_path / "register.sqlite"
    shutil.copy(demo_file, path)
    with serving(path) as address:
        yield address


Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, server: str) -> Iterator[Open]:
    """Return a function that gives a person a browser of their own; the test fails if a page of it complains."""
    complaints: list[str] = []
    contexts = []

    def open_browser(**how: Any) -> Page:
        context = browser.new_context(**{"base_url": server, "viewport": WIDE, **how})
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        # Asked for now, the browser hands every file dialog over; asked for at the dialog, it may be too late.
        page.on("filechooser", lambda _: None)
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda sent: None if sent.url.startswith((server, "data:")) else complaints.append(sent.url))
        return page

    yield open_browser
    for context in contexts:
        context.close()
    # A page that is an answer to a mistake is told to the console as a failed resource; that is not a complaint.
    assert [said for said in complaints if "Failed to load resource" not in said] == []
