"""The secretariat sees how invitations stand, sends them again, withdraws them, and invites who joins it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.acting import found, in_register
from tests.checked_client import CheckedClient, text_of
from tests.post_box import PostBox, deliver, post_box
from tests.world import World, a_candidate, account
from tracker import accrediting, clock
from tracker.identity import inviting, links
from tracker.models import MailedLink
from tracker.people import admitting, requesting
from tracker.vocabulary import LinkPurpose, Role

PAGE, NEW, PEOPLE = "/en/secretariat/invitations", "/en/secretariat/invitations/new", "/en/secretariat/people/arcadia"
NORA = {"name": "Nora", "email": "nora@example.org", "role": "staff", "mails_in": "en"}
DAY = timedelta(days=1)


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: the rules run on both databases elsewhere."""
    return "sqlite"


@pytest.fixture
def sam(sign_in: Any, world: World) -> CheckedClient:
    return sign_in(world.sam)  # type: ignore[no-any-return]


@pytest.fixture
def kim(app: Flask, sign_in: Any, world: World) -> CheckedClient:
    """Return Kim's browser, who administers the secretariat."""
    with in_register(app):
        kim = account(world.kim)
        kim.roles.append(accrediting.role_of(Role.ADMINISTRATOR))
    return sign_in(world.kim)  # type: ignore[no-any-return]


@pytest.fixture
def invite(app: Flask, world: World) -> Callable[..., None]:
    """Return a function that has somebody accredited for Arcadia, and so invited by Sam."""

    def invited(name: str = "Clara") -> None:
        with in_register(app):
            arcadia, alice, sam = found(world.arcadia, world.cohort)[0], account(world.alice), account(world.sam)
            admitting.confirm(requesting.propose(arcadia, a_candidate(name), by=alice), by=sam)

    return invited


@pytest.fixture
def box() -> Iterator[PostBox]:
    with post_box() as box:
        yield box


def of(email: str) -> MailedLink:
    latest = links.latest(account(email), LinkPurpose.INVITATION)
    assert latest is not None
    return latest


def ways(app: Flask, email: str) -> tuple[str, str]:
    """Return where the invitation of somebody is sent again, and where it is withdrawn."""
    with app.app_context():
        reference = of(email).reference
    return f"/{reference}/send-again", f"/{reference}/withdraw"


def test_it_works(app: Flask, sam: CheckedClient, invite: Callable[..., None], world: World) -> None:
    assert "Nobody was invited yet." in text_of(sam.get(PAGE))
    invite()
    shown = text_of(sam.get(PAGE))
    assert "1 person" in shown
    assert "Clara clara@example.org Arcadia Sam" in shown
    assert "The mail waits to be sent" in shown
    assert "Send it again Clara" in shown
    assert "Withdraw it Clara" in shown


def test_an_invitation_stands_beside_the_accreditation(sam: CheckedClient, invite: Callable[..., None]) -> None:
    invite()
    shown = text_of(sam.get(PEOPLE))
    assert "clara@example.org Invitation: Waiting" in shown
    assert "alice@example.org Invitation" not in shown


def test_it_is_withdrawn_and_sent_again(app: Flask, sam: CheckedClient, invite: Callable[..., None]) -> None:
    invite()
    assert sam.send(PAGE, ways(app, "clara@example.org")[1]).status_code == 302
    shown = text_of(sam.get(PAGE))
    assert "Withdrawn" in shown
    assert "Withdraw it" not in shown
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert sam.send(PAGE, ways(app, "clara@example.org")[0]).status_code == 302
        assert "until" in text_of(sam.get(PAGE))


def test_what_became_of_one_meanwhile_is_told(
    app: Flask, sam: CheckedClient, invite: Callable[..., None], world: World
) -> None:
    invite()
    again, withdrawal = ways(app, "clara@example.org")
    filled = [sam.fill(PAGE, way) for way in (again, withdrawal)]
    with in_register(app):
        inviting.accept(of("clara@example.org"), lambda _: None)
    for address, fields in filled:
        answer = sam.post(address, data=fields)
        assert answer.status_code == 409
        assert "Something became of this invitation while you had the page open." in text_of(answer)
        assert "Accepted" in text_of(answer)


