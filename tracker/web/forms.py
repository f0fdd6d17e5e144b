"""What the forms of all doors share: a date in three parts, the version that was seen, what was written."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from flask import request
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField
from wtforms.validators import Length, ValidationError

from tracker import clock
from tracker.texts import cleaned

#: The name of the button that sends a form to be shown in another language.
SHOW = "show"

#: The longest text that a form takes, in characters.
LONGEST_TEXT = 10_000
NOT_LONGER = Length(max=LONGEST_TEXT, message=lazy_gettext("Shorten the text to %(max)d characters or fewer"))


class ShownForm(FlaskForm):
    """A form that can be shown in another language, with what was typed."""

    def unsaved(self) -> HTTPStatus | None:
        """Return the status with which the form comes back as it was typed; ``None`` where it may be saved.

        A form that is sent from the link to another language is only shown in it.
        """
        if SHOW in request.form:
            return HTTPStatus.OK
        return None if self.validate() else HTTPStatus.UNPROCESSABLE_ENTITY


class VersionedForm(ShownForm):
    """A form that knows which version of the endorsement the person saw."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that the person saw; of no endorsement where the field was tampered with."""
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() and len(text) < 10 else -1  # noqa: PLR2004


class AsAtForm(FlaskForm):
    """The day for which a page is shown, as its address names it: ``?as-at=2023-03-27``. It changes nothing."""

    class Meta:
        """Nothing is sent that somebody else could have sent in the person's name."""

        csrf = False

    as_at = StringField(lazy_gettext("As at"), name="as-at", filters=[cleaned])

    @property
    def day(self) -> date:
        """The day that is asked for; today where none is. Only of a form that is valid."""
        return clock.read_day(str(self.as_at.data)) or clock.today()

    def validate_as_at(self, field: Field) -> None:
        """Refuse what is no day, and a day of which the register can say nothing."""
        asked = clock.read_day(field.data) if field.data else clock.today()
        if asked is None or asked.year < clock.EARLIEST_YEAR:
            raise ValidationError(
                gettext("“%(typed)s” is no day that can be shown. Enter one such as 2023-03-27", typed=field.data[:20])
            )
        if asked > clock.today():
            raise ValidationError(gettext("This day is in the future. Enter today or a day in the past"))


def written() -> list[str]:
    """Return the texts that the person wrote in the form that was sent, so that none is lost where none is kept."""
    names = ("statement", "reason", "reservation-", "note", "message", "text-", "title", "publisher", "summit", "url")
    texts = (cleaned(text) for name, text in request.form.items() if name.startswith(names))
    return [text for text in texts if text]


class DateField(Field):
    """A day asked for in three parts: a person types what stands on the paper, in any year, without a calendar.

    The parts stay as they were typed when the form comes back. ``data`` is a ``date`` or ``None``.
    """

    PARTS = ("day", "month", "year")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typed = dict.fromkeys(self.PARTS, "")
        self.wrong_parts: tuple[str, ...] = ()

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take the parts from the form, or from a date."""
        self.process_errors: list[Any] = []
        self.data = data or self.default
        self.object_data = self.data
        if formdata is not None and any(f"{self.name}-{part}" in formdata for part in self.PARTS):
            self.typed = {part: cleaned(formdata.get(f"{self.name}-{part}"))[:20] for part in self.PARTS}
            self.data = None
            self._read()
        elif self.data:
            self.typed = {part: str(getattr(self.data, part)) for part in self.PARTS}

    def pre_validate(self, form: Any) -> None:
        """Fail where the parts were not understood."""
        if self.wrong_parts:
            raise ValidationError(self.process_errors.pop() if self.process_errors else "")

    def _read(self) -> None:
        missing = tuple(part for part in self.PARTS if not self.typed[part])
        if missing:
            self.wrong_parts = missing
            self.process_errors = [
                lazy_gettext("Enter the date") if len(missing) == len(self.PARTS) else _MISSING[missing[0]]
            ]
            return
        try:
            numbers = [_digits(self.typed[part]) for part in reversed(self.PARTS)]
            found = date(*numbers)
        except ValueError:
            self.wrong_parts = self.PARTS
            self.process_errors = [lazy_gettext("Enter a real date, such as 27 3 2023")]
            return
        if found.year < clock.EARLIEST_YEAR:
            self.wrong_parts = ("year",)
            self.process_errors = [lazy_gettext("Enter the year with four digits, such as 2023")]
            return
        self.data = found


_MISSING = {
    "day": lazy_gettext("Enter the day too"),
    "month": lazy_gettext("Enter the month too"),
    "year": lazy_gettext("Enter the year too"),
}


def _digits(text: str) -> int:
    if not text.isdecimal() or len(text) > 4:  # noqa: PLR2004
        raise ValueError
    return int(text)
