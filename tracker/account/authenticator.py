"""The person's authenticator app: set up, put in the place of another, removed. GET shows, POST does."""

from __future__ import annotations

from http import HTTPStatus

import segno
from flask import abort, g, redirect, render_template, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from tracker.access import Audience, me, open_to
from tracker.account.door import door
from tracker.account.forms import CodeForm
from tracker.extensions import db
from tracker.identity import authenticators, recovery_codes, requirements, telling
from tracker.models import Authenticator
from tracker.vocabulary import SecurityAction

Shown = Response | str | tuple[str, int]


@door.get("/account/authenticator")
@open_to(Audience.SIGNED_IN, fresh=True, before_set_up=True)
def authenticator() -> Shown:
    """Show the secret to scan, where a set-up was begun; else what an authenticator app is."""
    begun = authenticators.begun(me())
    return _to_scan(begun, CodeForm()) if begun else render_template("account/authenticator.html")


@door.post("/account/authenticator")
@open_to(Audience.SIGNED_IN, fresh=True, before_set_up=True)
def begin_authenticator() -> Shown:
    """Make a secret for an app."""
    authenticators.begin(me())
    db.session.commit()
    return redirect(url_for("account.authenticator"))


@door.post("/account/authenticator/confirm")
@open_to(Audience.SIGNED_IN, fresh=True, before_set_up=True)
def confirm_authenticator() -> Shown:
    """Take the app into use once it gives a right code; who has no recovery codes yet is led to them."""
    form, begun = CodeForm(), authenticators.begun(me())
    if begun is None:
        return redirect(url_for("account.authenticator"))
    if not form.validate() or not authenticators.confirm(me(), form.code.data, by=me()):
        form.code.errors = form.code.errors or [gettext("This code is not right. Enter the one that the app shows now")]
        g.shown_at = ("account.authenticator", {})
        return _to_scan(begun, form), HTTPStatus.UNPROCESSABLE_ENTITY
    telling.of_change(me(), SecurityAction.AUTHENTICATOR_ADDED)
    db.session.commit()
    return redirect(url_for("account.security" if recovery_codes.left(me()) else "account.recovery_codes"))


@door.get("/account/authenticator/remove")
@open_to(Audience.SIGNED_IN, fresh=True)
def remove_authenticator() -> Shown:
    """Ask whether the app is to be removed."""
    _require_removable()
    return render_template("account/remove_authenticator.html")


@door.post("/account/authenticator/remove")
@open_to(Audience.SIGNED_IN, fresh=True)
def do_remove_authenticator() -> Shown:
    """Remove the app."""
    _require_removable()
    authenticators.remove(me(), by=me())
    telling.of_change(me(), SecurityAction.AUTHENTICATOR_REMOVED)
    db.session.commit()
    return redirect(url_for("account.security"))


def _require_removable() -> None:
    if authenticators.of(me()) is None:
        abort(HTTPStatus.NOT_FOUND)
    if requirements.second_factor_required(me()) and not requirements.has_passkey(me()):
        abort(HTTPStatus.CONFLICT)


def _to_scan(begun: Authenticator, form: CodeForm) -> str:
    drawn = segno.make(authenticators.address(begun), error="m").svg_inline(scale=4, border=4, light="#fff")
    return render_template(
        "account/scan.html",
        form=form,
        key=authenticators.key(begun),
        drawn=Markup(drawn),  # noqa: S704  # nosec B704  # drawn by the library from an address that we made
    )
