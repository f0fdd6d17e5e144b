"""The search for a participant by its names."""

from datetime import date

import pytest
from flask import Flask

from tests.acting import found, in_register
from tests.checked_client import CheckedClient, text_of
from tests.world import World
from tracker import publishing
from tracker.models import Text
from tracker.roll import enrolling
from tracker.vocabulary import Kind


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: names are compared by the program and not by the database."""
    return "sqlite"


@pytest.fixture
def renamed(app: Flask, world: World) -> None:
    with in_register(app):
        arcadia, _ = found(world.arcadia, world.cohort)
        enrolling.rename(arcadia, name=Text.of("North Arcadia"), since=date(2024, 1, 1))
        twin = publishing.add_participant(kind=Kind.COUNTRY, name=Text.of("Terra Arcadum"), acronym="TA")
        enrolling.merge(twin, arcadia)


@pytest.mark.parametrize("sought", ["north arcadia", "ARCADIE", "Terra", "orth"])
def test_a_participant_is_found_by_every_name_that_it_had(client: CheckedClient, renamed: None, sought: str) -> None:
    page = client.get(f"/en/search?name={sought}")
    assert "1 participant North Arcadia , Country formerly Arcadia , Arcadie , Terra Arcadum" in text_of(page)


def test_nobody_is_found_by_another_name(client: CheckedClient, world: World) -> None:
    page = client.get("/en/search?name=<script>")
    assert "Nobody on the roll has, or had, such a name." in text_of(page)
    assert "<script>" not in page.text


def test_nothing_is_shown_before_somebody_asks(client: CheckedClient, world: World) -> None:
    assert "Type a part of a name" in text_of(client.get("/en/search"))


def test_the_list_of_signatories_leads_to_it(client: CheckedClient, world: World) -> None:
    assert 'href="/en/search"' in client.get("/en/clean-rivers/signatories").text
