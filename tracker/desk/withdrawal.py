"""The withdrawal of an endorsement that is in force: the notice that a participant gives."""

from __future__ import annotations

from http import HTTPStatus

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker import i18n, notices, register, withdrawing
from tracker.access import Audience, me, open_to
from tracker.desk.door import door
from tracker.desk.forms import StepForm, WithdrawForm
from tracker.desk.found import endorsement_in_force, notice_waiting, shown
from tracker.extensions import db
from tracker.models import Endorsement, PreparedNotice
from tracker.web.uploads import takes_files

Answer = Response | str | tuple[str, int]


@door.get("/<participant>/<cohort>/withdraw")
@open_to(Audience.REPRESENTATIVE, fresh=True)
def withdraw(participant: str, cohort: str) -> Answer:
    """Ask for the notice of withdrawal; where one waits, show it."""
    endorsement = endorsement_in_force(participant, cohort)
    if withdrawing.waiting(endorsement):
        return redirect(url_for("desk.notice", participant=participant, cohort=cohort))
    return _ask(endorsement, WithdrawForm.of(endorsement, _so_far(endorsement)))


@door.post("/<participant>/<cohort>/withdraw")
@open_to(Audience.REPRESENTATIVE, fresh=True)
@takes_files("letter")
def give_notice(participant: str, cohort: str) -> Answer:
    """Give notice of withdrawal, or keep the answers; a good letter is kept even where another answer is wrong."""
    endorsement = endorsement_in_force(participant, cohort)
    form = WithdrawForm().expect(register.names_of(endorsement.participant, i18n.current_language()))
    db.session.rollback()  # nobody waits for us while a letter is examined
    status = form.unsaved()
    _keep_letter(endorsement, form)
    if status is HTTPStatus.OK and form.saves:
        _keep_answers(endorsement, form)
    if status:
        return _ask(endorsement, form), status
    _give(endorsement, form)
    return redirect(url_for("desk.notice", participant=participant, cohort=cohort))


@door.get("/<participant>/<cohort>/notice")
@open_to(Audience.REPRESENTATIVE)
def notice(participant: str, cohort: str) -> str:
    """Confirm that notice was given, and say what happens next."""
    endorsement, proposal = notice_waiting(participant, cohort)
    return render_template(
        "desk/notice.html",
        **shown(endorsement),
        proposal=proposal,
        given=withdrawing.Notice.of(proposal),
        evidence=withdrawing.letter_of(proposal),
        form=StepForm(version=proposal.version),
    )


@door.post("/<participant>/<cohort>/notice/take-back")
@open_to(Audience.REPRESENTATIVE)
def take_notice_back(participant: str, cohort: str) -> Response:
    """Take the notice back."""
    _, proposal = notice_waiting(participant, cohort)
    withdrawing.take_back(proposal, by=me(), version=StepForm().seen)
    db.session.commit()
    return redirect(url_for("desk.participant", participant=participant))


def _so_far(endorsement: Endorsement) -> PreparedNotice | withdrawing.Notice | None:
    """Return what was saved of a notice; else what the last one said that was returned or taken back."""
    before = withdrawing.unconfirmed(endorsement)
    return withdrawing.prepared(endorsement) or (withdrawing.Notice.of(before) if before else None)


def _keep_letter(endorsement: Endorsement, form: WithdrawForm) -> None:
    """Keep the letter that came with a form, or take it away; the form has then seen that change."""
    if form.examined:
        notices.attach(endorsement, form.examined, by=me(), version=form.seen)
    elif form.removes:
        notices.detach(endorsement, by=me(), version=form.seen)
    else:
        return
    _kept(endorsement, form)


def _keep_answers(endorsement: Endorsement, form: WithdrawForm) -> None:
    notices.sign(endorsement, signed_on=form.signed_on.data, by=me(), version=form.seen)
    notices.declare(endorsement, effective_on=form.effective_on.data, reason=form.given_reason(), by=me())
    _kept(endorsement, form)
    g.saved = True


def _kept(endorsement: Endorsement, form: WithdrawForm) -> None:
    db.session.commit()
    form.version.data = endorsement.version


def _give(endorsement: Endorsement, form: WithdrawForm) -> None:
    notices.begin(endorsement, by=me(), version=form.seen)  # with the letter of the one that was returned, if any was
    withdrawing.give_notice(
        endorsement,
        signed_on=form.signed_on.data,
        effective_on=form.effective_on.data,
        reason=form.given_reason(),
        by=me(),
        version=form.seen,
    )
    db.session.commit()


def _ask(endorsement: Endorsement, form: WithdrawForm) -> str:
    g.shown_at = ("desk.withdraw", {"participant": endorsement.participant.slug, "cohort": endorsement.cohort.slug})
    return render_template(
        "desk/withdraw.html",
        **shown(endorsement),
        form=form,
        returned=withdrawing.returned(endorsement),
        evidence=notices.letter_so_far(endorsement),
        saved=g.get("saved", False),
    )
