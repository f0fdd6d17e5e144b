"""The person's passkeys: added, renamed, removed. GET shows, POST does; what the browser is to be told, it fetches."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.access import Audience, me, open_to
from tracker.account.door import door
from tracker.account.forms import NewPasskeyForm, PasskeyNameForm
from tracker.errors import PasskeyRefused
from tracker.extensions import db
from tracker.identity import passkeys, recovery_codes, telling
from tracker.models import Passkey
from tracker.vocabulary import SecurityAction

Shown = Response | str | tuple[str, int]


@door.get("/account/passkeys/new")
@open_to(Audience.SIGNED_IN, fresh=True, before_set_up=True)
def new_passkey() -> Shown:
    """Ask what the new passkey is to be called."""
    return render_template("account/new_passkey.html", form=NewPasskeyForm())


@door.post("/account/passkeys/new/options")
@open_to(Audience.SIGNED_IN, fresh=True, before_set_up=True)
def new_passkey_options() -> Response:
    """Tell the browser what passkey to make, once it has a name."""
    if not PasskeyNameForm().validate():
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    options = passkeys.registration_options(me())
    db.session.commit()
    return Response(options, mimetype="application/json")


@door.post("/account/passkeys/new")
@open_to(Audience.SIGNED_IN, fresh=True, before_set_up=True)
def add_passkey() -> Shown:
    """Add the passkey that the browser made; who has no recovery codes yet is led to them."""
    form = NewPasskeyForm()
    if not form.validate():
        return _again(form)
    try:
        passkeys.register(me(), form.answer.data, name=form.name.data)
    except PasskeyRefused as refused:
        db.session.commit()
        form.answer.errors = [refused.sentence]
        return _again(form)
    telling.of_change(me(), SecurityAction.PASSKEY_ADDED)
    db.session.commit()
    return redirect(url_for("account.security" if recovery_codes.left(me()) else "account.recovery_codes"))


@door.get("/account/passkeys/<passkey>/rename")
@open_to(Audience.SIGNED_IN, fresh=True)
def rename_passkey(passkey: str) -> Shown:
    """Ask for another name of a passkey."""
    found = _mine(passkey)
    return _to_rename(found, PasskeyNameForm(name=found.name))


@door.post("/account/passkeys/<passkey>/rename")
@open_to(Audience.SIGNED_IN, fresh=True)
def do_rename_passkey(passkey: str) -> Shown:
    """Give a passkey another name."""
    found, form = _mine(passkey), PasskeyNameForm()
    if not form.validate():
        return _to_rename(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    passkeys.rename(found, form.name.data)
    db.session.commit()
    return redirect(url_for("account.security"))


@door.get("/account/passkeys/<passkey>/remove")
@open_to(Audience.SIGNED_IN, fresh=True)
def remove_passkey(passkey: str) -> Shown:
    """Ask whether a passkey is to be removed; say why it stays, where it has to."""
    found = _mine(passkey)
    return render_template("account/remove_passkey.html", passkey=found, stays=passkeys.why_it_stays(found))


@door.post("/account/passkeys/<passkey>/remove")
@open_to(Audience.SIGNED_IN, fresh=True)
def do_remove_passkey(passkey: str) -> Shown:
    """Remove a passkey."""
    passkeys.remove(_mine(passkey))
    telling.of_change(me(), SecurityAction.PASSKEY_REMOVED)
    db.session.commit()
    return redirect(url_for("account.security"))


def _mine(reference: str) -> Passkey:
    return passkeys.passkey(me(), reference) or abort(404)


def _again(form: NewPasskeyForm) -> Shown:
    g.shown_at = ("account.new_passkey", {})
    return render_template("account/new_passkey.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY


def _to_rename(passkey: Passkey, form: PasskeyNameForm) -> str:
    g.shown_at = ("account.rename_passkey", {"passkey": passkey.reference})
    return render_template("account/rename_passkey.html", form=form, passkey=passkey)
