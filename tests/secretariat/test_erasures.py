"""One of the secretariat looks at who asked to be forgotten, and does it or says why not."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.acting import in_register
from tests.checked_client import CheckedClient, text_of
from tests.world import PASSWORD, World, account
from tracker.identity import wishes
from tracker.models import Account

PAGE = "/en/secretariat/erasures"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: pages know no database."""
    return "sqlite"


@pytest.fixture
def sam(sign_in, world: World) -> CheckedClient:
    browser: CheckedClient = sign_in(world.sam)
    return browser


def asked(app: Flask, who: str, reason: str = "") -> str:
    """Let somebody have asked; return the address of the wish."""
    with in_register(app):
        return f"{PAGE}/{wishes.ask(account(who), reason=reason).id}"


def person_in(app: Flask, number: int) -> Account:
    from tracker.extensions import db

    found = db.session.get(Account, number)
    assert found is not None
    return found


def test_it_works(app: Flask, sam: CheckedClient, sign_in, world: World) -> None:
    with app.app_context():
        number = account(world.petra).id
    hers = sign_in(world.petra)
    page = asked(app, world.petra, "I have left.")
    assert "Forget Petra?" in text_of(sam.get(page))
    answer = sam.send(page, page, decision="forget")
    assert (answer.status_code, answer.location) == (302, page)
    assert "It was carried out" in text_of(sam.get(page))
    assert "Petra" not in sam.get(page).text
    with app.app_context():
        assert person_in(app, number).name == "a former representative"
    assert hers.get("/en/account/data").status_code == 302
    assert app.test_client().post("/en/sign-in").status_code == 400
    stranger: CheckedClient = app.test_client()  # type: ignore[assignment]
    assert stranger.sign_in(world.petra, PASSWORD).status_code == 422


def test_where_the_person_stood_nobody_is_named(app: Flask, sam: CheckedClient, world: World) -> None:
    page = asked(app, world.petra)
    sam.send(page, page, decision="forget")
    people = sam.get("/en/secretariat/people/arcadia")
    assert "a former representative" in text_of(people)
    assert "Petra" not in people.text
    assert "forgotten.invalid" not in people.text
    log = sam.get("/en/secretariat/security-log", query_string={"action": "erased"})
    assert "Forgot a person" in text_of(log)
    assert "a former representative Sam sam@example.org" in text_of(log)
    assert "forgotten.invalid" not in log.text


def test_the_queue_leads_to_it(sam: CheckedClient) -> None:
    assert f'href="{PAGE}"' in sam.get("/en/secretariat/").text


def test_it_says_when_nobody_waits(sam: CheckedClient) -> None:
    assert "Nobody waits to be forgotten." in text_of(sam.get(PAGE))


def test_it_lists_who_waits_and_whether_it_can_be_done(app: Flask, sam: CheckedClient, world: World) -> None:
    first, second = asked(app, world.petra), asked(app, world.adam)
    page = sam.get(PAGE)
    told = text_of(page)
    assert told.index("Petra") < told.index("Adam")
    assert "Not yet: the person may act, is going to, or is proposed to." in told
    assert f'href="{first}"' in page.text
    assert f'href="{second}"' in page.text


def test_it_is_refused_with_a_reason(app: Flask, sam: CheckedClient, world: World) -> None:
    page = asked(app, world.petra)
    assert sam.send(page, page, decision="refuse", reason="An enquiry runs.").status_code == 302
    assert "An enquiry runs." in text_of(sam.get(page))
    assert "Nobody waits to be forgotten." in text_of(sam.get(PAGE))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({}, "Choose whether to forget the person"), ({"decision": "refuse"}, "Say why")],
    ids=["nothing", "no reason"],
)
def test_what_is_missing_is_asked_for(
    app: Flask, sam: CheckedClient, world: World, typed: dict[str, str], sentence: str
) -> None:
    page = asked(app, world.petra)
    answer = sam.send(page, page, **typed)
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_who_is_in_office_is_not_forgotten(app: Flask, sam: CheckedClient, world: World) -> None:
    page = asked(app, world.adam)
    assert "This cannot be done yet" in text_of(sam.get(page))
    answer = sam.send(page, page, decision="forget")
    assert answer.status_code == 409
    assert "That has to end first." in text_of(answer)
    with app.app_context():
        assert account(world.adam).name == "Adam"


def test_who_decides_second_is_told_so(app: Flask, sam: CheckedClient, sign_in, world: World) -> None:
    page, kim = asked(app, world.petra), sign_in(world.kim)
    address, fields = kim.fill(page, page, decision="refuse", reason="Not now.")
    sam.send(page, page, decision="forget")
    answer = kim.post(address, data=fields)
    assert answer.status_code == 409
    assert "This was decided already, or asked anew since." in text_of(answer)
    assert "This is what you wrote; it was not sent: Not now." in text_of(answer)


def test_a_wish_that_was_made_anew_leads_to_the_new_one(app: Flask, sam: CheckedClient, world: World) -> None:
    first = asked(app, world.petra)
    sam.send(first, first, decision="refuse", reason="Not now.")
    second = asked(app, world.petra)
    page = sam.get(first)
    assert "the person asked anew" in text_of(page)
    assert f'href="{second}"' in page.text


@pytest.mark.parametrize("number", ["0", "999999", "9" * 15])
def test_there_is_no_other_wish(sam: CheckedClient, number: str) -> None:
    assert sam.get(f"{PAGE}/{number}").status_code == 404


def test_an_event_of_another_kind_is_no_wish(app: Flask, sam: CheckedClient) -> None:
    assert sam.get(f"{PAGE}/1").status_code == 404
