"""The forms of the account."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from tracker.i18n import LOCALES
from tracker.identity import passkeys, passwords
from tracker.models import Account
from tracker.texts import cleaned, one_line
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


class ForgottenForm(FlaskForm):
    """The address to which a link is mailed."""

    email = EmailField(
        lazy_gettext("E-mail address"),
        filters=[cleaned],
        validators=[
            DataRequired(lazy_gettext("Enter your e-mail address")),
            Length(max=255, message=lazy_gettext("An e-mail address has %(max)d characters at most")),
        ],
    )


class NewPasswordForm(FlaskForm):
    """A new password, twice: what is typed cannot be seen."""

    password = PasswordField(lazy_gettext("New password"))
    again = PasswordField(lazy_gettext("New password, once more"))

    def validate_for(self, account: Account) -> bool:
        """Whether the password may be that of a person; else the form says why not."""
        valid = self.validate()
        faults = passwords.faults(self.password.data or "", account)
        if faults:
            self.password.errors = [". ".join(map(str, faults))]
        elif self.again.data != self.password.data:
            self.again.errors = [lazy_gettext("This is not the same password. Enter it twice")]
        return bool(valid and not self.password.errors and not self.again.errors)


class ChangePasswordForm(NewPasswordForm):
    """A new password, and the one that stands, which is asked for first."""

    current = PasswordField(lazy_gettext("Current password"))
    password = PasswordField(lazy_gettext("New password"))
    again = PasswordField(lazy_gettext("New password, once more"))


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


class PasskeyForm(FlaskForm):
    """What a browser answers that was asked for a passkey. ``next`` is where the person wanted to go."""

    answer = HiddenField(
        id="passkey",  # the button: nobody types an answer
        validators=[DataRequired(lazy_gettext("Your browser sent no passkey. Try again, or use another way"))],
    )
    next = HiddenField(filters=[cleaned])


class PasskeyNameForm(FlaskForm):
    """What a person calls a passkey."""

    name = StringField(
        lazy_gettext("Name of the passkey"),
        filters=[one_line],
        validators=[
            DataRequired(lazy_gettext("Give the passkey a name")),
            Length(max=passkeys.LONGEST_NAME, message=lazy_gettext("Shorten the name to %(max)d characters or fewer")),
        ],
    )


class NewPasskeyForm(PasskeyNameForm):
    """A new passkey: its name, and what the browser made."""

    answer = HiddenField(id="passkey")

    def validate_answer(self, field: Any) -> None:
        """Miss the passkey once it has a name: without one the browser was asked for nothing."""
        if not field.data and not self.name.errors:
            raise ValidationError(lazy_gettext("Your browser made no passkey. Try again, or use another browser"))


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
