from datetime import timedelta
from typing import Any

import time_machine
from flask import Flask

from tests.acting import act, found, in_register
from tests.checked_client import CheckedClient, text_of
from tests.world import World, account, amended, in_force, item, published
from tracker import clock
from tracker.models import Text

PAGE = "/en/clean-rivers/recommendations/1.2"


def test_it_shows_the_wording_and_its_source(client: CheckedClient) -> None:
    told = text_of(client.get(PAGE))
    assert "Recommendation 1.2 Do what 1.2 says. Summary" in told
    assert "The cohort's page, Summit of Rivers" in told


def test_it_shows_who_endorses_and_who_with_which_reservation(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    act(app, published, world.borduria, world.cohort, reservations={"1.2": Text.of("Except on feast days.")})
    told = text_of(client.get(PAGE))
    assert "Endorsements 2 0 0 0" in told
    assert "of these, with a reservation 1 0 0 0" in told
    assert "Countries (2) Arcadia Borduria 1 , with a reservation: Except on feast days." in told


def test_it_says_first_how_many_endorse_it(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.union, world.cohort)
    act(app, published, world.arcadia, world.cohort, numbers=["1.1"])
    told = text_of(client.get(PAGE))
    assert "Summary Endorsed by the Commission of the Union." in told


def test_signatories_that_do_not_endorse_it_are_named(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.union, world.cohort)
    act(app, published, world.arcadia, world.cohort, numbers=["1.1"])
    assert "Signatories of the set that do not endorse it (1) Arcadia" in text_of(client.get(PAGE))


def test_who_endorses_other_recommendations_only_is_not_listed(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort, numbers=["1.1"])
    assert "Nobody has endorsed this recommendation yet." in text_of(client.get(PAGE))


def test_a_reservation_in_another_language_is_marked(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort, reservations={"1.2": Text.of("Sauf le dimanche.", "fr")})
    page = client.get(PAGE)
    assert 'lang="fr"' in page.text
    assert "Sauf le dimanche. in French" in text_of(page)


def test_it_leads_to_its_neighbours(client: CheckedClient) -> None:
    told = text_of(client.get(PAGE))
    assert "Previous: 1.1" in told
    assert "Next: 2.1" in told


def test_markup_in_a_reservation_is_text(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort, reservations={"1.2": Text.of("<script>alert(1)</script>")})
    assert "<script>alert" not in client.get(PAGE).text


def test_an_unknown_number_is_not_found(client: CheckedClient) -> None:
    assert client.get("/en/clean-rivers/recommendations/9.9").status_code == 404
    assert client.get("/en/clean-rivers/recommendations/1.2%00").status_code == 404


def amend(app: Flask, world: World, text: str | Text = "Do more.", **more: Any) -> None:
    with in_register(app):
        _, cohort = found(world.arcadia, world.cohort)
        amended(item(cohort, "1.2"), account(world.sam), account(world.kim), text, **more)


def test_it_says_how_many_endorse_an_earlier_wording(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    amend(app, world)
    act(app, in_force, world.borduria, world.cohort, world.bruno, world.sam)
    told = text_of(client.get(PAGE))
    assert "Endorsed by 2 countries. Of these, 1 endorses an earlier wording." in told
    assert "Arcadia earlier wording Borduria" in told
    assert "of these, of an earlier wording 1 0 0 0" in told
    assert "Of these, 1 endorses an earlier wording." in text_of(client.get("/en/clean-rivers"))
    told = client.get("/api/v1/cohorts/clean-rivers/tally").json
    assert told is not None
    assert told["recommendations"]["1.2"] == {
        "revision": 2,
        "counts": {"country": 2, "supranational": 0, "civil_society": 0, "intergovernmental": 0},
        "of_earlier_wording": {"country": 1, "supranational": 0, "civil_society": 0, "intergovernmental": 0},
    }


def test_each_wording_has_its_place_and_its_difference(app: Flask, client: CheckedClient, world: World) -> None:
    amend(app, world, "Do all that 1.2 says.")
    amend(app, world, Text.of("各国应当合作。", "zh"))
    page = client.get(PAGE)
    assert [f'id="revision-{number}"' in page.text for number in (1, 2, 3)] == [True] * 3
    told = text_of(page)
    assert "Wording 3: Amendment" in told
    assert "[added: all that ]" in told
    assert "As the cohort agreed." in told
    assert "Note verbale no. 12" in told
    assert 'lang="zh" dir="ltr"' in page.text


def test_a_wording_to_come_is_announced_and_does_not_stand_yet(app: Flask, client: CheckedClient, world: World) -> None:
    later = clock.today() + timedelta(days=30)
    amend(app, world, effective_on=later)
    told = text_of(client.get(PAGE))
    assert "Recommendation 1.2 Do what 1.2 says." in told
    assert "Another wording stands from" in told
    with time_machine.travel(later):
        assert "Recommendation 1.2 Do more." in text_of(client.get(PAGE))


def test_a_recommendation_with_one_wording_has_no_list(client: CheckedClient, world: World) -> None:
    assert "All wordings" not in text_of(client.get(PAGE))
