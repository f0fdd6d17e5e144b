"""An amendment leaves an earlier wording endorsed; the participant is asked, and endorses the new one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.acting import act, open_one
from tests.checked_client import HTML, CheckedClient, parse, text_of, values_of
from tests.post_box import PostBox, deliver, post_box
from tests.post_box import text_of as text_of_mail
from tests.world import World, published
from tracker import clock, verifying
from tracker.models import Text

DESK, COHORT, TEXTS = "/en/desk/arcadia/clean-rivers", "/en/clean-rivers", "/en/secretariat/texts/clean-rivers"
ITEM = f"{COHORT}/recommendations/2.3"


def a_day(field: str) -> dict[str, str]:
    return {f"{field}-{part}": str(getattr(clock.today(), part)) for part in ("day", "month", "year")}


@pytest.fixture
def box() -> Iterator[PostBox]:
    with post_box() as box:
        yield box


def proposed(browser: CheckedClient, page: str, **answers: Any) -> str:
    """Propose a change of a text, through its check; return the address of the proposal."""
    check = browser.send(page, "/" + page.rpartition("/")[2], **answers)
    form = next(each for each in parse(check).iter(f"{HTML}form") if each.get("id") == "answers")
    return browser.post(form.get("action"), data={**values_of(form), "sure": "1"}).location


def test_an_amendment_leaves_an_earlier_wording_endorsed_until_the_new_one_is(
    app: Flask, client: CheckedClient, sign_in: Any, world: World, box: PostBox
) -> None:
    act(app, published, world.arcadia, world.cohort, reservations={"2.3": Text.of("Except on feast days.")})
    act(app, published, world.borduria, world.cohort, numbers=["1.1"])
    alice, sam, kim = (sign_in(each) for each in (world.alice, world.sam, world.kim))

    # A slip is corrected: endorsements carry over.
    why = {"reason": "A slip in the text.", "reason_in": "en", "source": "page"}
    kim.send(proposed(sam, f"{TEXTS}/2.3/corrigendum", **{"text-0": "Do all that 2.3 says."}, **why), "/approve")
    assert "Endorsed by 1 country. As at" in text_of(client.get(ITEM))

    # The cohort agrees another text.
    why = {"reason": "As agreed in session.", "reason_in": "en", "provenance": "Note verbale no. 12"}
    proposal = proposed(sam, f"{TEXTS}/2.3/amendment", **{"text-0": "Do all that 2.3 says, every year."}, **why)
    assert "Do all that 2.3 says, every year." not in text_of(client.get(ITEM))
    assert sam.post(f"{proposal}/approve", data=sam.fill(proposal, "/take-back")[1]).status_code == 409
    kim.send(proposal, "/approve")

    # The public sees both facts; only those whom it concerns are asked.
    told = text_of(client.get(ITEM))
    assert "Do all that 2.3 says, every year." in told
    assert "Endorsed by 1 country. It endorses an earlier wording." in told
    assert "earlier wording: Original wording" in text_of(client.get("/en/participants/arcadia"))
    deliver(app, box)
    assert box.subjects(world.alice) == [
        "Arcadia: Recommendation 2.3 was corrected",
        "Arcadia: Recommendation 2.3 was amended",
    ]
    assert box.subjects(world.bruno) == []
    assert box.subjects(world.kim) == ["A change of a text waits for a decision"] * 2
    assert box.subjects(world.sam) == ["A change of a text was published"] * 2
    mail = box.to(world.alice)[-1]
    assert "> Do all that 2.3 says, every year." in text_of_mail(mail)
    assert "<ins>, every year</ins>" in text_of_mail(mail, "html")
    assert "/en/desk/arcadia/clean-rivers/wordings" in text_of_mail(mail)

    # Arcadia endorses the new wording, with its reservation.
    assert "Recommendation 2.3 was amended" in text_of(alice.get("/en/desk/arcadia/"))
    alice.send(f"{DESK}/wordings")
    alice.send(f"{DESK}/signature", "/signature", **a_day("signed_on"))
    assert "Except on feast days." in text_of(alice.get(f"{DESK}/check"))
    alice.send(f"{DESK}/check", "/submit")
    assert "It endorses an earlier wording." in text_of(client.get(ITEM))
    with app.app_context():
        decision = f"/en/secretariat/endorsements/{open_one('arcadia', 'clean-rivers').reference}"
    sam.send(decision, "/confirm")

    told = text_of(client.get(ITEM))
    assert "Endorsed by 1 country. As at" in told
    assert "with a reservation: Except on feast days." in told
    assert "wording: Amendment" in text_of(client.get("/en/participants/arcadia"))
    assert "was amended" not in text_of(alice.get("/en/desk/arcadia/"))
    with app.app_context():
        assert verifying.verify() is None
