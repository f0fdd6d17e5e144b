"""Who may act no more is refused on the next request, on a running server, with a page that loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.acting import act, in_register
from tests.checked_client import CheckedClient, text_of
from tests.live import Browser, served
from tests.world import World, a_draft, account, an_administrator
from tracker import accrediting, clock, register
from tracker.extensions import db
from tracker.identity import rights, sessions
from tracker.models import Endorsement, Text

WIZARD = "/en/desk/arcadia/clean-rivers"
DAY = timedelta(days=1)


@pytest.fixture
def live(app: Flask, world: World, database_url: str, tmp_path: Path) -> Iterator[Browser]:
    """Return a browser at a running server on the small world, in which Alice has begun an endorsement."""
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    with in_register(app):
        an_administrator()
    with served(database_url, tmp_path) as address:
        yield Browser(address)


def statement_in(app: Flask) -> Text | None:
    with app.app_context():
        return db.session.query(Endorsement).one().statement


def in_the_wizard(live: Browser, email: str) -> tuple[str, dict[str, str]]:
    """Sign somebody in who writes a statement; return what they are about to send."""
    live.sign_in(email)
    page, fields = live.fill(f"{WIZARD}/statement", "/statement")
    text = next(name for name in fields if name.startswith("statement"))
    return page, {**fields, text: "We agree with all of it.", "written_in-0": "en"}


def test_a_deactivated_person_is_out_in_the_middle_of_a_form(app: Flask, live: Browser, world: World) -> None:
    page, fields = in_the_wizard(live, world.alice)
    with in_register(app):
        rights.deactivate(account(world.alice), by=account(world.sam))
    told = live.post(page, fields)
    assert told.status == 403
    assert "Your account is deactivated" in told.said
    assert "We agree with all of it." in told.said
    assert "secretariat@example.org" in told.said
    assert "Sign out" not in told.text
    assert statement_in(app) is None
    assert live.get("/en/desk/").location.startswith("/en/sign-in")


def test_a_deactivated_person_is_out_on_the_next_page(app: Flask, live: Browser, world: World) -> None:
    live.sign_in(world.alice)
    other = Browser(live.address)
    other.sign_in(world.alice)
    with in_register(app):
        rights.deactivate(account(world.alice), by=account(world.sam))
    for each in (live, other):
        told = each.get("/en/desk/")
        assert (told.status, "Your account is deactivated" in told.said) == (403, True)
    assert live.send("/en/sign-in", email=world.alice, password="a-passphrase-for-tests").status == 422


def test_a_person_whose_rights_changed_signs_in_again(app: Flask, live: Browser, world: World) -> None:
    live.sign_in(world.kim)
    page, fields = live.fill(
        f"/en/secretariat/participants/{world.arcadia}/contact", address="office@arcadia.example.org"
    )
    with in_register(app):
        rights.end_staff(account(world.kim), by=account("ada@example.org"))
    told = live.post(page, fields)
    assert (told.status, "You are signed out" in told.said) == (403, True)
    live.sign_in(world.kim)
    assert live.get("/en/secretariat/").status == 403


def test_a_session_that_ended_says_so_and_leads_back(app: Flask, live: Browser, world: World) -> None:
    page, fields = in_the_wizard(live, world.alice)
    with in_register(app):
        sessions.end_all(account(world.alice))
    told = live.post(page, fields)
    assert told.status == 403
    assert "You are signed out" in told.said
    assert "We agree with all of it." in told.said
    assert (
        f'href="/en/sign-in?next={WIZARD.replace("/", "%2F")}%2Fstatement"' in told.text
        or "/en/sign-in?next=" in told.text
    )
    assert statement_in(app) is None


def end(app: Flask, email: str) -> None:
    """Let it be the day after the last one of somebody's accreditations."""
    with in_register(app):
        for held in accrediting.held_by(account(email)):
            held.starts_on, held.ends_on = clock.today() - 30 * DAY, clock.today() - DAY


def suspend(app: Flask, email: str) -> None:
    with in_register(app):
        for held in accrediting.held_by(account(email)):
            held.suspended_on = clock.today()


def last_day(app: Flask, email: str) -> None:
    with in_register(app):
        for held in accrediting.held_by(account(email)):
            held.ends_on = clock.today()


@pytest.mark.parametrize(
    ("over", "why"),
    [(end, "Your accreditation for Arcadia ended; its last day was"), (suspend, "is suspended until the secretariat")],
)
def test_an_accreditation_that_is_over_refuses_the_next_request(
    app: Flask, live: Browser, world: World, over: Callable[[Flask, str], None], why: str
) -> None:
    page, fields = in_the_wizard(live, world.alice)
    over(app, world.alice)
    told = live.post(page, fields)
    assert told.status == 403
    assert "You may not act for this participant today" in told.said
    assert why in told.said
    assert "Nothing of this form was recorded." in told.said
    assert "We agree with all of it." in told.said
    assert statement_in(app) is None
    assert live.get(WIZARD + "/check").status == 403
    assert live.get("/en/desk/").status == 200  # still signed in, and told there how things stand


def test_on_its_last_day_an_accreditation_still_holds(app: Flask, live: Browser, world: World) -> None:
    page, fields = in_the_wizard(live, world.alice)
    last_day(app, world.alice)
    assert live.post(page, fields).status == 302
    assert statement_in(app) is not None


def test_who_still_acts_for_another_participant_is_led_to_the_desk(app: Flask, sign_in, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    alice: CheckedClient = sign_in(world.alice)
    page, fields = alice.fill(f"{WIZARD}/statement", "/statement")
    end(app, world.alice)
    with in_register(app):
        borduria = register.participant(world.borduria)
        assert borduria
        accrediting.accredit(account(world.alice), borduria, starts_on=clock.today())
    told = alice.post(page, data=fields)
    assert told.status_code == 403
    assert "Your accreditation for Arcadia ended" in text_of(told)
    assert 'href="/en/desk/"' in told.text


def test_whose_accreditation_is_to_come_is_told_from_when(sign_in, world: World) -> None:
    told = sign_in(world.fay).get(f"{WIZARD}/check")
    assert told.status_code == 403
    assert "Your accreditation for Arcadia begins on" in text_of(told)
