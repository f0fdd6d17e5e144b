import pytest
from flask import Flask

from tests.acting import act, found, in_register
from tests.checked_client import CheckedClient, text_of
from tests.world import World, account, published, with_notice
from tracker import standing

CORRECTIONS = "/en/secretariat/corrections"
WRONG = {"reason": "The letter was Borduria’s.", "written_in": "en"}


@pytest.fixture
def page(app: Flask, world: World) -> str:
    """Return the address at which Arcadia's endorsement, which was published, is corrected."""
    reference = act(app, published, world.arcadia, world.cohort)
    return f"/en/secretariat/endorsements/{reference}/correct"


@pytest.fixture
def sam(sign_in, world: World) -> CheckedClient:
    return sign_in(world.sam)  # type: ignore[no-any-return]


def test_a_wrong_act_is_annulled_by_two_people(
    client: CheckedClient, sam: CheckedClient, sign_in, world: World, page: str
) -> None:
    assert "1 country" in text_of(client.get("/en/clean-rivers"))
    proposal = sam.send(page, **WRONG).location
    assert "Somebody else must decide" in text_of(sam.get(proposal))
    kim = sign_in(world.kim)
    assert "The letter was Borduria’s." in text_of(kim.get(proposal))
    kim.send(proposal, "/approve")
    assert "Endorsed by no country or organisation yet." in text_of(client.get("/en/clean-rivers"))
    told = text_of(client.get("/en/participants/arcadia"))
    assert "Correction annuls entry" in told
    assert "The letter was Borduria’s." in told
    assert "Endorsement annulled by entry" in told


def test_its_representatives_may_endorse_again(sam: CheckedClient, sign_in, world: World, page: str) -> None:
    sign_in(world.kim).send(sam.send(page, **WRONG).location, "/approve")
    told = text_of(sign_in(world.alice).get("/en/desk/arcadia/"))
    assert "You can endorse the whole set or some of them" in told
    assert "was withdrawn" not in told


def test_it_is_found_by_its_participant(sam: CheckedClient, page: str) -> None:
    assert sam.get(f"{CORRECTIONS}?participant=arcadia&cohort=clean-rivers").location == page


def test_it_says_when_there_is_nothing_to_correct(sam: CheckedClient) -> None:
    told = text_of(sam.get(f"{CORRECTIONS}?participant=borduria&cohort=clean-rivers"))
    assert "there is nothing to correct" in told


def test_a_participant_that_there_is_not_is_told(sam: CheckedClient) -> None:
    answer = sam.get(f"{CORRECTIONS}?participant=nobody&cohort=clean-rivers")
    assert answer.status_code == 422
    assert "Choose from the list" in text_of(answer)


def test_a_correction_needs_its_reason_and_a_language(sam: CheckedClient, page: str) -> None:
    answer = sam.send(page)
    assert answer.status_code == 422
    assert "Say what was recorded wrongly, and why" in text_of(answer)
    assert "Choose the language of the reason" in text_of(answer)


def test_what_waits_is_shown_instead_of_the_form(sam: CheckedClient, page: str) -> None:
    proposal = sam.send(page, **WRONG).location
    assert sam.get(page).location == proposal


def test_it_is_refused_while_a_notice_of_withdrawal_waits(
    app: Flask, sam: CheckedClient, world: World, page: str
) -> None:
    with in_register(app):
        endorsement = standing.in_force_one(*found(world.arcadia, world.cohort))
        assert endorsement is not None
        with_notice(endorsement, account(world.alice))
    answer = sam.send(page, **WRONG)
    assert answer.status_code == 409
    assert "A notice of withdrawal waits" in text_of(answer)
    assert "The letter was Borduria’s." in text_of(answer)


def test_who_proposed_it_takes_it_back(sam: CheckedClient, page: str) -> None:
    proposal = sam.send(page, **WRONG).location
    assert sam.send(proposal, "/take-back").location == proposal
    assert "Taken back" in text_of(sam.get(proposal))
    assert "Propose the correction" in text_of(sam.get(page))


def test_it_waits_in_the_queue(sam: CheckedClient, sign_in, world: World, page: str) -> None:
    sam.send(page, **WRONG)
    told = text_of(sign_in(world.kim).get("/en/secretariat/?matter=correction"))
    assert "Arcadia Correction" in told
