"""Links that are mailed to a person and are good once, for a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import current_app
from sqlalchemy import text

from tests.world import World
from tracker import clock
from tracker.extensions import db
from tracker.identity import links
from tracker.models import MailedLink
from tracker.vocabulary import LinkPurpose

INVITATION, NEW_PASSWORD = LinkPurpose.INVITATION, LinkPurpose.NEW_PASSWORD


def mailed(register: World, purpose: LinkPurpose = INVITATION) -> tuple[MailedLink, str]:
    link = links.make(register.alice, purpose, by=register.sam)
    return link, links.token(link.reference)


def test_a_link_is_found_by_what_was_mailed(register: World) -> None:
    link, token = mailed(register)
    assert links.at(token, INVITATION) is link
    assert links.is_good(link)


def test_it_is_used_once(register: World) -> None:
    link, _ = mailed(register)
    assert links.use(link)
    assert not links.use(link)
    db.session.refresh(link)
    assert not links.is_good(link)


@pytest.mark.parametrize(
    ("purpose", "after", "good"),
    [
        (INVITATION, timedelta(days=6, hours=23), True),
        (INVITATION, timedelta(days=7), False),
        (NEW_PASSWORD, timedelta(minutes=59), True),
        (NEW_PASSWORD, timedelta(hours=1), False),
    ],
)
def test_it_is_good_for_its_time(register: World, purpose: LinkPurpose, after: timedelta, good: bool) -> None:
    link, _ = mailed(register, purpose)
    with time_machine.travel(clock.now() + after, tick=False):
        assert links.is_good(link) is good
        assert links.use(link) is good


def test_a_new_one_takes_the_place_of_the_one_before(register: World) -> None:
    first, _ = mailed(register)
    second, _ = mailed(register)
    db.session.refresh(first)
    assert not links.is_good(first)
    assert not links.use(first)
    assert links.use(second)


def test_one_of_another_purpose_stays(register: World) -> None:
    first, _ = mailed(register)
    mailed(register, NEW_PASSWORD)
    db.session.refresh(first)
    assert links.is_good(first)


def test_it_serves_no_other_purpose(register: World) -> None:
    _, token = mailed(register)
    assert links.at(token, NEW_PASSWORD) is None


def test_one_that_was_withdrawn_is_good_no_more(register: World) -> None:
    link, _ = mailed(register)
    links.withdraw_all(register.alice, INVITATION)
    db.session.refresh(link)
    assert not links.is_good(link)
    assert not links.use(link)


def test_that_of_a_deactivated_person_is_not_good(register: World) -> None:
    link, _ = mailed(register)
    register.alice.active = False
    assert not links.is_good(link)
    assert not links.use(link)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: t + "x", lambda t: t.upper(), lambda t: "", lambda t: "\0"]
)
def test_one_that_was_changed_is_none(register: World, change) -> None:
    _, token = mailed(register)
    assert links.at(change(token), INVITATION) is None


def test_the_reference_alone_is_worth_nothing(register: World) -> None:
    link, _ = mailed(register)
    assert links.at(link.reference, INVITATION) is None


def test_it_is_made_with_the_secret_key(register: World) -> None:
    link, token = mailed(register)
    former = current_app.config["SECRET_KEY"]
    current_app.config["SECRET_KEY"] = "another key, long enough: 0123456789abcdef"
    assert links.at(token, INVITATION) is None
    current_app.config["SECRET_KEY_FALLBACKS"] = [former]
    assert links.at(token, INVITATION) is link


def test_neither_database_nor_outbox_holds_what_was_mailed(register: World) -> None:
    _, token = mailed(register)
    db.session.flush()
    for table in ("mailed_link", "mail", "security_event"):
        rows = db.session.execute(text(f"SELECT * FROM {table}")).all()  # our own names
        assert token not in str(rows)
