"""Notices of withdrawal that came on paper: the secretariat records one step by step, and somebody else confirms it."""

from __future__ import annotations

from typing import Any, NoReturn

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import notices, register, standing, withdrawing
from tracker.access import Audience, me, open_to
from tracker.errors import Refused, WrongStatus
from tracker.extensions import db
from tracker.models import Endorsement, Proposal
from tracker.secretariat.door import door
from tracker.secretariat.forms import ConfirmForm
from tracker.secretariat.notice_forms import EffectForm, PaperNoticeForm
from tracker.web.uploads import takes_files

Answer = Response | str | tuple[str, int]


@door.get("/letters/<participant>/<cohort>/withdrawal")
@open_to(Audience.STAFF)
def notice_on_paper(participant: str, cohort: str) -> str:
    """Ask when the notice was signed and received, how it came, and for the letter."""
    endorsement = _in_force(participant, cohort)
    return _ask(endorsement, PaperNoticeForm.of(endorsement, _so_far(endorsement)))


@door.post("/letters/<participant>/<cohort>/withdrawal")
@open_to(Audience.STAFF)
@takes_files("letter")
def save_notice_on_paper(participant: str, cohort: str) -> Answer:
    """Keep the answers; a good letter even where another answer is wrong."""
    endorsement, form = _in_force(participant, cohort), PaperNoticeForm()
    db.session.rollback()  # nobody waits for us while a letter is examined
    status = form.unsaved()
    try:
        _keep_letter(endorsement, form)
        if status:
            return _ask(endorsement, form), status
        notices.sign(endorsement, **form.answers, on_paper=True, by=me(), version=form.seen)
    except Refused as error:
        form.ask_for_the_letter_again()
        return _ask(_as_it_is(endorsement, form, error), form), 409
    return _go_on(endorsement, "secretariat.effect_of_notice")


@door.get("/letters/<participant>/<cohort>/withdrawal/effect")
@open_to(Audience.STAFF)
def effect_of_notice(participant: str, cohort: str) -> str:
    """Ask from when the withdrawal takes effect, and why."""
    endorsement = _in_force(participant, cohort)
    return _ask_effect(endorsement, EffectForm.of(endorsement, _so_far(endorsement)))


@door.post("/letters/<participant>/<cohort>/withdrawal/effect")
@open_to(Audience.STAFF)
def save_effect_of_notice(participant: str, cohort: str) -> Answer:
    """Keep from when, and why."""
    endorsement = _in_force(participant, cohort)
    form = EffectForm().after(_received_on(endorsement))
    if status := form.unsaved():
        return _ask_effect(endorsement, form), status
    try:
        notices.declare(endorsement, **form.answers, on_paper=True, by=me(), version=form.seen)
    except Refused as error:
        return _ask_effect(_as_it_is(endorsement, form, error), form), 409
    return _go_on(endorsement, "secretariat.notice_on_paper")


@door.get("/letters/<participant>/<cohort>/withdrawal/check")
@open_to(Audience.STAFF)
def check_notice(participant: str, cohort: str) -> Answer:
    """Show all answers before they are handed to somebody else."""
    endorsement = _in_force(participant, cohort)
    return _check(endorsement) if withdrawing.prepared(endorsement, on_paper=True) else _first_question(endorsement)


@door.post("/letters/<participant>/<cohort>/withdrawal/submit")
@open_to(Audience.STAFF)
def submit_notice(participant: str, cohort: str) -> Answer:
    """Hand the notice to somebody else for confirmation."""
    endorsement, form = _in_force(participant, cohort), ConfirmForm()
    try:
        proposal = notices.submit(endorsement, by=me(), version=form.seen)
    except Refused as error:
        found = _as_it_is(endorsement, form, error)
        return (_check(found), 409) if withdrawing.prepared(found, on_paper=True) else _first_question(found)
    db.session.commit()
    return redirect(url_for("secretariat.proposal", proposal=proposal.reference))


@door.post("/letters/<participant>/<cohort>/withdrawal/discard")
@open_to(Audience.STAFF)
def discard_notice(participant: str, cohort: str) -> Response:
    """Throw away what was recorded so far."""
    notices.discard(_in_force(participant, cohort), on_paper=True, by=me(), version=ConfirmForm().seen)
    db.session.commit()
    return redirect(url_for("secretariat.letters"))


