"""The forms about accounts: which are shown, what is done with one, how somebody was recognised."""

from __future__ import annotations

from typing import Self

from flask import request
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired

from tracker.secretariat.forms import Choice
from tracker.texts import cleaned
from tracker.vocabulary import AccountState
from tracker.web.forms import VersionedForm
from tracker.web.people_forms import NOT_LONGER, line


class AccountsForm(FlaskForm):
    """Which accounts are shown. It changes nothing, and so needs no token."""

    class Meta:
        """Read from the address."""

        csrf = False

    search = StringField(lazy_gettext("Name, address or participant"), filters=[line])
    state = Choice(
        lazy_gettext("Status"),
        choices=[
            SelectChoice("", lazy_gettext("Any")),
            *(SelectChoice(each.value, each.label) for each in AccountState),
        ],
    )

    @classmethod
    def of(cls) -> Self:
        """Return the form as the address fills it."""
        return cls(request.args)


class SureForm(VersionedForm):
    """What is done with an account, as the person saw it."""


class ResetForm(VersionedForm):
    """How somebody was recognised who lost their second factor."""

    note = TextAreaField(
        lazy_gettext("How did you make sure that it is this person?"),
        filters=[cleaned],
        validators=[DataRequired(lazy_gettext("Say how you made sure that it is this person")), NOT_LONGER],
    )
