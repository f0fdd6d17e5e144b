"""Events and documents as staff propose them, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.world import World
from tracker import clock
from tracker.models import Account, Cohort, Document, Event, Proposal, Text
from tracker.publications import announcing, appearing, establishing, preparing
from tracker.publications.announcing import DocumentFacts, EventFacts, Why
from tracker.publications.preparing import HeadingFacts, ItemFacts, Prepared
from tracker.publishing import SourceFacts
from tracker.vocabulary import DocumentKind, EventKind, TextStatus

WHY = Why(reason=Text.of("The host wrote to us."), source="Note of 3 March")
HELD_ON = date(2031, 5, 20)
#: What a person types to propose an event, and a document.
EVENT = {
    "kind": "meeting",
    "held_on-day": "20",
    "held_on-month": "5",
    "held_on-year": "2031",
    "written_in-0": "en",
    "text-title-0": "The second meeting",
}
DOCUMENT = {
    "kind": "report",
    "publisher": "Summit of Rivers",
    "written_in-0": "en",
    "text-title-0": "The second report",
}


def event_facts(title: str = "The second meeting", **more: Any) -> EventFacts:
    """Return what is said of an event."""
    return EventFacts(**{"held_on": HELD_ON, "kind": EventKind.MEETING, "title": Text.of(title), **more})


def document_facts(title: str = "The second report", **more: Any) -> DocumentFacts:
    """Return what is said of a document."""
    said = {"kind": DocumentKind.REPORT, "title": Text.of(title), "publisher": "Summit of Rivers"}
    return DocumentFacts(**{**said, **more})


def proposed_event(register: World, **more: Any) -> Proposal:
    """Return an event that Sam proposed."""
    ahead = more.pop("ahead", None)
    due_at = clock.now() + timedelta(hours=ahead) if ahead else None
    return announcing.propose_event(register.cohort, event_facts(**more), by=register.sam, due_at=due_at)


def an_event(register: World, **more: Any) -> Event:
    """Return an event that Sam proposed and Kim approved."""
    proposal = proposed_event(register, **more)
    appearing.approve(proposal, by=register.kim)
    found = announcing.event(register.cohort, HELD_ON, proposal.subject.rpartition("/")[2])
    assert found is not None
    return found


def a_document(register: World, **more: Any) -> Document:
    """Return a document that Sam proposed and Kim approved."""
    proposal = announcing.propose_document(register.cohort, document_facts(**more), by=register.sam)
    appearing.approve(proposal, by=register.kim)
    found = announcing.document(register.cohort, proposal.subject.rpartition("/")[2])
    assert found is not None
    return found


def at(moment: Any) -> dict[str, str]:
    """Return what a person types to choose a moment."""
    return {
        "appears": "later",
        "due_on-day": str(moment.day),
        "due_on-month": str(moment.month),
        "due_on-year": str(moment.year),
        "due_hour": moment.strftime("%H:%M"),
    }


PAGE = SourceFacts(key="page", title="The page", publisher="Summit of Seas", describes_cohort=True)


def an_item(number: str, heading: int = 1, **more: Any) -> ItemFacts:
    """Return a recommendation that is to be published."""
    return ItemFacts(heading, number, Text.of(f"Do what {number} says."), TextStatus.AUTHORITATIVE, **more)


def extended(cohort: Cohort, *, by: Account, other: Account, **more: Any) -> None:
    """Change what is published of a cohort, or add to it; somebody else approves."""
    preparation = preparing.begin_change(cohort, by=by)
    preparing.keep(preparation, replace(Prepared.of(preparation), **more), by=by)
    appearing.approve(establishing.propose(preparation, why=WHY, by=by), by=other)


def clean_seas(**more: Any) -> Prepared:
    """Return a cohort as it is prepared."""
    said = {
        "slug": "clean-seas",
        "title": Text.of("Cohort on Clean Seas", fr="Cohorte sur les mers propres"),
        "summit": "Summit of Seas",
        "published_on": date(2026, 11, 1),
        "expected_outcomes": (Text.of("Cleaner seas."),),
        "co_leads": (Text.of("Arcadia"), Text.of("Borduria")),
        "sources": (PAGE,),
        "headings": (HeadingFacts(1, Text.of("Coasts")),),
        "items": (an_item("1.1", source="page"), an_item("1.2")),
    }
    return Prepared(**{**said, **more})
