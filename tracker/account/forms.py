"""The forms of the account."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from tracker.i18n import LOCALES
from tracker.texts import cleaned
from tracker.web.forms import ShownForm

LONGEST_REASON = 2_000

#: It says the same whether or not the account exists.
WRONG = lazy_gettext("The e-mail address and the password do not belong together")


class SignInForm(FlaskForm):
    """The first step of signing in."""

    email = EmailField(
        lazy_gettext("E-mail address"),
        filters=[cleaned],
        validators=[DataRequired(lazy_gettext("Enter your e-mail address")), Length(max=255, message=WRONG)],
    )
    password = PasswordField(lazy_gettext("Password"), validators=[DataRequired(lazy_gettext("Enter your password"))])
    next = HiddenField(filters=[cleaned])


class CodeForm(FlaskForm):
    """A code of an authenticator app."""

    code = StringField(
        lazy_gettext("Code from your authenticator app"),
        filters=[cleaned],
        validators=[
            DataRequired(lazy_gettext("Enter the code")),
            Length(max=20, message=lazy_gettext("The code has 6 digits")),
        ],
    )


class RecoveryCodeForm(FlaskForm):
    """A recovery code."""

    code = StringField(
        lazy_gettext("Recovery code"),
        filters=[cleaned],
        validators=[DataRequired(lazy_gettext("Enter a recovery code")), Length(max=100)],
    )


class EmptyForm(FlaskForm):
    """A form that only says yes."""


class LanguageForm(FlaskForm):
    """The language in which a person is written to, each named in itself."""

    mails_in = RadioField(
        lazy_gettext("In which language do you want your mails?"),
        choices=[SelectChoice(tag, locale.language_name.capitalize()) for tag, locale in LOCALES.items()],
        validate_choice=False,  # below, with words of our own
    )

    def validate_mails_in(self, field: Any) -> None:
        """Ask for one of the languages that there are."""
        if field.data not in LOCALES:
            raise ValidationError(lazy_gettext("Choose one of the languages"))


class ForgetMeForm(ShownForm):
    """The wish to be forgotten, and why, if the person wants to say so."""

    reason = TextAreaField(
        lazy_gettext("Why? (optional)"),
        filters=[cleaned],
        validators=[
            Length(max=LONGEST_REASON, message=lazy_gettext("Shorten the reason to %(max)d characters or fewer"))
        ],
    )
