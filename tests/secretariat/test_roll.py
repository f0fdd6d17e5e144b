"""The pages on which the secretariat looks through the roll, and proposes what should change on it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.acting import act, in_register
from tests.checked_client import HTML, CheckedClient, parse, text_of, values_of
from tests.world import World, account, published
from tracker import deciding, publishing, verifying
from tracker.extensions import db
from tracker.models import Participant, Proposal, Text
from tracker.roll import enrolling, roll_proposals
from tracker.vocabulary import Kind

ROLL = "/en/secretariat/roll"
NEW, RENAME, CHANGE, MERGE = (f"{ROLL}/{page}" for page in ("new", "arcadia/rename", "arcadia/change", "arcadia/merge"))
FREEDONIA = {"name_en": "Freedonia", "authentic": "en", "kind": "country", "iso_code": "FR"}


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: the rules run on both databases elsewhere."""
    return "sqlite"


@pytest.fixture
def sam(sign_in, world: World) -> CheckedClient:
    return sign_in(world.sam)  # type: ignore[no-any-return]


@pytest.fixture
def kim(sign_in, world: World) -> CheckedClient:
    return sign_in(world.kim)  # type: ignore[no-any-return]


def send(client: CheckedClient, page: str, **answers: str) -> TestResponse:
    """Fill in the form of a page, and send it."""
    return sent_again(client, client.get(page), **answers)


def sent_again(client: CheckedClient, page: TestResponse, **answers: str) -> TestResponse:
    form = next(each for each in parse(page).iter(f"{HTML}form") if each.get("id") == "answers")
    values: dict[str, Any] = {**values_of(form), **answers}
    return client.post(form.get("action"), data=values)


def on(day: date) -> dict[str, str]:
    return {f"since-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def add(app: Flask, name: str, **more: Any) -> None:
    with in_register(app):
        publishing.add_participant(kind=Kind.CIVIL_SOCIETY, name=Text.of(name), **more)


def test_it_shows_who_is_on_the_roll(sam: CheckedClient, app: Flask, world: World) -> None:
    act(app, published, world.league, world.cohort)
    told = text_of(sam.get(ROLL))
    assert "5 participants" in told
    assert "League of Clean Hands Civil society organisation in force" in told
    assert "Arcadia Country –" in told


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("search=ARCADIE", ["Arcadia"]),
        ("kind=civil_society", ["League of Clean Hands"]),
        ("kind=civil_society&endorsement=none", []),
        ("search=nobody", []),
        ("page=9", ["Arcadia", "Borduria"]),
        ("page=-1&search=bord", ["Borduria"]),
    ],
)
def test_it_is_searched(sam: CheckedClient, app: Flask, world: World, asked: str, shown: list[str]) -> None:
    act(app, published, world.league, world.cohort)
    told = text_of(sam.get(f"{ROLL}?{asked}"))
    names = [name for name in ("Arcadia", "Borduria", "League of Clean Hands") if f"{name} " in told]
    assert names == (shown if shown != ["Arcadia", "Borduria"] else [*shown, "League of Clean Hands"])


def test_what_is_not_in_the_lists_is_refused(sam: CheckedClient) -> None:
    assert sam.get(f"{ROLL}?kind=rumour").status_code == 422


def test_a_long_roll_has_pages(sam: CheckedClient, app: Flask) -> None:
    for number in range(50):
        add(app, f"Organisation {chr(65 + number % 26) * 8} {number}")
    first = sam.get(ROLL)
    assert "page 1 of 2" in text_of(first)
    assert "Next page" in text_of(first)
    second = text_of(sam.get(f"{ROLL}?page=2"))
    assert "Previous page" in second
    assert "Next page" not in second


