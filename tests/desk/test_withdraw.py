from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.acting import act, in_register
from tests.checked_client import CheckedClient, text_of
from tests.world import World, account, published, status_of, with_notice
from tracker import clock, withdrawing
from tracker.extensions import db
from tracker.models import Endorsement, Proposal
from tracker.vocabulary import Status

PLACE = "/en/desk/arcadia/clean-rivers"
PAGE, NOTICE = f"{PLACE}/withdraw", f"{PLACE}/notice"


@pytest.fixture
def alice(app: Flask, sign_in, world: World) -> CheckedClient:
    act(app, published, world.arcadia, world.cohort)
    return sign_in(world.alice)  # type: ignore[no-any-return]


def a_day(field: str, days: int) -> dict[str, str]:
    day = clock.today() + timedelta(days=days)
    return {f"{field}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


SIGNED = a_day("signed_on", 0)


def today_in_words() -> str:
    return f"{clock.today():%-d %B %Y}"


def the_one(app: Flask) -> Endorsement:
    return db.session.scalars(select(Endorsement)).one()


def test_it_works(app: Flask, alice: CheckedClient, sign_in, world: World) -> None:
    assert alice.send(PAGE, name="Arcadia", **SIGNED).location == NOTICE
    assert "What happens next" in text_of(alice.get(NOTICE))
    with app.app_context():
        assert status_of("arcadia", "clean-rivers") is Status.IN_FORCE
        notice = db.session.scalars(select(Proposal.reference)).one()
    sam = sign_in(world.sam)
    told = text_of(sam.get(f"/en/secretariat/proposals/{notice}"))
    assert "Withdrawal by Arcadia" in told
    assert f"Day of effect {today_in_words()}" in told
    assert f"The endorsement ends on {today_in_words()}" in told
    sam.send(f"/en/secretariat/proposals/{notice}", "/approve")
    with app.app_context():
        assert status_of("arcadia", "clean-rivers") is Status.WITHDRAWN
    assert "withdrawn with effect from" in text_of(alice.get("/en/desk/arcadia/"))


@pytest.mark.parametrize("name", ["arcadia", " ARCADIA ", "Arcadie", "Árcàdia"])
def test_the_name_is_taken_however_it_is_spelt(alice: CheckedClient, name: str) -> None:
    assert alice.send(PAGE, name=name, **SIGNED).location == NOTICE


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": "", **SIGNED}, "Type the name of the participant as it is shown above"),
        ({"name": "Borduria", **SIGNED}, "Type the name of the participant as it is shown above"),
        ({"name": "Arcadia"}, "Enter the date"),
        ({"name": "Arcadia", **a_day("signed_on", 1)}, "The date of signature cannot be in the future"),
        (
            {"name": "Arcadia", **SIGNED, **a_day("effective_on", -1)},
            "A withdrawal takes effect today or on a later day",
        ),
        ({"name": "Arcadia", **SIGNED, **a_day("effective_on", 900)}, "Choose a day within two years from today"),
        ({"name": "Arcadia", **SIGNED, "reason": "A new law."}, "Choose the language of the reason"),
    ],
)
def test_mistakes_are_told_beside_their_field(
    app: Flask, alice: CheckedClient, typed: dict[str, str], told: str
) -> None:
    answer = alice.send(PAGE, **typed)
    assert answer.status_code == 422
    assert told in text_of(answer)
    with app.app_context():
        assert db.session.scalars(select(Proposal)).all() == []


def test_it_is_announced_until_its_day(app: Flask, alice: CheckedClient, world: World) -> None:
    with in_register(app):
        later = clock.today() + timedelta(days=30)
        endorsement = with_notice(the_one(app), account(world.alice), effective_on=later)
        notice = withdrawing.waiting(endorsement)
        assert notice is not None
        withdrawing.confirm(notice, by=account(world.sam))
    told = text_of(alice.get("/en/clean-rivers/signatories"))
    assert "[Arcadia" not in told
    assert "notice of withdrawal given on" in told
    assert "until then it counts in the public tally" in text_of(alice.get("/en/desk/arcadia/"))
    assert "In force" in text_of(alice.get("/en/participants/arcadia"))


def test_a_waiting_notice_is_shown_instead_of_the_form(app: Flask, alice: CheckedClient, world: World) -> None:
    with in_register(app):
        with_notice(the_one(app), account(world.adam))
    assert alice.get(PAGE).location == NOTICE
    told = text_of(alice.get("/en/desk/arcadia/"))
    assert "Notice of withdrawal was given by Adam" in told
    assert "Withdraw the endorsement" not in told


def test_a_notice_is_taken_back(app: Flask, alice: CheckedClient) -> None:
    alice.send(PAGE, name="Arcadia", **SIGNED)
    assert alice.send(NOTICE, "/take-back").location == "/en/desk/arcadia/"
    assert alice.get(NOTICE).location == "/en/desk/arcadia/"
    assert "Withdraw the endorsement" in text_of(alice.get("/en/desk/arcadia/"))


def test_a_returned_notice_shows_its_reason_and_is_given_again(app: Flask, alice: CheckedClient, world: World) -> None:
    alice.send(PAGE, name="Arcadia", reason="A new law.", written_in="en", **SIGNED)
    with in_register(app):
        notice = withdrawing.waiting(the_one(app))
        assert notice is not None
        withdrawing.return_(notice, reason="The letter names another day.", by=account(world.sam))
    assert "The letter names another day." in text_of(alice.get("/en/desk/arcadia/"))
    page = alice.get(PAGE)
    assert "The letter names another day." in text_of(page)
    assert "A new law." in text_of(page)
    assert alice.send(PAGE, name="Arcadia").location == NOTICE


def test_withdrawing_what_a_colleague_withdrew_leads_to_the_desk(
    app: Flask, alice: CheckedClient, world: World
) -> None:
    with in_register(app):
        notice = withdrawing.waiting(with_notice(the_one(app), account(world.adam)))
        assert notice is not None
        withdrawing.confirm(notice, by=account(world.sam))
    assert alice.get(PAGE).location == "/en/desk/arcadia/"


def test_there_is_no_confirmation_of_what_did_not_happen(alice: CheckedClient) -> None:
    assert alice.get(NOTICE).location == "/en/desk/arcadia/"
