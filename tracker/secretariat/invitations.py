"""Invitations: who was invited to what, and how that stands; sent again, withdrawn, and new ones to join the staff."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.access import Audience, accreditation_to_decide, invitation_to_manage, me, open_to
from tracker.errors import Refused
from tracker.extensions import db
from tracker.identity import invitations as standing
from tracker.identity import inviting, telling_of_invitations
from tracker.secretariat.door import door
from tracker.secretariat.invitation_forms import InvitationsForm, InviteForm

Answer = Response | str | tuple[str, int]

#: The most invitations that the page shows; it says how many more there are.
MOST = 200


@door.get("/invitations")
@open_to(Audience.STAFF)
def invitations() -> Answer:
    """Show who was invited, and how that stands; representatives to all staff, others to administrators."""
    form = InvitationsForm.of()
    understood = not request.args or form.validate()
    g.asked = request.args.to_dict() if understood else {}
    page = _listed(form)
    return page if understood else (page, 422)


@door.post("/invitations/<invitation>/send-again")
@open_to(Audience.STAFF, fresh=True)
def send_invitation_again(invitation: str) -> Answer:
    """Send an invitation again, with a new link and new days."""
    try:
        inviting.send_again(invitation_to_manage(invitation), by=me())
    except Refused as error:
        return _refused(error)
    return _done()


@door.post("/invitations/<invitation>/withdraw")
@open_to(Audience.STAFF)
def withdraw_invitation(invitation: str) -> Answer:
    """Withdraw an invitation."""
    try:
        inviting.withdraw(invitation_to_manage(invitation), by=me())
    except Refused as error:
        return _refused(error)
    return _done()


@door.post("/accreditations/<accreditation>/invite")
@open_to(Audience.STAFF, fresh=True)
def invite_representative(accreditation: str) -> Answer:
    """Invite somebody who is accredited and cannot sign in yet."""
    try:
        inviting.send_to_representative(accreditation_to_decide(accreditation).account, by=me())
    except Refused as error:
        return _refused(error)
    return _done()


@door.get("/invitations/new")
@open_to(Audience.ADMINISTRATOR, fresh=True)
def invite_staff() -> str:
    """Ask who is to join the staff."""
    return _ask(InviteForm())


@door.post("/invitations/new")
@open_to(Audience.ADMINISTRATOR, fresh=True)
def do_invite_staff() -> Answer:
    """Invite somebody to join the staff."""
    form = InviteForm()
    if status := form.unsaved():
        return _ask(form), status
    try:
        inviting.invite_staff(**form.answers, by=me())
    except Refused as error:
        db.session.rollback()
        form.email.errors = [error.sentence]
        return _ask(form), 409
    return _done()


def _done() -> Response:
    db.session.commit()
    return redirect(url_for("secretariat.invitations"))


def _refused(error: Refused) -> tuple[str, int]:
    """Show how the invitations stand now, and say what was refused."""
    db.session.rollback()
    g.refusal = error.sentence
    return _listed(InvitationsForm(formdata=None)), 409


def _listed(form: InvitationsForm) -> str:
    g.shown_at = ("secretariat.invitations", {})
    found = standing.latest_ones(with_secretariat=me().is_administrator, state=form.wanted)
    shown = found[:MOST]
    return render_template(
        "secretariat/invitations.html",
        form=form,
        found=shown,
        count=len(found),
        mails=telling_of_invitations.mails_of([each.link for each in shown]),
        refusal=g.get("refusal"),
    )


def _ask(form: InviteForm) -> str:
    g.shown_at = ("secretariat.invite_staff", {})
    return render_template("secretariat/invite_staff.html", form=form)
