from datetime import timedelta

import pytest
from flask import Flask

from tests.acting import act
from tests.checked_client import CheckedClient
from tests.world import World, published
from tracker import clock

PATH = "/api/v1/cohorts/clean-rivers/tally"


def test_it_tells_the_tally_of_today(app: Flask, client: CheckedClient, world: World) -> None:
    for participant in (world.arcadia, world.union, world.league):
        act(app, published, participant, world.cohort)
    told = client.get(PATH).json
    assert told is not None
    assert told.pop("recommendations")["2.3"]["counts"] == told["counts"]
    assert told == {
        "as_at": clock.today().isoformat(),
        "counts": {"country": 1, "supranational": 1, "civil_society": 1, "intergovernmental": 0},
        "named": ["Commission of the Union"],
        "sentence": "1 country and the Commission of the Union, as well as 1 civil society organisation",
    }


def test_it_tells_the_tally_of_a_past_day(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.arcadia, world.cohort)
    told = client.get(PATH, query_string={"as_at": "2023-03-26"}).json
    assert told is not None
    assert told["as_at"] == "2023-03-26"
    assert set(told["counts"].values()) == {0}
    assert client.get(PATH, query_string={"as_at": "2023-03-27"}).json["counts"]["country"] == 1  # type: ignore[index]


def test_it_speaks_french(app: Flask, client: CheckedClient, world: World) -> None:
    act(app, published, world.union, world.cohort)
    told = client.get(PATH, query_string={"language": "fr"}).json
    assert told is not None
    assert (told["named"], told["sentence"]) == (["Commission de l’Union"], "la Commission de l’Union")


@pytest.mark.parametrize(
    "day", ["", "yesterday", "2023-02-30", "20230327", "2023-W01-1", "٢٠٢٣-٠٣-٢٧", "2023-03-27T00:00"]
)
def test_what_is_no_day_is_refused(client: CheckedClient, day: str) -> None:
    answer = client.get(PATH, query_string={"as_at": day})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert "as_at" in answer.json["detail"]  # type: ignore[index]


def test_a_day_to_come_is_refused(client: CheckedClient) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert client.get(PATH, query_string={"as_at": tomorrow}).status_code == 422


def test_an_unknown_language_is_refused(client: CheckedClient) -> None:
    assert client.get(PATH, query_string={"language": "xx"}).status_code == 422


def test_an_unknown_cohort_is_told_as_problem_details(client: CheckedClient) -> None:
    answer = client.get("/api/v1/cohorts/nothing/tally")
    assert answer.status_code == 404
    assert answer.json == {
        "type": "about:blank",
        "title": "Page not found",
        "status": 404,
        "detail": "Nothing is registered under this address. Check that it is complete.",
    }


def test_an_unknown_address_is_told_as_problem_details(client: CheckedClient) -> None:
    assert client.get("/api/v1/nothing").mimetype == "application/problem+json"
    assert client.post(PATH).mimetype == "application/problem+json"
