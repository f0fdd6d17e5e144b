"""The forms of the desk."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from typing import Any

from flask import request
from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import RadioField, SelectChoice, SelectMultipleField, StringField, TextAreaField, widgets
from wtforms.validators import InputRequired, Length, ValidationError

from tracker import clock
from tracker.errors import Unfit
from tracker.examining import Examined, examine
from tracker.forms import NOT_LONGER, ChoiceOfLanguage, DateField, VersionedForm
from tracker.models import Endorsement, Position, Proposal, Recommendation, Text
from tracker.texts import cleaned, comparable
from tracker.vocabulary import Scope
from tracker.withdrawing import LONGEST_NOTICE, Notice

_NOT_SO_LONG = lazy_gettext("Shorten this to %(max)d characters or fewer")
_SHORT = Length(max=200, message=_NOT_SO_LONG)
_LINE = Length(max=400, message=_NOT_SO_LONG)

#: Names of buttons with which a form comes back changed: without what they remove, or with a heading chosen.
REMOVE = "remove"
HEADING = "heading"


class RecommendationsForm(VersionedForm):
    """Which recommendations are endorsed."""

    scope = RadioField(
        lazy_gettext("What does the endorsement cover?"),
        choices=[SelectChoice(each.value, each.label) for each in Scope],
        validators=[InputRequired(lazy_gettext("Choose what the endorsement covers"))],
    )
    numbers = SelectMultipleField(
        lazy_gettext("Which recommendations?"),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
        validate_choice=False,  # below, with words of our own
    )

    def offer(self, recommendations: list[Recommendation]) -> None:
        """Offer the recommendations of a cohort."""
        self.numbers.choices = [SelectChoice(each.number) for each in recommendations]
        self.under: dict[str, list[str]] = {}
        for each in recommendations:
            self.under.setdefault(str(each.heading.number), []).append(each.number)

    def unsaved(self) -> HTTPStatus | None:
        """Choose all of a heading, or none of it where all was chosen, if its button was pressed."""
        pressed = request.form.get(HEADING)
        if pressed is None:
            return super().unsaved()
        of_it, chosen = self.under.get(pressed, []), set(self.numbers.data or ())
        chosen = chosen - set(of_it) if self.has_all_of(pressed) else chosen | set(of_it)
        self.numbers.data = [choice.value for choice in self.numbers.choices if choice.value in chosen]
        self.scope.data = Scope.CHOSEN.value
        return HTTPStatus.OK

    def has_all_of(self, heading: str) -> bool:
        """Whether every recommendation of a heading is chosen."""
        return set(self.under.get(heading, ())) <= set(self.numbers.data or ())

    def validate_numbers(self, field: Any) -> None:
        """Ask for at least one where they are chosen one by one, and for none that the cohort does not have."""
        if set(field.data or ()) - {choice.value for choice in field.choices}:
            raise ValidationError(lazy_gettext("Choose from the recommendations of this cohort"))
        if self.scope.data == Scope.CHOSEN and not field.data:
            raise ValidationError(lazy_gettext("Choose at least one recommendation"))
        if self.scope.data == Scope.ALL and field.data and len(set(field.data)) < len(field.choices):
            raise ValidationError(lazy_gettext("You chose the whole set and only some recommendations: choose one"))

    @classmethod
    def of(cls, draft: Endorsement | None, present: Endorsement | None) -> RecommendationsForm:
        """Return the form with the answers that a draft has; before there is one, with those that are in force."""
        answers = draft or present
        if answers is None or answers.scope is None:
            return cls(version=draft.version if draft else 0)
        numbers = [position.recommendation.number for position in answers.positions]
        return cls(
            version=draft.version if draft else 0,
            scope=answers.scope.value,
            numbers=numbers if answers.scope is Scope.CHOSEN else [],
        )


class ReservationsForm(VersionedForm):
    """The reservations to the chosen recommendations, one text each; made anew for each endorsement."""

    written_in = ChoiceOfLanguage(lazy_gettext("Language of the reservations"))

    def validate_written_in(self, field: Any) -> None:
        """Ask for the language of what was written."""
        if self.reservations_written() and not field.data:
            raise ValidationError(lazy_gettext("Choose the language of the reservations"))

    @property
    def texts(self) -> list[Any]:
        """The fields of the reservations, in the order of the set."""
        return [field for field in self if field.name.startswith("reservation-")]

    @property
    def written_to_others(self) -> dict[str, str]:
        """What was written to recommendations that the endorsement does not cover any more, by number."""
        prefix, covered = "reservation-", {field.name for field in self.texts}
        written = {cleaned(name): cleaned(text) for name, text in request.form.items() if name.startswith(prefix)}
        return {name.removeprefix(prefix): text for name, text in written.items() if text and name not in covered}

    def reservations_written(self) -> dict[str, str]:
        """Return the reservations that were written, by number."""
        written = {field.name.removeprefix("reservation-"): cleaned(field.data) for field in self.texts}
        return {number: text for number, text in written.items() if text}

    def reservations(self) -> dict[str, Text]:
        """Return the reservations that were written, in their language."""
        return {number: Text.of(text, self.written_in.data) for number, text in self.reservations_written().items()}

    @classmethod
    def of(cls, draft: Endorsement) -> ReservationsForm:
        """Return the form for what a draft covers, with the reservations that it has."""
        positions = draft.ordered_positions
        made = type("ReservationsFormOfDraft", (cls,), {_name(each): _text_field(each) for each in positions})
        kept = {_name(each): str(each.reservation) for each in draft.reservations}
        kept["written_in"] = language_of(draft)
        # Who sends the form says which version they saw; no default of ours may say it for them.
        seen = None if request.method == "POST" else draft.version
        form: ReservationsForm = made(version=seen, **kept)
        return form


class SignatureForm(VersionedForm):
    """When the instrument was signed, by whom, and the letter itself."""

    signed_on = DateField(lazy_gettext("When was it signed?"))
    signatory_name = StringField(
        lazy_gettext("Name of the signatory (optional)"), filters=[cleaned], validators=[_SHORT]
    )
    signatory_office = StringField(
        lazy_gettext("Office of the signatory (optional)"), filters=[cleaned], validators=[_SHORT]
    )
    letter = FileField(lazy_gettext("Signed letter or note verbale (optional)"))

    examined: Examined | None = None

    @property
    def removes(self) -> bool:
        """Whether the letter that is there is to be taken away."""
        return REMOVE in request.form

    @property
    def answers(self) -> dict[str, Any]:
        """The answers but the letter, as ``drafting.sign`` takes them."""
        return {
            "signed_on": self.signed_on.data,
            "name": self.signatory_name.data,
            "office": self.signatory_office.data,
        }

    def unsaved(self) -> HTTPStatus | None:
        """Look at a letter even where the form comes back for another reason: it cannot be filled in again for them."""
        if self.removes:
            return HTTPStatus.OK
        status = super().unsaved()
        if status is HTTPStatus.OK and not self.letter.validate(self, (self._examine,)):
            return HTTPStatus.UNPROCESSABLE_ENTITY
        return status

    def ask_for_the_letter_again(self) -> None:
        """Say at its field that a letter which came with the form was not kept."""
        if self.examined:
            self.letter.errors = [lazy_gettext("Choose the letter again: it was not kept")]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the answers, the letter among them."""
        return bool(super().validate({**(extra_validators or {}), "letter": [self._examine]}))

    def validate_signed_on(self, field: Any) -> None:
        """Ask for a day, not one that is to come."""
        if field.data is None:
            raise ValidationError(lazy_gettext("Enter the date"))
        if field.data > clock.today():
            raise ValidationError(lazy_gettext("The date of signature cannot be in the future"))

    def _examine(self, _form: Any, field: Any) -> None:
        if field.data:
            try:
                self.examined = examine(field.data.stream, field.data.filename)
            except Unfit as error:
                raise ValidationError(error.sentence) from None

    @classmethod
    def of(cls, draft: Endorsement) -> SignatureForm:
        """Return the form with the answers that a draft has."""
        return cls(
            version=draft.version,
            signed_on=draft.signed_on,
            signatory_name=draft.signatory_name,
            signatory_office=draft.signatory_office,
            received_on=draft.received_on,
            provenance=draft.provenance,
        )


