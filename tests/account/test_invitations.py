"""The link of an invitation: what it shows, what opens the account, and what one that is good no more leads to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from werkzeug.test import Client, TestResponse

from tests.acting import found, in_register
from tests.checked_client import CheckedClient, text_of
from tests.conftest import close, make_app
from tests.identity.soft_key import SoftKey
from tests.post_box import deliver, post_box
from tests.post_box import text_of as text_of_mail
from tests.world import World, a_candidate, account
from tracker import accrediting, clock
from tracker.extensions import db
from tracker.identity import inviting, links
from tracker.mails import mailing
from tracker.models import Accreditation, MailedLink, SecurityEvent, SignInSession
from tracker.people import admitting, requesting
from tracker.vocabulary import LinkPurpose, Role, SecurityAction, SignInWay

GOOD = "four words that differ"
DAY = timedelta(days=1)

Ends = Callable[[World], object]


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: the rules run on both databases elsewhere."""
    return "sqlite"


@pytest.fixture
def link(app: Flask, world: World) -> str:
    """Return the address at which Clara accepts the invitation to act for Arcadia."""
    with in_register(app):
        arcadia, alice, sam = found(world.arcadia, world.cohort)[0], account(world.alice), account(world.sam)
        candidate = a_candidate(ends_on=clock.today() + 300 * DAY)
        admitting.confirm(requesting.propose(arcadia, candidate, by=alice), by=sam)
        return address_for("clara@example.org")


def address_for(email: str) -> str:
    return f"/en/account/invitation/{links.token(of(email).reference)}"


def of(email: str) -> MailedLink:
    latest = links.latest(account(email), LinkPurpose.INVITATION)
    assert latest is not None
    return latest


def opened(browser: CheckedClient, link: str) -> TestResponse:
    """Fill in the form that opens the account, and send it."""
    return browser.send(link, link, password=GOOD, again=GOOD)


def everything(app: Flask) -> dict[str, list[str]]:
    """Return all that stands in the database."""
    with app.app_context():
        return {
            table.name: sorted(str(row) for row in db.session.execute(sa.select(table)))
            for table in db.metadata.sorted_tables
        }


def test_it_works(app: Flask, client: CheckedClient, link: str) -> None:
    shown = text_of(client.get(link))
    assert "Sam of the secretariat invites you to open your account." in shown
    assert "For Clara" in shown
    assert "To act for Arcadia" in shown
    answer = opened(client, link)
    assert answer.location == "/en/account/opened"
    confirmed = text_of(client.get(str(answer.location)))
    assert "You may act for Arcadia from now on." in confirmed
    assert client.get("/en/desk/arcadia/").status_code == 200
    with app.app_context():
        ways = list(db.session.scalars(sa.select(SignInSession.way)))
    assert ways == [SignInWay.LINK]


def test_the_password_signs_in_from_then_on(client: CheckedClient, link: str) -> None:
    opened(client, link)
    client.send("/en/desk/", "/sign-out")
    assert client.sign_in("clara@example.org", GOOD).status_code == 302
    assert client.get("/en/desk/arcadia/").status_code == 200


def test_to_open_the_link_changes_nothing_however_often(app: Flask, client: CheckedClient, link: str) -> None:
    before = everything(app)
    for _ in range(3):
        assert client.get(link).status_code == 200
        assert Client(app).head(link).status_code == 200
        assert Client(app).options(link).status_code == 200
    assert app.test_client().get(link.replace("/en/", "/fr/")).status_code == 200
    assert everything(app) == before
    assert opened(client, link).status_code == 302


def test_the_page_is_kept_by_nobody_and_found_by_no_search(client: CheckedClient, link: str) -> None:
    page = client.get(link)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in page.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("", ""), "Enter a password"),
        (("short", "short"), "Use at least 12 characters"),
        (("passwordpassword", "passwordpassword"), "Use a few words"),
        ((GOOD, "another one than that"), "This is not the same password"),
    ],
)
def test_a_password_that_will_not_do_leaves_the_invitation_good(
    app: Flask, client: CheckedClient, link: str, typed: tuple[str, str], told: str
) -> None:
    before = everything(app)
    answer = client.send(link, link, password=typed[0], again=typed[1])
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert everything(app) == before
    assert opened(client, link).status_code == 302


