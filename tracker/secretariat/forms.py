"""The forms of the secretariat."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from tracker.forms import VersionedForm
from tracker.texts import cleaned

LONGEST_REASON = 2_000


class ConfirmForm(VersionedForm):
    """The confirmation of a submission."""


class ReturnForm(VersionedForm):
    """The return of a submission, with its reason."""

    reason = TextAreaField(
        lazy_gettext("Why do you return it?"),
        filters=[cleaned],
        validators=[
            DataRequired(lazy_gettext("Say what the representatives should change")),
            Length(max=LONGEST_REASON, message=lazy_gettext("Shorten the reason to %(max)d characters or fewer")),
        ],
    )
