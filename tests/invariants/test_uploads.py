"""Views take files only where they say so, in the fields that they name, and no more than they say."""

import io

import pytest
from flask import Flask

from tests.invariants.walking import ADA, person_for, routes, settle, token_on, walkers
from tests.world import World
from tracker.web import uploads

#: The views that take files, and the fields in which they take them.
TAKING = {
    "desk.save_signature": {"letter"},
    "desk.give_notice": {"letter"},
    "secretariat.save_notice_on_paper": {"letter"},
    "secretariat.do_propose_accreditation": {"letter"},
    "secretariat.upload_tables": {"tables"},
}


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: what is taken does not depend on the database."""
    return "sqlite"


def answered(app: Flask, world: World, **body: object) -> dict[str, int]:
    """Send a body to every address that does something, as whom it is for; return the statuses."""
    found = {}
    reference, browsers = settle(app, world), walkers(app, world)
    tokens = {
        who: token_on(browser, "/en/desk/" if who in (world.alice, world.sam, ADA) else "/en/sign-in")
        for who, browser in browsers.items()
    }
    for route in routes(app, reference, "POST"):
        who = person_for(route, world)
        fields = {"csrf_token": tokens[who]} | {
            name: io.BytesIO(value) if isinstance(value, bytes) else value for name, value in body.items()
        }
        files = {name: (value, "letter.pdf") for name, value in fields.items() if isinstance(value, io.BytesIO)}
        answer = browsers[who].post(route.address, data=fields | files, content_type="multipart/form-data")
        found[route.endpoint] = answer.status_code
    return found


def test_every_view_that_takes_files_stands_here(app: Flask) -> None:
    declared = {name: getattr(view, "files", None) for name, view in app.view_functions.items()}
    assert {name: files for name, files in declared.items() if files} == TAKING


def test_a_file_is_refused_wherever_none_is_asked_for(app: Flask, world: World) -> None:
    answers = answered(app, world, letter=b"Dear Secretariat,")
    taking = {endpoint for endpoint, fields in TAKING.items() if "letter" in fields}
    assert {endpoint for endpoint, status in answers.items() if status != 400} == taking


def test_a_file_is_refused_in_any_other_field(app: Flask, world: World) -> None:
    assert set(answered(app, world, version=b"Dear Secretariat,").values()) == {400}


def test_more_than_a_megabyte_is_refused_wherever_no_file_is_asked_for(app: Flask, world: World) -> None:
    answers = answered(app, world, letter=bytes(1_100_000))
    assert {endpoint for endpoint, status in answers.items() if status != 413} == TAKING.keys()


def test_more_than_a_view_reads_is_refused_everywhere(app: Flask, world: World) -> None:
    assert set(answered(app, world, letter=bytes(uploads.MOST)).values()) == {413}
