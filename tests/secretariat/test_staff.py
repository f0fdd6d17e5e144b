from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from tests.acting import in_register
from tests.checked_client import CheckedClient, text_of
from tests.post_box import deliver, post_box
from tests.post_box import text_of as text_of_mail
from tests.world import World, account, an_administrator
from tracker import clock
from tracker.extensions import db
from tracker.identity import authenticators, rights
from tracker.models import Passkey

PAGE = "/en/secretariat/staff"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: pages know no database."""
    return "sqlite"


@pytest.fixture
def ada(app: Flask, sign_in) -> CheckedClient:
    """Return the browser of an administrator."""
    with in_register(app):
        an_administrator()
    browser: CheckedClient = sign_in("ada@example.org")
    return browser


def key_of(app: Flask, email: str) -> str:
    with app.app_context():
        return account(email).key


def test_it_lists_the_people_of_the_secretariat_and_how_they_sign_in(
    app: Flask, ada: CheckedClient, world: World
) -> None:
    with in_register(app):
        kim = account(world.kim)
        authenticators.begin(kim).confirmed_at = clock.now()
        key = {"credential_id": b"one", "public_key": b"key", "sign_count": 0, "transports": [], "synced": False}
        db.session.add(Passkey(reference="one", account_id=kim.id, name="Laptop", created_at=clock.now(), **key))
        kim.password = None
        sam = account(world.sam)
        sam.password = None
    told = text_of(ada.get(PAGE))
    assert "3 people" in told
    assert "Ada ada@example.org Administrator None" in told
    assert "Kim kim@example.org Staff Passkey, Authenticator app Never Active" in told
    assert "Sam sam@example.org Staff None Never Not opened yet" in told
    assert "Alice" not in told


def test_the_queue_leads_administrators_to_it(ada: CheckedClient, sign_in, world: World) -> None:
    assert f'href="{PAGE}"' in ada.get("/en/secretariat/").text
    assert f'href="{PAGE}"' not in sign_in(world.sam).get("/en/secretariat/").text


def test_a_change_is_asked_for_and_its_consequences_are_said(app: Flask, ada: CheckedClient, world: World) -> None:
    person = f"{PAGE}/{key_of(app, world.kim)}"
    asked = text_of(ada.get(f"{person}/make-administrator"))
    assert "Make Kim an administrator?" in asked
    assert "yourself included" in asked
    assert ada.send(f"{person}/make-administrator").location == person
    assert "Rights Administrator" in text_of(ada.get(person))


def test_everybody_concerned_gets_a_mail(app: Flask, ada: CheckedClient, world: World) -> None:
    with in_register(app):
        an_administrator("ben")
    ada.send(f"{PAGE}/{key_of(app, world.kim)}/deactivate")
    with post_box() as box:
        deliver(app, box)
    assert box.subjects(world.kim) == ["Your rights in the register changed"]
    told = text_of_mail(box.to(world.kim)[0])
    assert "Your account was deactivated." in told
    assert "write to the secretariat at once: secretariat@example.org" in told
    assert box.subjects("ben@example.org") == ["The rights of a person changed"]
    told = text_of_mail(box.to("ben@example.org")[0])
    assert "Kim" in told
    assert "Ada" in told
    assert box.subjects("ada@example.org") == []


def test_what_cannot_be_done_leads_back_to_the_person(app: Flask, ada: CheckedClient, world: World) -> None:
    person = f"{PAGE}/{key_of(app, world.kim)}"
    assert ada.get(f"{person}/end-administrator").location == person
    assert ada.get(f"{person}/promote").status_code == 404
    assert ada.get(f"{PAGE}/nobody").status_code == 404


def test_a_form_that_was_overtaken_is_told_how_things_stand(app: Flask, ada: CheckedClient, world: World) -> None:
    address, fields = ada.fill(f"{PAGE}/{key_of(app, world.kim)}/deactivate")
    with in_register(app):
        rights.make_administrator(account(world.kim), by=account("ada@example.org"))
    told = ada.post(address, data=fields)
    assert told.status_code == 409
    assert "Somebody changed this account while you had the page open." in text_of(told)
    assert "Rights Administrator" in text_of(told)
    with app.app_context():
        assert account(world.kim).active


def test_the_last_administrator_is_told_why_they_stay_one(app: Flask, ada: CheckedClient) -> None:
    told = text_of(ada.get(f"{PAGE}/{key_of(app, 'ada@example.org')}"))
    assert "This is the last administrator whose account is active" in told
    assert "This is your own account." in told
    assert "End being an administrator" not in told


def test_who_gives_their_rights_up_is_signed_out(app: Flask, ada: CheckedClient) -> None:
    with in_register(app):
        an_administrator("ben")
    page = f"{PAGE}/{key_of(app, 'ada@example.org')}/end-administrator"
    assert "You are signed out at once." in text_of(ada.get(page))
    assert ada.send(page).status_code == 302
    assert ada.get("/en/secretariat/").location.startswith("/en/sign-in")


def test_who_works_for_the_secretariat_no_more_is_shown_among_the_others(
    app: Flask, ada: CheckedClient, world: World
) -> None:
    key = key_of(app, world.kim)
    ada.send(f"{PAGE}/{key}/end-staff")
    assert ada.get(f"{PAGE}/{key}").location == f"/en/secretariat/accounts/{key}"


def test_a_representative_is_made_staff(app: Flask, ada: CheckedClient, world: World) -> None:
    key = key_of(app, world.alice)
    assert f'href="{PAGE}/{key}/make-staff"' in ada.get(f"/en/secretariat/accounts/{key}").text
    ada.send(f"{PAGE}/{key}/make-staff")
    assert "Alice alice@example.org Staff" in text_of(ada.get(PAGE))


def test_a_change_needs_a_fresh_proof_of_who_one_is(app: Flask, ada: CheckedClient, world: World) -> None:
    page = f"{PAGE}/{key_of(app, world.kim)}/deactivate"
    with time_machine.travel(clock.now() + timedelta(minutes=20)):
        assert ada.get(page).location.startswith("/en/account/confirm")
