from flask import Flask

from tests.acting import act
from tests.checked_client import CheckedClient, text_of
from tests.world import World, published


def test_it_lists_every_cohort_with_its_tally(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    told = text_of(client.get("/en/"))
    assert "Cohort on Clean Rivers" in told
    assert "Endorsed by 1 country." in told


def test_it_says_so_where_there_is_none(app: Flask) -> None:
    assert "No cohort has published" in text_of(app.test_client().get("/en/"))


def test_the_entrance_leads_to_the_language_of_the_browser(client: CheckedClient) -> None:
    answer = client.get("/", headers={"Accept-Language": "fr-BE,fr;q=0.9"})
    assert (answer.status_code, answer.location) == (302, "/fr/")
    assert "Accept-Language" in answer.headers["Vary"]
