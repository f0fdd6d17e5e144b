"""The forms of the secretariat."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_babel import LazyString, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional, ValidationError

from tracker.i18n import Shown, current_language, shown
from tracker.models import Cohort, Participant, Text
from tracker.texts import cleaned, one_line
from tracker.vocabulary import Kind, Matter, Question, ReportStatus, Status
from tracker.web.forms import ShownForm, VersionedForm
from tracker.web.language_forms import ChoiceOfLanguage

LONGEST_REASON = 2_000

_NOT_LONGER = Length(max=LONGEST_REASON, message=lazy_gettext("Shorten the reason to %(max)d characters or fewer"))
_NO_SUCH_CHOICE = lazy_gettext("Choose from the list")


class Choice(SelectField):
    """A choice from a list whose first item is all; it may be missing from the address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, default="", validate_choice=False, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list, in words of our own."""
        if self.data not in {choice.value for choice in self.choices or ()}:
            raise ValidationError(_NO_SUCH_CHOICE)


class ConfirmForm(VersionedForm):
    """The confirmation of a submission, or the approval of a proposal."""


def _reason(question: Question) -> TextAreaField:
    return TextAreaField(question.label, filters=[cleaned], validators=[_NOT_LONGER])


class RefuseForm(VersionedForm):
    """The return of a submission, or its rejection, with the reasons by question."""

    decision = RadioField(
        lazy_gettext("What do you decide?"),
        choices=[
            SelectChoice(Status.RETURNED.value, lazy_gettext("Return it, to be corrected")),
            SelectChoice(Status.REJECTED.value, lazy_gettext("Reject it for good")),
        ],
        validators=[InputRequired(lazy_gettext("Choose whether to return or to reject it"))],
    )

    reason_recommendations = _reason(Question.RECOMMENDATIONS)
    reason_reservations = _reason(Question.RESERVATIONS)
    reason_statement = _reason(Question.STATEMENT)
    reason_signature = _reason(Question.SIGNATURE)
    reason_letter = _reason(Question.LETTER)
    reason_overall = _reason(Question.OVERALL)

    @property
    def fields_of_reasons(self) -> dict[Question, Any]:
        """The field of the reason to each question."""
        return {question: self[f"reason_{question.value}"] for question in Question}

    @property
    def reasons(self) -> dict[Question, str]:
        """The reasons that were written."""
        return {question: field.data for question, field in self.fields_of_reasons.items() if field.data}

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one reason at least."""
        valid = super().validate(extra_validators)
        if not self.reasons:
            self.reason_overall.errors = [lazy_gettext("Say what does not agree, and what to do")]
        return bool(valid and self.reasons)


class WhoseLetterForm(VersionedForm):
    """Whose letter it is, and about which recommendations."""

    participant = Choice(lazy_gettext("Whose letter is it?"))
    cohort = Choice()
    no_participant = lazy_gettext("Choose the participant whose letter it is")
    no_cohort: LazyString

    def offer(self, participants: list[tuple[Participant, Shown]], cohorts: list[tuple[Cohort, Shown]]) -> None:
        """Offer everybody on the roll, and every cohort."""
        self.participant.choices = [SelectChoice("", lazy_gettext("Choose a participant")), *_named(participants)]
        self.cohort.choices = [SelectChoice("", lazy_gettext("Choose a cohort")), *_named(cohorts)]

    def validate_participant(self, field: Any) -> None:
        """Ask for one."""
        if not field.data:
            raise ValidationError(self.no_participant)

    def validate_cohort(self, field: Any) -> None:
        """Ask for one."""
        if not field.data:
            raise ValidationError(self.no_cohort)


class LetterForm(WhoseLetterForm):
    """Whose letter came on paper, about which recommendations, and what it does."""

    cohort = Choice(lazy_gettext("Which recommendations is it about?"))
    no_cohort = lazy_gettext("Choose the cohort whose recommendations it is about")
    what = RadioField(
        lazy_gettext("What does the letter do?"),
        choices=[
            SelectChoice("endorses", lazy_gettext("It endorses them, or changes an endorsement")),
            SelectChoice("withdraws", lazy_gettext("It gives notice that an endorsement is withdrawn")),
        ],
        validators=[InputRequired(lazy_gettext("Choose what the letter does"))],
        default="endorses",
    )

    @property
    def withdraws(self) -> bool:
        """Whether it is a notice of withdrawal."""
        return bool(self.what.data == "withdraws")


class WhoseForm(WhoseLetterForm):
    """Whose endorsement was recorded wrongly. It changes nothing, and so needs no token."""

    class Meta:
        """Read from the address."""

        csrf = False

    participant = Choice(lazy_gettext("Whose endorsement or withdrawal was recorded wrongly?"))
    cohort = Choice(lazy_gettext("Of which recommendations?"))
    no_participant = lazy_gettext("Choose the participant whose record is wrong")
    no_cohort = lazy_gettext("Choose the cohort whose recommendations it is about")


