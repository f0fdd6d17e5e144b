"""The withdrawal of an endorsement that is in force."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker import endorsing, register
from tracker.access import Audience, me, open_to
from tracker.desk.door import door
from tracker.desk.forms import WithdrawForm
from tracker.desk.found import endorsement_in_force, mine_and_cohort, shown
from tracker.extensions import db
from tracker.models import Endorsement
from tracker.vocabulary import Status

Answer = Response | str | tuple[str, int]


@door.get("/<participant>/<cohort>/withdraw")
@open_to(Audience.REPRESENTATIVE)
def withdraw(participant: str, cohort: str) -> str:
    """Ask whether the endorsement is to be withdrawn."""
    endorsement = endorsement_in_force(participant, cohort)
    return _ask_withdrawal(endorsement, WithdrawForm(version=endorsement.version))


@door.post("/<participant>/<cohort>/withdraw")
@open_to(Audience.REPRESENTATIVE)
def do_withdraw(participant: str, cohort: str) -> Answer:
    """Withdraw the endorsement, or keep it."""
    endorsement = endorsement_in_force(participant, cohort)
    form = WithdrawForm()
    if status := form.unsaved():
        return _ask_withdrawal(endorsement, form), status
    if form.sure.data == "no":
        return redirect(url_for("desk.participant", participant=participant))
    endorsing.withdraw(endorsement, by=me(), version=form.seen)
    db.session.commit()
    return redirect(url_for("desk.withdrawn", participant=participant, cohort=cohort))


@door.get("/<participant>/<cohort>/withdrawn")
@open_to(Audience.REPRESENTATIVE)
def withdrawn(participant: str, cohort: str) -> Answer:
    """Confirm the withdrawal."""
    mine, group = mine_and_cohort(participant, cohort)
    latest = next((each for each in register.endorsements_of(mine) if each.cohort_id == group.id), None)
    if latest is None or latest.status is not Status.WITHDRAWN:
        return redirect(url_for("desk.participant", participant=participant))
    return render_template("desk/withdrawn.html", **shown(latest))


def _ask_withdrawal(endorsement: Endorsement, form: WithdrawForm) -> str:
    g.shown_at = ("desk.withdraw", {"participant": endorsement.participant.slug, "cohort": endorsement.cohort.slug})
    return render_template("desk/withdraw.html", **shown(endorsement), form=form)