class PaperForm(SignatureForm):
    """The same of a letter that came on paper, and when and how it came."""

    received_on = DateField(lazy_gettext("When was it received?"))
    provenance = StringField(lazy_gettext("How did it come? (optional)"), filters=[cleaned], validators=[_LINE])

    @property
    def answers(self) -> dict[str, Any]:
        """The answers but the letter, as ``drafting.sign`` takes them."""
        return {**super().answers, "received_on": self.received_on.data, "provenance": self.provenance.data}

    def validate_received_on(self, field: Any) -> None:
        """Ask for a day, not one that is to come, nor one before the letter was signed."""
        if field.data is None:
            raise ValidationError(lazy_gettext("Enter the date"))
        if field.data > clock.today():
            raise ValidationError(lazy_gettext("The day of receipt cannot be in the future"))
        if self.signed_on.data and field.data < self.signed_on.data:
            raise ValidationError(lazy_gettext("It cannot have been received before it was signed"))


class StepForm(VersionedForm):
    """A step without questions: submit, take back."""


class DiscardForm(VersionedForm):
    """The discarding of a draft, confirmed by a deliberate choice."""

    sure = RadioField(
        lazy_gettext("Do you discard the draft?"),
        choices=[
            SelectChoice("yes", lazy_gettext("Yes, discard it")),
            SelectChoice("no", lazy_gettext("No, keep it")),
        ],
        validators=[InputRequired(lazy_gettext("Choose yes or no"))],
    )


