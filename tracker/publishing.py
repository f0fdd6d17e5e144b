"""What the secretariat publishes: cohorts with their texts, events and documents, and the roll of participants.

Every function changes the rows and appends to the ledger in the present transaction. ``about`` is what the entry says
beside the facts of the thing: who proposed it, and why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, count
from typing import Any

from sqlalchemy import select, union_all

from tracker import ledger
from tracker.extensions import db
from tracker.facts import Thing, facts_of, subject_of
from tracker.models import (
    Account,
    Cohort,
    CoLead,
    Document,
    Event,
    FormerAddress,
    Heading,
    LedgerEntry,
    Participant,
    ParticipantName,
    Recommendation,
    Revision,
    Source,
    Text,
)
from tracker.vocabulary import Action, DocumentKind, EventKind, Kind, Rendering, RevisionKind, TextStatus


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """A source as it is cited."""

    key: str
    title: str
    publisher: str
    url: str | None = None
    published_on: date | None = None
    describes_cohort: bool = False


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """Why the roll is changed, where that is said, and the source: both are published.

    ``proposed_by`` is who proposed what somebody else approved.
    """

    reason: Text | None = None
    source: str | None = None
    proposed_by: Account | None = None

    def facts(self) -> dict[str, object]:
        """Return what an entry says of it."""
        proposer = self.proposed_by.actor if self.proposed_by else None
        return {"reason": self.reason, "source": self.source, "proposed_by": proposer}


def publish_cohort(
    *,
    slug: str,
    title: Text,
    summit: str | None = None,
    established_on: date | None = None,
    published_on: date | None = None,
    expected_outcomes: Sequence[Text] = (),
    priority_areas: Sequence[Text] = (),
    co_leads: Sequence[Text] = (),
    sources: Sequence[SourceFacts] = (),
    by: Account | None = None,
    about: Mapping[str, Any] | None = None,
) -> Cohort:
    """Publish a cohort, with who leads it and the sources that its facts are taken from."""
    cohort = Cohort(
        slug=slug,
        title=title,
        summit=summit,
        established_on=established_on,
        published_on=published_on,
        expected_outcomes=list(expected_outcomes),
        priority_areas=list(priority_areas),
        co_leads=[CoLead(place=place, name=name) for place, name in enumerate(co_leads, start=1)],
        sources=[Source(**source.__dict__) for source in sources],
    )
    record(cohort, Action.COHORT_PUBLISHED, by, about)
    return cohort


def publish_heading(
    cohort: Cohort,
    *,
    number: int,
    title: Text,
    by: Account | None = None,
    about: Mapping[str, Any] | None = None,
) -> Heading:
    """Publish a heading of the set."""
    heading = Heading(cohort=cohort, number=number, title=title)
    record(heading, Action.HEADING_PUBLISHED, by, about)
    return heading


def publish_recommendation(
    heading: Heading,
    *,
    cohort: Cohort,
    number: str,
    place: int,
    text: Text,
    text_status: TextStatus,
    effective_on: date | None = None,
    source: Source | None = None,
    by: Account | None = None,
    about: Mapping[str, Any] | None = None,
) -> Recommendation:
    """Publish a recommendation in its original wording.

    Args:
        place: where it stands in the set, from 1.
    """
    revision = Revision(
        number=1,
        kind=RevisionKind.ORIGINAL,
        text=text,
        text_status=text_status,
        effective_on=effective_on,
        source=source,
    )
    recommendation = Recommendation(
        heading=heading, cohort_id=cohort.id, number=number, place=place, revisions=[revision]
    )
    record(recommendation, Action.RECOMMENDATION_PUBLISHED, by, about)
    return recommendation


def add_participant(
    *,
    kind: Kind,
    name: Text,
    in_sentence: Text | None = None,
    iso_code: str | None = None,
    seat: str | None = None,
    acronym: str | None = None,
    footnote: Text | None = None,
    name_confirmed: bool = True,
    formal_name: Text | None = None,
    website: str | None = None,
    grounds: Grounds | None = None,
    slug: str | None = None,
    by: Account | None = None,
) -> Participant:
    """Add a participant to the roll.

    Args:
        name: its official short name, in the languages in which it has one.
        in_sentence: the name as it stands within a sentence, where that differs ("the European Commission").
        iso_code: ISO 3166-1 alpha-2 of a country; an attribute, never a key.
        seat: ISO 3166-1 alpha-2 of the country in which an organisation has its seat.
        name_confirmed: False where the sources count a participant without naming it.
        formal_name: its official formal name ("the Republic of Moldova"), where it has one.
        website: the address of its own website.
        grounds: why it is added, and who proposed it.
        slug: its place in addresses, which nobody has; made from its name, where none is given.
    """
    participant = Participant(
        slug=slug or free_slug(name),
        kind=kind,
        iso_code=iso_code,
        seat=seat,
        acronym=acronym,
        website=website,
        footnote=footnote,
        name_confirmed=name_confirmed,
        names=[ParticipantName(name=name, in_sentence=in_sentence, formal_name=formal_name)],
    )
    record(participant, Action.PARTICIPANT_ADDED, by, grounds.facts() if grounds else None)
    return participant


def add_event(
    cohort: Cohort,
    *,
    held_on: date,
    kind: EventKind,
    title: Text,
    description: Text | None = None,
    place: Text | None = None,
    begins_at: str | None = None,
    time_zone: str | None = None,
    link_label: Text | None = None,
    url: str | None = None,
    by: Account | None = None,
    about: Mapping[str, Any] | None = None,
) -> Event:
    """Add an event to a cohort.

    Args:
        begins_at: the hour at its place, such as 14:30; ``time_zone`` says by which clock.
    """
    event = Event(
        cohort=cohort,
        reference=free_event_reference(cohort, held_on, title),
        held_on=held_on,
        kind=kind,
        title=title,
        description=description,
        place=place,
        begins_at=begins_at,
        time_zone=time_zone,
        link_label=link_label,
        url=url,
    )
    record(event, Action.EVENT_ADDED, by, about)
    return event


def add_document(
    cohort: Cohort,
    *,
    kind: DocumentKind,
    title: Text,
    publisher: str,
    published_on: date | None = None,
    language: str | None = None,
    rendering: Rendering | None = None,
    note: Text | None = None,
    url: str | None = None,
    by: Account | None = None,
    about: Mapping[str, Any] | None = None,
) -> Document:
    """Add a document to a cohort.

    Args:
        language: the tag of the language in which it is written.
        rendering: whether it is the text that was agreed, or a translation.
    """
    document = Document(
        cohort=cohort,
        reference=free_document_reference(cohort, title),
        kind=kind,
        title=title,
        publisher=publisher,
        published_on=published_on,
        language=language,
        rendering=rendering,
        note=note,
        url=url,
    )
    record(document, Action.DOCUMENT_ADDED, by, about)
    return document


def free_event_reference(cohort: Cohort, held_on: date, title: Text) -> str:
    """Return what the address of an event of a cohort ends with, where no event of that day has it yet."""
    return _free(slug_of(str(title)), {each.reference for each in cohort.events if each.held_on == held_on})


def free_document_reference(cohort: Cohort, title: Text) -> str:
    """Return what the address of a document of a cohort ends with, where no document has it yet."""
    return _free(slug_of(str(title)), {each.reference for each in cohort.documents})


def record(thing: Thing, action: Action, by: Account | None, about: Mapping[str, Any] | None = None) -> LedgerEntry:
    """Enter what the record says of a thing now, and return the entry."""
    db.session.add(thing)
    db.session.flush()
    return ledger.append(by=by, action=action, subject=subject_of(thing), payload={**facts_of(thing), **(about or {})})


def slug_of(name: str) -> str:
    """Return a name as it stands in an address: ASCII letters, digits and single hyphens, at most 80 of them."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only)[:80].strip("-") or "item"


def free_slug(name: Text) -> str:
    """Return the address that a participant of this name would get: one that no participant has, or had."""
    slug = slug_of(name.texts.get("en", str(name)))
    columns = (Participant.slug, FormerAddress.slug)
    taken = union_all(*(select(each).where(each.startswith(slug, autoescape=True)) for each in columns))
    return _free(slug, set(db.session.scalars(taken)))


def _free(slug: str, taken: Collection[str]) -> str:
    """Return a slug, numbered where another thing has it."""
    return next(each for each in chain([slug], (f"{slug}-{number}" for number in count(2))) if each not in taken)
