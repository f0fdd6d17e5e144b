"""The forms of bulk loads: the tables that are uploaded, and which of their rows are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import SelectChoice
from wtforms.validators import ValidationError

from tracker.models import LARGEST_FILE
from tracker.secretariat.forms import Choice
from tracker.texts import one_line
from tracker.vocabulary import Outcome
from tracker.web.forms import ShownForm

#: How many files are taken at once.
MOST_FILES = 10


class TablesForm(ShownForm):
    """The tables that are uploaded together."""

    tables = MultipleFileField(lazy_gettext("Tables"))

    def validate_tables(self, field: Any) -> None:
        """Ask for one, and for no more than are read."""
        files = [each for each in field.data or () if each]
        if not files:
            raise ValidationError(lazy_gettext("Choose the file or files to upload"))
        if len(files) > MOST_FILES:
            raise ValidationError(lazy_gettext("Upload %(most)d files or fewer at once", most=MOST_FILES))
        self.uploaded = [(one_line(each.filename) or "file", each.read()) for each in files]
        if sum(len(content) for _, content in self.uploaded) > LARGEST_FILE:
            raise ValidationError(
                lazy_gettext("The files are larger than 10 MB together. Split them into several loads")
            )

    uploaded: list[tuple[str, bytes]]


class RowsForm(FlaskForm):
    """Which rows of a preview are shown. It changes nothing, and so needs no token."""

    class Meta:
        """Read from the address."""

        csrf = False

    outcome = Choice(
        lazy_gettext("Outcome"),
        choices=[SelectChoice("", lazy_gettext("Any")), *(SelectChoice(each.value, each.label) for each in Outcome)],
    )
    table = Choice(lazy_gettext("Table"))

    @classmethod
    def of(cls, args: Any, tables: Iterable[str]) -> RowsForm:
        """Return the form as the address fills it, for the tables that there are."""
        form = cls(args)
        form.table.choices = [SelectChoice("", lazy_gettext("Any")), *(SelectChoice(each, each) for each in tables)]
        number = args.get("page", "1")
        form.page = int(number) if number.isdecimal() and len(number) < 6 else 1  # noqa: PLR2004
        form.understood = form.validate()
        return form

    page: int = 1
    understood: bool = True

    @property
    def chosen(self) -> dict[str, Any]:
        """Return what is chosen; nothing of what was not understood."""
        if not self.understood:
            return {"number": 1}
        outcome = next((each for each in Outcome if each == self.outcome.data), None)
        return {"outcome": outcome, "table": self.table.data or None, "number": self.page}
