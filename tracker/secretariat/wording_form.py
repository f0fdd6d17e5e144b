"""The form in which a change of a published text is proposed: the whole text, in every language that it has."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar, Self

from flask import request
from flask_babel import lazy_gettext
from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from tracker import clock
from tracker.models import Heading, Recommendation, Source, Text
from tracker.texts import cleaned
from tracker.vocabulary import RevisionKind, TextStatus
from tracker.web.forms import LONGEST_TEXT, NOT_LONGER, DateField
from tracker.web.language_forms import ADD, REMOVE, Asked, ChoiceOfLanguage, InLanguagesForm
from tracker.wordings import rewording
from tracker.wordings.rewording import Change

#: The names of the buttons on the page on which the answers are checked: to propose them, or to change them.
SURE, BACK = "sure", "back"

_LINE = Length(max=400, message=lazy_gettext("Shorten this to %(max)d characters or fewer"))


class WordingForm(InLanguagesForm):
    """A change of a text."""

    TEXTS: ClassVar = {
        "text": Asked(lazy_gettext("Text"), longest=LONGEST_TEXT, rows=6, missing=lazy_gettext("Write the text"))
    }
    BEFORE = ""
    LANGUAGE = lazy_gettext("Language of the text")
    CHOOSE = lazy_gettext("Choose the language of the text")

    text_status = RadioField(
        lazy_gettext("What is this text?"),
        choices=[SelectChoice(each.value, each.label) for each in TextStatus],
        validate_choice=False,
    )
    effective_on = DateField(lazy_gettext("From which day does it stand?"))
    reason = TextAreaField(lazy_gettext("Reason"), filters=[cleaned], validators=[NOT_LONGER])
    reason_in = ChoiceOfLanguage(lazy_gettext("Language of the reason"))
    source = SelectField(lazy_gettext("Source"), validate_choice=False)
    provenance = StringField(lazy_gettext("Another source"), filters=[cleaned], validators=[_LINE])

    subject: Recommendation | Heading
    kind: RevisionKind

    @property
    def sure(self) -> bool:
        """Whether the answers were checked and are to be proposed."""
        return SURE in request.form

    @property
    def titles_only(self) -> bool:
        """Whether the text is a heading's title, which is no summary of anything."""
        return isinstance(self.subject, Heading)

    def unsaved(self) -> HTTPStatus | None:
        """Let the form come back from the page on which it is checked."""
        return HTTPStatus.OK if BACK in request.form else super().unsaved()

    def validate_text_status(self, field: Any) -> None:
        """Ask for it, but of a title."""
        if not self.titles_only and field.data not in set(TextStatus):
            raise ValidationError(lazy_gettext("Choose what this text is"))

    def validate_effective_on(self, field: Any) -> None:
        """Ask for a day on which such a change may take effect."""
        if field.data is None:
            raise ValidationError(lazy_gettext("Enter the date"))
        first, last = rewording.days_for(self.subject, self.kind)
        if first and field.data < first:
            raise ValidationError(lazy_gettext("It cannot stand before the text that it follows"))
        if field.data > last:
            amends = self.kind is RevisionKind.AMENDMENT
            raise ValidationError(
                lazy_gettext("Choose a day within two years from today")
                if amends
                else lazy_gettext("A corrigendum takes effect today or on an earlier day")
            )

    def validate_reason(self, field: Any) -> None:
        """Ask for it: it is published."""
        if not field.data:
            raise ValidationError(lazy_gettext("Say why the text changes"))

    def validate_reason_in(self, field: Any) -> None:
        """Ask for the language of what was written."""
        if self.reason.data and not field.data:
            raise ValidationError(lazy_gettext("Choose the language of the reason"))

    def validate_source(self, field: Any) -> None:
        """Ask for one source: one of the cohort's, or another one."""
        if bool(field.data) == bool(self.provenance.data):
            raise ValidationError(lazy_gettext("Choose one of the cohort’s sources, or name another one"))
        if field.data and field.data not in {choice.value for choice in self.source.choices or ()}:
            raise ValidationError(lazy_gettext("Choose from the list"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the answers, and that the text differs from the one that is published."""
        valid = super().validate(extra_validators)
        if valid and (self.text("text"), self._status()) == rewording.as_it_is(self.subject):
            self["text-0"].errors = [
                lazy_gettext("This says the same as the text that is published, so there is nothing to propose")
            ]
            return False
        return valid

    def change(self) -> Change:
        """Return what is proposed. Only of a form that is valid."""
        text = self.text("text")
        if text is None:
            raise ValueError("a form without a text is not valid")
        return Change(
            text=text,
            text_status=self._status(),
            effective_on=self.effective_on.data,
            reason=Text.of(self.reason.data, self.reason_in.data),
            source=self.source.data or None,
            provenance=self.provenance.data or None,
        )

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The answers as fields of a form, to be sent again from the page on which they are checked."""
        names = {field.name for field in self} - {"csrf_token", "version"}
        parts = {f"{self.effective_on.name}-{part}" for part in DateField.PARTS}
        return [(name, text) for name, text in request.form.items(multi=True) if name in names | parts]

    @classmethod
    def of(cls, subject: Recommendation | Heading, kind: RevisionKind, *, seen: int) -> Self:
        """Return the form with the text as it is published; with a proposal that was not approved, if there is one."""
        before, status = rewording.as_it_is(subject)
        left = rewording.unfinished(subject, kind)
        change = Change.of(left) if left and left.content["follows"] == seen else None
        text = change.text if change else before
        first, _ = rewording.days_for(subject, kind)
        answers: dict[str, Any] = {
            "text_status": (change.text_status if change else status) or "",
            "effective_on": change.effective_on if change else max(clock.today(), first or clock.today()),
            "reason": str(change.reason) if change else "",
            "reason_in": change.reason.authentic if change else "",
            "source": (change.source or "") if change else "",
            "provenance": (change.provenance or "") if change else "",
            "version": seen,
        }
        form = cls.showing({"text": text}, "", also=_languages(subject), data=answers)
        return form.about(subject, kind)

    @classmethod
    def sent_for(cls, subject: Recommendation | Heading, kind: RevisionKind) -> Self:
        """Return the form as it was sent."""
        return cls.sent(also=_languages(subject)).about(subject, kind)

    def again(self) -> Self:
        """Return the form as it comes back: changed, where a language was added or removed."""
        if ADD not in request.form and REMOVE not in request.form:
            return self
        form = super().again().about(self.subject, self.kind)
        form.effective_on.typed = self.effective_on.typed  # also what is no day yet
        return form

    def about(self, subject: Recommendation | Heading, kind: RevisionKind) -> Self:
        """Say what the form is about, and offer the sources of its cohort."""
        self.subject, self.kind = subject, kind
        self.source.choices = [
            SelectChoice("", lazy_gettext("None of these")),
            *(SelectChoice(each.key, _cited(each)) for each in subject.cohort.sources),
        ]
        return self

    def _status(self) -> TextStatus | None:
        return None if self.titles_only else TextStatus[str(self.text_status.data).upper()]


def _languages(subject: Recommendation | Heading) -> set[str]:
    """Return the languages in which a text is published, beside those in which people write to the register."""
    published, _ = rewording.as_it_is(subject)
    return set(published.texts)


def _cited(source: Source) -> str:
    return f"{source.title}, {source.publisher}"