class CorrectionForm(VersionedForm):
    """Why an act is annulled; it is published."""

    reason = TextAreaField(
        lazy_gettext("What was recorded wrongly, and why?"),
        filters=[cleaned],
        validators=[DataRequired(lazy_gettext("Say what was recorded wrongly, and why")), _NOT_LONGER],
    )
    written_in = ChoiceOfLanguage(lazy_gettext("Language of the reason"))

    def validate_written_in(self, field: Any) -> None:
        """Ask for the language of what was written."""
        if not field.data:
            raise ValidationError(lazy_gettext("Choose the language of the reason"))

    def given_reason(self) -> Text:
        """Return the reason, in its language."""
        return Text.of(self.reason.data, self.written_in.data)


class UpholdForm(CorrectionForm):
    """Why a disputed endorsement stands; it is published."""

    reason = TextAreaField(
        lazy_gettext("Why does the endorsement stand?"),
        filters=[cleaned],
        validators=[DataRequired(lazy_gettext("Say why the endorsement stands")), _NOT_LONGER],
    )
    written_in = ChoiceOfLanguage(lazy_gettext("Language of the answer"))


def _named(things: Iterable[tuple[Participant | Cohort, Shown]]) -> list[SelectChoice]:
    return [SelectChoice(thing.slug, name.text) for thing, name in things]


class ContactForm(ShownForm):
    """The address that is published for a participant."""

    address = EmailField(
        lazy_gettext("Contact address"),
        filters=[one_line],
        validators=[Optional(), Length(max=200), Email(message=lazy_gettext("Enter one e-mail address, or none"))],
    )


class SettleReportForm(VersionedForm):
    """The answer to a report, or its end without one, and what colleagues should know."""

    decision = RadioField(
        lazy_gettext("What do you decide?"),
        choices=[
            SelectChoice(ReportStatus.ANSWERED.value, lazy_gettext("Answer, and close it")),
            SelectChoice(ReportStatus.CLOSED.value, lazy_gettext("Close it without an answer")),
        ],
        validators=[InputRequired(lazy_gettext("Choose whether to answer it"))],
    )
    answer = TextAreaField(lazy_gettext("Answer"), filters=[cleaned], validators=[_NOT_LONGER])
    note = TextAreaField(lazy_gettext("Note for colleagues (optional)"), filters=[cleaned], validators=[_NOT_LONGER])

    @property
    def answers(self) -> bool:
        """Whether the reader gets an answer."""
        return bool(self.decision.data == ReportStatus.ANSWERED)

    def validate_answer(self, field: Any) -> None:
        """Ask for the answer, where one is to be sent."""
        if self.answers and not field.data:
            raise ValidationError(lazy_gettext("Write the answer"))


class ErasureForm(ShownForm):
    """Whether a person is forgotten who asked for it, and if not, why."""

    decision = RadioField(
        lazy_gettext("What do you decide?"),
        choices=[
            SelectChoice("forget", lazy_gettext("Forget the person, for good")),
            SelectChoice("refuse", lazy_gettext("Refuse")),
        ],
        validators=[InputRequired(lazy_gettext("Choose whether to forget the person"))],
    )
    reason = TextAreaField(lazy_gettext("Why do you refuse?"), filters=[cleaned], validators=[_NOT_LONGER])

    @property
    def refuses(self) -> bool:
        """Whether the wish is refused."""
        return bool(self.decision.data == "refuse")

    def validate_reason(self, field: Any) -> None:
        """Ask for the reason of a refusal."""
        if self.refuses and not field.data:
            raise ValidationError(lazy_gettext("Say why"))


class ReturnForm(VersionedForm):
    """The return of a proposal, with its reason."""

    reason = TextAreaField(
        lazy_gettext("Why do you return it?"),
        filters=[cleaned],
        validators=[DataRequired(lazy_gettext("Say why")), _NOT_LONGER],
    )


class QueueForm(FlaskForm):
    """Which part of the queue is shown. It changes nothing, and so needs no token."""

    class Meta:
        """Read from the address."""

        csrf = False

    state = Choice(
        lazy_gettext("Status"),
        choices=[
            SelectChoice("", lazy_gettext("Waiting for a decision")),
            SelectChoice("returned", lazy_gettext("Returned, or could not appear")),
            SelectChoice("scheduled", lazy_gettext("Approved, appears later")),
        ],
    )
    matter = Choice(
        lazy_gettext("Matter"),
        choices=[SelectChoice("", lazy_gettext("Any")), *(SelectChoice(each.value, each.label) for each in Matter)],
    )
    kind = Choice(
        lazy_gettext("Participant"),
        choices=[SelectChoice("", lazy_gettext("Any")), *(SelectChoice(each.value, each.plural) for each in Kind)],
    )
    cohort = Choice(lazy_gettext("Cohort"))

    @classmethod
    def of(cls, cohorts: list[Cohort]) -> QueueForm:
        """Return the form as the address fills it, for the cohorts that there are."""
        form = cls(request.args)
        names = [SelectChoice(each.slug, shown(each.title, current_language()).text) for each in cohorts]
        form.cohort.choices = [SelectChoice("", lazy_gettext("Any")), *names]
        return form
