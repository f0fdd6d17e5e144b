"""What forms share that take a signed letter: it is examined even where the form comes back for another reason."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import request
from flask_babel import lazy_gettext
from wtforms.validators import ValidationError

from tracker import clock
from tracker.errors import Unfit
from tracker.evidence.examining import Examined, examine
from tracker.web.forms import VersionedForm
from tracker.web.language_forms import REMOVE


class TakesLetter(VersionedForm):
    """A form with a field ``letter``, declared where it stands in the form's order."""

    letter: Any

    examined: Examined | None = None

    def ask_for_the_letter_again(self) -> None:
        """Say at its field that a letter which came with the form was not kept."""
        if self.letter.data and not self.letter.errors:
            self.letter.errors = [lazy_gettext("Choose the letter again: it was not kept")]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the answers, the letter among them."""
        return bool(super().validate({**(extra_validators or {}), "letter": [self.examine]}))

    def examine(self, _form: Any, field: Any) -> None:
        """Look at the letter, if one came."""
        if field.data:
            try:
                self.examined = examine(field.data.stream, field.data.filename)
            except Unfit as error:
                raise ValidationError(error.sentence) from None


class WithLetter(TakesLetter):
    """A form with a letter, and when that was signed, of which a good letter is kept whatever the other answers are.

    Where it came on paper, there is a field for the day of its receipt too.
    """

    signed_on: Any

    @property
    def removes(self) -> bool:
        """Whether the letter that is there is to be taken away."""
        return REMOVE in request.form

    def unsaved(self) -> HTTPStatus | None:
        """Look at a letter even where the form comes back for another reason: it cannot be filled in again for them."""
        if self.removes:
            return HTTPStatus.OK
        status = super().unsaved()
        if status is HTTPStatus.OK and not self.letter.validate(self, (self.examine,)):
            return HTTPStatus.UNPROCESSABLE_ENTITY
        return status

    def validate_signed_on(self, field: Any) -> None:
        """Ask for a day, not one that is to come."""
        if field.data is None:
            raise ValidationError(lazy_gettext("Enter the date"))
        if field.data > clock.today():
            raise ValidationError(lazy_gettext("The date of signature cannot be in the future"))

    def validate_received_on(self, field: Any) -> None:
        """Ask for a day, not one that is to come, nor one before the letter was signed."""
        if field.data is None:
            raise ValidationError(lazy_gettext("Enter the date"))
        if field.data > clock.today():
            raise ValidationError(lazy_gettext("The day of receipt cannot be in the future"))
        if self.signed_on.data and field.data < self.signed_on.data:
            raise ValidationError(lazy_gettext("It cannot have been received before it was signed"))
