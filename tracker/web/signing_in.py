"""Sign-in by Flask-Security, with our own templates and manners."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, make_response, render_template, request, session
from flask_babel import lazy_gettext
from flask_login import user_logged_in, user_logged_out
from flask_security import LoginForm, SQLAlchemyUserDatastore
from flask_security.utils import validate_redirect_url
from wtforms import EmailField, Field, PasswordField
from wtforms.validators import DataRequired, Length, ValidationError

from tracker import demonstration
from tracker.extensions import db, security
from tracker.models import Account, AccountRole
from tracker.texts import cleaned

#: No page of ours has a longer address, in characters.
LONGEST_ADDRESS = 2_000

#: No password is longer, in characters; a hash of more would cost us more than the sender.
LONGEST_PASSWORD = 1_000

_WRONG = lazy_gettext("The e-mail address and the password do not belong together")


class SignInForm(LoginForm):
    """The sign-in form, in our words. It says the same whether or not the account exists."""

    email = EmailField(
        lazy_gettext("E-mail address"),
        filters=[cleaned],
        validators=[DataRequired(lazy_gettext("Enter your e-mail address")), Length(max=255, message=_WRONG)],
    )
    password = PasswordField(lazy_gettext("Password"), validators=[DataRequired(lazy_gettext("Enter your password"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next.data = cleaned(self.next.data)

    def validate_password(self, field: Field) -> None:
        """Refuse what nobody can have set."""
        if len(field.data or "") > LONGEST_PASSWORD:
            raise ValidationError(_WRONG)

    def validate(self, **kwargs: Any) -> bool:
        """Let the demo's accounts in only where the demo is on: their password is published."""
        self.remember.data = False  # nobody stays signed in longer than a session
        refused = str(self.email.data).lower() in demonstration.EMAILS and not current_app.config["DEMO"]
        return bool(super().validate(**kwargs)) and not refused

    def validate_next(self, field: Field) -> None:
        """Forget an address that leads elsewhere; signing in goes on, to the first page."""
        if field.data and not validate_redirect_url(field.data):
            field.data = ""


def init_app(app: Flask) -> None:
    """Set up Flask-Security on our accounts."""
    app.config.update(
        SECURITY_URL_PREFIX="/<language:language>",
        SECURITY_MSG_GENERIC_AUTHN_FAILED=(_WRONG, "error"),
        SECURITY_MSG_USER_DOES_NOT_EXIST=(_WRONG, "error"),
        SECURITY_MSG_INVALID_PASSWORD=(_WRONG, "error"),
    )
    datastore = SQLAlchemyUserDatastore(db, Account, AccountRole)
    security.init_app(app, datastore, login_form=SignInForm, render_template=_render)
    app.before_request(_refuse_nonsense)
    user_logged_in.connect(_renew_token, app)
    user_logged_out.connect(_end_sessions, app)
    # A session is the only way in: no JSON answers, and none of the tokens that the library would give out and take.
    security.want_json(lambda _request: False)
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]


def _refuse_nonsense() -> None:
    """Refuse to go back to what is no address: the library would stumble over it."""
    asked = request.values.get("next", "") if request.endpoint == "security.login" else ""
    try:
        urlsplit(asked)
    except ValueError:
        abort(HTTPStatus.BAD_REQUEST)
    if len(asked) > LONGEST_ADDRESS:
        abort(HTTPStatus.BAD_REQUEST)


def _renew_token(_app: Flask, **_: object) -> None:
    """Forget the token against forged requests: whoever planted the session before sign-in knows it."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def _end_sessions(_app: Flask, user: Account, **_: object) -> None:
    """End every session of a person who signs out: a copied cookie is worth nothing then."""
    user.fs_uniquifier = secrets.token_hex(32)
    db.session.commit()


def _render(template: str, **context: Any) -> Response:
    """Render a page of Flask-Security; a form that comes back with errors answers 422, as all our forms do."""
    failed = request.method == "POST"
    form = context.get("login_user_form")
    if failed and form is not None:
        _tell_errors(form)
    return make_response(render_template(template, **context), 422 if failed else 200)


def _tell_errors(form: SignInForm) -> None:
    """Say which field is empty; say once that the two do not belong together, and not which of them is wrong."""
    form.form_errors = []
    for field in (form.email, form.password):
        field.errors = [] if field.data else [field.validators[0].message]
    if form.email.data and form.password.data:
        form.email.errors = [_WRONG]
