"""Texts in languages that are not offered to everybody stay what they are in every form in which they are changed."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.acting import found, in_register
from tests.announced import EVENT
from tests.checked_client import HTML, CheckedClient, parse, text_of, values_of
from tests.world import World
from tracker import publishing
from tracker.extensions import db
from tracker.models import Document, Event, Heading, Participant, Preparation, Text
from tracker.publications.preparing import Prepared
from tracker.roll import enrolling
from tracker.vocabulary import DocumentKind
from tracker.web.language_forms import WRITTEN_LANGUAGES

COHORT = "/en/secretariat/cohorts/clean-rivers"
ADD_EVENT, THE_DOCUMENT = f"{COHORT}/add-event", f"{COHORT}/documents/der-bericht"
WHY = {"source": "Note of 3 March"}
WHY_IN_GERMAN = {**WHY, "text-reason-0": "Der Verlag hat geschrieben."}
NINE = Text("de", {tag: f"Text {tag}" for tag in ("de", *WRITTEN_LANGUAGES)})


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: forms do not depend on the database."""
    return "sqlite"


@pytest.fixture
def sam(sign_in: Any, world: World) -> CheckedClient:
    return sign_in(world.sam)  # type: ignore[no-any-return]


@pytest.fixture
def kim(sign_in: Any, world: World) -> CheckedClient:
    return sign_in(world.kim)  # type: ignore[no-any-return]


@pytest.fixture
def german(app: Flask, world: World) -> None:
    """A document of the cohort is written in German, and so is its title."""
    add_document(app, Text.of("Der Bericht", "de"), language="de")


def add_document(app: Flask, title: Text, **more: Any) -> None:
    with in_register(app):
        _, cohort = found("arcadia", "clean-rivers")
        publishing.add_document(cohort, kind=DocumentKind.REPORT, title=title, publisher="Verlag", **more)


def document(app: Flask) -> Document:
    with app.app_context():
        return db.session.scalars(db.select(Document)).one()


def prepared(app: Flask) -> Prepared:
    with app.app_context():
        return Prepared.of(db.session.scalars(db.select(Preparation)).one())


def answers_on(page: Any, number: int = 0) -> dict[str, Any]:
    forms = [each for each in parse(page).iter(f"{HTML}form") if each.get("id") == "answers"]
    return values_of(forms[number])


def test_a_document_in_german_stays_so_where_its_publisher_changes(
    app: Flask, german: None, sam: CheckedClient, kim: CheckedClient
) -> None:
    proposal = sam.send(THE_DOCUMENT, publisher="Summit of Rivers", **WHY_IN_GERMAN)
    kim.send(proposal.location, "/approve")
    assert (document(app).publisher, document(app).language) == ("Summit of Rivers", "de")
    assert document(app).title == Text.of("Der Bericht", "de")


def test_a_title_in_german_is_edited_and_saved(
    app: Flask, german: None, sam: CheckedClient, kim: CheckedClient
) -> None:
    changed = {"text-title-0": "Der ganze Bericht", **WHY_IN_GERMAN}
    kim.send(sam.send(THE_DOCUMENT, **changed).location, "/approve")
    assert document(app).title == Text.of("Der ganze Bericht", "de")


def test_a_text_says_in_which_language_it_is_written(german: None, sam: CheckedClient) -> None:
    [text] = [each for each in parse(sam.get(THE_DOCUMENT)).iter() if each.get("name") == "text-title-0"]
    assert text.get("lang") == "de"


def test_the_reason_for_taking_it_down_may_be_in_german(
    app: Flask, german: None, sam: CheckedClient, kim: CheckedClient
) -> None:
    taken = {"written_in-0": "de", **WHY_IN_GERMAN}
    kim.send(sam.send(f"{THE_DOCUMENT}/take-down", **taken).location, "/approve")
    assert document(app).taken_down == Text.of("Der Verlag hat geschrieben.", "de")


def test_an_event_of_the_cohort_may_be_announced_in_german(
    app: Flask, german: None, sam: CheckedClient, kim: CheckedClient
) -> None:
    kim.send(sam.send(ADD_EVENT, **{**EVENT, "written_in-0": "de"}).location, "/approve")
    with app.app_context():
        assert db.session.scalars(db.select(Event.title)).one().authentic == "de"


def test_a_language_that_nobody_uses_is_not_offered_because_somebody_sends_it(sam: CheckedClient) -> None:
    refused = sam.send(ADD_EVENT, **{**EVENT, "written_in-0": "de"})
    assert refused.status_code == 422
    assert 'value="de"' not in refused.text
    assert "The second meeting" in refused.text


