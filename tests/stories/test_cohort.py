"""A second cohort is prepared, approved and appears at its moment; it gets an event, which is called off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.acting import act
from tests.announced import EVENT, at
from tests.checked_client import CheckedClient, text_of
from tests.post_box import deliver, post_box
from tests.world import World, published
from tracker import clock, verifying
from tracker.publications import punctual

STAFF = "/en/secretariat"
NEW = {"slug": "clean-seas", "written_in-0": "en", "text-title-0": "Cohort on Clean Seas", "summit": "Summit of Seas"}
PARTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("co-leads", {"written_in-0": "en", "text-text-0": "Government of Borduria"}),
    ("outcomes", {"written_in-0": "en", "text-text-0": "Cleaner seas."}),
    ("areas", {"written_in-0": "en", "text-text-0": "Coasts"}),
    ("sources", {"title": "The page of the cohort", "publisher": "Summit of Seas", "describes_cohort": "y"}),
    ("headings", {"number": "1", "written_in-0": "en", "text-text-0": "Coasts"}),
    (
        "recommendations",
        {
            "number": "1.1",
            "written_in-0": "en",
            "text-text-0": "Keep the coasts clean.",
            "text_status": "authoritative",
            "source": "the-page-of-the-cohort",
        },
    ),
)
WHY = {"text-reason-0": "The host is ill.", "source": "Call of the host"}


def published_by(app: Flask, moment: datetime) -> int:
    """Return how many publications appear by a moment."""
    with time_machine.travel(moment, tick=True), app.app_context():
        return punctual.publish_due().published


def prepare(staff: CheckedClient) -> str:
    """Prepare the cohort, part by part, and return the address of the preparation."""
    page = str(staff.send(f"{STAFF}/preparations/new", **NEW).location)
    for part, said in PARTS:
        kept = staff.send(f"{page}/{part}/new", **said)
        assert kept.location == page, text_of(kept)
    return page


def test_a_second_cohort_appears_at_its_moment_and_gets_an_event_that_is_called_off(
    app: Flask, client: CheckedClient, sign_in: Any, world: World
) -> None:
    sam, kim = sign_in(world.sam), sign_in(world.kim)
    page = prepare(sam)
    shown = kim.get(f"{page}/preview")
    preview = text_of(shown)
    assert "This is a preview" in preview
    assert "1.1 Keep the coasts clean." in preview
    assert "/recommendations/1.1" not in shown.text  # its page is not there yet

    moment = clock.now().replace(second=0, microsecond=0) + timedelta(hours=3)
    proposal = sam.send(page, "/propose", **at(moment)).location
    with post_box() as box:
        kim.send(proposal, "/approve")
        assert client.get("/en/clean-seas").status_code == 404
        assert "Approved, appears on" in text_of(sam.get(f"{STAFF}/cohorts"))
        assert published_by(app, moment - timedelta(minutes=1)) == 0
        assert published_by(app, moment + timedelta(minutes=1)) == 1
        assert published_by(app, moment + timedelta(minutes=2)) == 0

        told = text_of(client.get("/en/clean-seas"))
        assert "Endorsed by no country or organisation yet." in told
        assert "1. Coasts 1.1 Keep the coasts clean." in told
        assert "No event of this cohort is announced." in told
        cohorts = text_of(client.get("/en/"))
        assert "Cohort on Clean Seas" in cohorts
        assert "Cohort on Clean Rivers" in cohorts

        kim.send(sam.send(f"{STAFF}/cohorts/clean-seas/add-event", **EVENT).location, "/approve")
        assert "The second meeting" in text_of(client.get("/en/clean-seas"))
        event = f"{STAFF}/cohorts/clean-seas/events/2031-05-20/the-second-meeting"
        sam.send(kim.send(f"{event}/call-off", **WHY).location, "/approve")
        assert "The second meeting Called off The host is ill." in text_of(client.get("/en/clean-seas"))

        with time_machine.travel(moment + timedelta(minutes=5), tick=True):
            deliver(app, box)
        assert "Cohort on Clean Seas: A publication waits for approval" in box.subjects(world.kim)
        assert "Cohort on Clean Seas: A publication waits for its moment" in box.subjects(world.sam)
        assert "Cohort on Clean Seas: What you proposed is published" in box.subjects(world.sam)
        assert "The second meeting: What you proposed is published" in box.subjects(world.kim)
    history = text_of(sam.get(f"{STAFF}/cohorts/clean-seas"))
    for step in (
        "Cohort published",
        "Heading published",
        "Recommendation published",
        "Event added",
        "Event called off",
    ):
        assert step in history
    with app.app_context():
        assert verifying.verify() is None


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_facts_of_a_published_cohort_change_and_its_set_grows_at_the_end(
    app: Flask, client: CheckedClient, sign_in: Any, world: World
) -> None:
    act(app, published, world.arcadia, world.cohort)
    sam, kim = sign_in(world.sam), sign_in(world.kim)
    page = sam.send(f"{STAFF}/cohorts/clean-rivers", "/prepare").location
    sam.send(f"{page}/facts", summit="Summit of all Rivers")
    sam.send(f"{page}/co-leads/new", **{"written_in-0": "en", "text-text-0": "Government of Borduria"})
    sam.send(page, "/co-leads/2/move-up")
    more = {"number": "2.4", "written_in-0": "en", "text-text-0": "Do more.", "text_status": "summary"}
    sam.send(f"{page}/recommendations/new", **more)
    proposal = sam.send(page, "/propose", **{"written_in-0": "en", "text-reason-0": "They joined.", "source": "A note"})
    shown = text_of(kim.get(proposal.location))
    assert "Now Summit of Rivers Proposed Summit of all Rivers" in shown
    assert "2.4 Do more. (Summary)" in shown
    assert "Summit of all Rivers" not in text_of(client.get("/en/clean-rivers"))
    kim.send(proposal.location, "/approve")
    told = text_of(client.get("/en/clean-rivers"))
    assert "Summit Summit of all Rivers" in told
    assert "Co-leads Government of Borduria Government of Arcadia" in told
    assert "2.4 Do more." in told
    assert "5 of 6 recommendations" in text_of(client.get("/en/clean-rivers/signatories"))
    assert "The whole set as it was then: 5 of 6 recommendations" in text_of(client.get("/en/participants/arcadia"))
    with app.app_context():
        assert verifying.verify() is None


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_what_is_wrong_with_a_preparation_is_told(sign_in: Any, world: World) -> None:
    sam, kim = sign_in(world.sam), sign_in(world.kim)
    taken = sam.send(f"{STAFF}/preparations/new", **{**NEW, "slug": "clean-rivers"})
    assert taken.status_code == 409
    assert "another cohort has it" in text_of(taken)
    wrong = sam.send(f"{STAFF}/preparations/new", **{**NEW, "slug": "Clean seas", "text-title-0": ""})
    assert wrong.status_code == 422
    assert "Use small letters, digits and single hyphens" in text_of(wrong)
    assert "Enter the title" in text_of(wrong)
    page = prepare(sam)
    for part, said, sentence in (
        ("headings", {"number": "none"}, "Enter a number such as 2"),
        ("recommendations", {"number": "first"}, "Enter a number such as 2.3"),
        ("sources", {"title": "A", "publisher": "B", "url": "javascript:alert(1)"}, "Enter an address of the web"),
    ):
        answer = sam.send(f"{page}/{part}/new", **said)
        assert answer.status_code == 422
        assert sentence in text_of(answer)
    again = {**PARTS[-1][1], "text-text-0": "Again <script>alert(1)</script>."}
    sam.send(f"{page}/recommendations/new", **again)
    assert "<script>alert" not in sam.get(page).text
    refused = sam.send(page, "/propose")
    assert refused.status_code == 409
    assert "A number is given twice" in text_of(refused)
    address, typed = sam.fill(f"{page}/co-leads/1")
    kim.send(page, "/recommendations/2/remove")
    assert sam.post(address, data=typed).status_code == 409
    assert sam.send(page, "/propose").status_code == 302
    assert kim.post(f"{page}/discard", data=kim.fill(f"{page}/facts")[1]).status_code == 409
