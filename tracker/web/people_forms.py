"""The forms about people that the desk and the secretariat share: who is proposed, and with which day somebody ends."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from tracker import clock
from tracker.i18n import LOCALES
from tracker.people.addresses import normal
from tracker.people.candidates import Candidate
from tracker.texts import cleaned, in_one_line
from tracker.web.forms import DateField, VersionedForm

LONGEST_NOTE = 2_000

_SHORT = Length(max=200, message=lazy_gettext("Shorten this to %(max)d characters or fewer"))
NOT_LONGER = Length(max=LONGEST_NOTE, message=lazy_gettext("Shorten the text to %(max)d characters or fewer"))
_ENTER_DATE = lazy_gettext("Enter the date")
_ENDS_IN_THE_PAST = lazy_gettext("The last day cannot be in the past")


def line(text: str | None) -> str:
    """Return a text that was typed into one line, as the register keeps it."""
    return in_one_line(cleaned(text))


class OptionalDate(DateField):
    """A day that may be left open."""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take the parts, and find no fault where none was typed."""
        super().process(formdata, data, extra_filters)
        if not any(self.typed.values()):
            self.wrong_parts, self.process_errors = (), []


def require_last_day(field: Any, starts_on: date | None) -> None:
    """Fail where a last day is in the past, or before the first one."""
    if field.data and field.data < clock.today():
        raise ValidationError(_ENDS_IN_THE_PAST)
    if field.data and starts_on and field.data < starts_on:
        raise ValidationError(lazy_gettext("The last day cannot come before the first"))


class CandidateForm(VersionedForm):
    """Who is proposed as a representative, and for how long."""

    name = StringField(
        lazy_gettext("Name"),
        filters=[line],
        validators=[DataRequired(lazy_gettext("Enter the person’s name")), _SHORT],
    )
    office = StringField(lazy_gettext("Office (optional)"), filters=[line], validators=[_SHORT])
    email = StringField(
        lazy_gettext("E-mail address"),
        filters=[line],
        validators=[DataRequired(lazy_gettext("Enter the person’s e-mail address"))],
    )
    starts_on = DateField(lazy_gettext("From which day?"))
    ends_on = OptionalDate(lazy_gettext("Until which day? (optional)"))
    mails_in = RadioField(
        lazy_gettext("In which language should the person get mails?"),
        choices=[SelectChoice(tag, locale.language_name.capitalize()) for tag, locale in LOCALES.items()],
        validate_choice=False,  # below, with words of our own
    )
    note = TextAreaField(
        lazy_gettext("What should the secretariat know? (optional)"), filters=[cleaned], validators=[NOT_LONGER]
    )

    def validate_email(self, field: Any) -> None:
        """Ask for what is an address."""
        if normal(field.data) is None or len(field.data) > 200:  # noqa: PLR2004
            raise ValidationError(lazy_gettext("Enter an e-mail address such as name@example.org"))

    def validate_starts_on(self, field: Any) -> None:
        """Ask for today or a later day."""
        if field.data is None:
            raise ValidationError(_ENTER_DATE)
        if field.data < clock.today():
            raise ValidationError(lazy_gettext("The first day cannot be in the past"))

    def validate_ends_on(self, field: Any) -> None:
        """Ask for a last day after the first, if for one."""
        require_last_day(field, self.starts_on.data)

    def validate_mails_in(self, field: Any) -> None:
        """Ask for one of the languages that there are."""
        if field.data not in LOCALES:
            raise ValidationError(lazy_gettext("Choose the language of the mails"))

    def candidate(self) -> Candidate:
        """Return who is proposed."""
        return Candidate(
            name=self.name.data,
            office=self.office.data,
            email=normal(self.email.data) or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            language=self.mails_in.data,
            note=self.note.data,
        )


def as_typed(candidate: Candidate) -> dict[str, Any]:
    """Return what a form about somebody holds who was proposed before."""
    return {
        "name": candidate.name,
        "office": candidate.office,
        "email": candidate.email,
        "starts_on": max(candidate.starts_on, clock.today()),
        "ends_on": candidate.ends_on,
        "mails_in": candidate.language,
        "note": candidate.note,
    }


class EndForm(VersionedForm):
    """With which day an accreditation ends, and why."""

    ends_on = DateField(lazy_gettext("What is the last day?"))
    note = TextAreaField(lazy_gettext("Why should it end? (optional)"), filters=[cleaned], validators=[NOT_LONGER])

    def validate_ends_on(self, field: Any) -> None:
        """Ask for today or a later day."""
        if field.data is None:
            raise ValidationError(_ENTER_DATE)
        require_last_day(field, None)