def test_nine_languages_survive(app: Flask, world: World, sam: CheckedClient, kim: CheckedClient) -> None:
    add_document(app, NINE)
    page = f"{COHORT}/documents/text-de"
    assert "Add another language" not in text_of(sam.get(page))
    kim.send(sam.send(page, publisher="Summit of Rivers", **WHY_IN_GERMAN).location, "/approve")
    assert (document(app).publisher, document(app).title) == ("Summit of Rivers", NINE)


def test_nine_languages_come_back_with_what_is_wrong(app: Flask, world: World, sam: CheckedClient) -> None:
    add_document(app, NINE)
    refused = sam.send(f"{COHORT}/documents/text-de", publisher="")
    assert refused.status_code == 422
    kept = answers_on(refused)
    assert {kept[f"written_in-{at}"]: kept[f"text-title-{at}"] for at in range(9)} == NINE.texts


def test_a_ninth_language_that_was_taken_back_meanwhile_is_told_and_not_lost(
    app: Flask, world: World, sam: CheckedClient
) -> None:
    add_document(app, NINE)
    address, typed = sam.fill(f"{COHORT}/documents/text-de", **WHY_IN_GERMAN)
    with in_register(app):
        found_one = db.session.scalars(db.select(Document)).one()
        found_one.title = Text("ar", {tag: NINE.texts[tag] for tag in WRITTEN_LANGUAGES})
    refused = sam.post(address, data=typed)
    assert refused.status_code == 422
    kept = answers_on(refused)
    assert {kept[f"text-title-{at}"] for at in range(9)} == set(NINE.texts.values())


def test_a_language_is_removed_from_nine_and_added_again(app: Flask, world: World, sam: CheckedClient) -> None:
    add_document(app, NINE)
    address, typed = sam.fill(f"{COHORT}/documents/text-de")
    eight = sam.post(address, data={**typed, "remove": "8"})
    assert "Add another language" in text_of(eight)
    nine = answers_on(sam.post(address, data={**answers_on(eight), "add": "1"}))
    assert (nine["text-title-0"], nine["text-title-7"], nine["text-title-8"]) == ("Text de", "Text uk", "")


def test_what_is_prepared_in_german_is_changed_and_saved(
    app: Flask, german: None, world: World, sam: CheckedClient
) -> None:
    page = sam.send(COHORT, "/prepare").location
    sam.send(f"{page}/headings/new", number="3", **{"written_in-0": "de", "text-text-0": "Ufer"})
    sam.send(f"{page}/headings/1", number="3", **{"text-text-0": "Alle Ufer"})
    assert [each.title for each in prepared(app).headings] == [Text.of("Alle Ufer", "de")]


def test_facts_in_german_are_changed_and_saved(app: Flask, world: World, sam: CheckedClient) -> None:
    with in_register(app):
        cohort = found("arcadia", "clean-rivers")[1]
        cohort.title = Text.of("Saubere Flüsse", "de")
    page = sam.send(COHORT, "/prepare").location
    sam.send(f"{page}/facts", summit="Gipfel", **{"text-title-0": "Reine Flüsse"})
    assert (prepared(app).title, prepared(app).summit) == (Text.of("Reine Flüsse", "de"), "Gipfel")
    proposal = sam.send(page, "/propose", **WHY, **{"written_in-0": "de", "text-reason-0": "So heißt es."})
    assert "/proposals/" in proposal.location


def test_a_heading_in_german_lets_more_be_prepared_in_german(app: Flask, world: World, sam: CheckedClient) -> None:
    with in_register(app):
        db.session.add(Heading(cohort=found("arcadia", "clean-rivers")[1], number=3, title=Text.of("Ufer", "de")))
    page = sam.send(COHORT, "/prepare").location
    assert sam.send(f"{page}/outcomes/new", **{"written_in-0": "de", "text-text-0": "Reines Wasser."}).location == page


def test_a_name_that_is_authentic_in_german_changes_and_stays_so(
    app: Flask, world: World, sam: CheckedClient, kim: CheckedClient
) -> None:
    with in_register(app):
        enrolling.rename(found("arcadia", "clean-rivers")[0], name=Text.of("Arkadien", "de", en="Arcadia"))
    proposal = sam.send("/en/secretariat/roll/arcadia/rename", "roll/arcadia/rename", name_de="Freies Arkadien")
    kim.send(proposal.location, "/approve")
    with app.app_context():
        arcadia = db.session.scalars(db.select(Participant).filter_by(slug="arcadia")).one()
        assert arcadia.current_name.name == Text.of("Freies Arkadien", "de", en="Arcadia")
