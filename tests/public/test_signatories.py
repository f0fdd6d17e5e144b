from flask import Flask

from tests.acting import act, in_register
from tests.checked_client import CheckedClient, text_of
from tests.world import World, account, in_force, published, withdrawn
from tracker.extensions import db
from tracker.models import Endorsement, Text

PAGE = "/en/clean-rivers/signatories"


def withdraw_arcadia(app: Flask, world: World) -> None:
    with in_register(app):
        endorsement = db.session.query(Endorsement).one()
        withdrawn(endorsement, account(world.alice), account(world.sam))


def test_they_stand_by_kind_with_their_day(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.league, world.cohort)
    act(app, published, world.arcadia, world.cohort)
    told = text_of(client.get(PAGE))
    assert "Arcadia 27 March 2023 The whole set 0" in told
    assert told.index("Arcadia 27") < told.index("League of Clean Hands 27")


def test_a_part_of_the_set_and_reservations_are_told(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort, numbers=["1.1", "1.2"], reservations={"1.1": Text.of("No.")})
    assert "2 of 5 recommendations 1" in text_of(client.get(PAGE))


def test_footnotes_are_numbered_and_lead_back(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.borduria, world.cohort, date_note=Text.of("Day of publication."))
    told = text_of(client.get(PAGE))
    assert "Borduria 1 27 March 2023 2" in told
    assert "This designation is without prejudice to positions on status. ↩" in told
    assert "Day of publication. ↩" in told


def test_a_withdrawn_one_stays_in_brackets_with_its_days(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    withdraw_arcadia(app, world)
    told = text_of(client.get(PAGE))
    assert "[ Arcadia ]" in told
    assert "withdrawn with notice and effect on" in told
    assert "Countries (0)" in told


def test_who_endorses_again_stands_without_brackets(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    withdraw_arcadia(app, world)
    act(app, in_force, world.arcadia, world.cohort, world.alice, world.sam)
    assert "[ Arcadia ]" not in text_of(client.get(PAGE))


def test_names_are_sorted_as_their_language_sorts(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.borduria, world.cohort)
    act(app, published, world.arcadia, world.cohort)
    told = text_of(client.get("/fr/clean-rivers/signatories"))
    assert told.index("Arcadie") < told.index("Bordurie")


def test_it_says_so_where_there_is_none(client: CheckedClient) -> None:
    assert "Nobody has endorsed these recommendations yet." in text_of(client.get(PAGE))
