"""Sign-in by Flask-Security, with our own templates and manners."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, make_response, render_template, request
from flask_babel import lazy_gettext
from flask_security import LoginForm, SQLAlchemyUserDatastore
from wtforms import EmailField, PasswordField
from wtforms.validators import DataRequired

from tracker.extensions import db, security
from tracker.models import Account, AccountRole

_WRONG = lazy_gettext("The e-mail address and the password do not belong together")


class SignInForm(LoginForm):  # type: ignore[misc]  # the library's class has no types
    """The sign-in form, in our words. It says the same whether or not the account exists."""

    email = EmailField(
        lazy_gettext("E-mail address"), validators=[DataRequired(lazy_gettext("Enter your e-mail address"))]
    )
    password = PasswordField(lazy_gettext("Password"), validators=[DataRequired(lazy_gettext("Enter your password"))])


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


def _render(template: str, **context: Any) -> Response:
    """Render a page of Flask-Security; a form that comes back with errors answers 422, as all our forms do."""
    failed = request.method == "POST"
    return make_response(render_template(template, **context), 422 if failed else 200)
