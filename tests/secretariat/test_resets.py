from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.acting import in_register
from tests.checked_client import CheckedClient, text_of
from tests.post_box import deliver, post_box
from tests.post_box import text_of as text_of_mail
from tests.world import World, account, an_administrator
from tracker import accrediting, clock, register
from tracker.identity import resetting, rights

NOTE = "I called her back at the ministry’s number."


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: pages know no database."""
    return "sqlite"


def form_for(app: Flask, email: str) -> str:
    with app.app_context():
        return f"/en/secretariat/accounts/{account(email).key}/lost-second-factor"


def asked(app: Flask, email: str, by: str) -> str:
    """Let somebody ask that a second factor be taken away; return the page of it."""
    with in_register(app):
        return (
            f"/en/secretariat/lost-second-factors/{resetting.ask(account(email), note=NOTE, by=account(by)).reference}"
        )


def test_one_asks_and_a_second_one_approves(app: Flask, sign_in, world: World) -> None:
    sam, kim, form = sign_in(world.sam), sign_in(world.kim), form_for(app, world.alice)
    page = sam.send(form, note=NOTE).location
    told = text_of(sam.get(page))
    assert "Somebody else must decide" in told
    assert "Take it back" in told
    assert "Alice Lost second factor" in text_of(kim.get("/en/secretariat/"))
    told = text_of(kim.get(page))
    assert "I called her back" in told
    assert "Participant Arcadia" in told
    assert kim.send(page, "/approve").location == page
    told = text_of(kim.get(page))
    assert "By Kim on" in told
    assert "No decision is due" in told
    with app.app_context():
        assert account(world.alice).password is None


def test_the_owner_is_told_each_time_whom_to_write_to(app: Flask, sign_in, world: World) -> None:
    page = sign_in(world.sam).send(form_for(app, world.alice), note=NOTE).location
    sign_in(world.kim).send(page, "/approve")
    with post_box() as box:
        deliver(app, box)
    assert box.subjects(world.alice)[:2] == [
        "Your second factor is to be taken away",
        "Your second factor was taken away",
    ]
    for mail in box.to(world.alice)[:2]:
        assert "write to the secretariat at once: secretariat@example.org" in text_of_mail(mail)
        assert NOTE not in text_of_mail(mail)


def test_it_has_to_be_said_how_the_person_was_recognised(app: Flask, sign_in, world: World) -> None:
    told = sign_in(world.sam).send(form_for(app, world.alice), note="  ")
    assert told.status_code == 422
    assert "Say how you made sure that it is this person" in text_of(told)


def test_a_second_wish_leads_to_the_first(app: Flask, sign_in, world: World) -> None:
    sam, kim, form = sign_in(world.sam), sign_in(world.kim), form_for(app, world.alice)
    address, fields = kim.fill(form, note=NOTE)
    page = sam.send(form, note=NOTE).location
    assert kim.get(form).location == page
    told = kim.post(address, data=fields)
    assert told.status_code == 409
    assert "This was proposed already" in text_of(told)
    assert NOTE in told.text


def test_it_is_refused_with_a_reason(app: Flask, sign_in, world: World) -> None:
    page, kim = asked(app, world.alice, world.sam), sign_in(world.kim)
    assert kim.send(page, "/return", reason="").status_code == 422
    kim.send(page, "/return", reason="She did not call.")
    assert "She did not call." in text_of(kim.get(page))
    assert "Nothing waits for a decision." in text_of(kim.get("/en/secretariat/"))


def test_it_is_taken_back(app: Flask, sign_in, world: World) -> None:
    page, sam = asked(app, world.alice, world.sam), sign_in(world.sam)
    sam.send(page, "/take-back")
    assert "Taken back" in text_of(sam.get(page))


def test_who_decides_too_late_is_told_and_loses_nothing(app: Flask, sign_in, world: World) -> None:
    page, sam, kim = asked(app, world.alice, world.sam), sign_in(world.sam), sign_in(world.kim)
    address, fields = kim.fill(page, "/return", reason="She did not call.")
    sam.send(page, "/take-back")
    told = kim.post(address, data=fields)
    assert told.status_code == 409
    assert "Somebody decided on this while you had the page open." in text_of(told)
    assert "She did not call." in text_of(told)


def test_for_a_colleague_an_administrator_decides(app: Flask, sign_in, world: World) -> None:
    with in_register(app):
        an_administrator()
    sam, form = sign_in(world.sam), form_for(app, world.kim)
    assert f'href="{form}"' in sam.get("/en/secretariat/accounts").text
    page = sam.send(form, note=NOTE).location
    assert "An administrator of the secretariat must approve it" in text_of(sam.get(page))
    sign_in("ada@example.org").send(page, "/approve")
    with app.app_context():
        assert account(world.kim).password is None


def test_nobody_asks_for_themselves(app: Flask, sign_in, world: World) -> None:
    assert sign_in(world.sam).get(form_for(app, world.sam)).status_code == 404


def mailed_link(app: Flask, email: str) -> str:
    """Return where the one link leads that somebody was mailed to open their account."""
    with post_box() as box:
        deliver(app, box)
    found = re.findall(r"https://register\.example\.org(\S+/invitation/\S+)", "".join(map(text_of_mail, box.to(email))))
    assert len(found) == 1
    return str(found[0])


@pytest.mark.parametrize("whose", ["alice", "kim"])
def test_the_owner_opens_the_account_anew_with_the_rights_that_it_has(
    app: Flask, sign_in, client: CheckedClient, world: World, whose: str
) -> None:
    with in_register(app):
        an_administrator()
    email = f"{whose}@example.org"
    sign_in("ada@example.org").send(asked(app, email, world.sam), "/approve")
    link = mailed_link(app, email)
    new = "seven quiet herons on the lake"
    assert client.send(link, password=new, again=new).status_code == 302
    assert client.get("/en/desk/" if whose == "alice" else "/en/secretariat/").status_code == 200
    with app.app_context():
        assert (account(email).is_staff, account(email).is_administrator) == (whose == "kim", False)
    assert client.get(link).status_code == 410


def test_a_right_that_was_taken_meanwhile_does_not_come_back(
    app: Flask, sign_in, client: CheckedClient, world: World
) -> None:
    with in_register(app):
        an_administrator()
        accrediting.accredit(account(world.kim), register.participant(world.borduria), starts_on=clock.today())
    sign_in("ada@example.org").send(asked(app, world.kim, world.sam), "/approve")
    with in_register(app):
        rights.end_staff(account(world.kim), by=account("ada@example.org"))
    link = mailed_link(app, world.kim)
    new = "seven quiet herons on the lake"
    client.send(link, password=new, again=new)
    assert client.get("/en/secretariat/").status_code == 403
