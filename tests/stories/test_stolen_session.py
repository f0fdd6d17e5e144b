"""What somebody can do with the cookies of somebody else's browser, on a running server: nothing that lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live import Browser, served
from tests.world import PASSWORD, World

DESK, NEW = "/en/desk/", "four words that do not belong"

Open = Callable[[], Browser]


@pytest.fixture
def browser(database_url: str, world: World, tmp_path: Path) -> Iterator[Open]:
    """Return a function that opens a browser at a running server."""
    with served(database_url, tmp_path) as address:
        yield lambda: Browser(address)


def test_a_copied_cookie_is_worth_nothing_once_its_owner_signed_out(browser: Open, world: World) -> None:
    alice = browser()
    alice.sign_in(world.alice)
    thief = alice.copied()
    assert thief.get(DESK).status == 200
    alice.post("/en/sign-out", {"csrf_token": alice.fill("/en/account/language")[1]["csrf_token"]})
    assert thief.get(DESK).status == 302
    assert alice.get(DESK).status == 302


def test_a_cookie_that_was_planted_before_sign_in_opens_nothing_afterwards(browser: Open, world: World) -> None:
    alice = browser()
    alice.get("/en/sign-in")
    planted = alice.copied()
    _, fields = planted.fill("/en/sign-in")
    alice.sign_in(world.alice)
    assert planted.get(DESK).status == 302
    forged = alice.post("/en/account/language", {"csrf_token": fields["csrf_token"], "mails_in": "fr"})
    assert forged.status == 400


def test_a_new_password_ends_every_other_session(browser: Open, world: World) -> None:
    alice, elsewhere, stranger = browser(), browser(), browser()
    for each in (alice, elsewhere):
        each.sign_in(world.alice)
    thief = alice.copied()
    changed = alice.send("/en/account/password", "/password", current=PASSWORD, password=NEW, again=NEW)
    assert changed.status == 302
    assert [each.get(DESK).status for each in (alice, elsewhere, thief)] == [200, 302, 302]
    assert stranger.send("/en/sign-in", email=world.alice, password=PASSWORD).status == 422
    stranger.sign_in(world.alice, NEW)


def test_signing_out_everywhere_else_leaves_a_thief_with_nothing(browser: Open, world: World) -> None:
    owner, elsewhere = browser(), browser()
    for each in (owner, elsewhere):
        each.sign_in(world.alice)
    thief = elsewhere.copied()
    assert owner.send("/en/account/security", "/end-others").status == 302
    assert [each.get(DESK).status for each in (owner, elsewhere, thief)] == [200, 302, 302]


def test_a_thief_who_cannot_prove_who_they_are_is_left_behind(browser: Open, world: World) -> None:
    alice = browser()
    alice.sign_in(world.alice)
    thief = alice.copied()
    page = f"/en/account/confirm?next={DESK}"
    assert alice.send(page, "/confirm", **{"proof-password": PASSWORD}).location == DESK
    assert alice.get(DESK).status == 200
    assert thief.get(DESK).status == 302