class WithdrawForm(VersionedForm):
    """The notice of withdrawal, confirmed by typing the participant's name."""

    signed_on = DateField(lazy_gettext("When was the notice of withdrawal signed?"))
    effective_on = DateField(lazy_gettext("From which day does the withdrawal take effect?"))
    written_in = ChoiceOfLanguage(lazy_gettext("Language of the reason"))
    reason = TextAreaField(lazy_gettext("Reason (optional)"), filters=[cleaned], validators=[NOT_LONGER])
    name = StringField(lazy_gettext("To confirm, type the name of the participant"), filters=[cleaned])

    def expect(self, names: Collection[str]) -> WithdrawForm:
        """Take any of these for the participant's name."""
        self.names = {comparable(name) for name in names}
        return self

    def validate_signed_on(self, field: Any) -> None:
        """Ask for a day, not one that is to come."""
        if field.data is None:
            raise ValidationError(lazy_gettext("Enter the date"))
        if field.data > clock.today():
            raise ValidationError(lazy_gettext("The date of signature cannot be in the future"))

    def validate_effective_on(self, field: Any) -> None:
        """Ask for today or a later day: what was in force until now was in force."""
        if field.data is None:
            raise ValidationError(lazy_gettext("Enter the date"))
        if field.data < clock.today():
            raise ValidationError(lazy_gettext("A withdrawal takes effect today or on a later day"))
        if field.data > clock.today() + LONGEST_NOTICE:
            raise ValidationError(lazy_gettext("Choose a day within two years from today"))

    def validate_written_in(self, field: Any) -> None:
        """Ask for the language of what was written."""
        if self.reason.data and not field.data:
            raise ValidationError(lazy_gettext("Choose the language of the reason"))

    def validate_name(self, field: Any) -> None:
        """Ask for the name as it is shown, however it is spelt."""
        if comparable(field.data) not in self.names:
            raise ValidationError(lazy_gettext("Type the name of the participant as it is shown above"))

    def given_reason(self) -> Text | None:
        """Return the reason, if one was written."""
        return Text.of(self.reason.data, self.written_in.data) if self.reason.data else None

    @classmethod
    def of(cls, endorsement: Endorsement, returned: Proposal | None) -> WithdrawForm:
        """Return the form for an endorsement, with the answers of a notice that was returned."""
        notice = Notice.of(returned) if returned else None
        reason = notice.reason if notice else None
        return cls(
            version=endorsement.version,
            signed_on=notice.signed_on if notice else None,
            effective_on=max(notice.effective_on, clock.today()) if notice else clock.today(),
            reason=str(reason or ""),
            written_in=reason.authentic if reason else "",
        )


def language_of(draft: Endorsement) -> str:
    """Return the language in which a participant has written so far."""
    texts = [draft.statement, *(position.reservation for position in draft.reservations)]
    return next((text.authentic for text in texts if text), "")


def _name(position: Position) -> str:
    return f"reservation-{position.recommendation.number}"


def _text_field(position: Position) -> TextAreaField:
    label = lazy_gettext("Reservation to %(number)s", number=position.recommendation.number)
    return TextAreaField(label, filters=[cleaned], validators=[NOT_LONGER])