def test_somebody_is_added(sam: CheckedClient, kim: CheckedClient, client: CheckedClient) -> None:
    proposal = send(
        sam, NEW, **FREEDONIA, website="https://freedonia.example", formal_name_en="the Free State"
    ).location
    assert "Somebody else must decide" in text_of(sam.get(proposal))
    assert client.get("/en/participants/freedonia").status_code == 404
    assert "Freedonia Roll of participants" in text_of(kim.get("/en/secretariat/"))
    kim.send(proposal, "/approve")
    public = text_of(client.get("/en/participants/freedonia"))
    assert "Formal name the Free State" in public
    assert "Website https://freedonia.example" in public


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"name_en": ""}, "Enter the short name in its authentic language"),
        ({"authentic": ""}, "Choose the language"),
        ({"authentic": "fr"}, "Enter the short name in its authentic language"),
        ({"kind": ""}, "Choose what it is"),
        ({"kind": "rumour"}, "Not a valid choice"),
        ({"iso_code": "ZZ"}, "Enter a country’s code of two capital letters, such as MD"),
        ({"kind": "civil_society"}, "Only a country has a code. Enter the seat instead"),
        ({"seat": "CH"}, "A country has no seat. Enter its code instead"),
        ({"website": "javascript:alert(1)"}, "Enter an address that begins with https:// or http://"),
        ({"name_en": "F" * 10_000}, "Shorten this to 200 characters or fewer"),
        ({"footnote_en": "F" * 10_000}, "Shorten this to 2000 characters or fewer"),
        ({"name_other": "Фридония"}, "Choose the language"),
        ({"name_other": "Freedonie", "other_language": "fr"}, "This language has fields of its own above"),
        ({"reason": "Because."}, "Choose the language of the reason"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_the_rest(sam: CheckedClient, answers: dict[str, str], said: str) -> None:
    page = send(sam, NEW, **{**FREEDONIA, "acronym": "FD", **answers})
    assert page.status_code == 422
    assert said in text_of(page)
    assert 'value="FD"' in page.text


def test_it_asks_whether_it_is_another_one(sam: CheckedClient, app: Flask) -> None:
    add(app, "Transparency International Moldova")
    answers = {**FREEDONIA, "name_en": "TI Moldova", "kind": "civil_society", "iso_code": ""}
    asked = send(sam, NEW, **answers)
    assert asked.status_code == 409
    assert "Is it one of these? Transparency International Moldova" in text_of(asked)
    again = sent_again(sam, asked)
    assert again.status_code == 409
    wrong = sent_again(sam, asked, kind="")
    assert "Transparency International Moldova" in text_of(wrong)
    proposal = sent_again(sam, asked, another="yes").location
    with app.app_context():
        found_one = db.session.scalars(db.select(Proposal)).one()
        assert str(roll_proposals.facts_in(found_one)["name"]) == "TI Moldova"
    assert "/proposals/" in proposal


def test_a_name_changes_from_a_day_on(sam: CheckedClient, kim: CheckedClient, client: CheckedClient) -> None:
    page = sam.get(RENAME)
    assert 'value="Arcadie"' in page.text
    answers = {
        "name_en": "Free Arcadia",
        "name_other": "Свободная Аркадия",
        "other_language": "ru",
        **on(date(2024, 5, 1)),
    }
    proposal = sent_again(sam, page, **answers, reason="By its constitution.", written_in="en").location
    kim.send(proposal, "/approve")
    public = text_of(client.get("/en/participants/arcadia"))
    assert "Names over time" in public
    assert "Until" in public
    assert "1 May 2024" in public
    history = text_of(sam.get(f"{ROLL}/arcadia"))
    assert "Participant renamed By its constitution." in history
    assert "formerly Arcadia" in text_of(sam.get(f"{ROLL}?search=arcadia"))
    assert 'value="Свободная Аркадия"' in sam.get(RENAME).text


def test_a_form_that_was_left_open_is_told_so(sam: CheckedClient, app: Flask) -> None:
    page = sam.get(RENAME)
    with in_register(app):
        arcadia = db.session.scalars(db.select(Participant).filter_by(slug="arcadia")).one()
        enrolling.change_facts(arcadia, kind=Kind.COUNTRY, iso_code="AR")
    refused = sent_again(sam, page, name_en="Utopia")
    assert refused.status_code == 409
    assert "Something was recorded about this participant meanwhile" in text_of(refused)
    assert 'value="Utopia"' in refused.text


def test_facts_change(sam: CheckedClient, kim: CheckedClient, client: CheckedClient, app: Flask) -> None:
    proposal = send(sam, CHANGE, kind="supranational", acronym="ARC", **on(date(2024, 5, 1))).location
    assert "Of this kind from 1 May 2024" in text_of(kim.get(proposal))
    kim.send(proposal, "/approve")
    assert "Until 1 May 2024 it stood on the roll as: Country." in text_of(client.get("/en/participants/arcadia"))
    with app.app_context():
        assert verifying.verify() is None


def test_a_duplicate_leads_to_the_other_for_good(
    sam: CheckedClient, kim: CheckedClient, client: CheckedClient, app: Flask
) -> None:
    add(app, "The Arcadia")
    assert "The Arcadia" in text_of(sam.get(f"{ROLL}/similar"))
    proposal = send(sam, f"{ROLL}/the-arcadia/merge?into=arcadia").location
    assert "This cannot be undone" in text_of(kim.get(proposal))
    kim.send(proposal, "/approve")
    assert "Approved" in text_of(kim.get(proposal))
    for page in ("/en/participants/{}", f"{ROLL}/{{}}"):
        moved = (client if "participants" in page else sam).get(page.format("the-arcadia"))
        assert (moved.status_code, moved.location) == (301, page.format("arcadia"))
    assert "stood on the roll as another participant" in text_of(client.get("/en/participants/arcadia"))


def test_a_merger_that_cannot_be_is_refused_with_the_reason(sam: CheckedClient, app: Flask, world: World) -> None:
    for one in (world.arcadia, world.borduria):
        act(app, published, one, world.cohort)
    refused = send(sam, MERGE, into="borduria")
    assert refused.status_code == 409
    assert "Withdraw or correct one of the two first" in text_of(refused)
    assert send(sam, MERGE, into="").status_code == 422
    assert send(sam, MERGE, into="arcadia").status_code == 422


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "جمهورية أركاديا", "\u202eaidacrA", "=1+1"])
def test_whatever_a_name_holds_is_shown_as_text(sam: CheckedClient, kim: CheckedClient, app: Flask, name: str) -> None:
    proposal = send(sam, NEW, **{**FREEDONIA, "name_en": name}).location
    page = kim.get(proposal)
    assert "<script>alert" not in page.text
    assert "\u202e" not in page.text
    kim.send(proposal, "/approve")
    assert "<script>alert" not in sam.get(ROLL).text


def test_two_approve_at_once_and_one_does(sam: CheckedClient, kim: CheckedClient, app: Flask, world: World) -> None:
    proposal = send(sam, RENAME, name_en="Free Arcadia").location
    page = kim.get(proposal)
    with in_register(app):
        waiting = db.session.scalars(db.select(Proposal)).one()
        deciding.approve(waiting, by=account(world.kim))
    form = next(each for each in parse(page).iter(f"{HTML}form") if str(each.get("action")).endswith("/approve"))
    refused = kim.post(form.get("action"), data=values_of(form))
    assert refused.status_code == 409
    assert "Nothing was recorded" in text_of(refused)
