"""What the secretariat typed into a preparation is not lost where the preparation, or the part, is gone meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checked_client import CheckedClient, text_of
from tests.world import World

COHORT = "/en/secretariat/cohorts/clean-rivers"
OUTCOME = {"written_in-0": "en", "text-text-0": "Reeds on every bank."}
GONE = "This preparation is gone: it was thrown away, or it was approved and is public."


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: the rule runs on both databases elsewhere."""
    return "sqlite"


@pytest.fixture
def sam(sign_in: Any, world: World) -> CheckedClient:
    return sign_in(world.sam)  # type: ignore[no-any-return]


@pytest.fixture
def kim(sign_in: Any, world: World) -> CheckedClient:
    return sign_in(world.kim)  # type: ignore[no-any-return]


@pytest.fixture
def preparation(sam: CheckedClient) -> str:
    """Return the address of the changes that are prepared of the cohort."""
    return str(sam.send(COHORT, "/prepare").location)


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("outcomes/new", OUTCOME),
        ("outcomes/1", OUTCOME),
        ("sources/new", {"title": "The reed report", "publisher": "Reed Society"}),
        ("facts", {"written_in-0": "en", "text-title-0": "Cohort on Reeds", "summit": "Summit of Reeds"}),
    ],
)
def test_what_was_typed_into_one_that_a_colleague_threw_away_is_shown(
    sam: CheckedClient, kim: CheckedClient, preparation: str, form: str, typed: dict[str, str]
) -> None:
    address, fields = sam.fill(f"{preparation}/{form}", **typed)
    kim.send(preparation, "/discard")
    refused = sam.post(address, data=fields)
    assert refused.status_code == 409
    assert GONE in text_of(refused)
    assert all(text in text_of(refused) for name, text in typed.items() if name != "written_in-0")
    assert 'href="/en/secretariat/cohorts"' in refused.text


def test_the_reason_for_what_a_colleague_threw_away_is_shown(
    sam: CheckedClient, kim: CheckedClient, preparation: str
) -> None:
    why = {"written_in-0": "en", "text-reason-0": "The cohort wrote to us.", "source": "Letter of 3 March"}
    address, fields = sam.fill(preparation, "/propose", **why)
    kim.send(preparation, "/discard")
    refused = sam.post(address, data=fields)
    assert refused.status_code == 409
    assert "The cohort wrote to us." in text_of(refused)


def test_what_was_typed_into_a_part_that_a_colleague_left_out_is_shown(
    sam: CheckedClient, kim: CheckedClient, preparation: str
) -> None:
    address, fields = sam.fill(f"{preparation}/outcomes/1", **OUTCOME)
    kim.send(preparation, "/outcomes/1/remove")
    refused = sam.post(address, data=fields)
    assert refused.status_code == 409
    assert "The part that you had open is gone: a colleague left it out." in text_of(refused)
    assert "Reeds on every bank." in text_of(refused)
    assert f'href="{preparation}"' in refused.text


def test_one_that_two_throw_away_is_gone_for_the_second(
    sam: CheckedClient, kim: CheckedClient, preparation: str
) -> None:
    address, fields = sam.fill(preparation, "/discard")
    kim.send(preparation, "/discard")
    refused = sam.post(address, data=fields)
    assert refused.status_code == 409
    assert GONE in text_of(refused)


def test_a_page_of_one_that_is_gone_is_not_found(sam: CheckedClient, kim: CheckedClient, preparation: str) -> None:
    kim.send(preparation, "/discard")
    assert sam.get(f"{preparation}/facts").status_code == 404
