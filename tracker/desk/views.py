"""A person's desks, and where each participant stands."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.wrappers import Response

from tracker import accrediting, clock, history
from tracker.access import Audience, me, my_participant, open_to
from tracker.desk.door import door
from tracker.desk.standings import standings
from tracker.people import candidates, representation
from tracker.vocabulary import Tenure

Answer = Response | str | tuple[str, int]


@door.get("/")
@open_to(Audience.SIGNED_IN)
def home() -> str:
    """Show the participants for which the person may act."""
    held = accrediting.held_by(me())
    today = clock.today()
    return render_template(
        "desk/home.html",
        desks=[(each, standings(each.participant)) for each in held if each.holds_on(today)],
        past=[each for each in held if each.tenure(today) is Tenure.ENDED],
        future=[each for each in held if each.tenure(today) is Tenure.TO_COME],
        suspended=[each for each in held if each.tenure(today) is Tenure.SUSPENDED],
    )


@door.get("/<participant>/")
@open_to(Audience.REPRESENTATIVE)
def participant(participant: str) -> str:
    """Show where the participant stands, and all that was done for it."""
    mine = my_participant(participant)
    return render_template(
        "desk/participant.html",
        participant=mine,
        standings=standings(mine),
        history=history.page_of(mine),
        today=clock.today(),
        people=representation.people_of(mine),
        requests=[(each, candidates.person_of(each)) for each in candidates.made_by_its_people(mine)],
        head=accrediting.is_head(me(), mine),
    )


@door.get("/<participant>/history")
@open_to(Audience.REPRESENTATIVE)
def past(participant: str) -> str:
    """Show all that was ever done for the participant, a page at a time."""
    mine = my_participant(participant)
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 7 else 1  # noqa: PLR2004  # no number has more digits
    return render_template("desk/history.html", participant=mine, history=history.page_of(mine, number))
