"""From the proposal of a representative to the first look at the desk, on a running server with real mail."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from flask import Flask

from tests.acting import found, in_register
from tests.identity.codes import shown_by, with_app
from tests.live import Answer, Browser, served
from tests.post_box import deliver, post_box, text_of
from tests.world import World, a_candidate, account
from tracker import clock
from tracker.identity import authenticators, links
from tracker.people import admitting, requesting
from tracker.vocabulary import LinkPurpose

PEOPLE = "/en/secretariat/people/league-of-clean-hands"
CLARA = {"name": "Clara", "office": "Director", "email": "clara@example.org", "is_head": "yes", "mails_in": "en"}
PASSWORD = {"password": "four words that differ", "again": "four words that differ"}


def signed_in(app: Flask, address: str, email: str) -> Browser:
    """Return the browser of somebody who signed in with a password and the code of an app."""
    browser = Browser(address)
    browser.sign_in(email)
    with app.app_context():
        in_use = authenticators.of(account(email))
        assert in_use is not None
        code = shown_by(in_use)
    assert browser.send("/en/sign-in/second-step", code=code).status == 302
    return browser


def scanned(address: str, link: str) -> set[int]:
    """Open a link as programs do that check mails; return the statuses."""
    told = set()
    for method in ("HEAD", "GET", "GET", "OPTIONS"):
        request = Request(address + link, method=method, headers={"User-Agent": "MailScanner"})  # noqa: S310  # ours
        try:
            with urlopen(request, timeout=30) as answer:  # noqa: S310  # our own server
                told.add(answer.status)
        except HTTPError as error:
            told.add(error.code)
    return told


def mailed_link(app: Flask, email: str) -> str:
    """Deliver what waits; return where the link in the one mail to somebody leads."""
    with post_box() as box:
        deliver(app, box)
        [mail] = box.to(email)
    [link] = re.findall(r"https://register\.example\.org(/en/account/invitation/\S+)", text_of(mail))
    return str(link)


def test_from_the_proposal_to_the_desk(app: Flask, world: World, database_url: str, tmp_path: Path) -> None:
    with in_register(app):
        for each in (world.sam, world.kim):
            with_app(account(each))
    with served(database_url, tmp_path, SECOND_FACTOR="everyone") as address:
        # One proposes, another approves: nobody could sign in with the account before.
        sam, kim = (signed_in(app, address, each) for each in (world.sam, world.kim))
        proposed = sam.send(f"{PEOPLE}/new", "/new", **CLARA, note="Letter of 3 November, on paper.")
        assert kim.send(proposed.location, "/approve").status == 302
        assert "clara@example.org Invitation: Waiting" in kim.get(PEOPLE).said

        # The mail comes, and a program looks at its link before she does.
        link = mailed_link(app, "clara@example.org")
        assert scanned(address, link) == {200}
        clara = Browser(address)
        assert "Kim of the secretariat invites you to open your account." in clara.get(link).said
        opened = clara.send(link, link, **PASSWORD)
        assert "Set up a second step now" in clara.get(opened.location).said
        assert clara.get("/en/desk/").location.endswith("/account/security")

        # The second step, and then the desk.
        clara.send("/en/account/authenticator", "/account/authenticator")
        with app.app_context():
            begun = authenticators.begun(account("clara@example.org"))
            assert begun is not None
            code = shown_by(begun)
        assert clara.send("/en/account/authenticator", "/confirm", code=code).status == 302
        assert "You may act for League of Clean Hands from now on." in clara.get("/en/account/opened").said
        assert clara.get("/en/desk/league-of-clean-hands/").status == 200

        # The link is worth nothing any more, and staff see that she came.
        assert Browser(address).get(link).status == 410
        assert "Accepted" in kim.get("/en/secretariat/invitations").said
        assert "Invitation:" not in kim.get(PEOPLE).said


@pytest.fixture
def invited(app: Flask, world: World) -> str:
    """Return where Clara accepts the invitation to act for Arcadia."""
    with in_register(app):
        arcadia, alice, sam = found(world.arcadia, world.cohort)[0], account(world.alice), account(world.sam)
        admitting.confirm(requesting.propose(arcadia, a_candidate(), by=alice), by=sam)
        link = links.latest(account("clara@example.org"), LinkPurpose.INVITATION)
        assert link is not None
        return f"/en/account/invitation/{links.token(link.reference)}"


def test_two_who_send_the_form_at_once(
    app: Flask, world: World, database_url: str, tmp_path: Path, invited: str
) -> None:
    with served(database_url, tmp_path) as address:
        forms = []
        for words in ("four words that differ", "five other words that differ"):
            browser = Browser(address)
            forms.append((browser, *browser.fill(invited, invited, password=words, again=words)))
        start = Barrier(len(forms))

        def send(form: tuple[Browser, str, dict[str, str]]) -> Answer:
            browser, action, fields = form
            start.wait()
            return browser.post(action, fields)

        with ThreadPoolExecutor(len(forms)) as people:
            answers = list(people.map(send, forms))
        assert sorted(each.status for each in answers) == [302, 410]
        [late] = [each for each in answers if each.status == 410]
        assert "This invitation was accepted already" in late.said
        # One of the two passwords signs in, and it is that of who was first.
        first = answers[0].status == 302
        told = [
            Browser(address).send("/en/sign-in", email="clara@example.org", password=fields["password"]).status
            for _, _, fields in forms
        ]
        assert told == ([302, 422] if first else [422, 302])
    with app.app_context():
        assert links.latest(account("clara@example.org"), LinkPurpose.INVITATION).used_at <= clock.now()
