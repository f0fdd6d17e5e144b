"""Signing in, by one factor or two, and signing out. GET shows, POST does."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import g, redirect, render_template, request, url_for
from flask_babel import LazyString, lazy_gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Audience, open_to
from tracker.account.door import door
from tracker.account.forms import WRONG, CodeForm, PasskeyForm, RecoveryCodeForm, SignInForm
from tracker.errors import TryLater
from tracker.extensions import db
from tracker.identity import authenticators, proving, recovery_codes, requirements, telling
from tracker.models import Account
from tracker.vocabulary import SecurityAction, SignInWay
from tracker.web import limits, proofs, signing_in

_WRONG_RECOVERY_CODE = lazy_gettext("This recovery code is not right, or was used already")

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
    try:
        account = proving.by_password(form.email.data, form.password.data)
    except TryLater as error:
        return _again(form, error)
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
    return ask_for_second_factor(CodeForm()) if waiting else redirect(url_for("account.sign_in"))


@door.post("/sign-in/second-step")
@open_to(Audience.ANYONE)
@limits.guesses
def do_second_factor() -> Shown:
    """Take a code of the authenticator app, and sign the person in."""
    waiting = signing_in.between_factors()
    if waiting is None:
        return redirect(url_for("account.sign_in"))
    (account, first, back), form = waiting, CodeForm()
    if status := _fault_of(form, account, proving.by_code, proofs.WRONG_CODE):
        return ask_for_second_factor(form), status
    signing_in.sign_in(account, way=together(first, SignInWay.PASSWORD_AND_CODE))
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
    (account, first, _), form = waiting, RecoveryCodeForm()
    if status := _fault_of(form, account, proving.by_recovery_code, _WRONG_RECOVERY_CODE):
        g.shown_at = ("account.recovery", {})
        return render_template("account/recovery.html", form=form), status
    signing_in.sign_in(account, way=together(first, SignInWay.PASSWORD_AND_RECOVERY_CODE))
    telling.of_change(account, SecurityAction.RECOVERY_CODE_USED, left=recovery_codes.left(account))
    db.session.commit()
    return redirect(url_for("account.security"))


@door.post("/sign-out")
@open_to(Audience.SIGNED_IN)
def sign_out() -> Shown:
    """Sign the person out in this browser."""
    signing_in.sign_out()
    db.session.commit()
    return redirect(url_for("account.sign_in"))


def together(first: SignInWay, with_password: SignInWay) -> SignInWay:
    """Return by what somebody signed in, from the first factor, and what a password would make with the second."""
    return first if first is SignInWay.OUTSIDE else with_password


def _again(form: SignInForm, wait: TryLater | None = None) -> Shown:
    g.shown_at = ("account.sign_in", {})
    if wait:
        db.session.rollback()
        form.email.errors = [wait.sentence]
    status = HTTPStatus.TOO_MANY_REQUESTS if wait else HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("account/sign_in.html", form=form), status


def _fault_of(
    form: CodeForm | RecoveryCodeForm, account: Account, is_right: Callable[[Account, str], bool], wrong: LazyString
) -> HTTPStatus | None:
    """Return with which status a form with a code comes back; ``None`` where the code is right."""
    if not form.validate():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        if is_right(account, form.code.data):
            return None
    except TryLater as error:
        db.session.rollback()
        form.code.errors = [error.sentence]
        return HTTPStatus.TOO_MANY_REQUESTS
    db.session.commit()
    form.code.errors = [wrong]
    return HTTPStatus.UNPROCESSABLE_ENTITY


def ask_for_second_factor(form: CodeForm, by_passkey: PasskeyForm | None = None) -> str:
    """Return the page that asks for the second factor. ``by_passkey``: a passkey that was not accepted, and why."""
    waiting = signing_in.between_factors()
    assert waiting is not None  # noqa: S101  # nosec B101  # both views looked
    g.shown_at = ("account.second_factor", {})
    account = waiting[0]
    return render_template(
        "account/second_factor.html",
        form=form,
        by_passkey=by_passkey,
        has_app=authenticators.of(account) is not None,
        has_passkey=requirements.has_passkey(account),
        has_recovery_codes=recovery_codes.left(account) > 0,
    )
