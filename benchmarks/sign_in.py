"""Measures what a sign-in costs, how much of it is argon2id, and whether its time tells that there is an account.

Each guess is at an account, and comes from a network address, at which and from which nobody guessed before, so that
none has to wait. The ways take turns, round after round, so that a disturbance falls on all alike.
"""

from __future__ import annotations

import http.client
import re
import secrets
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from urllib.parse import urlencode

import argon2.low_level
import sqlalchemy as sa
from flask import Flask
from flask_security import hash_password

from benchmarks import filling, report, serving
from config import Settings
from tracker import create_app
from tracker.extensions import db
from tracker.models import Account

KEY = secrets.token_hex(32)
PASSWORD = "a passphrase for benchmarks"  # nosec B105  # of a register that lives for one run
SIGN_IN = "/en/sign-in"
ROUNDS, WARM_UP, AT_ONCE, BATCHES = 100, 5, 10, 10

RIGHT, WRONG, UNKNOWN = "the right password", "a wrong password", "an unknown address"
STATUSES = {RIGHT: 302, WRONG: 422, UNKNOWN: 422}
#: The least share of a sign-in that argon2id is to have.
GOAL = 0.5

#: Sends a guess at an account from a network address, and returns how long it took, in seconds.
Guess = Callable[[str, str, str, int], float]


@dataclass
class Took:
    """What guesses of one way took, in milliseconds."""

    times: list[float]

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.times)

    @property
    def spread(self) -> float:
        """How far the middle half lies apart."""
        low, _, high = quantiles(self.times, n=4)
        return high - low


def measure(folder: Path) -> str:
    """Return what a sign-in costs in the process and over HTTP, and how far the ways lie apart."""
    if serving.find("taskset") is None:
        return "\nSigning in: not measured, taskset missing: sudo apt-get install util-linux"
    print("\nSigning in", flush=True)
    database = folder / "sign-in.sqlite"
    people = _open_accounts(filling.new_register(database), 4 * (ROUNDS + WARM_UP) + AT_ONCE * BATCHES + AT_ONCE)
    app = create_app(Settings(database_url=f"sqlite:///{database}", secret_key=KEY, environment="laptop"))
    addresses = _addresses()
    hashing = _hashing(app)
    inside = _in_turn(_in_process(app), people, addresses)
    with _served(database) as port:
        outside = _in_turn(_over_http(port), people, addresses)
        together = _at_once(_over_http(port), people, addresses)
    return f"{_shares(hashing, inside, outside, together)}\n{_differences(inside, outside)}"


def _shares(hashing: Took, inside: dict[str, Took], outside: dict[str, Took], together: Took) -> report.Table:
    lines: list[tuple[str, ...]] = [("argon2id alone", f"{hashing.middle:.1f} ms", "", "", "")]
    for where, measured in (("in the process", inside), ("over HTTP", outside)):
        for way, took in measured.items():
            share = hashing.middle / took.middle
            lines.append((f"{where}, {way}", f"{took.middle:.1f} ms", f"{share:.2f}", *report.at_least(GOAL, share)))
    share = hashing.middle / together.middle
    what = f"over HTTP, {AT_ONCE} at once, each"
    lines.append((what, f"{together.middle:.1f} ms", f"{share:.2f}", *report.at_least(GOAL, share)))
    return report.Table(
        f"Signing in, and the share of argon2id (median of {ROUNDS}, one core for the server)",
        ("sign-in", "takes", "share", "goal", ""),
        lines,
    )


def _differences(inside: dict[str, Took], outside: dict[str, Took]) -> report.Table:
    lines = []
    for where, measured in (("in the process", inside), ("over HTTP", outside)):
        known, unknown = measured[WRONG], measured[UNKNOWN]
        difference, noise = abs(known.middle - unknown.middle), max(known.spread, unknown.spread)
        written = [
            f"{each:.2f} ms" for each in (known.middle, known.spread, unknown.middle, unknown.spread, difference)
        ]
        lines.append((where, *written, *report.below(round(noise, 2), difference, "ms")))
    return report.Table(
        "Whether the time tells that there is an account: a wrong password, median and middle half",
        ("guess", "known", "half", "unknown", "half", "apart", "noise", ""),
        lines,
    )


