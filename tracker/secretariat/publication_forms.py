"""The forms of what the secretariat proposes to publish: events, documents, and the moment at which they appear."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime, time
from typing import Any, ClassVar, Self
from zoneinfo import available_timezones

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from tracker.models import Cohort, Document, Event, Proposal
from tracker.publications import announcing, languages
from tracker.publications.announcing import DocumentFacts, EventFacts, Why
from tracker.publications.links import LONGEST, is_link
from tracker.texts import one_line
from tracker.vocabulary import DocumentKind, EventKind, Rendering
from tracker.web.forms import DateField, VersionedForm
from tracker.web.language_forms import Asked, ChoiceOfLanguage, InLanguagesForm
from tracker.web.people_forms import OptionalDate

#: When a publication appears.
AT_ONCE, LATER = "at_once", "later"

_HOUR = re.compile(r"([01]?[0-9]|2[0-3])[:.h]([0-5][0-9])")
_ENTER_HOUR = lazy_gettext("Enter an hour such as 09:30")
_SHORT = Length(max=200, message=lazy_gettext("Shorten this to %(max)d characters or fewer"))
_LONGEST_LINK = Length(max=LONGEST, message=lazy_gettext("Shorten this to %(max)d characters or fewer"))
_TITLE = Asked(lazy_gettext("Title"), missing=lazy_gettext("Enter the title"))
_REASON = Asked(
    lazy_gettext("Reason"),
    longest=2000,
    rows=3,
    missing=lazy_gettext("Say why, for readers of the register"),
    hint=lazy_gettext("It is published."),
)


class MomentForm(VersionedForm):
    """When something appears: at once, or at a day and an hour in UTC."""

    appears = RadioField(
        lazy_gettext("When is it to appear?"),
        choices=[
            SelectChoice(AT_ONCE, lazy_gettext("As soon as it is approved")),
            SelectChoice(LATER, lazy_gettext("At a chosen moment, once it is approved")),
        ],
        default=AT_ONCE,
        validators=[InputRequired(lazy_gettext("Choose when it is to appear"))],
    )
    due_on = OptionalDate(lazy_gettext("Day of the chosen moment"))
    due_hour = StringField(lazy_gettext("Hour of the chosen moment, in UTC"), filters=[one_line])

    def validate_due_on(self, field: Any) -> None:
        """Ask for the day of a chosen moment."""
        if self.appears.data == LATER and field.data is None:
            raise ValidationError(lazy_gettext("Enter the day on which it is to appear"))

    def validate_due_hour(self, field: Any) -> None:
        """Ask for the hour of a chosen moment."""
        if self.appears.data == LATER and _hour(field.data) is None:
            raise ValidationError(_ENTER_HOUR)

    @property
    def due_at(self) -> datetime | None:
        """The chosen moment; of a form that is valid."""
        hour = _hour(self.due_hour.data)
        if self.appears.data != LATER or hour is None:
            return None
        return datetime.combine(self.due_on.data, time.fromisoformat(hour), UTC)


class MoveForm(MomentForm):
    """Another moment for what is approved."""

    @classmethod
    def of(cls, due_at: datetime | None, version: int) -> Self:
        """Return the form with the moment that was approved."""
        return cls(formdata=None, version=version, **{"appears": LATER, **_moment_typed(due_at)})


class PublicationForm(InLanguagesForm, MomentForm):
    """What is said of something that is to be published, and when it appears."""


class SourceForm(PublicationForm):
    """Why something that was published is to change, and from where that is known."""

    source = StringField(
        lazy_gettext("Source"),
        filters=[one_line],
        validators=[DataRequired(lazy_gettext("Say from where this is known")), _SHORT],
    )

    def why(self) -> Why:
        """Return the reason and the source; of a form that is valid."""
        reason = self.text("reason")
        if reason is None:
            raise ValueError("the form is not valid")
        return Why(reason=reason, source=self.source.data)


class EndForm(SourceForm):
    """Why an event is called off, or a document taken down."""

    TEXTS: ClassVar = {"reason": _REASON}


class EventForm(PublicationForm):
    """What is said of an event."""

    TEXTS: ClassVar = {
        "title": _TITLE,
        "description": Asked(lazy_gettext("Description"), longest=10_000, rows=4),
        "place": Asked(lazy_gettext("Place")),
        "link_label": Asked(lazy_gettext("Text of the link")),
    }

    kind = RadioField(
        lazy_gettext("What kind of event is it?"),
        choices=[SelectChoice(each.value, each.label) for each in EventKind],
        validators=[InputRequired(lazy_gettext("Choose the kind of event"))],
    )
    held_on = DateField(lazy_gettext("On which day is it held?"))
    begins_at = StringField(lazy_gettext("At what hour does it begin? (optional)"), filters=[one_line])
    time_zone = StringField(lazy_gettext("In which time zone is that hour?"), filters=[one_line])
    url = StringField(lazy_gettext("Link (optional)"), filters=[one_line], validators=[_LONGEST_LINK])

    def validate_held_on(self, field: Any) -> None:
        """Ask for the day."""
        if field.data is None:
            raise ValidationError(lazy_gettext("Enter the date"))

    def validate_begins_at(self, field: Any) -> None:
        """Take an hour alone."""
        if field.data and _hour(field.data) is None:
            raise ValidationError(_ENTER_HOUR)

    def validate_time_zone(self, field: Any) -> None:
        """Ask for the zone of an hour."""
        if self.begins_at.data and field.data not in available_timezones():
            raise ValidationError(lazy_gettext("Enter a time zone such as Europe/Brussels, or UTC"))

    def validate_url(self, field: Any) -> None:
        """Take addresses of the web alone."""
        _require_link(field)

    @classmethod
    def of(cls, facts: EventFacts, language: str, *, also: Collection[str], why: Why | None = None, **how: Any) -> Self:
        """Return the form with what is said of an event, and why."""
        texts = {name: getattr(facts, name) for name in ("title", "description", "place", "link_label")}
        texts["reason"] = why.reason if why else None
        data = {name: getattr(facts, name) for name in ("held_on", "begins_at", "time_zone", "url")}
        return cls.showing(texts, language, also=also, data={**data, **how, "kind": facts.kind.value})

    def facts(self) -> EventFacts:
        """Return what was said; of a form that is valid."""
        title = self.text("title")
        if title is None:
            raise ValueError("the form is not valid")
        hour = _hour(self.begins_at.data)
        return EventFacts(
            held_on=self.held_on.data,
            kind=EventKind[self.kind.data.upper()],
            title=title,
            description=self.text("description"),
            place=self.text("place"),
            begins_at=hour,
            time_zone=self.time_zone.data if hour else None,
            link_label=self.text("link_label"),
            url=self.url.data or None,
        )


class EventChangeForm(EventForm, SourceForm):
    """What is to be said of an event that is published, and why."""

    TEXTS: ClassVar = {**EventForm.TEXTS, "reason": _REASON}


class DocumentForm(PublicationForm):
    """What is said of a document."""

    TEXTS: ClassVar = {
        "title": _TITLE,
        "note": Asked(lazy_gettext("Note"), longest=2000, rows=3),
    }

    kind = RadioField(
        lazy_gettext("What kind of document is it?"),
        choices=[SelectChoice(each.value, each.label) for each in DocumentKind],
        validators=[InputRequired(lazy_gettext("Choose the kind of document"))],
    )
    publisher = StringField(
        lazy_gettext("Publisher"),
        filters=[one_line],
        validators=[DataRequired(lazy_gettext("Enter who published it")), _SHORT],
    )
    published_on = OptionalDate(lazy_gettext("When was it published? (optional)"))
    language = ChoiceOfLanguage(lazy_gettext("In which language is it written? (optional)"))
    rendering = SelectField(
        lazy_gettext("Is it the authentic text, or a translation? (optional)"),
        choices=[
            SelectChoice("", lazy_gettext("It is not known")),
            *(SelectChoice(r.value, r.label) for r in Rendering),
        ],
        default="",
    )
    url = StringField(lazy_gettext("Link (optional)"), filters=[one_line], validators=[_LONGEST_LINK])

    def validate_url(self, field: Any) -> None:
        """Take addresses of the web alone."""
        _require_link(field)

    @classmethod
    def of(
        cls, facts: DocumentFacts, language: str, *, also: Collection[str], why: Why | None = None, **how: Any
    ) -> Self:
        """Return the form with what is said of a document, and why."""
        data = {name: getattr(facts, name) for name in ("publisher", "published_on", "url")}
        return cls.showing(
            {"title": facts.title, "note": facts.note, "reason": why.reason if why else None},
            language,
            also=also,
            data={
                **data,
                **how,
                "kind": facts.kind.value,
                "rendering": facts.rendering.value if facts.rendering else "",
                "language": facts.language or "",
            },
        )

    def facts(self) -> DocumentFacts:
        """Return what was said; of a form that is valid."""
        title = self.text("title")
        if title is None:
            raise ValueError("the form is not valid")
        return DocumentFacts(
            kind=DocumentKind[self.kind.data.upper()],
            title=title,
            publisher=self.publisher.data,
            published_on=self.published_on.data,
            language=self.language.data or None,
            rendering=Rendering[self.rendering.data.upper()] if self.rendering.data else None,
            note=self.text("note"),
            url=self.url.data or None,
        )


class DocumentChangeForm(DocumentForm, SourceForm):
    """What is to be said of a document that is published, and why."""

    TEXTS: ClassVar = {**DocumentForm.TEXTS, "reason": _REASON}


def event_form(cohort: Cohort, language: str, like: Proposal | None) -> EventForm:
    """Return the form in which an event is added, with what a proposal said of it."""
    also = languages.of_cohort(cohort)
    if like is None:
        return EventForm.showing({}, language, also=also)
    return EventForm.of(EventFacts.of(like), language, also=also, **_how_of(like))


def document_form(cohort: Cohort, language: str, like: Proposal | None) -> DocumentForm:
    """Return the form in which a document is added, with what a proposal said of it."""
    also = languages.of_cohort(cohort)
    if like is None:
        return DocumentForm.showing({}, language, also=also)
    return DocumentForm.of(DocumentFacts.of(like), language, also=also, **_how_of(like))


def form_for(
    thing: Event | Document, language: str, *, seen: int, like: Proposal | None = None
) -> EventChangeForm | DocumentChangeForm:
    """Return the form in which an event or a document is changed, with what a proposal said of it."""
    facts = announcing.facts_in(like) if like else announcing.facts_of(thing)
    also, why = languages.of_cohort(thing.cohort), Why.of(like) if like else None
    how: dict[str, Any] = {"also": also, "version": str(seen), "why": why, **_how_of(like)}
    if isinstance(facts, EventFacts):
        return EventChangeForm.of(facts, language, **how)
    return DocumentChangeForm.of(facts, language, **how)


def end_form(thing: Event | Document, language: str, *, seen: int, like: Proposal | None = None) -> EndForm:
    """Return the form in which something is called off or taken down, with why a proposal said that it is."""
    why = Why.of(like) if like else None
    texts = {"reason": why.reason} if why else {}
    also, data = languages.of_cohort(thing.cohort), {"version": str(seen), **_how_of(like)}
    return EndForm.showing(texts, language, also=also, data=data)


def _how_of(proposal: Proposal | None) -> dict[str, Any]:
    """Return the values of the fields of the source and the moment that a proposal holds."""
    if proposal is None:
        return {}
    why = Why.of(proposal)
    return {**({"source": why.source} if why else {}), **_moment_typed(proposal.due_at)}


def _moment_typed(due_at: datetime | None) -> dict[str, Any]:
    """Return the values of the fields of a chosen moment; none for what appears once it is approved."""
    if due_at is None:
        return {}
    moment = due_at.astimezone(UTC)
    return {"appears": LATER, "due_on": moment.date(), "due_hour": moment.strftime("%H:%M")}


def _hour(typed: str | None) -> str | None:
    """Return an hour as the register keeps it, such as 09:30; ``None`` where none was typed."""
    found = _HOUR.fullmatch(typed or "")
    return f"{int(found[1]):02}:{found[2]}" if found else None


def _require_link(field: Any) -> None:
    if field.data and not is_link(field.data):
        raise ValidationError(lazy_gettext("Enter an address of the web that begins with https:// or http://"))
