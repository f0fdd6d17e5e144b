"""The file that says where people write who found a weakness."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from tests.checked_client import CheckedClient
from tests.conftest import close, make_app
from tests.world import World

FILE = "/.well-known/security.txt"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: the file does not depend on the database."""
    return "sqlite"


@contextmanager
def settled(database_url: str, **settings: str) -> Iterator[Flask]:
    app = make_app(database_url, **settings)
    yield app
    close(app)


def fields(client: CheckedClient) -> dict[str, str]:
    answer = client.get(FILE)
    assert answer.status_code == 200
    return dict(line.split(": ", 1) for line in answer.text.splitlines())


def test_it_says_what_the_standard_asks_for(client: CheckedClient) -> None:
    answer = client.get(FILE)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    said = fields(client)
    assert list(said) == ["Contact", "Expires", "Preferred-Languages", "Canonical"]
    assert said["Contact"] == "mailto:secretariat@example.org"
    assert said["Preferred-Languages"] == "en, fr"
    assert said["Canonical"] == f"https://register.example.org{FILE}"


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("security@example.org", "mailto:security@example.org"),
        ("o'neil%x@example.org", "mailto:o%27neil%25x@example.org"),
        ("https://example.org/report", "https://example.org/report"),
    ],
)
def test_a_contact_of_its_own_stands_before_the_secretariats(
    database_url: str, world: World, contact: str, said: str
) -> None:
    with settled(database_url, SECURITY_CONTACT=contact) as app:
        assert fields(app.test_client())["Contact"] == said  # type: ignore[arg-type]


def test_without_any_contact_there_is_no_file(database_url: str, world: World) -> None:
    with settled(database_url, CONTACT="") as app:
        assert app.test_client().get(FILE).status_code == 404


@pytest.mark.parametrize("today", ["2024-02-29", "2026-01-01", "2026-03-31", "2026-04-01", "2027-12-31"])
def test_it_always_holds_good_for_months_more_and_less_than_a_year(client: CheckedClient, today: str) -> None:
    now = datetime.fromisoformat(f"{today}T23:59:59+00:00")
    with time_machine.travel(now, tick=False):
        ends = datetime.fromisoformat(fields(client)["Expires"])
    assert ends.tzinfo == UTC
    assert timedelta(days=182) < ends - now < timedelta(days=365)


def test_a_kept_copy_of_it_does_not_expire(client: CheckedClient) -> None:
    before = fields(client)["Expires"]
    with time_machine.travel(datetime.fromisoformat(before) + timedelta(days=1), tick=False):
        assert fields(client)["Expires"] > before
