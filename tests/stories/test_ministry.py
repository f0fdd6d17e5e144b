"""A ministry endorses, is returned, corrects, is confirmed, narrows and withdraws; everybody is told by mail."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from tests.acting import act, open_one
from tests.checked_client import CheckedClient, text_of
from tests.letters import a_pdf
from tests.post_box import PostBox, deliver, post_box
from tests.world import World, published, status_of
from tracker import clock, verifying
from tracker.extensions import db
from tracker.models import Proposal
from tracker.vocabulary import Status

DESK, COHORT = "/en/desk/arcadia/clean-rivers", "/en/clean-rivers"


def a_day(field: str) -> dict[str, str]:
    return {f"{field}-{part}": str(getattr(clock.today(), part)) for part in ("day", "month", "year")}


@pytest.fixture
def box() -> Iterator[PostBox]:
    with post_box() as box:
        yield box


@pytest.fixture
def news(app: Flask, box: PostBox) -> Any:
    """Return a function that delivers what was written since, and tells the subjects by recipient."""
    seen: dict[str, int] = {}

    def told(*people: str) -> dict[str, list[str]]:
        deliver(app, box)
        found = {}
        for person in people:
            mails = box.to(person)
            found[person] = [str(mail["Subject"]) for mail in mails[seen.get(person, 0) :]]
            seen[person] = len(mails)
        return found

    return told


def decision(app: Flask) -> str:
    with app.app_context():
        return f"/en/secretariat/endorsements/{open_one('arcadia', 'clean-rivers').reference}"


def sentence(reader: CheckedClient) -> str:
    return text_of(reader.get(COHORT)).split("Endorsed by ")[1].split(".")[0]


def test_the_whole_life_of_an_endorsement(
    app: Flask, client: CheckedClient, sign_in: Any, world: World, news: Any
) -> None:
    alice, adam, sam, kim = (sign_in(each) for each in (world.alice, world.adam, world.sam, world.kim))
    people = (world.alice, world.sam)

    alice.send(f"{DESK}/recommendations", scope="all")
    alice.send(f"{DESK}/reservations", written_in="en", **{"reservation-2.3": "Except on feast days."})
    alice.send(f"{DESK}/statement")
    alice.send(f"{DESK}/signature", "/signature", **a_day("signed_on"), signatory_name="Ana Rusu")
    alice.send(f"{DESK}/check", "/submit")
    assert news(*people) == {
        world.alice: ["Arcadia: The endorsement was submitted"],
        world.sam: ["Arcadia: An endorsement waits for a decision"],
    }

    page = decision(app)
    sam.send(page, "/refuse", decision="returned", reason_reservations="The letter says 2.2.")
    assert news(*people) == {world.alice: ["Arcadia: The secretariat returned this endorsement"], world.sam: []}

    assert "Reservations The letter says 2.2." in text_of(adam.get(f"{DESK}/check"))
    corrected = {"reservation-2.2": "Except on feast days.", "reservation-2.3": ""}
    adam.send(f"{DESK}/reservations", written_in="en", **corrected)
    adam.send(f"{DESK}/check", "/submit")
    kim.send(page, "/confirm")
    assert sentence(client) == "1 country"
    assert news(*people)[world.alice] == [
        "Arcadia: The endorsement was submitted",
        "Arcadia: The endorsement is confirmed",
    ]

    alice.send(f"{DESK}/recommendations", scope="chosen", numbers=["1.1", "2.2"])
    alice.send(f"{DESK}/signature", "/signature", **a_day("signed_on"))
    alice.send(f"{DESK}/check", "/submit")
    assert "The whole set" in text_of(client.get(f"{COHORT}/signatories"))
    sam.send(decision(app), "/confirm")
    assert "2 of 5 recommendations" in text_of(client.get(f"{COHORT}/signatories"))
    assert news(*people)[world.alice][-1] == "Arcadia: The change is confirmed"

    alice.send(f"{DESK}/withdraw", name="Arcadia", **a_day("signed_on"), **a_day("effective_on"))
    with app.app_context():
        notice = db.session.scalars(select(Proposal.reference)).one()
    assert news(*people) == {
        world.alice: ["Arcadia: Notice of withdrawal given"],
        world.sam: ["Arcadia: A notice of withdrawal waits for a decision"],
    }
    kim.send(f"/en/secretariat/proposals/{notice}", "/approve")
    assert "[ Arcadia ]" in text_of(client.get(f"{COHORT}/signatories"))
    assert news(*people)[world.alice] == ["Arcadia: The withdrawal is confirmed"]

    with app.app_context():
        assert status_of("arcadia", "clean-rivers") is Status.WITHDRAWN
        assert verifying.verify() is None


def test_a_letter_on_paper_is_recorded_confirmed_and_told(
    app: Flask, client: CheckedClient, sign_in: Any, world: World, news: Any
) -> None:
    sam, kim = sign_in(world.sam), sign_in(world.kim)
    sam.send("/en/secretariat/letters", participant="arcadia", cohort="clean-rivers")
    sam.send(f"{DESK}/recommendations", scope="all")
    sam.send(f"{DESK}/signature", "/signature", **a_day("signed_on"), **a_day("received_on"), provenance="By courier")
    sam.send(f"{DESK}/check", "/submit")
    assert news(world.alice, world.sam, world.kim) == {
        world.alice: ["Arcadia: A letter on paper was recorded"],
        world.sam: [],
        world.kim: ["Arcadia: An endorsement waits for a decision"],
    }
    kim.send(decision(app), "/refuse", decision="returned", reason_letter="Page 2 is missing.")
    assert news(world.alice, world.sam) == {world.alice: [], world.sam: ["Arcadia: A recorded letter was sent back"]}
    sam.send(f"{DESK}/check", "/submit")
    kim.send(decision(app), "/confirm")
    assert sentence(client) == "1 country"
    assert news(world.alice)[world.alice][-1] == "Arcadia: The endorsement is confirmed"
    with app.app_context():
        assert verifying.verify() is None


def test_a_notice_on_paper_is_recorded_returned_confirmed_and_told(
    app: Flask, client: CheckedClient, sign_in: Any, world: World, news: Any
) -> None:
    act(app, published, world.arcadia, world.cohort)
    sam, kim = sign_in(world.sam), sign_in(world.kim)
    notice = "/en/secretariat/letters/arcadia/clean-rivers/withdrawal"
    letter = FileStorage(io.BytesIO(a_pdf()), "notice.pdf")
    sam.send("/en/secretariat/letters", participant="arcadia", cohort="clean-rivers", what="withdraws")
    sam.send(notice, "/withdrawal", **a_day("signed_on"), **a_day("received_on"), letter=letter)
    sam.send(f"{notice}/effect", **a_day("effective_on"))
    sam.send(f"{notice}/check", "/submit")
    assert news(world.alice, world.sam, world.kim) == {
        world.alice: ["Arcadia: A notice of withdrawal on paper was recorded"],
        world.sam: [],
        world.kim: ["Arcadia: A notice of withdrawal waits for a decision"],
    }
    kim.send(latest_proposal(app), "/return", reason="The letter names another day.")
    assert news(world.alice, world.sam) == {world.alice: [], world.sam: ["Arcadia: A recorded letter was sent back"]}
    sam.send(notice, "/withdrawal")
    sam.send(f"{notice}/check", "/submit")
    assert sentence(client) == "1 country"
    kim.send(latest_proposal(app), "/approve")
    assert "[ Arcadia ]" in text_of(client.get(f"{COHORT}/signatories"))
    assert news(world.alice)[world.alice][-1] == "Arcadia: The withdrawal is confirmed"
    with app.app_context():
        assert verifying.verify() is None


def latest_proposal(app: Flask) -> str:
    with app.app_context():
        reference = db.session.scalars(select(Proposal.reference).order_by(Proposal.id.desc())).first()
    return f"/en/secretariat/proposals/{reference}"
