"""A colleague finishes the draft that another one began; the endorsement belongs to the organisation, not to either."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.acting import in_register, open_one
from tests.checked_client import CheckedClient, text_of
from tests.post_box import deliver, post_box
from tests.world import World, account, person
from tracker import accrediting, clock, register, verifying
from tracker.extensions import db
from tracker.models import Accreditation, Proposal

LEAGUE = "league-of-clean-hands"
News = Callable[..., list[list[str]]]

DESK, ANSWERS = f"/en/desk/{LEAGUE}", f"/en/desk/{LEAGUE}/clean-rivers"


def a_day(field: str) -> dict[str, str]:
    return {f"{field}-{part}": str(getattr(clock.today(), part)) for part in ("day", "month", "year")}


@pytest.fixture
def news(app: Flask) -> Iterator[News]:
    """Return a function that delivers what was written since, and tells the subjects that each person got."""
    with post_box() as box:

        def told(*people: str) -> list[list[str]]:
            box.taken.clear()
            deliver(app, box)
            return [box.subjects(each) for each in people]

        yield told


def last_proposal(app: Flask) -> str:
    """Return the page on which the secretariat decides on what was proposed last."""
    with app.app_context():
        last = db.session.scalars(select(Proposal.reference).order_by(Proposal.id.desc())).first()
    return f"/en/secretariat/proposals/{last}"


def decision(app: Flask) -> str:
    """Return the page on which the secretariat decides on the league's endorsement."""
    with app.app_context():
        return f"/en/secretariat/endorsements/{open_one(LEAGUE, 'clean-rivers').reference}"


def suspension(app: Flask, email: str) -> str:
    """Return the page on which the secretariat suspends somebody who acts for the league."""
    with app.app_context():
        of_the_league = select(Accreditation).join(Accreditation.participant).filter_by(slug=LEAGUE)
        held = of_the_league.where(Accreditation.account == account(email))
        reference = db.session.scalars(held).one().reference
    return f"/en/secretariat/accreditations/{reference}/suspend"


def test_a_colleague_finishes_what_another_began(
    app: Flask, client: CheckedClient, sign_in: Any, world: World, news: News
) -> None:
    with in_register(app):
        league = register.participant(LEAGUE)
        assert league is not None
        head = person("vera").email
        accrediting.accredit(account(head), league, starts_on=clock.today(), is_head=True)
    vera, bruno, sam, kim = (sign_in(each) for each in (head, world.bruno, world.sam, world.kim))
    everybody = (head, world.bruno, world.sam, world.kim)

    # The head begins, and asks that Bruno may act for the league too.
    vera.send(f"{ANSWERS}/recommendations", scope="chosen", numbers=["1.1", "2.3"])
    vera.send(f"{ANSWERS}/reservations", written_in="en", **{"reservation-2.3": "As far as our members can."})
    assert bruno.get(f"{ANSWERS}/check").status_code == 404
    facts = {"name": "Bruno", "office": "Adviser", "email": world.bruno, "mails_in": "en", **a_day("starts_on")}
    vera.send(f"{DESK}/colleagues/new", **facts)
    due = "League of Clean Hands: An accreditation waits for a decision"
    assert news(*everybody) == [[], [], [due], [due]]
    kim.send(last_proposal(app), "/approve")
    assert news(*everybody) == [
        ["League of Clean Hands: A colleague is accredited"],
        ["League of Clean Hands: You are accredited"],
        [],
        [],
    ]

    # Bruno finds what she wrote, and finishes it in a browser of his own.
    assert "A draft is saved. Last change by Vera" in text_of(bruno.get(f"{DESK}/"))
    assert "To 2.3, in English: As far as our members can." in text_of(bruno.get(f"{ANSWERS}/check"))
    bruno.send(f"{ANSWERS}/statement", **{"statement-0": "We stand by clean rivers."})
    assert "Last change by Bruno" in text_of(vera.get(f"{DESK}/"))
    bruno.send(f"{ANSWERS}/signature", "/signature", **a_day("signed_on"), signatory_name="Vera Klein")
    submitted = bruno.send(f"{ANSWERS}/check", "/submit")
    receipt = text_of(bruno.get(str(submitted.location)))
    assert "Submitted by Bruno" in receipt
    assert "In English: We stand by clean rivers." in receipt
    told = "League of Clean Hands: The endorsement was submitted"
    waits = "League of Clean Hands: An endorsement waits for a decision"
    assert news(*everybody) == [[told], [told], [waits], [waits]]

    # She leaves before it is confirmed. The endorsement stays.
    sam.send(suspension(app, head), note="She left the league.")
    assert vera.get(f"{DESK}/").status_code == 403
    assert news(*everybody) == [["League of Clean Hands: Your accreditation changed"], [], [], [due]]
    kim.send(decision(app), "/confirm")
    assert news(*everybody) == [[], ["League of Clean Hands: The endorsement is confirmed"], [], []]
    public = text_of(client.get("/en/clean-rivers/signatories"))
    assert "Endorsed by 1 civil society organisation" in public
    assert "2 of 5 recommendations" in public
    desk = text_of(bruno.get(f"{DESK}/"))
    assert "The endorsement is in force" in desk
    assert "Suspension of an accreditation Vera" in desk
    assert "Kim proposed by Vera" in desk
    with app.app_context():
        assert verifying.verify() is None
