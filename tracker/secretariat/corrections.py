"""Corrections: staff propose that an act was recorded wrongly."""

from __future__ import annotations

from http import HTTPStatus

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import correcting, i18n, register
from tracker.access import Audience, endorsement_to_decide, me, open_to
from tracker.errors import Refused
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.models import Endorsement
from tracker.secretariat.again import begun_with
from tracker.secretariat.door import door
from tracker.secretariat.forms import CorrectionForm, WhoseForm
from tracker.vocabulary import ProposalKind

Answer = Response | str | tuple[str, int]


@door.get("/corrections")
@open_to(Audience.STAFF)
def corrections() -> Answer:
    """Ask whose endorsement was recorded wrongly, and lead to it."""
    form = _offered(WhoseForm(request.args))
    if not request.args:
        return _ask_whose(form)
    if not form.validate():
        return _ask_whose(form), HTTPStatus.UNPROCESSABLE_ENTITY
    found = register.latest_one(form.participant.data, form.cohort.data)
    if found is None:
        return _ask_whose(form, nothing=True)
    return redirect(url_for("secretariat.correct", endorsement=found.reference))


@door.get("/endorsements/<endorsement>/correct")
@open_to(Audience.STAFF)
def correct(endorsement: str) -> Answer:
    """Ask why an act is to be annulled; where that is proposed, show the proposal."""
    found = endorsement_to_decide(endorsement)
    if waiting := correcting.waiting(found):
        return redirect(url_for("secretariat.proposal", proposal=waiting.reference))
    like = begun_with(ProposalKind.CORRECTION, subject=subject_of(found))
    said = correcting.Correction.of(like).reason if like else None
    typed = {"reason": str(said), "written_in": said.authentic} if said else {}
    return _ask(found, CorrectionForm(formdata=None, version=found.version, **typed))


@door.post("/endorsements/<endorsement>/correct")
@open_to(Audience.STAFF)
def propose_correction(endorsement: str) -> Answer:
    """Propose to annul the act."""
    found, form = endorsement_to_decide(endorsement), CorrectionForm()
    begun_with(ProposalKind.CORRECTION, subject=subject_of(found))
    if status := form.unsaved():
        return _ask(found, form), status
    try:
        proposal = correcting.propose(found, reason=form.given_reason(), by=me(), version=form.seen)
    except Refused as error:
        db.session.rollback()
        form.reason.errors = [error.sentence]
        return _ask(endorsement_to_decide(endorsement), form), 409
    db.session.commit()
    return redirect(url_for("secretariat.proposal", proposal=proposal.reference))


def _offered(form: WhoseForm) -> WhoseForm:
    language = i18n.current_language()
    form.offer(register.roll(language), [(each, i18n.shown(each.title, language)) for each in register.cohorts()])
    return form


def _ask_whose(form: WhoseForm, *, nothing: bool = False) -> str:
    return render_template("secretariat/corrections.html", form=form, nothing=nothing)


def _ask(found: Endorsement, form: CorrectionForm) -> str:
    g.shown_at = ("secretariat.correct", {"endorsement": found.reference})
    return render_template(
        "secretariat/correct.html",
        endorsement=found,
        participant=found.participant,
        cohort=found.cohort,
        act=correcting.correctable(found),
        form=form,
    )
