"""Confirming who one is, in the middle of a session, before something that matters."""

from __future__ import annotations

from http import HTTPStatus

from flask import g, render_template, request
from werkzeug.wrappers import Response

from tracker.access import Audience, open_to
from tracker.account.door import door
from tracker.web import proofs, signing_in


@door.get("/account/confirm")
@open_to(Audience.SIGNED_IN, before_set_up=True)
def confirm() -> str:
    """Ask the person to confirm who they are."""
    return render_template("account/confirm.html", **proofs.asked(back=request.args.get("next")))


@door.post("/account/confirm")
@open_to(Audience.SIGNED_IN, before_set_up=True)
def do_confirm() -> Response | tuple[str, int]:
    """Lead on who has just proved who they are."""
    back = request.form.get("next")
    if proofs.is_missing():
        g.shown_at = ("account.confirm", {})
        return render_template("account/confirm.html", **proofs.asked(back=back)), HTTPStatus.UNPROCESSABLE_ENTITY
    return signing_in.lead_on(back)
