"""A participant and wordings that change while it endorses them, or after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.acting import act, found, in_register, open_one
from tests.announced import an_item, extended
from tests.checked_client import CheckedClient, text_of
from tests.desk.test_endorse import DESK, SIGNED
from tests.world import World, a_draft, a_submission, account, amended, corrected, in_force, item, published
from tracker import clock, standing
from tracker.models import Text

WORDINGS = f"{DESK}/wordings"
COMPARE = "Compare, and endorse the new wording"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: the rules run on both databases elsewhere."""
    return "sqlite"


@pytest.fixture
def alice(sign_in, world: World) -> CheckedClient:
    return sign_in(world.alice)  # type: ignore[no-any-return]


def amend(app: Flask, world: World, number: str = "2.3", text: str = "Do more.", **more: Any) -> None:
    with in_register(app):
        _, cohort = found(world.arcadia, world.cohort)
        amended(item(cohort, number), account(world.sam), account(world.kim), text, **more)


def correct(app: Flask, world: World, number: str = "2.3") -> None:
    with in_register(app):
        _, cohort = found(world.arcadia, world.cohort)
        corrected(item(cohort, number), account(world.sam), account(world.kim), "Do what it said.")


def wordings_of(app: Flask) -> dict[str, int]:
    with app.app_context():
        return {
            each.recommendation.number: each.revision.number for each in open_one("arcadia", "clean-rivers").positions
        }


def test_the_new_wordings_are_endorsed_in_one_go(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort, reservations={"2.3": Text.of("Except on feast days.")})
    amend(app, world)
    amend(app, world, "1.1")
    told = text_of(alice.get("/en/desk/arcadia/"))
    assert "Recommendations 1.1, 2.3 were amended" in told
    assert COMPARE in told
    page = alice.get(WORDINGS)
    assert "<del>" in page.text
    assert "The reservation to it, which is kept: Except on feast days." in text_of(page)
    assert alice.send(WORDINGS).location == f"{DESK}/signature"
    assert wordings_of(app) == {"1.1": 2, "1.2": 1, "2.1": 1, "2.2": 1, "2.3": 2}
    alice.send(f"{DESK}/signature", "/signature", **SIGNED)
    told = text_of(alice.get(f"{DESK}/check"))
    assert "2.3 Endorsed with a reservation earlier wording: Original wording" in told
    assert "A wording changed" not in told
    assert alice.send(f"{DESK}/check", "/submit").location == f"{DESK}/submitted"


