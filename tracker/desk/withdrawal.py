"""The withdrawal of an endorsement that is in force: the notice that a participant gives."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker import i18n, register, withdrawing
from tracker.access import Audience, me, open_to
from tracker.desk.door import door
from tracker.desk.forms import StepForm, WithdrawForm
from tracker.desk.found import endorsement_in_force, notice_waiting, shown
from tracker.extensions import db
from tracker.models import Endorsement

Answer = Response | str | tuple[str, int]


@door.get("/<participant>/<cohort>/withdraw")
@open_to(Audience.REPRESENTATIVE)
def withdraw(participant: str, cohort: str) -> Answer:
    """Ask for the notice of withdrawal; where one waits, show it."""
    endorsement = endorsement_in_force(participant, cohort)
    if withdrawing.waiting(endorsement):
        return redirect(url_for("desk.notice", participant=participant, cohort=cohort))
    return _ask(endorsement, WithdrawForm.of(endorsement, withdrawing.returned(endorsement)))


@door.post("/<participant>/<cohort>/withdraw")
@open_to(Audience.REPRESENTATIVE)
def give_notice(participant: str, cohort: str) -> Answer:
    """Give notice of withdrawal."""
    endorsement = endorsement_in_force(participant, cohort)
    form = WithdrawForm().expect(register.names_of(endorsement.participant, i18n.current_language()))
    if status := form.unsaved():
        return _ask(endorsement, form), status
    withdrawing.give_notice(
        endorsement,
        signed_on=form.signed_on.data,
        effective_on=form.effective_on.data,
        reason=form.given_reason(),
        by=me(),
        version=form.seen,
    )
    db.session.commit()
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


def _ask(endorsement: Endorsement, form: WithdrawForm) -> str:
    g.shown_at = ("desk.withdraw", {"participant": endorsement.participant.slug, "cohort": endorsement.cohort.slug})
    return render_template(
        "desk/withdraw.html", **shown(endorsement), form=form, returned=withdrawing.returned(endorsement)
    )
