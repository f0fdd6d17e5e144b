"""The forms about invitations: which are shown, and who is invited to join the staff."""

from __future__ import annotations

from typing import Any, Self

from flask import request
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from tracker.i18n import LOCALES
from tracker.people.addresses import normal
from tracker.secretariat.forms import Choice
from tracker.vocabulary import InvitationState, Role
from tracker.web.forms import ShownForm
from tracker.web.people_forms import line

_LONGEST = 200
_SHORT = Length(max=_LONGEST, message=lazy_gettext("Shorten this to %(max)d characters or fewer"))


class InvitationsForm(FlaskForm):
    """Which invitations are shown. It changes nothing, and so needs no token."""

    class Meta:
        """Read from the address."""

        csrf = False

    state = Choice(
        lazy_gettext("Status"),
        choices=[
            SelectChoice("", lazy_gettext("Any")),
            *(SelectChoice(each.value, each.label) for each in InvitationState),
        ],
    )

    @classmethod
    def of(cls) -> Self:
        """Return the form as the address fills it."""
        return cls(request.args)

    @property
    def wanted(self) -> InvitationState | None:
        """The state that is asked for; ``None`` for any."""
        return next((each for each in InvitationState if each.value == self.state.data), None)


class InviteForm(ShownForm):
    """Who is invited to join the staff, and as what."""

    name = StringField(
        lazy_gettext("Name"), filters=[line], validators=[DataRequired(lazy_gettext("Enter the person’s name")), _SHORT]
    )
    email = StringField(
        lazy_gettext("E-mail address"),
        filters=[line],
        validators=[DataRequired(lazy_gettext("Enter the person’s e-mail address"))],
    )
    role = RadioField(
        lazy_gettext("As what?"),
        choices=[SelectChoice(each.value, each.label) for each in Role],
        validate_choice=False,  # below, with words of our own
    )
    mails_in = RadioField(
        lazy_gettext("In which language should the person get mails?"),
        choices=[SelectChoice(tag, locale.language_name.capitalize()) for tag, locale in LOCALES.items()],
        validate_choice=False,  # below, with words of our own
    )

    @property
    def answers(self) -> dict[str, Any]:
        """The answers, as ``inviting.invite_staff`` takes them."""
        role = next(each for each in Role if each.value == self.role.data)
        email = normal(self.email.data) or ""
        return {"name": self.name.data, "email": email, "language": self.mails_in.data, "role": role}

    def validate_email(self, field: Any) -> None:
        """Ask for what is an address."""
        if normal(field.data) is None or len(field.data) > _LONGEST:
            raise ValidationError(lazy_gettext("Enter an e-mail address such as name@example.org"))

    def validate_role(self, field: Any) -> None:
        """Ask for one of the roles that there are."""
        if field.data not in {each.value for each in Role}:
            raise ValidationError(lazy_gettext("Say whether the person is to be an administrator"))

    def validate_mails_in(self, field: Any) -> None:
        """Ask for one of the languages that there are."""
        if field.data not in LOCALES:
            raise ValidationError(lazy_gettext("Choose the language of the mails"))
