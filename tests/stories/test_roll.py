"""A country changes its name; an organisation that was on the roll twice is there once; all are told by mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.acting import act, in_register
from tests.checked_client import HTML, CheckedClient, parse, text_of, values_of
from tests.post_box import PostBox, deliver, post_box
from tests.world import World, account, in_force, published
from tracker import accrediting, clock, publishing, register, signatory_lists, verifying
from tracker.models import Text
from tracker.vocabulary import Kind

ROLL = "/en/secretariat/roll"


@pytest.fixture
def box() -> Iterator[PostBox]:
    with post_box() as box:
        yield box


def propose(client: CheckedClient, page: str, **answers: str) -> str:
    """Fill in the form of a page, and return where the proposal is."""
    form = next(each for each in parse(client.get(page)).iter(f"{HTML}form") if each.get("id") == "answers")
    values: dict[str, Any] = {**values_of(form), **answers}
    return str(client.post(form.get("action"), data=values).location)


def names_on(app: Flask, days_ago: int) -> list[str]:
    with app.app_context():
        cohort = register.cohort("clean-rivers")
        assert cohort is not None
        day = clock.today() - timedelta(days=days_ago)
        return [str(row.name) for row in signatory_lists.of_set(cohort, day, "en")]


def test_a_country_changes_its_name(
    app: Flask, client: CheckedClient, sign_in: Any, world: World, box: PostBox
) -> None:
    sam, kim, alice = (sign_in(each) for each in (world.sam, world.kim, world.alice))
    act(app, in_force, world.arcadia, world.cohort, world.alice, world.sam)
    act(app, published, world.borduria, world.cohort)
    deliver(app, box)
    box.taken.clear()
    yesterday = clock.today() - timedelta(days=1)
    day = {f"since-{part}": str(getattr(yesterday, part)) for part in ("day", "month", "year")}
    answers = {
        "name_en": "North Arcadia",
        "name_fr": "Arcadie du Nord",
        "formal_name_en": "the Republic of North Arcadia",
        "reason": "By the agreement of its parliament.",
        "written_in": "en",
        "source": "Note verbale No. 12",
    }

    first = propose(sam, f"{ROLL}/arcadia/rename", **answers, **day)
    deliver(app, box)
    assert box.subjects(world.kim) == ["Arcadia: A change of the roll waits for a decision"]
    kim.send(first, "/return", reason="Its law says from which day?")
    deliver(app, box)
    assert box.subjects(world.sam) == ["Arcadia: A change of the roll was returned"]
    assert "Its law says from which day?" in text_of(sam.get(first))

    second = propose(sam, f"{ROLL}/arcadia/rename", **answers, **day)
    assert sam.send(second, "/take-back").status_code == 302
    third = propose(sam, f"{ROLL}/arcadia/rename", **answers, **day)
    kim.send(third, "/approve")
    deliver(app, box)
    assert box.subjects(world.alice) == ["North Arcadia: The participant’s entry on the roll changed"]
    assert box.subjects(world.sam)[-1] == "North Arcadia: A change of the roll was approved"

    assert "North Arcadia" in text_of(client.get("/en/clean-rivers/signatories"))
    assert "Arcadie du Nord" in text_of(client.get("/fr/clean-rivers/signatories"))
    public = text_of(client.get("/en/participants/arcadia"))
    assert "Formal name the Republic of North Arcadia" in public
    assert "Names over time" in public
    assert "North Arcadia" in text_of(alice.get("/en/desk/arcadia/"))
    assert "formerly Arcadia" in text_of(sam.get(f"{ROLL}?search=arcadie"))
    assert "Participant renamed By the agreement of its parliament. Source: Note verbale No. 12" in text_of(
        sam.get(f"{ROLL}/arcadia")
    )
    assert names_on(app, 0) == ["Borduria", "North Arcadia"]
    assert names_on(app, 2) == ["Borduria"]  # Arcadia endorsed today
    with app.app_context():
        assert verifying.verify() is None


def test_an_organisation_stands_on_the_roll_once(
    app: Flask, client: CheckedClient, sign_in: Any, world: World, box: PostBox
) -> None:
    sam, kim, bruno = (sign_in(each) for each in (world.sam, world.kim, world.bruno))
    with in_register(app):
        twin = publishing.add_participant(kind=Kind.INTERGOVERNMENTAL, name=Text.of("LCH"))
        accrediting.accredit(account(world.bruno), twin, starts_on=clock.today())
    act(app, published, "lch", world.cohort)
    assert "1 intergovernmental organisation" in text_of(client.get("/en/clean-rivers"))

    assert "League of Clean Hands" in text_of(sam.get(f"{ROLL}/similar"))
    proposal = propose(sam, f"{ROLL}/lch/merge?into=league-of-clean-hands")
    sam.send(proposal, "/take-back")
    proposal = propose(sam, f"{ROLL}/lch/merge?into=league-of-clean-hands", reason="One secretariat.", written_in="en")
    kim.send(proposal, "/approve")
    deliver(app, box)
    assert box.subjects(world.bruno) == ["League of Clean Hands: The participant’s entry on the roll changed"]

    assert "1 civil society organisation" in text_of(client.get("/en/clean-rivers"))
    moved = client.get("/fr/participants/lch")
    assert (moved.status_code, moved.location) == (301, "/fr/participants/league-of-clean-hands")
    assert "In force" in text_of(client.get("/en/participants/league-of-clean-hands"))
    assert "League of Clean Hands" in text_of(bruno.get("/en/desk/league-of-clean-hands/"))
    history = text_of(sam.get(f"{ROLL}/league-of-clean-hands"))
    assert "Duplicate merged into another participant as lch One secretariat." in history
    with app.app_context():
        assert verifying.verify() is None
