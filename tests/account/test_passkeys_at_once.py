"""What two requests at the same moment make of passkeys, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from tests.account.test_passkeys import NEW, SECURITY, SIGN_IN, added, options, references
from tests.checked_client import CheckedClient
from tests.identity.soft_key import SoftKey
from tests.world import World


def at_once(*acts: Callable[[], int]) -> list[int]:
    """Do things at the same moment."""
    start = Barrier(len(acts))

    def do(act: Callable[[], int]) -> int:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as people:
        return sorted(people.map(do, acts))


def sending(browser: CheckedClient, page: str, action: str | None, **answers: str) -> Callable[[], int]:
    address, fields = browser.fill(page, action, **answers)
    return lambda: browser.post(address, data=fields).status_code


def test_an_answer_that_is_sent_twice_lets_one_in(app: Flask, sign_in, world: World) -> None:
    key = added(sign_in(world.alice))
    owner, thief = app.test_client(), app.test_client()
    key.counts = False
    answer = key.answer(options(owner, SIGN_IN, f"{SIGN_IN}/passkey/options"))
    sent = [sending(each, SIGN_IN, f"{SIGN_IN}/passkey", answer=answer) for each in (owner, thief)]
    assert at_once(*sent) == [302, 422]


def test_a_new_passkey_that_two_send_is_one_persons(app: Flask, sign_in, world: World) -> None:
    alice, bruno, key = sign_in(world.alice), sign_in(world.bruno), SoftKey()
    sent = []
    for each in (alice, bruno):
        made = key.make(options(each, NEW, f"{NEW}/options", name="My phone"))
        sent.append(sending(each, NEW, NEW, name="My phone", answer=made))
    assert at_once(*sent) == [302, 422]
    assert len(references(app, world.alice) + references(app, world.bruno)) == 1


def test_of_the_last_two_that_go_at_once_one_stays(app: Flask, sign_in, world: World) -> None:
    app.config["SECOND_FACTOR"] = "everyone"
    alice = sign_in(world.alice)
    added(alice, "One")
    added(alice, "Another")
    other = app.test_client()
    other.set_cookie("session", alice.get_cookie("session").value)
    pages = [f"/en/account/passkeys/{each}/remove" for each in references(app, world.alice)]
    assert at_once(sending(alice, pages[0], pages[0]), sending(other, pages[1], pages[1])) == [302, 409]
    assert len(references(app, world.alice)) == 1
    assert alice.get(SECURITY).status_code == 200
