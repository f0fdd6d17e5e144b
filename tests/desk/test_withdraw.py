import pytest
from flask import Flask

from tests.acting import act, in_register
from tests.checked_client import CheckedClient, text_of
from tests.world import World, account, published, status_of
from tracker import endorsing
from tracker.extensions import db
from tracker.models import Endorsement
from tracker.vocabulary import Status

PAGE = "/en/desk/arcadia/clean-rivers/withdraw"


@pytest.fixture
def alice(app: Flask, sign_in, world: World) -> CheckedClient:
    act(app, published, world.arcadia, world.cohort)
    return sign_in(world.alice)  # type: ignore[no-any-return]


def test_it_works(app: Flask, alice: CheckedClient) -> None:
    assert alice.send(PAGE, sure="yes").location == "/en/desk/arcadia/clean-rivers/withdrawn"
    assert "What happens next" in text_of(alice.get("/en/desk/arcadia/clean-rivers/withdrawn"))
    with app.app_context():
        assert status_of("arcadia", "clean-rivers") is Status.WITHDRAWN


def test_it_asks_first(app: Flask, alice: CheckedClient) -> None:
    assert "It cannot be undone." in text_of(alice.get(PAGE))
    answer = alice.send(PAGE)
    assert answer.status_code == 422
    assert "Choose yes or no" in text_of(answer)


def test_no_keeps_it(app: Flask, alice: CheckedClient) -> None:
    assert alice.send(PAGE, sure="no").location == "/en/desk/arcadia/"
    with app.app_context():
        assert status_of("arcadia", "clean-rivers") is Status.IN_FORCE


def test_withdrawing_what_a_colleague_withdrew_leads_to_the_desk(
    app: Flask, alice: CheckedClient, world: World
) -> None:
    with in_register(app):
        endorsing.withdraw(db.session.query(Endorsement).one(), by=account(world.adam))
    assert alice.get(PAGE).location == "/en/desk/arcadia/"


def test_there_is_no_confirmation_of_what_did_not_happen(alice: CheckedClient) -> None:
    assert alice.get("/en/desk/arcadia/clean-rivers/withdrawn").location == "/en/desk/arcadia/"
