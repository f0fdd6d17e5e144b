"""The forms of the account."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice
from wtforms.validators import ValidationError

from tracker.i18n import LOCALES


class LanguageForm(FlaskForm):
    """The language in which a person is written to, each named in itself."""

    mails_in = RadioField(
        lazy_gettext("In which language do you want your mails?"),
        choices=[SelectChoice(tag, locale.language_name.capitalize()) for tag, locale in LOCALES.items()],
        validate_choice=False,  # below, with words of our own
    )

    def validate_mails_in(self, field: Any) -> None:
        """Ask for one of the languages that there are."""
        if field.data not in LOCALES:
            raise ValidationError(lazy_gettext("Choose one of the languages"))