def _open_accounts(app: Flask, number: int) -> Iterator[str]:
    """Open accounts of people who have all the same password; return their addresses, each once."""
    emails = [f"person{each}@example.org" for each in range(number)]
    with app.app_context(), filling.filled(app):
        kept = hash_password(PASSWORD)
        rows = [
            {
                "email": email,
                "name": "Person",
                "password": kept,
                "active": True,
                "fs_uniquifier": secrets.token_hex(32),
                "actor": f"person/{uuid.uuid4().hex[:16]}",
                "language": "en",
            }
            for email in emails
        ]
        db.session.execute(sa.insert(Account), rows)
    return iter(emails)


def _addresses() -> Iterator[str]:
    """Return network addresses of this computer, each once."""
    return (f"127.0.{high}.{low}" for high in range(1, 255) for low in range(1, 255))


def _hashing(app: Flask) -> Took:
    """Return what it takes to compare a password with its hash, and nothing else."""
    with app.app_context():
        kept = hash_password(PASSWORD).encode()
    times = []
    for number in range(-WARM_UP, ROUNDS):
        start = perf_counter()
        argon2.low_level.verify_secret(kept, PASSWORD.encode(), argon2.Type.ID)
        if number >= 0:
            times.append((perf_counter() - start) * 1_000)
    return Took(times)


def _in_turn(guess: Guess, people: Iterator[str], addresses: Iterator[str]) -> dict[str, Took]:
    """Return what each way takes; the ways take turns."""
    times: dict[str, list[float]] = {way: [] for way in STATUSES}
    for number in range(-WARM_UP, ROUNDS):
        for way, status in STATUSES.items():
            email = f"nobody{secrets.token_hex(4)}@example.org" if way == UNKNOWN else next(people)
            password = PASSWORD if way == RIGHT else "a wrong passphrase"
            price = guess(email, password, next(addresses), status) * 1_000
            if number >= 0:
                times[way].append(price)
    return {way: Took(each) for way, each in times.items()}


def _at_once(guess: Guess, people: Iterator[str], addresses: Iterator[str]) -> Took:
    """Return what each of several sign-ins takes that are sent at the same moment, until all are answered."""
    times = []
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for number in range(-1, BATCHES):
            start = threading.Barrier(AT_ONCE)
            facts = [(next(people), PASSWORD, next(addresses), STATUSES[RIGHT]) for _ in range(AT_ONCE)]
            waits = threads.map(lambda each, start=start: guess(*each, start=start), facts)  # type: ignore[misc]
            if number >= 0:
                times.append(max(waits) / AT_ONCE * 1_000)
            else:
                list(waits)
    return Took(times)


def _in_process(app: Flask) -> Guess:
    def guess(email: str, password: str, address: str, status: int) -> float:
        browser, whence = app.test_client(), {"REMOTE_ADDR": address}
        typed = {"email": email, "password": password, "csrf_token": _token(browser.get(SIGN_IN).text)}
        start = perf_counter()
        answer = browser.post(SIGN_IN, data=typed, environ_overrides=whence)
        price = perf_counter() - start
        _check(answer.status_code, status)
        return price

    return guess


def _over_http(port: int) -> Guess:
    def guess(email: str, password: str, address: str, status: int, start: threading.Barrier | None = None) -> float:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(address, 0))
        try:
            connection.request("GET", SIGN_IN)
            shown = connection.getresponse()
            token, cookie = _token(shown.read().decode()), (shown.headers["Set-Cookie"] or "").split(";")[0]
            typed = urlencode({"email": email, "password": password, "csrf_token": token})
            if start:
                start.wait()
            began = perf_counter()
            connection.request(
                "POST", SIGN_IN, typed, {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            )
            answer = connection.getresponse()
            answer.read()
            price = perf_counter() - began
        finally:
            connection.close()
        _check(answer.status, status)
        return price

    return guess


@contextmanager
def _served(database: Path) -> Iterator[int]:
    """Serve the register on a core of its own, where there are two."""
    port = serving.free_port()
    settings = {
        "TRACKER_DATABASE_URL": f"sqlite:///{database}",
        "TRACKER_SECRET_KEY": KEY,
        "TRACKER_ENVIRONMENT": "laptop",
        "TRACKER_DEMO": "",
    }
    command = [sys.executable, "-c", "from tracker.cli import tracker; tracker()", "serve", "--port", str(port)]
    with ExitStack() as running:
        core, _ = serving.two_cores() or (0, 0)
        running.enter_context(serving.server(command, core, port, database.parent, settings))
        yield port


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if found is None:
        raise serving.NotServed("the sign-in has no form")
    return found[1]


def _check(status: int, expected: int) -> None:
    if status != expected:
        raise serving.NotServed(f"a sign-in was answered with {status} in place of {expected}")