def _in_force(participant: str, cohort: str) -> Endorsement:
    """Return what a notice can be about; where one waits, or nothing is in force, lead on, or refuse a form."""
    one, group = register.participant(participant) or abort(404), register.cohort(cohort) or abort(404)
    endorsement = standing.in_force_one(one, group)
    waiting = withdrawing.waiting(endorsement) if endorsement else None
    if endorsement is None or waiting:
        _lead_on(waiting)
    return endorsement


def _lead_on(waiting: Proposal | None) -> NoReturn:
    if request.method == "POST":
        raise WrongStatus
    if waiting:
        abort(redirect(url_for("secretariat.proposal", proposal=waiting.reference)))
    abort(redirect(url_for("secretariat.letters")))


def _so_far(endorsement: Endorsement) -> Any:
    """Return what was saved of a notice; else what the last one said that was returned or taken back."""
    before = withdrawing.unconfirmed(endorsement, on_paper=True)
    said = withdrawing.Notice.of(before) if before else None
    return withdrawing.prepared(endorsement, on_paper=True) or said


def _received_on(endorsement: Endorsement) -> Any:
    notice = withdrawing.prepared(endorsement, on_paper=True)
    return notice.received_on if notice else None


def _keep_letter(endorsement: Endorsement, form: PaperNoticeForm) -> None:
    """Keep the letter that came with a form, or take it away; the form has then seen that change."""
    if form.examined:
        notices.attach(endorsement, form.examined, on_paper=True, by=me(), version=form.seen)
    elif form.removes:
        notices.detach(endorsement, on_paper=True, by=me(), version=form.seen)
    else:
        return
    db.session.commit()
    form.version.data = endorsement.version


def _as_it_is(endorsement: Endorsement, form: Any, error: Refused) -> Endorsement:
    """Return the endorsement as it stands now, and have the page say what was refused."""
    slugs = (endorsement.participant.slug, endorsement.cohort.slug)
    db.session.rollback()
    found = _in_force(*slugs)
    g.refusal, form.version.data = error.sentence, found.version
    return found


def _go_on(endorsement: Endorsement, step: str) -> Response:
    """Commit and go on: to the question that is left, or to the answers where all are given."""
    db.session.commit()
    notice = withdrawing.prepared(endorsement, on_paper=True)
    step = "secretariat.check_notice" if notice and notices.is_complete(notice) else step
    return redirect(url_for(step, participant=endorsement.participant.slug, cohort=endorsement.cohort.slug))


def _first_question(endorsement: Endorsement) -> Response:
    participant, cohort = endorsement.participant.slug, endorsement.cohort.slug
    return redirect(url_for("secretariat.notice_on_paper", participant=participant, cohort=cohort))


def _ask(endorsement: Endorsement, form: PaperNoticeForm) -> str:
    letter = notices.letter_so_far(endorsement, on_paper=True)
    return _page("secretariat/notice_on_paper.html", "secretariat.notice_on_paper", endorsement, form, evidence=letter)


def _ask_effect(endorsement: Endorsement, form: EffectForm) -> str:
    return _page("secretariat/notice_effect.html", "secretariat.effect_of_notice", endorsement, form)


def _check(endorsement: Endorsement) -> str:
    notice = withdrawing.prepared(endorsement, on_paper=True)
    form = ConfirmForm(formdata=None, version=endorsement.version)
    more = {"prepared": notice, "complete": notice and notices.is_complete(notice)}
    return _page("secretariat/check_notice.html", "secretariat.check_notice", endorsement, form, **more)


def _page(template: str, endpoint: str, endorsement: Endorsement, form: Any, **more: Any) -> str:
    place = {"participant": endorsement.participant.slug, "cohort": endorsement.cohort.slug}
    g.shown_at = (endpoint, place)
    names = {"participant": endorsement.participant, "cohort": endorsement.cohort, "endorsement": endorsement}
    returned = withdrawing.returned(endorsement, on_paper=True)
    return render_template(
        template, **names, **more, place=place, form=form, returned=returned, refusal=g.get("refusal")
    )