def test_a_form_without_its_token_says_how_to_go_on(client: CheckedClient, link: str) -> None:
    answer = client.post(link, data={"password": GOOD, "again": GOOD})
    assert answer.status_code == 400
    assert f'href="{link}"' in answer.text
    assert opened(client, link).status_code == 302


def test_it_is_used_once(app: Flask, client: CheckedClient, link: str) -> None:
    opened(client, link)
    other: Any = app.test_client()
    answer = other.get(link)
    assert answer.status_code == 410
    assert "This invitation was accepted already" in text_of(answer)
    assert "sign in with the password that you chose" in text_of(answer)
    assert "Write to the secretariat at once" in text_of(answer)
    mine = text_of(client.get(link))
    assert "You have opened your account with it, and are signed in." in mine


def test_a_form_that_was_open_meanwhile_does_nothing(app: Flask, client: CheckedClient, link: str) -> None:
    other: Any = app.test_client()
    address, fields = other.fill(
        link, link, password="five words that differ more", again="five words that differ more"
    )
    opened(client, link)
    answer = other.post(address, data=fields)
    assert answer.status_code == 410
    assert "This invitation was accepted already" in text_of(answer)
    assert other.sign_in("clara@example.org", "five words that differ more").status_code == 422


@pytest.mark.parametrize("broken", ["rubbish", "", "cut", "longer", "of another purpose"])
def test_a_link_that_is_none_leads_to_no_invitation(
    app: Flask, world: World, client: CheckedClient, link: str, broken: str
) -> None:
    with in_register(app):
        other = links.make(account(world.alice), LinkPurpose.NEW_PASSWORD)
        token = links.token(other.reference)
    head, whole = link.rsplit("/", 1)
    tried = {"cut": whole[:-3], "longer": f"{whole}x", "of another purpose": token}.get(broken, broken)
    answer = client.get(f"{head}/{tried}")
    assert answer.status_code == 404
    if tried:  # else it is no address of ours at all
        assert "This link leads to no invitation" in text_of(answer)
        assert "copy all of it" in text_of(answer)


def test_a_link_of_another_register_leads_to_no_invitation(
    app: Flask, database_url: str, client: CheckedClient, link: str
) -> None:
    other = make_app(database_url, SECRET_KEY="another key, as long as a key has to be: 0123456789")
    with other.app_context():
        foreign = links.token(of("clara@example.org").reference)
    close(other)
    assert client.get(f"/en/account/invitation/{foreign}").status_code == 404


def expire(_: World) -> None:
    of("clara@example.org").expires_at = clock.now()


def withdraw(world: World) -> None:
    inviting.withdraw(of("clara@example.org"), by=account(world.sam))


def replace(world: World) -> None:
    inviting.send_again(of("clara@example.org"), by=account(world.kim))


def deactivate(_: World) -> None:
    account("clara@example.org").active = False


def suspend(world: World) -> None:
    requesting.suspend(accrediting.held_by(account("clara@example.org"))[0], note="A rumour.", by=account(world.sam))


def let_it_end(_: World) -> None:
    held: Accreditation = accrediting.held_by(account("clara@example.org"))[0]
    held.starts_on, held.ends_on = clock.today() - 9 * DAY, clock.today() - DAY


ENDS: list[tuple[Ends, str]] = [
    (expire, "This invitation has expired"),
    (withdraw, "This invitation was withdrawn"),
    (replace, "A later invitation was sent"),
    (deactivate, "This invitation was withdrawn"),
    (suspend, "This invitation cannot be accepted now"),
    (let_it_end, "This invitation cannot be accepted now"),
]


@pytest.mark.parametrize("ended", ENDS)
def test_one_that_is_good_no_more_says_so_and_what_to_do(
    app: Flask, world: World, client: CheckedClient, link: str, ended: tuple[Ends, str]
) -> None:
    end, told = ended
    address, fields = client.fill(link, link, password=GOOD, again=GOOD)
    with in_register(app):
        end(world)
    before = everything(app)
    for answer in (client.get(link), client.post(address, data=fields)):
        assert answer.status_code == 410
        assert told in text_of(answer)
        assert "rite to the secretariat" in text_of(answer)
        assert "mailto:secretariat@example.org" in answer.text
        # Nobody is told whose it was.
        assert "lara" not in answer.text
        assert "Arcadia" not in answer.text
    assert everything(app) == before


