from flask import Flask

from tests.acting import act, in_register
from tests.checked_client import CheckedClient, text_of
from tests.world import World, a_submission, account, in_force, published, withdrawn
from tracker import ledger, publishing
from tracker.extensions import db
from tracker.models import Endorsement, Text
from tracker.vocabulary import Kind


def test_it_shows_the_endorsement_its_positions_and_history(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort, reservations={"2.1": Text.of("Only with notice.")})
    with app.app_context():
        entry, _ = ledger.head()
    told = text_of(client.get("/en/participants/arcadia"))
    assert "Country Arcadia Cohort on Clean Rivers In force In force from 27 March 2023" in told
    assert "2.1 Do what 2.1 says. Endorsed with a reservation Only with notice." in told
    assert "History" in told
    assert f"27 March 2023 {entry}" in told


def test_endorsement_and_withdrawal_are_both_in_the_history(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, in_force, world.arcadia, world.cohort, world.alice, world.sam)
    with in_register(app):
        withdrawn(db.session.query(Endorsement).one(), account(world.alice), account(world.sam))
    told = text_of(client.get("/en/participants/arcadia"))
    history = told[told.index("History") :]
    assert history.index("Withdrawal") < history.index("Endorsement")


def test_what_is_not_confirmed_is_not_shown(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, a_submission, world.arcadia, world.cohort, world.alice, reservations={"2.1": "Not yet public."})
    page = client.get("/en/participants/arcadia")
    assert "It has endorsed nothing in this register." in text_of(page)
    assert "Not yet public." not in page.text


def test_the_people_who_acted_are_not_named(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, in_force, world.arcadia, world.cohort, world.alice, world.sam)
    page = client.get("/en/participants/arcadia").text
    assert "Alice" not in page
    assert "Sam" not in page


def test_its_footnote_comes_along(client: CheckedClient) -> None:
    assert "without prejudice to positions on status" in text_of(client.get("/en/participants/borduria"))


def test_an_unconfirmed_name_is_marked(app: Flask, client: CheckedClient, world: World) -> None:
    with in_register(app):
        publishing.add_participant(kind=Kind.INTERGOVERNMENTAL, name=Text.of("Unnamed"), name_confirmed=False)
    assert "The sources count this participant without naming it." in text_of(client.get("/en/participants/unnamed"))


def test_an_unknown_one_is_not_found(client: CheckedClient) -> None:
    assert client.get("/en/participants/nobody").status_code == 404
