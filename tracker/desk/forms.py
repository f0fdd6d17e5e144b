"""The forms of the desk."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from typing import Any

from flask import request
from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectChoice, SelectMultipleField, StringField, TextAreaField, widgets
from wtforms.validators import InputRequired, Length, ValidationError

from tracker import clock
from tracker.models import Endorsement, Position, PreparedNotice, Recommendation, Revision, Text
from tracker.texts import cleaned, comparable
from tracker.vocabulary import Scope
from tracker.web.forms import NOT_LONGER, DateField, VersionedForm
from tracker.web.language_forms import ChoiceOfLanguage
from tracker.web.letter_forms import WithLetter
from tracker.withdrawing import LONGEST_NOTICE, Notice
from tracker.wordings.endorsed_wordings import Behind

_NOT_SO_LONG = lazy_gettext("Shorten this to %(max)d characters or fewer")
_SHORT = Length(max=200, message=_NOT_SO_LONG)
_LINE = Length(max=400, message=_NOT_SO_LONG)

#: The name of a button with which a form comes back with a heading chosen.
HEADING = "heading"
#: The name of the button with which answers are kept before a notice is given.
SAVE = "save"


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

    wordings = HiddenField()

    def offer(self, recommendations: list[Recommendation]) -> None:
        """Offer the recommendations of a cohort."""
        self.every = recommendations
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

    @property
    def changed_meanwhile(self) -> list[tuple[Recommendation, Revision]]:
        """The chosen recommendations of which another wording stands now than was shown, with the one that was."""
        seen = self._seen()
        chosen = None if self.scope.data == Scope.ALL else set(self.numbers.data or ())
        shown = [(each, _by_number(each, seen.get(each.number))) for each in self.every]
        return [
            (each, revision)
            for each, revision in shown
            if revision != each.revision and (chosen is None or each.number in chosen)
        ]

    @property
    def added_meanwhile(self) -> list[Recommendation]:
        """The recommendations that were added to the set since it was shown, where all of it is chosen."""
        seen = self._seen()
        return [each for each in self.every if seen and each.number not in seen and self.scope.data == Scope.ALL]

    def _seen(self) -> dict[str, str]:
        """Return which wording of each recommendation was shown, by their numbers."""
        return dict(pair.split("=") for pair in str(self.wordings.data or "").split() if pair.count("=") == 1)

    def remember_wordings(self) -> None:
        """Keep with the form which wordings are shown."""
        self.wordings.data = " ".join(f"{each.number}={each.revision.number}" for each in self.every)

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


def _by_number(recommendation: Recommendation, number: str | None) -> Revision:
    """Return a revision by its number; where a form does not say it, the first one."""
    found = (each for each in recommendation.revisions if str(each.number) == number)
    return next(found, recommendation.revisions[0])


class WordingsForm(VersionedForm):
    """Which new wordings are endorsed, of recommendations whose wording changed; the others stay as they are."""

    numbers = SelectMultipleField(
        lazy_gettext("Which new wordings are endorsed?"),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
        validate_choice=False,  # below, with words of our own
    )
    wordings = HiddenField()

    @property
    def has_other_wordings(self) -> bool:
        """Whether another wording stands now than the one that the person saw."""
        return bool(self.wordings.data != self.stand)

    def validate_numbers(self, field: Any) -> None:
        """Ask for at least one, and for every one that cannot stay as it is."""
        chosen = set(field.data or ())
        if chosen - {choice.value for choice in field.choices}:
            raise ValidationError(lazy_gettext("Choose from the recommendations whose wording changed"))
        if not chosen:
            raise ValidationError(lazy_gettext("Choose at least one recommendation"))

    @classmethod
    def of(cls, draft: Endorsement | None, found: list[Behind]) -> WordingsForm:
        """Return the form with every new wording chosen."""
        every = [each.position.recommendation.number for each in found]
        form = cls(formdata=None, version=str(draft.version if draft else 0), numbers=every, wordings=_stand(found))
        return form._offer(found)

    @classmethod
    def sent_for(cls, found: list[Behind]) -> WordingsForm:
        """Return the form as it was sent."""
        return cls()._offer(found)

    def _offer(self, found: list[Behind]) -> WordingsForm:
        self.stand = _stand(found)
        self.numbers.choices = [SelectChoice(each.position.recommendation.number) for each in found]
        return self


def _stand(found: list[Behind]) -> str:
    """Return which wordings stand, as a form remembers them."""
    return " ".join(f"{each.position.recommendation.number}={each.stands.number}" for each in found)


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
        form.written_in.offer(languages_of(draft))
        return form


class SignatureForm(WithLetter):
    """When the instrument was signed, by whom, and the letter itself."""

    signed_on = DateField(lazy_gettext("When was it signed?"))
    signatory_name = StringField(
        lazy_gettext("Name of the signatory (optional)"), filters=[cleaned], validators=[_SHORT]
    )
    signatory_office = StringField(
        lazy_gettext("Office of the signatory (optional)"), filters=[cleaned], validators=[_SHORT]
    )
    letter = FileField(lazy_gettext("Signed letter or note verbale (optional)"))

    @property
    def answers(self) -> dict[str, Any]:
        """The answers but the letter, as ``drafting.sign`` takes them."""
        return {
            "signed_on": self.signed_on.data,
            "name": self.signatory_name.data,
            "office": self.signatory_office.data,
        }

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


class WithdrawForm(WithLetter):
    """The notice of withdrawal, confirmed by typing the participant's name."""

    effective_on = DateField(lazy_gettext("From which day does the withdrawal take effect?"))
    reason = TextAreaField(lazy_gettext("Reason (optional)"), filters=[cleaned], validators=[NOT_LONGER])
    written_in = ChoiceOfLanguage(lazy_gettext("Language of the reason"))
    signed_on = DateField(lazy_gettext("When was the notice of withdrawal signed?"))
    letter = FileField(lazy_gettext("Signed letter or note verbale (optional)"))
    name = StringField(lazy_gettext("To confirm, type the name of the participant"), filters=[cleaned])

    def expect(self, names: Collection[str]) -> WithdrawForm:
        """Take any of these for the participant's name."""
        self.names = {comparable(name) for name in names}
        return self

    @property
    def saves(self) -> bool:
        """Whether the answers are to be kept, and no notice is given yet."""
        return SAVE in request.form

    def unsaved(self) -> HTTPStatus | None:
        """Let answers be missing that are only kept: there is no harm in that."""
        status = super().unsaved()
        if not self.saves or status is not HTTPStatus.UNPROCESSABLE_ENTITY:
            return HTTPStatus.OK if self.saves else status
        self.name.errors = []
        for field in (self.signed_on, self.effective_on):
            if not any(field.typed.values()):
                field.errors = []
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.errors else HTTPStatus.OK

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
    def of(cls, endorsement: Endorsement, notice: PreparedNotice | Notice | None) -> WithdrawForm:
        """Return the form for an endorsement, with the answers of a notice that was saved, or given before."""
        reason = notice.reason if notice else None
        today = clock.today()
        return cls(
            version=endorsement.version,
            signed_on=notice.signed_on if notice else None,
            effective_on=max(notice.effective_on, today) if notice and notice.effective_on else today,
            reason=str(reason or ""),
            written_in=reason.authentic if reason else "",
        )


def language_of(draft: Endorsement) -> str:
    """Return the language in which a participant has written so far."""
    return next((text.authentic for text in _written_by(draft)), "")


def languages_of(draft: Endorsement) -> set[str]:
    """Return all languages in which a participant has written so far."""
    return {tag for text in _written_by(draft) for tag in text.texts}


def _written_by(draft: Endorsement) -> list[Text]:
    texts = [draft.statement, *(position.reservation for position in draft.reservations)]
    return [text for text in texts if text]


def _name(position: Position) -> str:
    return f"reservation-{position.recommendation.number}"


def _text_field(position: Position) -> TextAreaField:
    label = lazy_gettext("Reservation to %(number)s", number=position.recommendation.number)
    return TextAreaField(label, filters=[cleaned], validators=[NOT_LONGER])
