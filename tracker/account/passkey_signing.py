"""Signing in by a passkey: alone, or as the second step. The browser fetches what it is to be told by POST."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.access import Audience, me, open_to
from tracker.account.door import door
from tracker.account.forms import CodeForm, PasskeyForm, SignInForm
from tracker.account.signing import ask_for_second_factor, together
from tracker.errors import PasskeyRefused
from tracker.extensions import db
from tracker.identity import passkeys
from tracker.models import Account
from tracker.vocabulary import SignInWay
from tracker.web import limits, signing_in

Shown = Response | str | tuple[str, int]


@door.post("/sign-in/passkey/options")
@open_to(Audience.ANYONE)
@limits.offers
def sign_in_options() -> Response:
    """Tell the browser to ask for a passkey of anybody's."""
    return _options()


@door.post("/sign-in/passkey")
@open_to(Audience.ANYONE)
@limits.guesses
def sign_in_by_passkey() -> Shown:
    """Sign in whose passkey it is, without a second step: it asked for a finger, a face or a PIN already."""
    form = PasskeyForm()
    account = _person(form)
    if account is None:
        g.shown_at = ("account.sign_in", {})
        page = render_template(
            "account/sign_in.html", form=SignInForm(formdata=None, next=form.next.data), by_passkey=form
        )
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    signing_in.sign_in(account, way=SignInWay.PASSKEY)
    db.session.commit()
    return signing_in.lead_on(form.next.data)


@door.post("/sign-in/second-step/passkey/options")
@open_to(Audience.ANYONE)
@limits.guesses
def second_factor_options() -> Response:
    """Tell the browser to ask for a passkey of who has proved the first factor."""
    waiting = signing_in.between_factors() or abort(HTTPStatus.FORBIDDEN)
    return _options(waiting[0])


@door.post("/sign-in/second-step/passkey")
@open_to(Audience.ANYONE)
@limits.guesses
def second_factor_by_passkey() -> Shown:
    """Take a passkey as the second factor, and sign the person in."""
    waiting = signing_in.between_factors()
    if waiting is None:
        return redirect(url_for("account.sign_in"))
    form, (account, first, back) = PasskeyForm(), waiting
    if _person(form, expected=account) is None:
        return ask_for_second_factor(CodeForm(formdata=None), by_passkey=form), HTTPStatus.UNPROCESSABLE_ENTITY
    signing_in.sign_in(account, way=together(first, SignInWay.PASSWORD_AND_PASSKEY))
    db.session.commit()
    return signing_in.lead_on(back)


@door.post("/account/confirm/options")
@open_to(Audience.SIGNED_IN, before_set_up=True)
def confirm_options() -> Response:
    """Tell the browser to ask for a passkey of who is signed in."""
    return _options(me())


def _options(account: Account | None = None) -> Response:
    options = passkeys.sign_in_options(account)
    db.session.commit()
    return Response(options, mimetype="application/json")


def _person(form: PasskeyForm, *, expected: Account | None = None) -> Account | None:
    """Return who proved by a passkey who they are; where nobody did, the form says why."""
    if not form.validate():
        return None
    try:
        return passkeys.verify(form.answer.data, expected=expected)
    except PasskeyRefused as refused:
        db.session.commit()
        form.answer.errors = [refused.sentence]
        return None
