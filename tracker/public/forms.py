"""The forms that anyone can send."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, Length, Optional

from tracker.texts import cleaned, one_line
from tracker.web.forms import NOT_LONGER, ShownForm

_SHORT = Length(max=200, message=lazy_gettext("Shorten this to %(max)d characters or fewer"))


class SearchForm(FlaskForm):
    """Whom a reader looks for. It changes nothing, and so needs no token."""

    class Meta:
        """Read from the address."""

        csrf = False

    name = StringField(lazy_gettext("Name, former name or acronym"), filters=[one_line])


class ReportForm(ShownForm):
    """What is wrong on a page, and who says so, if they like."""

    page = HiddenField()
    message = TextAreaField(
        lazy_gettext("What is wrong?"),
        filters=[cleaned],
        validators=[DataRequired(lazy_gettext("Say what is wrong")), NOT_LONGER],
    )
    name = StringField(lazy_gettext("Your name (optional)"), filters=[one_line], validators=[_SHORT])
    address = EmailField(
        lazy_gettext("Your e-mail address (optional)"),
        filters=[one_line],
        validators=[
            Optional(),
            _SHORT,
            Email(message=lazy_gettext("Enter one e-mail address, such as name@example.org, or none")),
        ],
    )
    #: People do not see it. Programs that fill in every field they find do.
    website = StringField(
        lazy_gettext("Leave this field empty"),
        filters=[one_line],
        validators=[Length(max=0, message=lazy_gettext("Leave the last field empty"))],
    )


class DisputeForm(ShownForm):
    """Why a participant did not sign an endorsement."""

    message = TextAreaField(
        lazy_gettext("What is wrong with this endorsement?"),
        filters=[cleaned],
        validators=[DataRequired(lazy_gettext("Say what is wrong with it")), NOT_LONGER],
    )
