"""The forms by which the secretariat looks for people, and proposes who may act."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any, Self

from flask import request
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from tracker.errors import Refused
from tracker.models import Accreditation, Evidence
from tracker.people import requesting
from tracker.people.candidates import Candidate, Change
from tracker.people.representation import Lack
from tracker.secretariat.forms import Choice
from tracker.texts import cleaned
from tracker.vocabulary import Kind
from tracker.web.forms import DateField, VersionedForm
from tracker.web.letter_forms import TakesLetter
from tracker.web.people_forms import NOT_LONGER, CandidateForm, OptionalDate, as_typed, line, require_last_day


class PeopleForm(FlaskForm):
    """Which participants are shown. It changes nothing, and so needs no token."""

    class Meta:
        """Read from the address."""

        csrf = False

    search = StringField(lazy_gettext("Participant, person or address"), filters=[line])
    kind = Choice(
        lazy_gettext("Kind"),
        choices=[SelectChoice("", lazy_gettext("Any")), *(SelectChoice(each.value, each.plural) for each in Kind)],
    )
    lack = Choice(
        lazy_gettext("Represented"),
        choices=[
            SelectChoice("", lazy_gettext("Any")),
            SelectChoice(Lack.NOBODY.value, lazy_gettext("By nobody")),
            SelectChoice(Lack.NO_HEAD.value, lazy_gettext("Without a head representative")),
        ],
    )

    @classmethod
    def of(cls) -> Self:
        """Return the form as the address fills it."""
        return cls(request.args)


def _head_field() -> RadioField:
    return RadioField(
        lazy_gettext("Is the person a head representative?"),
        choices=[SelectChoice("yes", lazy_gettext("Yes")), SelectChoice("no", lazy_gettext("No"))],
        validators=[InputRequired(lazy_gettext("Say whether the person is a head representative"))],
    )


class AccreditationForm(TakesLetter, CandidateForm):
    """Who is proposed, whether as a head representative, and on whose authority: by a letter, or in words."""

    letter = FileField(lazy_gettext("Credentials letter (optional)"))
    is_head = _head_field()

    has_letter: bool = False

    def after(self, letter: Evidence | None) -> Self:
        """Ask for no other letter where one came with the request that is made again."""
        self.has_letter = letter is not None
        return self

    def unsaved(self) -> HTTPStatus | None:
        """Say that a letter has to be chosen again wherever the form comes back: a browser does not fill it in."""
        status = super().unsaved()
        if status and self.letter.data:
            self.ask_for_the_letter_again()
            return HTTPStatus.UNPROCESSABLE_ENTITY
        return status

    def refused(self, error: Refused) -> None:
        """Say what was refused, and that the letter was not kept."""
        self.form_errors.append(error.sentence)
        self.ask_for_the_letter_again()

    def validate_letter(self, field: Any) -> None:
        """Ask for a letter where the note is empty too."""
        if not (field.data or self.has_letter or self.note.data):
            raise ValidationError(
                lazy_gettext("Attach the letter that names the person, or say below on whose authority this is")
            )

    def candidate(self) -> Candidate:
        """Return who is proposed."""
        return replace(super().candidate(), is_head=self.is_head.data == "yes")

    @classmethod
    def like(cls, candidate: Candidate) -> Self:
        """Return the form as it was typed for a request that was returned."""
        return cls(**as_typed(candidate), is_head="yes" if candidate.is_head else "no")


class ChangeForm(VersionedForm):
    """How an accreditation is to stand."""

    starts_on = DateField(lazy_gettext("From which day?"))
    ends_on = OptionalDate(lazy_gettext("Until which day? (optional)"))
    is_head = _head_field()
    note = TextAreaField(lazy_gettext("Why? (optional)"), filters=[cleaned], validators=[NOT_LONGER])

    def validate_starts_on(self, field: Any) -> None:
        """Ask for a day."""
        if field.data is None:
            raise ValidationError(lazy_gettext("Enter the date"))

    def validate_ends_on(self, field: Any) -> None:
        """Ask for a last day after the first, if for one."""
        require_last_day(field, self.starts_on.data)

    @classmethod
    def of(cls, accreditation: Accreditation, change: Change | None = None) -> Self:
        """Return the form for an accreditation as it stands, or as it was proposed to stand."""
        says = change or accreditation
        return cls(
            version=requesting.seen_of(accreditation),
            starts_on=says.starts_on,
            ends_on=says.ends_on,
            is_head="yes" if says.is_head else "no",
            note=change.note if change else "",
        )


class SuspendForm(VersionedForm):
    """Why an accreditation is suspended at once."""

    note = TextAreaField(
        lazy_gettext("Why must it stop at once?"),
        filters=[cleaned],
        validators=[DataRequired(lazy_gettext("Say why it must stop at once")), NOT_LONGER],
    )
