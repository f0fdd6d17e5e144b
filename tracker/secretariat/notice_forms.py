"""The forms with which a notice of withdrawal is recorded that came on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from tracker import clock
from tracker.models import Endorsement, PreparedNotice, Text
from tracker.texts import cleaned
from tracker.web.forms import NOT_LONGER, DateField, VersionedForm
from tracker.web.language_forms import ChoiceOfLanguage
from tracker.web.letter_forms import WithLetter
from tracker.withdrawing import LONGEST_NOTICE, Notice

_LINE = Length(max=400, message=lazy_gettext("Shorten this to %(max)d characters or fewer"))


class PaperNoticeForm(WithLetter):
    """When a notice was signed and received, how it came, and the letter itself."""

    signed_on = DateField(lazy_gettext("When was the notice of withdrawal signed?"))
    received_on = DateField(lazy_gettext("When was it received?"))
    provenance = StringField(lazy_gettext("How did it come? (optional)"), filters=[cleaned], validators=[_LINE])
    letter = FileField(lazy_gettext("Signed letter or note verbale (optional)"))

    @property
    def answers(self) -> dict[str, Any]:
        """The answers but the letter, as ``notices.sign`` takes them."""
        return {
            "signed_on": self.signed_on.data,
            "received_on": self.received_on.data,
            "provenance": self.provenance.data,
        }

    @classmethod
    def of(cls, endorsement: Endorsement, said: PreparedNotice | Notice | None) -> PaperNoticeForm:
        """Return the form with the answers so far."""
        received_on = said.received_on if isinstance(said, PreparedNotice) else said.notice_on if said else None
        return cls(
            version=endorsement.version,
            signed_on=said.signed_on if said else None,
            received_on=received_on,
            provenance=said.provenance if said else "",
        )


class EffectForm(VersionedForm):
    """From when a withdrawal takes effect, and why."""

    effective_on = DateField(lazy_gettext("From which day does the withdrawal take effect?"))
    reason = TextAreaField(lazy_gettext("Reason (optional)"), filters=[cleaned], validators=[NOT_LONGER])
    written_in = ChoiceOfLanguage(lazy_gettext("Language of the reason"))

    received_on: date | None = None

    def after(self, received_on: date | None) -> EffectForm:
        """Take no day before that on which the notice was received."""
        self.received_on = received_on
        return self

    @property
    def answers(self) -> dict[str, Any]:
        """The answers, as ``notices.declare`` takes them."""
        reason = Text.of(self.reason.data, self.written_in.data) if self.reason.data else None
        return {"effective_on": self.effective_on.data, "reason": reason}

    def validate_effective_on(self, field: Any) -> None:
        """Ask for the day of receipt or a later one."""
        received_on = self.received_on or clock.today()
        if field.data is None:
            raise ValidationError(lazy_gettext("Enter the date"))
        if self.received_on and field.data < received_on:
            raise ValidationError(lazy_gettext("A withdrawal cannot take effect before its notice was received"))
        if field.data > received_on + LONGEST_NOTICE:
            raise ValidationError(lazy_gettext("Choose a day within two years from the receipt of the notice"))

    def validate_written_in(self, field: Any) -> None:
        """Ask for the language of what was written."""
        if self.reason.data and not field.data:
            raise ValidationError(lazy_gettext("Choose the language of the reason"))

    @classmethod
    def of(cls, endorsement: Endorsement, said: PreparedNotice | Notice | None) -> EffectForm:
        """Return the form with the answers so far; the day of receipt is offered as that of effect."""
        received_on = said.received_on if isinstance(said, PreparedNotice) else None
        reason = said.reason if said else None
        return cls(
            version=endorsement.version,
            effective_on=(said.effective_on if said else None) or received_on,
            reason=str(reason or ""),
            written_in=reason.authentic if reason else "",
        )
