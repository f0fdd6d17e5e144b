"""The page on which the secretariat decides on an endorsement, and what it can decide."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import awaiting, endorsing, register, standing
from tracker.access import Audience, endorsement_to_decide, evidence_to_decide, me, open_to
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models import Endorsement
from tracker.secretariat.door import door
from tracker.secretariat.forms import ConfirmForm, RefuseForm
from tracker.vocabulary import EDITABLE, Status
from tracker.web.downloads import as_download


@door.get("/endorsements/<endorsement>")
@open_to(Audience.STAFF)
def decide(endorsement: str) -> str:
    """Show a whole endorsement beside the wording, to decide on it."""
    return _show(endorsement_to_decide(endorsement))


@door.post("/endorsements/<endorsement>/confirm")
@open_to(Audience.STAFF, fresh=True)
def confirm(endorsement: str) -> Response | tuple[str, int]:
    """Put a submission in force."""
    found = endorsement_to_decide(endorsement)
    try:
        endorsing.confirm(found, by=me(), version=ConfirmForm().seen)
    except Refused as error:
        return _refused(endorsement, error)
    db.session.commit()
    return redirect(url_for("secretariat.decide", endorsement=endorsement))


@door.post("/endorsements/<endorsement>/refuse")
@open_to(Audience.STAFF, fresh=True)
def refuse(endorsement: str) -> Response | tuple[str, int]:
    """Return a submission to be corrected, or reject it for good, with the reasons."""
    found = endorsement_to_decide(endorsement)
    form = RefuseForm()
    if status := form.unsaved():
        return _show(found, form), status
    verb = endorsing.reject if form.decision.data == Status.REJECTED else endorsing.return_
    try:
        verb(found, reasons=form.reasons, by=me(), version=form.seen)
    except Refused as error:
        return _refused(endorsement, error)
    db.session.commit()
    return redirect(url_for("secretariat.decide", endorsement=endorsement))


@door.get("/evidence/<key>")
@open_to(Audience.STAFF)
def evidence(key: str) -> Response:
    """Hand out a letter that came with a submission."""
    return as_download(evidence_to_decide(key))


def _refused(endorsement: str, error: Refused) -> tuple[str, int]:
    """Show the endorsement as it stands now, say what was refused, and keep what was typed."""
    db.session.rollback()
    g.refusal = error.sentence
    form = RefuseForm() if request.endpoint == "secretariat.refuse" else None
    return _show(endorsement_to_decide(endorsement), form), 409


def _show(found: Endorsement, form: RefuseForm | None = None) -> str:
    """Show an endorsement. Forms know its version as it is now: whoever sends them has seen it."""
    g.shown_at = ("secretariat.decide", {"endorsement": found.reference})
    present = standing.in_force_one(found.participant, found.cohort) if found.status is Status.SUBMITTED else None
    form = form or RefuseForm(formdata=None)
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
        effective_on=standing.day_of_effect(found),
        editable=found.status in EDITABLE,
        own=standing.has_a_part_in(found, me()),
        lookers=awaiting.lookers(found.reference, but=me()),
        confirm_form=ConfirmForm(formdata=None, version=found.version),
        refuse_form=form,
        refusal=g.get("refusal"),
    )
