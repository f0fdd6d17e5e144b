"""The two steps by which a participant disputes an endorsement, from its page to the review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.acting import act, found, in_register
from tests.checked_client import CheckedClient, text_of
from tests.world import World, a_link, a_submission, account, disputed, published, with_contact
from tracker import clock, register
from tracker.disputes import reviewing
from tracker.mails import outbox
from tracker.vocabulary import Notice

PAGE = "/en/participants/arcadia"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: the pages do not depend on the database."""
    return "sqlite"


@pytest.fixture
def endorsement(app: Flask, world: World) -> str:
    """Return the reference of Arcadia's endorsement, which it can dispute at its published address."""
    with in_register(app):
        arcadia, _ = found(world.arcadia, world.cohort)
        with_contact(arcadia, account(world.sam), account(world.kim))
    return act(app, published, world.arcadia, world.cohort)


def token_of(app: Flask, reference: str) -> str:
    """Return the token of a link that was sent."""
    with in_register(app):
        one = register.endorsement(reference)
        assert one is not None
        return a_link(one)


def dispute(app: Flask, reference: str) -> str:
    """Put an endorsement under review; return the reference of the review."""
    with in_register(app):
        one = register.endorsement(reference)
        assert one is not None
        return disputed(one).reference


def asked_for_as_often_as_it_may_be(client: CheckedClient, reference: str) -> list[int]:
    """Return the answers to who asks for a link every other minute, once more than is allowed."""
    answers = []
    for number in range(reviewing.MOST_FOR_ONE + 1):
        with time_machine.travel(clock.now() + timedelta(minutes=2 * number)):
            answers.append(client.send(f"/en/dispute/{reference}").status_code)
    return answers


def test_the_first_step_sends_a_link_and_says_nothing_of_the_address(client: CheckedClient, endorsement: str) -> None:
    assert "For Arcadia: we did not sign this" in text_of(client.get(PAGE))
    answer = client.send(f"/en/dispute/{endorsement}")
    assert answer.location == f"/en/dispute/{endorsement}/sent"
    told = text_of(client.get(answer.location))
    assert "It does not tell whether it knows one." in told
    assert "office@example.org" not in told


def test_without_an_address_it_answers_the_same(app: Flask, world: World, client: CheckedClient) -> None:
    reference = act(app, published, world.league, world.cohort)
    assert asked_for_as_often_as_it_may_be(client, reference) == [302, 302, 302, 429]


def test_too_many_links_are_refused_with_a_sentence(client: CheckedClient, endorsement: str) -> None:
    assert asked_for_as_often_as_it_may_be(client, endorsement)[-1] == 429
    with time_machine.travel(clock.now() + timedelta(minutes=10)):
        answer = client.send(f"/en/dispute/{endorsement}")
    assert "Too many links were asked for of late" in text_of(answer)


def test_asking_twice_sends_one_mail_and_is_answered_the_same(
    app: Flask, client: CheckedClient, endorsement: str
) -> None:
    first, second = (client.send(f"/en/dispute/{endorsement}") for _ in range(2))
    assert (second.status_code, second.location) == (302, first.location)
    with app.app_context():
        assert [mail.notice for mail in outbox.waiting(100)].count(Notice.DISPUTE_LINK) == 1


def test_opening_the_link_changes_nothing(app: Flask, client: CheckedClient, endorsement: str) -> None:
    link = f"/en/dispute/{endorsement}/{token_of(app, endorsement)}"
    for _ in range(3):
        assert "Nothing has happened yet." in text_of(client.get(link))
    assert "nder review" not in text_of(client.get(PAGE))


