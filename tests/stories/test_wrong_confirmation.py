"""A wrong confirmation is corrected by a further act, whether staff find it, a reader or the participant itself."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from flask import Flask

from tests.acting import act, found, in_register
from tests.checked_client import CheckedClient, text_of
from tests.post_box import deliver, post_box
from tests.post_box import text_of as mail_text
from tests.world import World, a_submission, account, published, with_contact
from tracker import verifying
from tracker.extensions import db
from tracker.models import Report, Review

COHORT = "/en/clean-rivers"


def test_a_wrong_confirmation_is_corrected(app: Flask, client: CheckedClient, sign_in: Any, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    reference = act(app, a_submission, world.arcadia, world.cohort, world.alice, numbers=("1.1",))
    sam, kim = sign_in(world.sam), sign_in(world.kim)
    sam.send(f"/en/secretariat/endorsements/{reference}", "/confirm")
    assert "1 of 5 recommendations" in text_of(client.get(f"{COHORT}/signatories"))

    wrong = {"reason": "Confirmed in error: the letter was a draft.", "written_in": "en"}
    proposal = sam.send(f"/en/secretariat/endorsements/{reference}/correct", **wrong).location
    kim.send(proposal, "/approve")

    assert "1 of 5 recommendations" not in text_of(client.get(f"{COHORT}/signatories"))
    assert "The whole set" in text_of(client.get(f"{COHORT}/signatories"))
    told = text_of(client.get("/en/participants/arcadia"))
    assert "Confirmed in error: the letter was a draft." in told
    assert "Change of position annulled by entry" in told
    with post_box() as box:
        deliver(app, box)
        assert str(box.to(world.alice)[-1]["Subject"]) == "Arcadia: The record was corrected"
        assert str(box.to(world.kim)[-1]["Subject"]) == "Arcadia: A correction waits for a decision"
    with app.app_context():
        assert verifying.verify() is None


def test_what_a_reader_reports_is_corrected_and_the_reader_is_answered(
    app: Flask, client: CheckedClient, sign_in: Any, world: World
) -> None:
    reference = act(app, published, world.arcadia, world.cohort)
    sam, kim = sign_in(world.sam), sign_in(world.kim)
    form = re.search(r'href="(/fr/report[^"]+)"', client.get("/fr/participants/arcadia").text)
    assert form is not None
    client.send(form[1], message="L’Arcadie n’a rien signé.", name="Léa", address="lea@example.org")
    with app.app_context():
        report = db.session.scalars(sa.select(Report.reference)).one()
    page = f"/en/secretariat/reports/{report}"
    assert "L’Arcadie n’a rien signé." in text_of(sam.get(page))

    wrong = {"reason": "Arcadia took part and signed nothing.", "written_in": "en"}
    kim.send(sam.send(f"/en/secretariat/endorsements/{reference}/correct", **wrong).location, "/approve")
    sam.send(page, decision="answered", answer="Vous avez raison ; c’est rectifié.", note="See the correction.")
    assert "Arcadia" not in text_of(client.get(f"{COHORT}/signatories"))
    with post_box() as box:
        deliver(app, box)
        assert "Somebody reported that something is wrong" in box.subjects(world.kim)
        (answer,) = box.to("lea@example.org")
    assert report in str(answer["Subject"])
    assert "Vous avez raison ; c’est rectifié." in mail_text(answer)
    assert "See the correction." not in mail_text(answer)
    with app.app_context():
        assert verifying.verify() is None


def test_a_participant_that_never_signed_has_its_endorsement_annulled(
    app: Flask, client: CheckedClient, sign_in: Any, world: World
) -> None:
    reference = act(app, a_submission, world.arcadia, world.cohort, world.alice)
    with in_register(app):
        with_contact(found(world.arcadia, world.cohort)[0], account(world.sam), account(world.kim))
    sam, kim = sign_in(world.sam), sign_in(world.kim)
    kim.send(f"/en/secretariat/endorsements/{reference}", "/confirm")
    with post_box() as box:
        client.send(f"/en/dispute/{reference}")
        deliver(app, box)
        link = re.search(r"https://register\.example\.org(/en/dispute/\S+)", mail_text(box.to("office@example.org")[0]))
        assert link is not None
        client.send(link[1], message="Nobody of our ministry signed this.")
        assert "under review since" in text_of(client.get(f"{COHORT}/signatories"))
        deliver(app, box)
        assert "Arcadia: A participant disputes an endorsement" in box.subjects(world.sam)
        assert "Arcadia: An endorsement is under review" in box.subjects(world.alice)

        forged = {"reason": "The letter was forged.", "written_in": "en"}
        proposal = kim.send(f"/en/secretariat/endorsements/{reference}/correct", **forged).location
        sam.send(proposal, "/approve")
        assert "Arcadia" not in text_of(client.get(f"{COHORT}/signatories"))
        told = text_of(client.get("/en/participants/arcadia"))
        assert "The endorsement was annulled: The letter was forged." in told
        deliver(app, box)
        assert "The letter was forged." in mail_text(box.to("office@example.org")[-1])
        assert "Arcadia: The record was corrected" in box.subjects(world.alice)
    with app.app_context():
        assert db.session.scalars(sa.select(Review.closed_by_id)).one() == account(world.sam).id
        assert verifying.verify() is None
