"""A new password: for who has forgotten theirs, by a mailed link, and for who is signed in. GET shows, POST does.

Programs that read mail open the link in it before its reader does: they find a page, and use nothing up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from flask import abort, g, make_response, redirect, render_template, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import login_user
from werkzeug.wrappers import Response

from tracker.access import Audience, me, open_to
from tracker.account.door import door
from tracker.account.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm
from tracker.errors import BadLink
from tracker.extensions import db
from tracker.identity import passwords, proving, recovering
from tracker.models import MailedLink
from tracker.web import known_browsers, limits, signing_in
from tracker.web.afterwards import afterwards
from tracker.web.answering import answer

Shown = Response | str | tuple[str, int]


@door.get("/account/forgotten")
@open_to(Audience.ANYONE)
def forgotten() -> str:
    """Ask for the address to which a link is mailed."""
    return render_template("account/forgotten.html", form=ForgottenForm())


@door.post("/account/forgotten")
@open_to(Audience.ANYONE)
@limits.messages
def ask_for_password() -> Shown:
    """Say that a link is mailed if there is an account, and look afterwards whether there is one."""
    form = ForgottenForm()
    if not form.validate():
        g.shown_at = ("account.forgotten", {})
        return render_template("account/forgotten.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    email = str(form.email.data)
    return afterwards(make_response(redirect(url_for("account.link_mailed"))), lambda: recovering.ask(email))


@door.get("/account/forgotten/mailed")
@open_to(Audience.ANYONE)
def link_mailed() -> str:
    """Say what was done, and nothing of whether there is an account."""
    return render_template("account/link_mailed.html")


@door.get("/account/new-password/<token:token>")
@open_to(Audience.ANYONE)
def new_password(token: str) -> Shown:
    """Ask for a new password, with a link."""
    return _ask(_link_of(token), token, NewPasswordForm())


@door.post("/account/new-password/<token:token>")
@open_to(Audience.ANYONE)
@limits.guesses
def choose_password(token: str) -> Shown:
    """Set a new password, with a link."""
    link, form = _link_of(token), NewPasswordForm()
    if not form.validate_for(link.account):
        return _ask(link, token, form), HTTPStatus.UNPROCESSABLE_ENTITY
    with _refusing_bad_links():
        account = recovering.choose(link, form.password.data)
    db.session.commit()
    known_browsers.remember(account.email)
    return redirect(url_for("account.password_chosen"))


@door.get("/account/new-password")
@open_to(Audience.ANYONE)
def password_chosen() -> str:
    """Say that the new password stands, and lead to the sign-in."""
    return render_template("account/password_chosen.html")


@door.get("/account/password")
@open_to(Audience.SIGNED_IN, fresh=True)
def password() -> str:
    """Ask for a new password."""
    return render_template("account/password.html", form=ChangePasswordForm())


@door.post("/account/password")
@open_to(Audience.SIGNED_IN, fresh=True)
@limits.guesses
def change_password() -> Shown:
    """Set a new password; the person stays signed in here, and nowhere else."""
    form = ChangePasswordForm()
    valid = form.validate_for(me())
    if not (_knows_the_old_one(form) and valid):
        g.shown_at = ("account.password", {})
        return render_template("account/password.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    passwords.set_(me(), form.password.data, by=me(), but=signing_in.current())
    login_user(me())
    db.session.commit()
    return redirect(url_for("account.security"))


@contextmanager
def _refusing_bad_links() -> Iterator[None]:
    """Where a link is good no more, say so, and where a new one is to be had."""
    try:
        yield
    except BadLink as error:
        way_on = (url_for("account.forgotten"), gettext("Ask for a new link"))
        abort(answer(HTTPStatus.GONE if error.spent else HTTPStatus.NOT_FOUND, error.sentence, way_on=way_on))


def _link_of(token: str) -> MailedLink:
    with _refusing_bad_links():
        return recovering.link_of(token)


def _knows_the_old_one(form: ChangePasswordForm) -> bool:
    """Whether the person entered the password that stands, where they have one; else the form says so."""
    if not me().password:
        return True
    if not form.current.data:
        form.current.errors = [lazy_gettext("Enter your current password")]
    elif not proving.again(me(), form.current.data):
        form.current.errors = [lazy_gettext("This is not your current password")]
    return not form.current.errors


def _ask(link: MailedLink, token: str, form: NewPasswordForm) -> str:
    g.shown_at = ("account.new_password", {"token": token})
    return render_template("account/new_password.html", form=form, token=token, account=link.account)
