"""The first administrator is made at the command line, through the same invitation as everybody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from tests.acting import in_register
from tests.conftest import KEY
from tests.post_box import deliver, post_box, text_of
from tests.test_cli import ask, run
from tests.world import World, account, an_administrator
from tracker import accrediting, clock
from tracker.identity import rights

LINK = re.compile(r"https://register\.example\.org(/en/account/invitation/\S+)")
PASSWORD = "seven quiet herons on the lake"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: the domain's tests run on both."""
    return "sqlite"


def create_admin(database_url: str, *words: str, **settings: str):
    """Run the command with the settings of a server."""
    ours = {"SECRET_KEY": KEY, "ADDRESS": "https://register.example.org", "ENVIRONMENT": "laptop"}
    return run(database_url, "create-admin", *words, **{**ours, **settings})


def test_a_new_person_is_invited_and_becomes_an_administrator(app: Flask, database_url: str, client) -> None:
    told = create_admin(database_url, "Nora@Example.org", "--name", "Nora Vik")
    assert told.exit_code == 0
    assert told.stdout.startswith(
        "Nora Vik <nora@example.org> is invited to be an administrator, by you as the operator."
    )
    assert "'tracker mail deliver' sends it." in told.stdout
    with app.app_context():
        assert accrediting.administrators() == []
    link = LINK.search(told.stdout)  # there is no mail server
    assert link
    assert client.send(link[1], password=PASSWORD, again=PASSWORD).status_code == 302
    with app.app_context():
        assert [each.email for each in accrediting.administrators()] == ["nora@example.org"]
    assert ask(database_url, "SELECT action FROM security_event WHERE by_id IS NULL") == [
        "invited",
        "made_administrator",
    ]


def test_where_a_mail_server_is_set_the_link_is_in_the_mail_alone(app: Flask, database_url: str) -> None:
    mailing = {"SMTP_URL": "smtp://localhost", "MAIL_FROM": "register@example.org"}
    told = create_admin(database_url, "nora@example.org", "--name", "Nora", **mailing)
    assert not LINK.search(told.stdout)
    with post_box() as box:
        deliver(app, box)
    (mail,) = box.to("nora@example.org")
    assert LINK.search(text_of(mail))
    shown = create_admin(database_url, "nora@example.org", "--show-link", **mailing)
    assert LINK.search(shown.stdout)


def test_a_name_is_asked_for(database_url: str, world: World) -> None:
    told = create_admin(database_url, "nora@example.org")
    assert "Name" in told.output  # nobody answers here
    assert told.exit_code == 1


def test_it_can_be_run_again_once_the_invitation_expired(app: Flask, database_url: str, client) -> None:
    first = LINK.search(create_admin(database_url, "nora@example.org", "--name", "Nora").stdout)
    assert first
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert client.get(first[1]).status_code == 410
        second = LINK.search(create_admin(database_url, "nora@example.org").stdout)
        assert second
        assert client.send(second[1], password=PASSWORD, again=PASSWORD).status_code == 302
    with app.app_context():
        assert len(accrediting.administrators()) == 1


def test_the_mail_is_in_the_language_that_is_asked_for(app: Flask, database_url: str, world: World) -> None:
    told = create_admin(database_url, "nora@example.org", "--name", "Nora", "--language", "fr")
    assert "/fr/account/invitation/" in told.stdout
    assert create_admin(database_url, "ole@example.org", "--name", "Ole", "--language", "tlh").exit_code == 2


def test_staff_become_administrators_at_once_by_the_operators_right(
    app: Flask, database_url: str, world: World
) -> None:
    told = create_admin(database_url, world.sam)
    assert told.stdout == (
        "Sam <sam@example.org> works for the secretariat, and is an administrator from now on.\n"
        "You did this as the operator: it stands so in the security log, and the person is told by mail.\n"
    )
    with app.app_context():
        assert account(world.sam).is_administrator
    assert ask(database_url, "SELECT action FROM security_event WHERE by_id IS NULL") == ["made_administrator"]
    assert ask(database_url, "SELECT notice FROM mail WHERE name = 'Sam'") == ["rights_changed"]


@pytest.mark.parametrize(
    ("email", "why"),
    [
        ("alice@example.org", "has an account, and does not work for the secretariat"),
        ("ada@example.org", "has an account, and is an administrator already"),
        ("fay@example.org", "has an account, which is deactivated"),
    ],
)
def test_any_other_account_is_refused_plainly(
    app: Flask, database_url: str, world: World, email: str, why: str
) -> None:
    with in_register(app):
        an_administrator()
        rights.deactivate(account(world.fay), by=account(world.sam))
    told = create_admin(database_url, email)
    assert (told.exit_code, why in told.stderr) == (1, True)


def test_what_is_no_address_is_refused(database_url: str, world: World) -> None:
    assert create_admin(database_url, "nora").exit_code == 2


def test_it_needs_the_servers_key(database_url: str, world: World) -> None:
    told = create_admin(database_url, "nora@example.org", "--name", "Nora", SECRET_KEY="", ENVIRONMENT="production")
    assert (told.exit_code, "TRACKER_SECRET_KEY" in told.stderr) == (1, True)
