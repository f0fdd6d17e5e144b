"""Reviews of endorsements that their participants dispute: the secretariat answers, or proposes a correction."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker import awaiting, correcting
from tracker.access import Audience, me, open_to, review_to_answer
from tracker.disputes import reviewing
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models import Review
from tracker.secretariat.door import door
from tracker.secretariat.forms import UpholdForm


@door.get("/reviews/<review>")
@open_to(Audience.STAFF)
def review(review: str) -> str:
    """Show what a participant disputes, to answer it."""
    return _show(review_to_answer(review), UpholdForm(formdata=None))


@door.post("/reviews/<review>")
@open_to(Audience.STAFF, fresh=True)
def uphold(review: str) -> Response | tuple[str, int]:
    """Close a review: the endorsement stands."""
    found, form = review_to_answer(review), UpholdForm()
    if status := form.unsaved():
        return _show(found, form), status
    try:
        reviewing.uphold(found, finding=form.given_reason(), by=me(), version=form.seen)
    except Refused as error:
        db.session.rollback()
        g.refusal = error.sentence
        return _show(review_to_answer(review), form), 409
    db.session.commit()
    return redirect(url_for("secretariat.review", review=review))


@door.post("/reviews/<review>/look")
@open_to(Audience.STAFF)
def look_at_review(review: str) -> Response:
    """Tell colleagues who is looking at a review."""
    awaiting.look(review_to_answer(review).reference, by=me())
    db.session.commit()
    return redirect(url_for("secretariat.review", review=review))


def _show(found: Review, form: UpholdForm) -> str:
    g.shown_at = ("secretariat.review", {"review": found.reference})
    form.version.data = str(found.version)
    endorsement = found.endorsement
    return render_template(
        "secretariat/review.html",
        review=found,
        endorsement=endorsement,
        participant=endorsement.participant,
        form=form,
        own=reviewing.has_a_part_in(found, me()),
        correction=correcting.waiting(endorsement),
        correctable=correcting.correctable(endorsement),
        lookers=awaiting.lookers(found.reference, but=me()),
        refusal=g.get("refusal"),
    )