def test_they_are_shown_by_their_state(app: Flask, sam: CheckedClient, invite: Callable[..., None]) -> None:
    for name in ("Clara", "Cora", "Cleo", "Cyd"):
        invite(name)
    with in_register(app):
        inviting.accept(of("clara@example.org"), lambda _: None)
        of("cora@example.org").expires_at = clock.now()
        inviting.withdraw(of("cleo@example.org"), by=account("sam@example.org"))
    for state, name in (("accepted", "Clara"), ("expired", "Cora"), ("withdrawn", "Cleo"), ("waiting", "Cyd")):
        shown = text_of(sam.get(f"{PAGE}?state={state}"))
        assert "1 person Name" in shown
        assert name in shown
    assert "4 people" in text_of(sam.get(PAGE))
    assert sam.get(f"{PAGE}?state=none").status_code == 422


def test_a_mail_that_was_given_up_is_shown(app: Flask, sam: CheckedClient, invite: Callable[..., None]) -> None:
    class Refusing(PostBox):
        async def handle_RCPT(self, *_: Any) -> str:  # noqa: N802  # aiosmtpd's
            return "550 No such mailbox"

    invite()
    with post_box(Refusing()) as refusing:
        deliver(app, refusing)
    assert "The mail was given up Clara" in text_of(sam.get(PAGE))


def test_who_was_accredited_before_is_invited_from_the_page_of_the_people(
    app: Flask, sam: CheckedClient, world: World
) -> None:
    with in_register(app):
        olga = accrediting.open_account(email="olga@example.org", name="Olga", password=None)
        accrediting.accredit(olga, found(world.arcadia, world.cohort)[0], starts_on=clock.today())
    assert "Not invited Invite the person Olga" in text_of(sam.get(PEOPLE))
    assert sam.send(PEOPLE, "/invite").status_code == 302
    assert "Olga olga@example.org Arcadia Sam" in text_of(sam.get(PAGE))


def test_an_administrator_invites_to_join_the_staff(app: Flask, kim: CheckedClient, box: PostBox) -> None:
    assert kim.send(NEW, "/new", **NORA).location == PAGE
    assert "Nora nora@example.org The secretariat Kim" in text_of(kim.get(PAGE))
    deliver(app, box)
    [mail] = box.to("nora@example.org")
    assert mail["Subject"] == "You are invited to open your account"


def test_staff_see_none_that_join_the_staff_and_invite_nobody(
    app: Flask, sam: CheckedClient, kim: CheckedClient
) -> None:
    kim.send(NEW, "/new", **NORA)
    assert "Nora" not in text_of(sam.get(PAGE))
    assert "Invite a person" not in text_of(sam.get(PAGE))
    assert sam.get(NEW).status_code == 403
    token = sam.get(PAGE).text.split('name="csrf_token" value="')[1].split('"')[0]
    assert sam.post(NEW, data={**NORA, "csrf_token": token}).status_code == 403
    for way in ways(app, "nora@example.org"):
        assert sam.post(PAGE + way, data={"csrf_token": token}).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": " "}, "Enter the person’s name"),
        ({"email": "nora"}, "Enter an e-mail address such as name@example.org"),
        ({"email": ""}, "Enter the person’s e-mail address"),
        ({"role": ["nobody"]}, "Say whether the person is to be an administrator"),
        ({"mails_in": ["xx"]}, "Choose the language of the mails"),
    ],
)
def test_it_says_what_is_wrong(kim: CheckedClient, wrong: dict[str, Any], told: str) -> None:
    answer = kim.send(NEW, "/new", **{**NORA, **wrong})
    assert answer.status_code == 422
    assert told in text_of(answer)


def test_who_can_sign_in_already_is_not_invited(kim: CheckedClient) -> None:
    answer = kim.send(NEW, "/new", **{**NORA, "email": "Alice@example.org"})
    assert answer.status_code == 409
    assert "This person can sign in already" in text_of(answer)
    assert 'value="Nora"' in answer.text


def test_to_invite_asks_for_a_fresh_proof(app: Flask, sam: CheckedClient, invite: Callable[..., None]) -> None:
    invite()
    address, fields = sam.fill(PAGE, ways(app, "clara@example.org")[0])
    with time_machine.travel(clock.now() + timedelta(minutes=59), tick=False):
        sam.get(PAGE)
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        assert sam.post(address, data=fields).status_code == 403
