"""Reads what entries publish of cohorts, events, documents and participants, as the verbs that record it take it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tracker.facts import Facts
from tracker.models import Text
from tracker.publications.preparing import Prepared
from tracker.publishing import SourceFacts
from tracker.vocabulary import DocumentKind, EventKind, Kind, Rendering

#: What entries say of the name of a participant, and of the participant beside it.
OF_NAME = ("name", "in_sentence", "formal_name", "name_confirmed")
OF_ITSELF = ("kind", "iso_code", "seat", "acronym", "website", "footnote")


def text(said: Facts) -> Text:
    """Return a text by language."""
    return Text.from_json(said)


def text_if_any(facts: Facts, name: str) -> Text | None:
    """Return the text by language of a name, where the entry says one."""
    return text(facts[name]) if name in facts else None


def day(facts: Facts, name: str) -> date | None:
    """Return the day of a name, where the entry says one."""
    return date.fromisoformat(facts[name]) if name in facts else None


def of_cohort(slug: str, facts: Facts) -> Prepared:
    """Return what an entry says of a cohort, but for its set: that has entries of its own."""
    return Prepared(
        slug=slug,
        title=text(facts["title"]),
        summit=facts.get("summit"),
        established_on=day(facts, "established_on"),
        published_on=day(facts, "published_on"),
        expected_outcomes=tuple(map(text, facts["expected_outcomes"])),
        priority_areas=tuple(map(text, facts["priority_areas"])),
        co_leads=tuple(map(text, facts["co_leads"])),
        sources=tuple(SourceFacts(**{**each, "published_on": day(each, "published_on")}) for each in facts["sources"]),
    )


def of_event(facts: Facts) -> Facts:
    """Return what an entry says of an event: all of ``facts.EVENT_FACTS``."""
    texts = ("title", "description", "place", "link_label", "called_off")
    return {
        "kind": EventKind[facts["kind"].upper()],
        **{name: text_if_any(facts, name) for name in texts},
        "moved_to": day(facts, "moved_to"),
        **{name: facts.get(name) for name in ("begins_at", "time_zone", "url")},
    }


def of_document(facts: Facts) -> Facts:
    """Return what an entry says of a document: all of ``facts.DOCUMENT_FACTS``."""
    return {
        "kind": DocumentKind[facts["kind"].upper()],
        **{name: text_if_any(facts, name) for name in ("title", "note", "taken_down")},
        "published_on": day(facts, "published_on"),
        "rendering": Rendering[facts["rendering"].upper()] if "rendering" in facts else None,
        **{name: facts.get(name) for name in ("publisher", "language", "url")},
    }


def of_participant(facts: Facts, names: Iterable[str]) -> Facts:
    """Return those of these facts that an entry says of a participant."""
    said = {name: facts[name] for name in names if name in facts}
    texts = {name: text(fact) for name, fact in said.items() if isinstance(fact, dict)}
    return {**said, **texts, **({"kind": Kind[said["kind"].upper()]} if "kind" in said else {})}
