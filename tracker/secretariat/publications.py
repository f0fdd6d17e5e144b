"""What the secretariat publishes of cohorts: which there are, what is to appear, and what was entered about each."""

from __future__ import annotations

from typing import Any

from flask import abort, g, redirect, render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from tracker import clock, errors, register
from tracker.access import Audience, open_to
from tracker.extensions import db
from tracker.models import Cohort, Proposal
from tracker.publications import announcing, appearing, notifying, preparing, published
from tracker.publications.announcing import EventFacts, Why
from tracker.publications.preparing import Prepared
from tracker.secretariat.door import door
from tracker.secretariat.forms import ConfirmForm
from tracker.secretariat.publication_forms import MoveForm
from tracker.vocabulary import PENDING, Action

#: What the record keeps the reason under, where something ends.
_ENDS = {Action.EVENT_CALLED_OFF: "called_off", Action.DOCUMENT_TAKEN_DOWN: "taken_down"}
#: The texts that may be in several languages, with what they are called.
_TEXTS = {
    "title": lazy_gettext("Title"),
    "description": lazy_gettext("Description"),
    "place": lazy_gettext("Place"),
    "link_label": lazy_gettext("Text of the link"),
    "note": lazy_gettext("Note"),
}


@door.get("/cohorts")
@open_to(Audience.STAFF)
def cohorts() -> str:
    """Show every cohort, and what waits for its moment."""
    return render_template(
        "secretariat/cohorts.html",
        preparations=[(each, Prepared.of(each)) for each in preparing.preparations()],
        cohorts=register.cohorts(),
        scheduled=appearing.waiting(),
        label=published.label_of,
        title_in=notifying.title_of,
    )


@door.get("/cohorts/<cohort>")
@open_to(Audience.STAFF)
def cohort(cohort: str) -> str:
    """Show what is published of a cohort, what is proposed, and its history in the ledger."""
    found = cohort_to_publish(cohort)
    return render_template(
        "secretariat/cohort.html",
        preparation=preparing.preparation_for(found),
        confirm_form=ConfirmForm(formdata=None),
        cohort=found,
        pending=published.pending_of(found),
        entries=published.history_of(found),
        label=published.label_of,
        title_in=notifying.title_of,
    )


def cohort_to_publish(slug: str) -> Cohort:
    """Return a cohort by its address."""
    return register.cohort(slug) or abort(404)


def about(proposal: Proposal) -> dict[str, Any]:
    """Return what the page of a proposed publication shows."""
    action, thing, why = announcing.action_of(proposal), announcing.thing_of(proposal), Why.of(proposal)
    said = announcing.facts_in(proposal)
    shown = {**said.__dict__, "day": said.day if isinstance(said, EventFacts) else None}
    if why and action in _ENDS:
        shown[_ENDS[action]] = why.reason
    return {
        "action": action,
        "now": thing if proposal.status in PENDING else None,
        "preview": shown,
        "texts": [(label, shown[name]) for name, label in _TEXTS.items() if shown.get(name)],
        "why": why,
        **about_moment(proposal),
    }


def about_cohort(proposal: Proposal) -> dict[str, Any]:
    """Return what the page of a proposed cohort shows, or of changes of one that is published."""
    prepared, waits = Prepared.of(proposal), proposal.status in PENDING
    now = Prepared.as_published(proposal.cohort) if proposal.cohort and waits else None
    return {
        "action": announcing.action_of(proposal),
        "prepared": prepared,
        "now": now,
        "changed": [name for name, fact in prepared.facts.items() if now and now.facts[name] != fact],
        "preparation": preparing.preparation_of(proposal),
        "why": Why.of(proposal),
        **about_moment(proposal),
    }


def about_moment(proposal: Proposal) -> dict[str, Any]:
    """Return what the page of a proposed publication shows of its moment, and of what stands in its way."""
    obstacle = appearing.obstacle(proposal) if proposal.status in PENDING else None
    return {
        "title": notifying.title_of(proposal),
        "obstacle": obstacle.sentence if obstacle else None,
        "stopped_by": errors.sentence_of(proposal.reason or ""),
        "passed": proposal.due_at is not None and proposal.due_at <= clock.now(),
        "move_form": g.get("move_form") or MoveForm.of(proposal.due_at, proposal.version),
    }


def proposed(proposal: Proposal) -> Response:
    """Keep what was proposed, and lead to its page."""
    db.session.commit()
    return redirect(url_for("secretariat.proposal", proposal=proposal.reference))
