"""The secretariat's views. GET shows, POST does."""

from __future__ import annotations

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import clock, endorsing, register, standing, tallies
from tracker.access import Audience, endorsement_to_decide, me, open_to
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models import Endorsement
from tracker.secretariat.door import door
from tracker.secretariat.forms import ConfirmForm, ReturnForm
from tracker.vocabulary import EDITABLE, Kind, Status


@door.get("/")
@open_to(Audience.STAFF)
def queue() -> str:
    """Show what waits for a decision, the oldest first."""
    return render_template(
        "secretariat/queue.html",
        submissions=register.submitted(),
        today=clock.today(),
        cohorts=register.cohorts(),
    )


@door.get("/endorsements/<endorsement>")
@open_to(Audience.STAFF)
def decide(endorsement: str) -> str:
    """Show a whole endorsement beside the wording, to decide on it."""
    return _show(endorsement_to_decide(endorsement))


@door.post("/endorsements/<endorsement>/confirm")
@open_to(Audience.STAFF)
def confirm(endorsement: str) -> Response:
    """Put a submission in force."""
    found = endorsement_to_decide(endorsement)
    endorsing.confirm(found, by=me(), version=ConfirmForm().seen)
    db.session.commit()
    return redirect(url_for("secretariat.decide", endorsement=endorsement))


@door.post("/endorsements/<endorsement>/return")
@open_to(Audience.STAFF)
def return_(endorsement: str) -> Response | tuple[str, int]:
    """Give a submission back, with the reason."""
    found = endorsement_to_decide(endorsement)
    form = ReturnForm()
    if status := form.unsaved():
        return _show(found, form), status
    endorsing.return_(found, reason=form.reason.data, by=me(), version=form.seen)
    db.session.commit()
    return redirect(url_for("secretariat.decide", endorsement=endorsement))


@door.get("/counts/<cohort>")
@open_to(Audience.STAFF)
def counts(cohort: str) -> str:
    """Show a cohort's counts by heading, recommendation and kind."""
    group = register.cohort(cohort) or abort(404)
    today = clock.today()
    return render_template(
        "secretariat/counts.html",
        cohort=group,
        headings=group.headings,
        kinds=list(Kind),
        as_at=today,
        tally=tallies.of_set(group, today),
        items=tallies.of_recommendations(group, today),
        heading_counts=tallies.of_headings(group, today),
        open_counts=register.open_counts(group),
    )


@door.errorhandler(Refused)
def refuse(error: Refused) -> tuple[str, int]:
    """Show the endorsement as it stands now, say what was refused, and keep what was typed."""
    db.session.rollback()
    g.refusal = error.sentence
    return _show(endorsement_to_decide((request.view_args or {})["endorsement"])), 409


def _show(found: Endorsement, form: ReturnForm | None = None) -> str:
    """Show an endorsement. Forms know its version as it is now: whoever sends them has seen it."""
    g.shown_at = ("secretariat.decide", {"endorsement": found.reference})
    present = standing.in_force_one(found.participant, found.cohort) if found.status is Status.SUBMITTED else None
    form = form or ReturnForm()
    form.version.data = str(found.version)
    return render_template(
        "secretariat/decide.html",
        endorsement=found,
        participant=found.participant,
        cohort=found.cohort,
        recommendations=register.recommendations(found.cohort),
        acts=found.acts,
        present=present,
        differences=register.differences(present, found) if present else [],
        effective_on=endorsing.day_of_effect(found),
        editable=found.status in EDITABLE,
        own=standing.has_a_part_in(found, me()),
        confirm_form=ConfirmForm(formdata=None, version=found.version),
        return_form=form,
        refusal=g.get("refusal"),
    )
