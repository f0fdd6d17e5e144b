"""What is looked for in the security log, and the words for what its events say."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectChoice, StringField
from wtforms.validators import ValidationError

from tracker import clock
from tracker.i18n import exact_moment
from tracker.identity.browsers import named
from tracker.identity.reading_the_log import Asked, Told
from tracker.secretariat.forms import Choice
from tracker.vocabulary import Action, DelayKind, Labelled, PasskeyRefusal, Role, SecurityAction, SignInWay
from tracker.web.people_forms import line

#: What is said of an event, by the name under which it is kept. What has no word here is shown by that name.
DETAILS = {
    "act": lazy_gettext("What changed"),
    "agent": lazy_gettext("Browser"),
    "asked": lazy_gettext("Asked for"),
    "command": lazy_gettext("Command"),
    "earlier": lazy_gettext("Earlier name"),
    "evidence": lazy_gettext("Letter no."),
    "file": lazy_gettext("File"),
    "invited_as": lazy_gettext("As"),
    "kind": lazy_gettext("What was guessed at"),
    "left": lazy_gettext("Codes left"),
    "name": lazy_gettext("Name"),
    "participant": lazy_gettext("Participant"),
    "reason": lazy_gettext("Reason"),
    "subject": lazy_gettext("Known there as"),
    "until": lazy_gettext("Has to wait until"),
    "way": lazy_gettext("By what"),
    "why": lazy_gettext("Why"),
}

#: What is kept by its value in a closed list, and shown by its label.
_LISTS: dict[str, type[Labelled]] = {
    "act": Action,
    "invited_as": Role,
    "kind": DelayKind,
    "way": SignInWay,
    "why": PasskeyRefusal,
}

#: No number of an event has more digits.
_MOST_DIGITS = 18


class SecurityLogForm(FlaskForm):
    """Which events are shown. It changes nothing, and so needs no token."""

    class Meta:
        """Read from the address."""

        csrf = False

    person = StringField(lazy_gettext("Person: name or e-mail address"), filters=[line])
    action = Choice(
        lazy_gettext("What happened"),
        choices=[SelectChoice("", lazy_gettext("Any")), *(SelectChoice(each, each.label) for each in SecurityAction)],
    )
    since = StringField(lazy_gettext("From"), filters=[line])
    until = StringField(lazy_gettext("Until"), filters=[line])
    address = StringField(lazy_gettext("Network address, or its beginning"), filters=[line])
    words = StringField(lazy_gettext("Words in the details"), filters=[line])
    before = StringField(filters=[line])

    @property
    def place(self) -> int | None:
        """Before which event the page begins; ``None`` for the newest ones."""
        text = self.before.data or ""
        return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None

    @property
    def kept(self) -> dict[str, str]:
        """What is asked for, as it stands in the address of another page of the same."""
        return {field.name: field.data for field in self if field.data and field.name != "before"}

    def validate_since(self, field: StringField) -> None:
        """Refuse what is no day."""
        _read_day(field)

    def validate_until(self, field: StringField) -> None:
        """Refuse what is no day, and one before the first."""
        until, since = _read_day(field), clock.read_day(self.since.data or "")
        if until and since and until < since:
            raise ValidationError(lazy_gettext("The last day cannot come before the first"))

    def asked(self) -> Asked:
        """Return what is looked for. Only of a form that is valid."""
        return Asked(
            person=self.person.data or "",
            action=SecurityAction[self.action.data.upper()] if self.action.data else None,
            since=_read_day(self.since),
            until=_read_day(self.until),
            address=self.address.data or "",
            words=tuple((self.words.data or "").split()),
        )


def details_of(event: Told) -> list[tuple[str, str]]:
    """Return what is said of an event, each with a word for it."""
    return [(str(DETAILS.get(name, name)), _shown(name, value)) for name, value in event.said.items()]


def _shown(name: str, value: str) -> str:
    labels = {member.value: str(member.label) for member in _LISTS.get(name, ())}
    if name == "until":
        return exact_moment(datetime.fromisoformat(value))
    return str(named(value)) if name == "agent" else labels.get(value, value)


def _read_day(field: StringField) -> date | None:
    if not field.data:
        return None
    day = clock.read_day(field.data)
    if day is None or day.year < clock.EARLIEST_YEAR:
        raise ValidationError(lazy_gettext("Enter a day such as 2023-03-27"))
    return day
