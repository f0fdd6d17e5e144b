"""The page on which the secretariat decides on a proposal."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import awaiting, deciding, proposing
from tracker.access import Audience, me, open_to, proposal_to_decide
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models import Proposal
from tracker.secretariat import again
from tracker.secretariat.door import door
from tracker.secretariat.forms import ConfirmForm, ReturnForm
from tracker.secretariat.proposed import PAGES
from tracker.vocabulary import PENDING


@door.get("/proposals/<proposal>")
@open_to(Audience.STAFF)
def proposal(proposal: str) -> str:
    """Show what is proposed, to decide on it."""
    return show(proposal_to_decide(proposal))


@door.post("/proposals/<proposal>/approve")
@open_to(Audience.STAFF, fresh=True)
def approve(proposal: str) -> Response | tuple[str, int]:
    """Approve a proposal."""
    try:
        deciding.approve(proposal_to_decide(proposal), by=me(), version=ConfirmForm().seen)
    except Refused as error:
        return refused(proposal, error)
    db.session.commit()
    return redirect(url_for("secretariat.proposal", proposal=proposal))


@door.post("/proposals/<proposal>/return")
@open_to(Audience.STAFF)
def return_proposal(proposal: str) -> Response | tuple[str, int]:
    """Give a proposal back, with the reason."""
    found, form = proposal_to_decide(proposal), ReturnForm()
    if status := form.unsaved():
        return show(found, form), status
    try:
        deciding.return_(found, reason=form.reason.data, by=me(), version=form.seen)
    except Refused as error:
        return refused(proposal, error)
    db.session.commit()
    return redirect(url_for("secretariat.proposal", proposal=proposal))


@door.post("/proposals/<proposal>/take-back")
@open_to(Audience.STAFF)
def take_back_proposal(proposal: str) -> Response | tuple[str, int]:
    """Take a proposal back that one made oneself."""
    try:
        deciding.take_back(proposal_to_decide(proposal), by=me(), version=ConfirmForm().seen)
    except Refused as error:
        return refused(proposal, error)
    db.session.commit()
    return redirect(url_for("secretariat.proposal", proposal=proposal))


def refused(proposal: str, error: Refused) -> tuple[str, int]:
    """Show the proposal as it stands now, say what was refused, and keep what was typed."""
    db.session.rollback()
    g.refusal, g.refused = error.sentence, error
    form = ReturnForm() if request.endpoint == "secretariat.return_proposal" else None
    return show(proposal_to_decide(proposal), form), 409


def show(found: Proposal, form: ReturnForm | None = None) -> str:
    """Show a proposal, with what the person typed where it comes back."""
    g.shown_at = ("secretariat.proposal", {"proposal": found.reference})
    form = form or ReturnForm(formdata=None)
    form.version.data = str(found.version)
    page = PAGES[found.kind]
    return render_template(
        page.template,
        **page.context(found),
        proposal=found,
        participant=found.participant,
        cohort=found.cohort,
        own=proposing.has_a_part_in(found, me()),
        mine=deciding.may_take_back(found, me()),
        again=again.address_of(found),
        recorded_since=proposing.recorded_since(found) if found.status in PENDING else [],
        lookers=awaiting.lookers(found.reference, but=me()),
        confirm_form=ConfirmForm(formdata=None, version=found.version),
        return_form=form,
        refusal=g.get("refusal"),
    )
