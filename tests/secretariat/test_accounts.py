from __future__ import annotations

import pytest
from flask import Flask

from tests.acting import in_register
from tests.checked_client import text_of
from tests.world import World, account
from tracker.identity import rights

PAGE = "/en/secretariat/accounts"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: pages know no database."""
    return "sqlite"


def key_of(app: Flask, email: str) -> str:
    with app.app_context():
        return account(email).key


def test_it_lists_those_who_do_not_work_for_the_secretariat(sign_in, world: World) -> None:
    sign_in(world.alice)
    shown = sign_in(world.sam).get(PAGE)
    told = text_of(shown)
    assert "5 accounts" in told
    assert "Adam adam@example.org Arcadia None Never Active" in told
    assert "Alice alice@example.org Arcadia None Never" not in told  # she has just signed in
    assert told.index("Adam") < told.index("Bruno") < told.index("Petra")
    assert "sam@example.org" not in told


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("search=borduria", ["Bruno"]),
        ("search=PETRA@", ["Petra"]),
        ("search=nobody", []),
        ("state=deactivated", ["Fay"]),
        ("state=active&search=fay", []),
    ],
)
def test_accounts_are_searched(app: Flask, sign_in, world: World, asked: str, found: list[str]) -> None:
    with in_register(app):
        rights.deactivate(account(world.fay), by=account(world.sam))
    told = text_of(sign_in(world.sam).get(f"{PAGE}?{asked}"))
    names = ("Adam", "Alice", "Bruno", "Fay", "Petra")
    assert [name for name in names if f"{name} {name.lower()}@example.org" in told] == found
    assert ("There is nothing of this kind." in told) == (not found)


def test_a_state_that_is_none_is_told(sign_in, world: World) -> None:
    assert sign_in(world.sam).get(f"{PAGE}?state=asleep").status_code == 422


def test_an_account_shows_its_accreditations_and_leads_to_them(app: Flask, sign_in, world: World) -> None:
    shown = sign_in(world.sam).get(f"{PAGE}/{key_of(app, world.petra)}")
    assert "Arcadia" in text_of(shown)
    assert "Ended" in text_of(shown)
    assert 'href="/en/secretariat/people/arcadia"' in shown.text


def test_an_account_is_deactivated_and_reactivated(app: Flask, sign_in, world: World) -> None:
    person, sam = f"{PAGE}/{key_of(app, world.alice)}", sign_in(world.sam)
    asked = text_of(sam.get(f"{person}/deactivate"))
    assert "Deactivate the account of Alice?" in asked
    assert "Everything that the person did stands." in asked
    assert sam.send(f"{person}/deactivate").location == person
    assert "Status Account deactivated" in text_of(sam.get(person))
    assert sam.get(f"{person}/deactivate").location == person  # it is so already
    sam.send(f"{person}/reactivate")
    assert "Status Active" in text_of(sam.get(person))


def test_two_of_the_staff_deactivate_it(app: Flask, sign_in, world: World) -> None:
    page = f"{PAGE}/{key_of(app, world.alice)}/deactivate"
    sam, kim = sign_in(world.sam), sign_in(world.kim)
    address, fields = kim.fill(page)
    sam.send(page)
    told = kim.post(address, data=fields)
    assert told.status_code == 409
    assert "Somebody changed this account while you had the page open." in text_of(told)


def test_staff_are_not_managed_here(app: Flask, sign_in, world: World) -> None:
    sam, key = sign_in(world.sam), key_of(app, world.kim)
    assert sam.get(f"{PAGE}/{key}").status_code == 404
    assert sam.get(f"{PAGE}/{key}/deactivate").status_code == 404
    assert sam.get(f"{PAGE}/{key_of(app, world.alice)}/make-staff").status_code == 404
