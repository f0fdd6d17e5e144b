from flask import Flask

from tests.acting import act
from tests.checked_client import CheckedClient, text_of
from tests.world import World, published
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