def test_it_is_good_again_when_the_suspension_ends(app: Flask, world: World, client: CheckedClient, link: str) -> None:
    with in_register(app):
        suspend(world)
    assert client.get(link).status_code == 410
    with in_register(app):
        held = accrediting.held_by(account("clara@example.org"))[0]
        accrediting.restore(held, by=account(world.kim), proposed_by=account(world.sam))
    assert opened(client, link).status_code == 302


def test_where_somebody_else_is_signed_in_nothing_is_done(app: Flask, world: World, sign_in: Any, link: str) -> None:
    alice = sign_in(world.alice)
    before = everything(app)
    shown = alice.get(link)
    assert shown.status_code == 409
    assert "In this browser you are signed in as Alice, and the invitation is for clara@example.org." in text_of(shown)
    token = alice.get("/en/desk/").text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = alice.post(link, data={"csrf_token": token, "password": GOOD, "again": GOOD})
    assert answer.status_code == 409
    assert everything(app) == before
    alice.post("/en/sign-out", data={"csrf_token": token})
    assert opened(alice, link).status_code == 302


def test_who_joins_the_staff_sets_up_a_second_step_before_anything_else(app: Flask, database_url: str) -> None:
    strict = make_app(database_url, SECOND_FACTOR="staff")
    with in_register(strict):
        facts = {"email": "nora@example.org", "name": "Nora", "language": "en"}
        inviting.invite_staff(**facts, role=Role.ADMINISTRATOR, by=None)
        link = address_for("nora@example.org")
    browser: Any = strict.test_client()
    shown = text_of(browser.get(link))
    assert "The operator of the register invites you to open your account." in shown
    assert "The secretariat, as an administrator" in shown
    confirmed = browser.get(str(opened(browser, link).location))
    assert "Set up a second step now" in text_of(confirmed)
    assert 'href="/en/account/security"' in confirmed.text
    assert browser.get("/en/secretariat/").status_code != 200
    assert browser.get("/en/account/security").status_code == 200
    close(strict)


@pytest.fixture
def box(app: Flask) -> Iterator[Any]:
    with post_box() as box:
        yield box


def test_the_mail_has_the_link_and_nothing_else_has_it(app: Flask, client: CheckedClient, link: str, box: Any) -> None:
    token = link.rsplit("/", 1)[1]
    assert not any(token in row for rows in everything(app).values() for row in rows)
    deliver(app, box)
    [mail] = box.to("clara@example.org")
    assert mail["Subject"] == "Arcadia: You are invited to open your account"
    told = text_of_mail(mail)
    [address] = re.findall(r"https://register\.example\.org(/en/account/invitation/\S+)", told)
    assert address == link
    assert "Sam of the secretariat invites you to open your account." in told
    assert "secretariat@example.org" in told
    assert "Choose the language of your mails" not in told
    assert opened(client, address).status_code == 302


def test_staff_read_the_mail_without_the_link(app: Flask, sign_in: Any, world: World, link: str, box: Any) -> None:
    token = link.rsplit("/", 1)[1]
    sam = sign_in(world.sam)
    with app.app_context():
        query = sa.text("SELECT reference FROM mail WHERE notice = 'invitation'")
        page = f"/en/secretariat/mail/{db.session.scalar(query)}"
    for _ in ("before it is sent", "after"):
        shown = sam.get(page)
        assert token not in shown.text
        assert "A link that the person alone gets." in text_of(shown)
        deliver(app, box)


@pytest.mark.parametrize("end", [expire, withdraw, replace, deactivate])
def test_a_mail_is_not_sent_with_a_link_that_is_good_no_more(
    app: Flask, world: World, link: str, box: Any, end: Ends
) -> None:
    with in_register(app):
        end(world)
    deliver(app, box)
    assert len(box.to("clara@example.org")) == (1 if end is replace else 0)