def test_one_is_endorsed_and_another_left_as_it_is(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    amend(app, world)
    amend(app, world, "1.1")
    alice.send(WORDINGS, numbers=["1.1"])
    alice.send(f"{DESK}/signature", "/signature", **SIGNED)
    told = text_of(alice.get(f"{DESK}/check"))
    assert "It may stay so, for the endorsement in force is of that wording too." in told
    assert alice.send(f"{DESK}/check", "/submit").location == f"{DESK}/submitted"


def test_it_asks_for_one_at_least(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    amend(app, world)
    answer = alice.send(WORDINGS, numbers=[])
    assert answer.status_code == 422
    assert "Choose at least one recommendation" in text_of(answer)


def test_where_nothing_changed_there_is_nothing_to_say(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    assert alice.get(WORDINGS).location == "/en/desk/arcadia/"


def test_a_corrigendum_asks_nothing_of_what_is_in_force(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    correct(app, world)
    assert COMPARE not in text_of(alice.get("/en/desk/arcadia/"))
    assert alice.get(WORDINGS).location == "/en/desk/arcadia/"


def test_an_amendment_to_come_asks_from_its_day_on(app: Flask, sign_in, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    later = clock.today() + timedelta(days=3)
    amend(app, world, effective_on=later)
    assert COMPARE not in text_of(sign_in(world.alice).get("/en/desk/arcadia/"))
    with time_machine.travel(later):
        assert COMPARE in text_of(sign_in(world.alice).get("/en/desk/arcadia/"))


@pytest.mark.parametrize("change", [amend, correct], ids=["amended", "corrected"])
def test_a_draft_that_is_open_is_told_and_keeps_its_answers(
    app: Flask, alice: CheckedClient, world: World, change: Any
) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice, reservations={"2.3": "Except on feast days."})
    address, fields = alice.fill(f"{DESK}/check", "/submit")
    change(app, world)
    answer = alice.post(address, data=fields)
    assert answer.status_code == 409
    assert "The wording of a recommendation changed while this was prepared" in text_of(answer)
    assert "Prepared New wording" in text_of(answer)
    assert "Except on feast days." in text_of(answer)
    assert "A wording changed" in text_of(alice.get(f"{DESK}/check"))
    alice.send(WORDINGS)
    assert wordings_of(app)["2.3"] == 2
    assert alice.send(f"{DESK}/check", "/submit").location == f"{DESK}/submitted"


def test_what_was_chosen_on_another_wording_is_shown_again(app: Flask, alice: CheckedClient, world: World) -> None:
    address, fields = alice.fill(f"{DESK}/recommendations", "/recommendations", scope="chosen", numbers=["1.1", "2.3"])
    amend(app, world)
    answer = alice.post(address, data=fields)
    assert answer.status_code == 409
    assert "A wording changed while you had this open" in text_of(answer)
    assert "Recommendation 2.3" in text_of(answer)
    with app.app_context():
        assert standing.open_one(*found(world.arcadia, world.cohort)) is None
    address, fields = alice.fill(f"{DESK}/recommendations", "/recommendations", scope="chosen", numbers=["1.1", "2.3"])
    assert alice.post(address, data=fields).status_code == 302
    assert wordings_of(app) == {"1.1": 1, "2.3": 2}


def test_another_change_meanwhile_is_shown_before_it_is_endorsed(
    app: Flask, alice: CheckedClient, world: World
) -> None:
    act(app, published, world.arcadia, world.cohort)
    amend(app, world)
    address, fields = alice.fill(WORDINGS, "/wordings")
    amend(app, world, text="Do most.")
    answer = alice.post(address, data=fields)
    assert answer.status_code == 409
    assert "[added: most ]" in text_of(answer)


def test_a_colleague_who_began_a_change_meanwhile_is_told_of(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    amend(app, world)
    address, fields = alice.fill(WORDINGS, "/wordings")
    act(app, a_draft, world.arcadia, world.cohort, world.adam)
    assert alice.post(address, data=fields).status_code == 409


def test_staff_are_told_why_a_submission_cannot_be_confirmed(app: Flask, sign_in, world: World) -> None:
    reference = act(app, a_submission, world.arcadia, world.cohort, world.alice)
    amend(app, world)
    page = f"/en/secretariat/endorsements/{reference}"
    sam = sign_in(world.sam)
    assert "earlier wording: Original wording" in text_of(sam.get(page))
    answer = sam.send(page, "/confirm")
    assert answer.status_code == 409
    assert "Return it, so that the participant can say which wording it endorses." in text_of(answer)


def test_the_public_sees_which_wording_is_endorsed(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, in_force, world.arcadia, world.cohort, world.alice, world.sam)
    amend(app, world, effective_on=clock.today())
    told = text_of(client.get("/en/participants/arcadia"))
    assert "Do what 2.3 says." in told
    assert "earlier wording: Original wording, 27 March 2023" in told


def extend(app: Flask, world: World) -> None:
    with in_register(app):
        _, cohort = found(world.arcadia, world.cohort)
        extended(cohort, items=(an_item("2.4", 2),), by=account(world.sam), other=account(world.kim))


def test_a_draft_of_the_whole_set_tells_what_was_added(app: Flask, alice: CheckedClient, world: World) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    check = alice.fill(f"{DESK}/check", "/submit")
    extend(app, world)
    refused = alice.post(check[0], data=check[1])
    assert refused.status_code == 409
    assert "Recommendations were added to the set while this was prepared" in text_of(refused)
    assert "more recommendations by now: 2.4 Do what 2.4 says." in text_of(alice.get(f"{DESK}/check"))
    alice.send(f"{DESK}/recommendations", scope="all")
    assert alice.send(f"{DESK}/check", "/submit").location == f"{DESK}/submitted"


def test_nothing_is_endorsed_that_was_not_on_the_page(app: Flask, alice: CheckedClient, world: World) -> None:
    address, fields = alice.fill(f"{DESK}/recommendations", scope="all")
    extend(app, world)
    refused = alice.post(address, data=fields)
    assert refused.status_code == 409
    assert "Recommendations were added while you had this open" in text_of(refused)
    assert "2.4 Do what 2.4 says." in text_of(refused)