def test_the_second_step_puts_it_under_review_for_everybody_to_see(
    app: Flask, client: CheckedClient, endorsement: str
) -> None:
    before = client.get("/en/clean-rivers/signatories").headers["ETag"]
    link = f"/en/dispute/{endorsement}/{token_of(app, endorsement)}"
    answer = client.send(link, message="Nobody of ours signed this.")
    assert answer.location == f"/en/dispute/{endorsement}/received"
    assert "The endorsement is under review" in text_of(client.get(answer.location))
    for page in ("/en/clean-rivers/signatories", "/en/clean-rivers/recommendations/2.3"):
        assert "under review since" in text_of(client.get(page))
        assert "1 country" in text_of(client.get(page))
    told = text_of(client.get(PAGE))
    assert "Under review since" in told
    assert "Review opened" in told
    assert "Nobody of ours signed this." not in told
    assert "we did not sign this" not in told
    assert client.get("/en/clean-rivers/signatories").headers["ETag"] != before


def test_pages_under_review_are_kept_and_set_no_cookie(app: Flask, client: CheckedClient, endorsement: str) -> None:
    dispute(app, endorsement)
    for page in (PAGE, "/en/clean-rivers/signatories"):
        first = client.get(page)
        assert "Set-Cookie" not in first.headers
        assert client.get(page, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_the_pages_of_a_dispute_are_not_kept_nor_found_by_search_engines(
    app: Flask, client: CheckedClient, endorsement: str
) -> None:
    for page in (f"/en/dispute/{endorsement}", f"/en/dispute/{endorsement}/{token_of(app, endorsement)}"):
        answer = client.get(page)
        assert answer.headers["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in answer.text


def test_each_link_that_is_none_gets_its_own_answer(
    app: Flask, world: World, client: CheckedClient, endorsement: str
) -> None:
    token, other = token_of(app, endorsement), act(app, published, world.league, world.cohort)
    answers = {
        "wrong": client.get(f"/en/dispute/{endorsement}/{'0' * 64}"),
        "for another": client.get(f"/en/dispute/{other}/{token}"),
    }
    client.send(f"/en/dispute/{endorsement}/{token}", message="No.")
    answers["used"] = client.get(f"/en/dispute/{endorsement}/{token}")
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "wrong": 404,
        "for another": 404,
        "used": 410,
    }
    assert "not one that the register sent" in text_of(answers["wrong"])
    assert "is for another endorsement" in text_of(answers["for another"])
    assert "was used already" in text_of(answers["used"])
    assert "Ask for a new link" in text_of(answers["used"])


def test_a_used_link_is_refused_when_it_is_sent_too(app: Flask, client: CheckedClient, endorsement: str) -> None:
    link = f"/en/dispute/{endorsement}/{token_of(app, endorsement)}"
    address, fields = client.fill(link, message="No.")
    assert client.post(address, data=fields).status_code == 302
    assert client.post(address, data=fields).status_code == 410


@pytest.mark.parametrize(
    ("message", "told"), [(" ", "Say what is wrong with it"), ("x" * 10_001, "Shorten the text to 10000 characters")]
)
def test_what_is_wrong_with_the_text_is_told_and_the_link_is_not_used(
    app: Flask, client: CheckedClient, endorsement: str, message: str, told: str
) -> None:
    link = f"/en/dispute/{endorsement}/{token_of(app, endorsement)}"
    answer = client.send(link, message=message)
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert client.send(link, message="No.").status_code == 302


def test_who_keeps_no_cookie_is_told_so_and_the_text_is_not_lost(
    app: Flask, client: CheckedClient, endorsement: str
) -> None:
    address, fields = client.fill(f"/en/dispute/{endorsement}/{token_of(app, endorsement)}", message="Not us.")
    answer = app.test_client().post(address, data=fields)
    assert answer.status_code == 400
    assert "your browser keeps no cookie" in text_of(answer)
    assert "Not us." in text_of(answer)


def test_only_what_is_public_can_be_disputed(app: Flask, world: World, client: CheckedClient) -> None:
    reference = act(app, a_submission, world.borduria, world.cohort, world.bruno)
    assert client.get(f"/en/dispute/{reference}").status_code == 404
    assert client.get("/en/dispute/nothing").status_code == 404


def test_while_it_is_under_review_no_link_is_offered(app: Flask, client: CheckedClient, endorsement: str) -> None:
    address, fields = client.fill(f"/en/dispute/{endorsement}")
    dispute(app, endorsement)
    told = text_of(client.get(f"/en/dispute/{endorsement}"))
    assert "Under review since" in told
    assert "Send the link" not in told
    answer = client.post(address, data=fields)
    assert answer.status_code == 409
    assert "under review already" in text_of(answer)


def test_staff_answer_it_and_the_public_reads_the_answer(
    app: Flask, client: CheckedClient, sign_in: Any, world: World, endorsement: str
) -> None:
    review = dispute(app, endorsement)
    sam = sign_in(world.sam)
    assert f'href="/en/secretariat/reviews/{review}"' in sam.get("/en/secretariat/?matter=review").text
    page = f"/en/secretariat/reviews/{review}"
    assert "Nobody of ours signed this." in text_of(sam.get(page))
    assert sam.send(page, f"/{review}", reason=" ", written_in="").status_code == 422
    sam.send(page, f"/{review}", reason="The minister signed it.", written_in="en")
    told = text_of(client.get(PAGE))
    assert "The endorsement stands: The minister signed it." in told
    assert "Under review since" not in told
    assert "The minister signed it." in text_of(sam.get(page))


def test_who_confirmed_it_is_told_to_leave_the_answer_to_another(
    app: Flask, sign_in: Any, world: World, endorsement: str
) -> None:
    review = dispute(app, endorsement)
    with in_register(app):
        one = register.endorsement(endorsement)
        assert one is not None
        one.confirmed_by_id = account(world.sam).id
    page = f"/en/secretariat/reviews/{review}"
    assert "Somebody else must answer" in text_of(sign_in(world.sam).get(page))
    assert "Somebody else must answer" not in text_of(sign_in(world.kim).get(page))


def test_a_review_that_a_colleague_closed_is_told_and_nothing_is_lost(
    app: Flask, sign_in: Any, world: World, endorsement: str
) -> None:
    review = dispute(app, endorsement)
    sam, kim, page = sign_in(world.sam), sign_in(world.kim), f"/en/secretariat/reviews/{review}"
    address, fields = sam.fill(page, f"/{review}", reason="They signed it.", written_in="en")
    kim.send(page, f"/{review}", reason="The minister signed it.", written_in="en")
    answer = sam.post(address, data=fields)
    assert answer.status_code == 409
    assert "They signed it." in text_of(answer)


def test_staff_change_the_address_by_four_eyes(app: Flask, sign_in: Any, world: World) -> None:
    sam, kim, page = sign_in(world.sam), sign_in(world.kim), "/en/secretariat/participants/arcadia/contact"
    assert sam.send(page, address="no address").status_code == 422
    proposal = sam.send(page, address="office@arcadia.example.org").location
    assert "A change is proposed already" in text_of(sam.get(page))
    assert "Somebody else must decide" in text_of(sam.get(proposal))
    assert "Contact address" in text_of(kim.get("/en/secretariat/?matter=contact"))
    assert "office@arcadia.example.org" in text_of(kim.get(proposal))
    kim.send(proposal, "/approve")
    assert "office@arcadia.example.org" in sam.get(page).text
    assert sam.send(page, address="office@arcadia.example.org").status_code == 409
    again = sam.send(page, address="").location
    assert sam.send(again, "/take-back").location == again
    assert "Taken back" in text_of(sam.get(again))


def test_a_review_that_nobody_opened_and_a_stranger_are_not_found(sign_in: Any, world: World) -> None:
    sam = sign_in(world.sam)
    assert sam.get("/en/secretariat/reviews/nothing").status_code == 404
    assert sam.get("/en/secretariat/participants/freedonia/contact").status_code == 404