def test_it_comes_in_the_persons_language(app: Flask, world: World, client: CheckedClient, box: Any) -> None:
    with in_register(app):
        arcadia, alice, sam = found(world.arcadia, world.cohort)[0], account(world.alice), account(world.sam)
        admitting.confirm(requesting.propose(arcadia, a_candidate(language="fr"), by=alice), by=sam)
    deliver(app, box)
    [mail] = box.to("clara@example.org")
    assert mail["Content-Language"] == "fr"
    [address] = re.findall(r"https://register\.example\.org(/fr/account/invitation/\S+)", text_of_mail(mail))
    assert client.get(address).status_code == 200


def test_who_invited_is_reminded_once_when_it_has_expired(app: Flask, world: World, link: str, box: Any) -> None:
    with time_machine.travel(clock.now() + 8 * DAY):
        for _ in range(2):
            with app.app_context():
                mailing.post_expiries()
        deliver(app, box)
    assert box.subjects(world.sam).count("An invitation has expired") == 1


def test_nobody_is_reminded_of_one_that_was_accepted_or_is_wanted_no_more(
    app: Flask, world: World, client: CheckedClient, link: str, box: Any
) -> None:
    opened(client, link)
    with time_machine.travel(clock.now() + 8 * DAY), app.app_context():
        mailing.post_expiries()
    deliver(app, box)
    assert "An invitation has expired" not in box.subjects(world.sam)


def made_by(key: SoftKey, browser: CheckedClient, link: str, **lies: Any) -> str:
    """Return what a device answers that is asked for a passkey on the page of an invitation."""
    _, fields = browser.fill(link, f"{link}/passkey", name="My phone")
    asked = browser.post(f"{link}/passkey/options", data=fields)
    assert asked.status_code == 200
    return key.make(asked.text, **lies)


def test_a_passkey_opens_it_without_a_password(app: Flask, client: CheckedClient, link: str) -> None:
    answer = made_by(SoftKey(), client, link)
    opened = client.send(link, f"{link}/passkey", name="My phone", answer=answer)
    assert opened.location == "/en/account/opened"
    confirmed = text_of(client.get("/en/account/opened"))
    assert "From now on you sign in with the passkey that you added." in confirmed
    assert "Add a second passkey on another device" in confirmed
    assert client.get("/en/desk/arcadia/").status_code == 200
    with app.app_context():
        assert account("clara@example.org").password is None
        assert list(db.session.scalars(sa.select(SignInSession.way))) == [SignInWay.PASSKEY]
        assert of("clara@example.org").used_at is not None


def test_a_passkey_that_is_refused_leaves_the_invitation_good(app: Flask, client: CheckedClient, link: str) -> None:
    answer = made_by(SoftKey(), client, link, origin="https://evil.example")
    refused = client.send(link, f"{link}/passkey", name="My phone", answer=answer)
    assert refused.status_code == 422
    assert "made for another website" in text_of(refused)
    with app.app_context():
        assert of("clara@example.org").used_at is None
        logged = db.session.scalars(sa.select(SecurityEvent.action).order_by(SecurityEvent.id.desc())).first()
    assert logged is SecurityAction.PASSKEY_REFUSED
    assert opened(client, link).status_code == 302


def test_a_passkey_without_a_name_leaves_the_invitation_good(client: CheckedClient, link: str) -> None:
    _, fields = client.fill(link, f"{link}/passkey", name="")
    assert client.post(f"{link}/passkey/options", data=fields).status_code == 422
    answer = client.post(f"{link}/passkey", data=fields)
    assert answer.status_code == 422
    assert "Give the passkey a name" in text_of(answer)
    assert opened(client, link).status_code == 302


def test_no_passkey_is_asked_for_once_it_is_used(app: Flask, client: CheckedClient, link: str) -> None:
    _, fields = client.fill(link, f"{link}/passkey", name="My phone")
    opened(client, link)
    other: Any = app.test_client()
    token = other.get("/en/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    for address in (f"{link}/passkey", f"{link}/passkey/options"):
        assert other.post(address, data={**fields, "csrf_token": token}).status_code == 410
