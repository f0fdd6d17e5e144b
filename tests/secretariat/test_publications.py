"""The pages on which staff propose, approve, move and call off events and documents, and what the public sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.announced import DOCUMENT, EVENT, at
from tests.checked_client import CheckedClient, text_of
from tests.world import World
from tracker import clock
from tracker.publications import punctual

PAGE = "/en/secretariat/cohorts/clean-rivers"
ADD_EVENT, ADD_DOCUMENT = f"{PAGE}/add-event", f"{PAGE}/add-document"
THE_EVENT = f"{PAGE}/events/2031-05-20/the-second-meeting"
THE_DOCUMENT = f"{PAGE}/documents/the-second-report"
PUBLIC = "/en/clean-rivers"
WHY = {"text-reason-0": "The host wrote to us.", "source": "Note of 3 March"}

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


@pytest.fixture
def sam(sign_in: Any, world: World) -> CheckedClient:
    return sign_in(world.sam)  # type: ignore[no-any-return]


@pytest.fixture
def kim(sign_in: Any, world: World) -> CheckedClient:
    return sign_in(world.kim)  # type: ignore[no-any-return]


@pytest.fixture
def approved(sam: CheckedClient, kim: CheckedClient) -> None:
    """Sam proposed an event and a document, and Kim approved both."""
    for page, answers in ((ADD_EVENT, EVENT), (ADD_DOCUMENT, DOCUMENT)):
        kim.send(sam.send(page, **answers).location, "/approve")


def test_an_event_is_proposed_approved_and_seen(client: CheckedClient, sam: CheckedClient, kim: CheckedClient) -> None:
    assert "No event of this cohort is announced." in text_of(client.get(PUBLIC))
    more = {
        "begins_at": "9.30",
        "time_zone": "Europe/Brussels",
        "text-place-0": "Brussels",
        "url": "https://example.org/",
    }
    proposal = sam.send(ADD_EVENT, **EVENT, **more).location
    assert "Somebody else must decide" in text_of(sam.get(proposal))
    assert "The second meeting" not in text_of(client.get(PUBLIC))
    assert "20 May 2031, 09:30 (Europe/Brussels) · Meeting · Brussels" in text_of(kim.get(proposal))
    kim.send(proposal, "/approve")
    told = text_of(client.get(PUBLIC))
    assert "20 May 2031, 09:30 (Europe/Brussels) · Meeting · Brussels The second meeting" in told
    assert "Event added event/clean-rivers/2031-05-20/the-second-meeting" in text_of(kim.get(PAGE))


def test_a_document_is_proposed_approved_and_seen(
    client: CheckedClient, sam: CheckedClient, kim: CheckedClient
) -> None:
    more = {"language": "fr", "rendering": "translation", "text-note-0": "In part."}
    kim.send(sam.send(ADD_DOCUMENT, **DOCUMENT, **more).location, "/approve")
    told = text_of(client.get(PUBLIC))
    assert "The second report Report · Summit of Rivers · French · Translation · In part." in told


def test_the_queue_names_it_by_its_title(sam: CheckedClient, kim: CheckedClient) -> None:
    sam.send(ADD_EVENT, **EVENT)
    assert "The second meeting Event Cohort on Clean Rivers" in text_of(kim.get("/en/secretariat/"))


def test_an_event_is_written_in_several_languages(
    client: CheckedClient, sam: CheckedClient, kim: CheckedClient
) -> None:
    again = sam.send(ADD_EVENT, **EVENT, add="1")
    assert again.status_code == 200
    texts = {"written_in-1": "ar", "text-title-1": "الاجتماع الثاني", "authentic": "1"}
    proposal = sam.post(ADD_EVENT, data={**sam.fill(ADD_EVENT, **EVENT)[1], **texts}).location
    shown = kim.get(proposal)
    assert "الاجتماع الثاني authentic text" not in text_of(shown)
    assert "In Arabic: authentic text الاجتماع الثاني" in text_of(shown)
    kim.send(proposal, "/approve")
    assert "The second meeting" in text_of(client.get(PUBLIC))
    assert '<span lang="ar" dir="rtl">الاجتماع الثاني</span>' in client.get("/fr/clean-rivers").text


def test_one_of_several_languages_is_the_authentic_one(sam: CheckedClient) -> None:
    texts = {"written_in-1": "fr", "text-title-1": "La deuxième réunion"}
    answer = sam.post(ADD_EVENT, data={**sam.fill(ADD_EVENT, **EVENT)[1], **texts})
    assert answer.status_code == 422
    assert "Say which language is the authentic one" in text_of(answer)
    assert "La deuxième réunion" in answer.text


def test_every_mistake_is_told_at_once_and_nothing_typed_is_lost(sam: CheckedClient) -> None:
    wrong = {
        "begins_at": "25:00",
        "time_zone": "Brussels",
        "url": "javascript:alert(1)",
        "held_on-month": "13",
        "text-title-0": "",
        "text-place-0": "<script>alert(1)</script>",
        "appears": "later",
        "due_hour": "noon",
    }
    answer = sam.send(ADD_EVENT, **{**EVENT, **wrong})
    assert answer.status_code == 422
    for sentence in (
        "Enter an hour such as 09:30",
        "Enter a time zone such as Europe/Brussels, or UTC",
        "Enter an address of the web that begins with https:// or http://",
        "Enter a real date",
        "Enter the title",
        "Enter the day on which it is to appear",
    ):
        assert sentence in text_of(answer)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<script>alert" not in answer.text


def test_ten_thousand_characters_are_a_description_and_no_title(sam: CheckedClient, kim: CheckedClient) -> None:
    assert sam.send(ADD_EVENT, **{**EVENT, "text-title-0": "a" * 10_000}).status_code == 422
    assert sam.send(ADD_EVENT, **EVENT, **{"text-description-0": "a " * 5_000}).status_code == 302
    assert sam.send(ADD_EVENT, **EVENT, **{"text-description-0": "a" * 10_001}).status_code == 422


def test_what_turns_the_direction_of_a_page_is_left_out_of_a_title(sam: CheckedClient) -> None:
    turned = sam.send(ADD_EVENT, **{**EVENT, "text-title-0": "The \N{RIGHT-TO-LEFT OVERRIDE}second meeting"})
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in sam.get(turned.location).text


def test_a_change_is_shown_beside_what_is_there(
    approved: None, client: CheckedClient, sam: CheckedClient, kim: CheckedClient
) -> None:
    changed = {"text-title-0": "The last meeting", "held_on-day": "21", **WHY}
    proposal = sam.send(THE_EVENT, **changed).location
    shown = text_of(kim.get(proposal))
    assert "What the public sees now 20 May 2031 · Meeting The second meeting" in shown
    assert "What is to appear 21 May 2031 · Meeting The last meeting" in shown
    assert "The host wrote to us. Source: Note of 3 March" in shown
    kim.send(proposal, "/approve")
    assert "21 May 2031 · Meeting The last meeting It was announced for 20 May 2031." in text_of(client.get(PUBLIC))


def test_a_change_needs_its_reason_and_its_source(approved: None, sam: CheckedClient) -> None:
    answer = sam.send(THE_EVENT, **{"text-title-0": "The last meeting"})
    assert answer.status_code == 422
    assert "Say why, for readers of the register" in text_of(answer)
    assert "Say from where this is known" in text_of(answer)


def test_a_stale_change_is_told_and_can_be_sent_again(approved: None, sam: CheckedClient, kim: CheckedClient) -> None:
    address, typed = sam.fill(THE_EVENT, **{"text-title-0": "The last meeting", **WHY})
    kim_changed = kim.send(THE_EVENT, **{"text-title-0": "The final meeting", **WHY}).location
    sam.send(kim_changed, "/approve")
    refused = sam.post(address, data=typed)
    assert refused.status_code == 409
    assert "was changed since by another entry" in text_of(refused)
    assert "The final meeting" in text_of(refused)
    assert "The last meeting" in refused.text


def test_an_event_that_is_called_off_stays_with_the_reason(
    approved: None, client: CheckedClient, sam: CheckedClient, kim: CheckedClient
) -> None:
    proposal = sam.send(f"{THE_EVENT}/call-off", **WHY).location
    kim.send(proposal, "/approve")
    assert "The second meeting Called off The host wrote to us." in text_of(client.get(PUBLIC))
    refused = sam.send(THE_EVENT, **{"text-title-0": "The last meeting", **WHY})
    assert refused.status_code == 409
    assert "It stays as it is." in text_of(refused)


def test_a_document_that_is_taken_down_keeps_its_line(
    approved: None, client: CheckedClient, sam: CheckedClient, kim: CheckedClient
) -> None:
    linked = sam.send(THE_DOCUMENT, url="https://example.org/report", **WHY).location
    kim.send(linked, "/approve")
    assert "https://example.org/report" in client.get(PUBLIC).text
    kim.send(sam.send(f"{THE_DOCUMENT}/take-down", **WHY).location, "/approve")
    told = client.get(PUBLIC)
    assert "The second report Taken down" in text_of(told)
    assert "The host wrote to us." in text_of(told)
    assert "https://example.org/report" not in told.text


def test_what_waits_for_its_moment_is_listed_and_can_be_moved_and_called_off(
    app: Flask, client: CheckedClient, sam: CheckedClient, kim: CheckedClient
) -> None:
    moment = clock.now().replace(second=0, microsecond=0) + timedelta(days=2)
    proposal = sam.send(ADD_EVENT, **EVENT, **at(moment)).location
    assert "It appears on" in text_of(kim.get(proposal))
    kim.send(proposal, "/approve")
    for page in (PAGE, "/en/secretariat/cohorts", "/en/secretariat/?state=scheduled"):
        assert "The second meeting" in text_of(kim.get(page))
    kim.send(proposal, "/move", **at(moment + timedelta(days=1)))
    assert moment.strftime("%H:%M UTC") in text_of(kim.get(proposal))
    with time_machine.travel(moment + timedelta(hours=1), tick=False), app.app_context():
        assert punctual.publish_due().published == 0
    answer = kim.send(proposal, "/move", due_hour="noon")
    assert answer.status_code == 422
    assert "Enter an hour such as 09:30" in text_of(answer)
    sooner = kim.send(proposal, "/move", **at(moment))
    assert sooner.status_code == 409
    assert "Only who proposed this can bring its moment forward." in text_of(sooner)
    kim.send(proposal, "/call-off")
    assert "Called off" in text_of(sam.get(proposal))
    assert "The second meeting" not in text_of(client.get(PUBLIC))


def test_a_moment_in_the_past_is_refused(sam: CheckedClient) -> None:
    answer = sam.send(ADD_EVENT, **EVENT, **at(clock.now() - timedelta(hours=2)))
    assert answer.status_code == 409
    assert "Choose a moment that is still to come" in text_of(answer)
