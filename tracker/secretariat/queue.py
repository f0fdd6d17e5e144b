"""The queue: what waits for the secretariat, and who is looking at what."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import awaiting, register
from tracker.access import Audience, endorsement_to_decide, me, open_to, proposal_to_decide
from tracker.extensions import db
from tracker.secretariat.door import door
from tracker.secretariat.forms import QueueForm


@door.get("/")
@open_to(Audience.STAFF)
def queue() -> str | tuple[str, int]:
    """Show what waits for a decision, the oldest first; or what was returned and waits to be corrected."""
    cohorts = register.cohorts()
    form = QueueForm.of(cohorts)
    understood = not request.args or form.validate()
    state = form.state.data
    found = {"returned": awaiting.for_correction, "scheduled": awaiting.for_its_moment}.get(
        state, awaiting.for_decision
    )()
    if understood:
        found = awaiting.only(found, matter=form.matter.data, kind=form.kind.data, cohort=form.cohort.data)
    page = render_template("secretariat/queue.html", found=found, state=state, form=form, cohorts=cohorts)
    return page if understood else (page, 422)


@door.post("/endorsements/<endorsement>/look")
@open_to(Audience.STAFF)
def look_at_endorsement(endorsement: str) -> Response:
    """Tell colleagues who is looking at an endorsement."""
    awaiting.look(endorsement_to_decide(endorsement).reference, by=me())
    db.session.commit()
    return redirect(url_for("secretariat.decide", endorsement=endorsement))


@door.post("/proposals/<proposal>/look")
@open_to(Audience.STAFF)
def look_at_proposal(proposal: str) -> Response:
    """Tell colleagues who is looking at a proposal."""
    awaiting.look(proposal_to_decide(proposal).reference, by=me())
    db.session.commit()
    return redirect(url_for("secretariat.proposal", proposal=proposal))
