"""A wrong confirmation is corrected by a further act, and what was in force before is so again."""

from __future__ import annotations

from typing import Any

from flask import Flask

from tests.acting import act
from tests.checked_client import CheckedClient, text_of
from tests.post_box import deliver, post_box
from tests.world import World, a_submission, published
from tracker import verifying

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
