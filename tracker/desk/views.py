"""A person's desks, and where each participant stands."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from tracker import accrediting, clock, register
from tracker.access import Audience, me, my_participant, open_to
from tracker.desk.door import door

Answer = Response | str | tuple[str, int]


@door.get("/")
@open_to(Audience.SIGNED_IN)
def home() -> str:
    """Show the participants for which the person may act."""
    held = accrediting.held_by(me())
    today = clock.today()
    return render_template(
        "desk/home.html",
        desks=[(each, register.standings(each.participant)) for each in held if each.holds_on(today)],
        past=[each for each in held if each.ends_on and each.ends_on < today],
        future=[each for each in held if each.starts_on > today],
    )


@door.get("/<participant>/")
@open_to(Audience.REPRESENTATIVE)
def participant(participant: str) -> str:
    """Show where the participant stands, and all that was done for it."""
    mine = my_participant(participant)
    return render_template(
        "desk/participant.html",
        participant=mine,
        standings=register.standings(mine),
        acts=register.acts_of(mine, public=False),
        today=clock.today(),
    )
