"""Signing in, by one factor or two, and signing out. GET shows, POST does."""

from __future__ import annotations

from http import HTTPStatus

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Audience, open_to
from tracker.account.door import door
from tracker.account.forms import WRONG, CodeForm, RecoveryCodeForm, SignInForm
from tracker.extensions import db
from tracker.identity import authenticators, proving, recovery_codes, requirements, telling
from tracker.vocabulary import SecurityAction, SignInWay
from tracker.web import limits, signing_in

Shown = Response | str | tuple[str, int]


@door.get("/sign-in")
@open_to(Audience.ANYONE)
def sign_in() -> Shown:
    """Ask for address and password."""
    if current_user.is_authenticated:
        return signing_in.lead_on(request.args.get("next"))
    return render_template("account/sign_in.html", form=SignInForm(next=request.args.get("next")))


@door.post("/sign-in")
@open_to(Audience.ANYONE)
@limits.guesses
def do_sign_in() -> Shown:
    """Take the first factor; lead to the second, or on."""
    form = SignInForm()
    if not form.validate():
        return _again(form)
    account = proving.by_password(form.email.data, form.password.data)
    if account is None:
        db.session.commit()
        form.email.errors = [WRONG]
        return _again(form)
    answer = signing_in.after_first_factor(account, way=SignInWay.PASSWORD, back=form.next.data)
    db.session.commit()
    return answer


@door.get("/sign-in/second-step")
@open_to(Audience.ANYONE)
def second_factor() -> Shown:
    """Ask for the second factor."""
    waiting = signing_in.between_factors()
    return _ask_for_code(CodeForm()) if waiting else redirect(url_for("account.sign_in"))


@door.post("/sign-in/second-step")
@open_to(Audience.ANYONE)
@limits.guesses
def do_second_factor() -> Shown:
    """Take a code of the authenticator app, and sign the person in."""
    waiting = signing_in.between_factors()
    if waiting is None:
        return redirect(url_for("account.sign_in"))
    (account, _, back), form = waiting, CodeForm()
    if not form.validate():
        return _ask_for_code(form), HTTPStatus.UNPROCESSABLE_ENTITY
    if not proving.by_code(account, form.code.data):
        db.session.commit()
        form.code.errors = [
            gettext("This code is not right, or was used already. Wait for the next one and enter that")
        ]
        return _ask_for_code(form), HTTPStatus.UNPROCESSABLE_ENTITY
    signing_in.sign_in(account, way=SignInWay.PASSWORD_AND_CODE)
    db.session.commit()
    return signing_in.lead_on(back)


@door.get("/sign-in/recovery")
@open_to(Audience.ANYONE)
def recovery() -> Shown:
    """Ask for a recovery code."""
    if signing_in.between_factors() is None:
        return redirect(url_for("account.sign_in"))
    return render_template("account/recovery.html", form=RecoveryCodeForm())


@door.post("/sign-in/recovery")
@open_to(Audience.ANYONE)
@limits.guesses
def do_recovery() -> Shown:
    """Take a recovery code, sign the person in, and tell them."""
    waiting = signing_in.between_factors()
    if waiting is None:
        return redirect(url_for("account.sign_in"))
    (account, _, _), form = waiting, RecoveryCodeForm()
    right = form.validate() and proving.by_recovery_code(account, form.code.data)
    if right:
        signing_in.sign_in(account, way=SignInWay.PASSWORD_AND_RECOVERY_CODE)
        telling.of_change(account, SecurityAction.RECOVERY_CODE_USED, left=recovery_codes.left(account))
    db.session.commit()
    if not right:
        g.shown_at = ("account.recovery", {})
        form.code.errors = form.code.errors or [gettext("This recovery code is not right, or was used already")]
        return render_template("account/recovery.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("account.security"))


@door.post("/sign-out")
@open_to(Audience.SIGNED_IN)
def sign_out() -> Shown:
    """Sign the person out in this browser."""
    signing_in.sign_out()
    db.session.commit()
    return redirect(url_for("account.sign_in"))


def _again(form: SignInForm) -> Shown:
    g.shown_at = ("account.sign_in", {})
    return render_template("account/sign_in.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY


def _ask_for_code(form: CodeForm) -> str:
    waiting = signing_in.between_factors()
    assert waiting is not None  # noqa: S101  # nosec B101  # both views looked
    g.shown_at = ("account.second_factor", {})
    account = waiting[0]
    return render_template(
        "account/second_factor.html",
        form=form,
        has_app=authenticators.of(account) is not None,
        has_passkey=requirements.has_passkey(account),
        has_recovery_codes=recovery_codes.left(account) > 0,
    )
