import pytest
from flask import Flask

from tests.acting import act, found, in_register
from tests.checked_client import CheckedClient, parse, text_of
from tests.desk.test_endorse import DESK, SIGNED
from tests.world import World, a_submission, account, published, status_of
from tracker import endorsing
from tracker.models import Text
from tracker.vocabulary import Status


@pytest.fixture
def alice(app: Flask, sign_in, world: World) -> CheckedClient:
    act(app, published, world.arcadia, world.cohort, reservations={"1.2": Text.of("In part.")})
    return sign_in(world.alice)  # type: ignore[no-any-return]


def test_it_works(app: Flask, alice: CheckedClient, sign_in, world: World) -> None:
    assert "Change the endorsement" in text_of(alice.get("/en/desk/arcadia/"))
    alice.send(f"{DESK}/recommendations", scope="chosen", numbers=["1.1", "1.2"])
    alice.send(f"{DESK}/signature", **SIGNED)
    told = text_of(alice.get(f"{DESK}/check"))
    assert "It changes the endorsement that is in force from 27 March 2023." in told
    assert "2.1 Endorsed Not endorsed" in told
    assert "1.2 Endorsed" not in told.partition("All the answers")[0]
    alice.send(f"{DESK}/check", "/submit")
    assert "It then takes the place of the endorsement that is in force now." in text_of(alice.get(f"{DESK}/submitted"))

    reader = app.test_client()
    assert "2 of 5 recommendations" not in text_of(reader.get("/en/participants/arcadia"))
    sam = sign_in(world.sam)
    [page] = [each.get("href") for each in parse(sam.get("/en/secretariat/")).iter() if _leads_to_decision(each)]
    assert "2.1 Endorsed Not endorsed" in text_of(sam.get(page))
    sam.send(page, "/confirm")

    told = text_of(reader.get("/en/participants/arcadia"))
    assert "In force In force from" in told
    assert "superseded by a change of position" in told
    assert "Change of position" in told[told.index("History") :]
    with app.app_context():
        assert status_of("arcadia", "clean-rivers") is Status.IN_FORCE


def _leads_to_decision(element) -> bool:
    return "/secretariat/endorsements/" in (element.get("href") or "")


def test_it_begins_with_what_is_in_force(alice: CheckedClient) -> None:
    page = parse(alice.get(f"{DESK}/recommendations"))
    assert [each.get("value") for each in page.iter() if each.get("checked") is not None] == ["all"]
    alice.send(f"{DESK}/recommendations", scope="all")
    assert "In part." in alice.get(f"{DESK}/reservations").text


def test_the_desk_shows_what_is_in_force_beside_the_change(alice: CheckedClient) -> None:
    alice.send(f"{DESK}/recommendations", scope="chosen", numbers=["1.1"])
    told = text_of(alice.get("/en/desk/arcadia/"))
    assert "in force from 27 March 2023" in told
    assert "The change of it that follows is not public before it is confirmed." in told
    assert "Withdraw the endorsement" in told


def test_a_change_that_changes_nothing_is_not_submitted(alice: CheckedClient) -> None:
    alice.send(f"{DESK}/recommendations", scope="all")
    alice.send(f"{DESK}/signature", **SIGNED)
    assert "So far it says the same." in text_of(alice.get(f"{DESK}/check"))
    answer = alice.send(f"{DESK}/check", "/submit")
    assert answer.status_code == 409
    assert "there is nothing to submit" in text_of(answer)


def test_a_reservation_is_added_and_taken_away(alice: CheckedClient) -> None:
    alice.send(f"{DESK}/recommendations", scope="all")
    alice.send(f"{DESK}/reservations", written_in="en", **{"reservation-1.2": "", "reservation-2.1": "Not on Sundays."})
    alice.send(f"{DESK}/signature", **SIGNED)
    told = text_of(alice.get(f"{DESK}/check"))
    assert "1.2 Endorsed with a reservation In part. Endorsed" in told
    assert "2.1 Endorsed Endorsed with a reservation Not on Sundays." in told


def test_the_public_list_names_a_participant_once(app: Flask, alice: CheckedClient, world: World) -> None:
    with in_register(app):
        change = a_submission(*found(world.arcadia, world.cohort), account(world.alice), numbers=("1.1",))
        endorsing.confirm(change, by=account(world.sam))
    told = text_of(alice.get("/en/clean-rivers/signatories"))
    assert told.count("Arcadia") == 1
    assert "1 of 5 recommendations" in told
    assert "Endorsed by 1 country." in told
