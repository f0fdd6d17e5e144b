"""What is approved and waits for its moment: called off, or moved."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response

from tracker.access import Audience, me, open_to, publication_to_move
from tracker.errors import Refused
from tracker.extensions import db
from tracker.publications import appearing
from tracker.secretariat import proposals
from tracker.secretariat.door import door
from tracker.secretariat.forms import ConfirmForm
from tracker.secretariat.publication_forms import MoveForm


@door.post("/proposals/<proposal>/call-off")
@open_to(Audience.STAFF)
def call_off_publication(proposal: str) -> Response | tuple[str, int]:
    """Call off what waits for its moment, or leave be what could not appear."""
    try:
        appearing.call_off(publication_to_move(proposal), by=me(), version=ConfirmForm().seen)
    except Refused as error:
        return proposals.refused(proposal, error)
    db.session.commit()
    return redirect(url_for("secretariat.proposal", proposal=proposal))


@door.post("/proposals/<proposal>/move")
@open_to(Audience.STAFF)
def move_publication(proposal: str) -> Response | tuple[str, int]:
    """Let something appear at another moment than was approved."""
    found, form = publication_to_move(proposal), MoveForm()
    if status := form.unsaved():
        g.move_form = form
        return proposals.show(found), status
    try:
        appearing.move(found, form.due_at, by=me(), version=form.seen)
    except Refused as error:
        g.move_form = form
        return proposals.refused(proposal, error)
    db.session.commit()
    return redirect(url_for("secretariat.proposal", proposal=proposal))
