"""Events and documents of a cohort: added, changed, called off and taken down, each by a proposal of the secretariat.

An event that was called off stays on the list as called off, and a document that was taken down keeps its line: both
with the reason. What another person approved is carried out by ``appearing``, at once or at its moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import select

from tracker import ledger, proposing, publishing
from tracker.accrediting import require_staff
from tracker.errors import ChangedMeanwhile, NothingToPublish, Over
from tracker.extensions import db
from tracker.facts import DOCUMENT_FACTS, EVENT_FACTS, subject_of
from tracker.models import Account, Cohort, Document, Event, LedgerEntry, Proposal, Text
from tracker.publications import notifying
from tracker.publications.links import require_link
from tracker.vocabulary import Action, DocumentKind, EventKind, ProposalKind, Rendering


@dataclass(frozen=True, kw_only=True)
class EventFacts:
    """What is said of an event.

    Attributes:
        held_on: the day on which it is held.
        begins_at: the hour at its place, such as 14:30.
        time_zone: by which clock, such as Europe/Brussels.
    """

    held_on: date
    kind: EventKind
    title: Text
    description: Text | None = None
    place: Text | None = None
    begins_at: str | None = None
    time_zone: str | None = None
    link_label: Text | None = None
    url: str | None = None

    @property
    def day(self) -> date:
        """The day on which it is held, as an event calls it."""
        return self.held_on

    @classmethod
    def of(cls, thing: Event | Proposal) -> Self:
        """Return what the record says of an event, or what a proposal says."""
        if isinstance(thing, Event):
            names = set(EVENT_FACTS) - {"moved_to", "called_off"}
            return cls(held_on=thing.day, **{name: getattr(thing, name) for name in names})
        said = thing.content
        return cls(
            held_on=date.fromisoformat(said["held_on"]),
            kind=EventKind[said["kind"].upper()],
            title=Text.from_json(said["title"]),
            description=_text(said, "description"),
            place=_text(said, "place"),
            begins_at=said.get("begins_at"),
            time_zone=said.get("time_zone"),
            link_label=_text(said, "link_label"),
            url=said.get("url"),
        )


@dataclass(frozen=True, kw_only=True)
class DocumentFacts:
    """What is said of a document.

    Attributes:
        language: the tag of the language in which it is written.
        rendering: whether it is the text that was agreed, or a translation.
    """

    kind: DocumentKind
    title: Text
    publisher: str
    published_on: date | None = None
    language: str | None = None
    rendering: Rendering | None = None
    note: Text | None = None
    url: str | None = None

    @classmethod
    def of(cls, thing: Document | Proposal) -> Self:
        """Return what the record says of a document, or what a proposal says."""
        if isinstance(thing, Document):
            return cls(**{name: getattr(thing, name) for name in set(DOCUMENT_FACTS) - {"taken_down"}})
        said = thing.content
        day, rendering = said.get("published_on"), said.get("rendering")
        return cls(
            kind=DocumentKind[said["kind"].upper()],
            title=Text.from_json(said["title"]),
            publisher=said["publisher"],
            published_on=date.fromisoformat(day) if day else None,
            language=said.get("language"),
            rendering=Rendering[rendering.upper()] if rendering else None,
            note=_text(said, "note"),
            url=said.get("url"),
        )


@dataclass(frozen=True, kw_only=True)
class Why:
    """Why something changes, and from where that is known. Both are published."""

    reason: Text
    source: str

    @classmethod
    def of(cls, proposal: Proposal) -> Self | None:
        """Return what a proposal says of it; ``None`` where it adds something."""
        reason = _text(proposal.content, "reason")
        return cls(reason=reason, source=proposal.content["source"]) if reason else None


def event(cohort: Cohort, held_on: date, reference: str) -> Event | None:
    """Return an event of a cohort by the day for which it was announced and its reference."""
    query = select(Event).filter_by(cohort_id=cohort.id, held_on=held_on, reference=reference)
    return db.session.scalars(query).one_or_none()


def document(cohort: Cohort, reference: str) -> Document | None:
    """Return a document of a cohort by its reference."""
    return db.session.scalars(select(Document).filter_by(cohort_id=cohort.id, reference=reference)).one_or_none()


def propose_event(cohort: Cohort, facts: EventFacts, *, by: Account, due_at: datetime | None = None) -> Proposal:
    """Propose to add an event to a cohort.

    Args:
        due_at: the moment from which it is public; once it is approved, where there is none.

    Raises:
        NotStaff: the person does not work for the secretariat.
        LinkRefused: its link is no address of the web.
        AlreadyProposed: an event of this name waits for this day.
        MomentRefused: as in ``proposing``.
    """
    ledger.lock()
    require_link(facts.url)
    reference = publishing.free_event_reference(cohort, facts.held_on, facts.title)
    address = f"event/{cohort.slug}/{facts.held_on}/{reference}"
    return _propose(Action.EVENT_ADDED, cohort, address, facts.__dict__, by=by, due_at=due_at)


def propose_document(cohort: Cohort, facts: DocumentFacts, *, by: Account, due_at: datetime | None = None) -> Proposal:
    """Propose to add a document to a cohort.

    Args:
        due_at: the moment from which it is public; once it is approved, where there is none.

    Raises:
        NotStaff, LinkRefused, AlreadyProposed, MomentRefused: as for an event.
    """
    ledger.lock()
    require_link(facts.url)
    address = f"document/{cohort.slug}/{publishing.free_document_reference(cohort, facts.title)}"
    return _propose(Action.DOCUMENT_ADDED, cohort, address, facts.__dict__, by=by, due_at=due_at)


def propose_change(
    thing: Event | Document,
    facts: EventFacts | DocumentFacts,
    *,
    why: Why,
    by: Account,
    due_at: datetime | None = None,
    seen: int | None = None,
) -> Proposal:
    """Propose that an event or a document is to be shown otherwise.

    Args:
        facts: all that is to be said of it.
        seen: the last ledger entry about it that the person saw.

    Raises:
        NothingToPublish: it says what the record says.
        Over: it was called off, or taken down.
        ChangedMeanwhile: it was changed since the person saw it.
        NotStaff, LinkRefused, AlreadyProposed, MomentRefused: as for adding one.
    """
    _take_up(thing, seen)
    require_link(facts.url)
    if facts == facts_of(thing):
        raise NothingToPublish
    action = Action.EVENT_CHANGED if isinstance(thing, Event) else Action.DOCUMENT_CHANGED
    return _propose(action, thing.cohort, subject_of(thing), facts.__dict__, why=why, by=by, due_at=due_at)


def propose_end(
    thing: Event | Document, *, why: Why, by: Account, due_at: datetime | None = None, seen: int | None = None
) -> Proposal:
    """Propose that an event is called off, or a document taken down; its line stays, with the reason.

    Raises:
        NotStaff, Over, ChangedMeanwhile, AlreadyProposed, MomentRefused: as for a change.
    """
    _take_up(thing, seen)
    action = Action.EVENT_CALLED_OFF if isinstance(thing, Event) else Action.DOCUMENT_TAKEN_DOWN
    return _propose(action, thing.cohort, subject_of(thing), facts_of(thing).__dict__, why=why, by=by, due_at=due_at)


def require_possible(proposal: Proposal) -> None:
    """Look whether a proposal can be carried out as things stand.

    Raises:
        ChangedMeanwhile: what it would change was changed since, or something else has its address.
        Over: it was called off, or taken down.
    """
    if proposing.recorded_since(proposal):
        raise ChangedMeanwhile
    thing = thing_of(proposal)
    if thing and _is_over(thing):
        raise Over


def carry_out(proposal: Proposal, *, by: Account) -> LedgerEntry:
    """Do what was proposed and approved, and return its ledger entry.

    Raises:
        ChangedMeanwhile, Over: as for :func:`require_possible`.
    """
    require_possible(proposal)
    why, thing = Why.of(proposal), thing_of(proposal)
    about = {"proposed_by": proposal.proposed_by.actor, "change": why.__dict__ if why else None}
    if thing is None:
        return _add(proposal, about, by)
    if why and action_of(proposal) in (Action.EVENT_CALLED_OFF, Action.DOCUMENT_TAKEN_DOWN):
        setattr(thing, "called_off" if isinstance(thing, Event) else "taken_down", why.reason)
    else:
        _change(thing, proposal)
    return publishing.record(thing, action_of(proposal), by, about)


def action_of(proposal: Proposal) -> Action:
    """Return what the ledger is going to record of a proposal."""
    return Action[proposal.content["action"].upper()]


def thing_of(proposal: Proposal) -> Event | Document | None:
    """Return the event or the document that a proposal would change; ``None`` where it adds one."""
    if action_of(proposal) in (Action.EVENT_ADDED, Action.DOCUMENT_ADDED) or proposal.cohort is None:
        return None
    _, _, *address = proposal.subject.split("/")
    if proposal.kind is ProposalKind.DOCUMENT:
        return document(proposal.cohort, *address)
    return event(proposal.cohort, date.fromisoformat(address[0]), address[1])


def facts_in(proposal: Proposal) -> EventFacts | DocumentFacts:
    """Return what a proposal says of an event or a document."""
    return EventFacts.of(proposal) if proposal.kind is ProposalKind.EVENT else DocumentFacts.of(proposal)


def facts_of(thing: Event | Document) -> EventFacts | DocumentFacts:
    """Return what the record says of an event or a document."""
    return EventFacts.of(thing) if isinstance(thing, Event) else DocumentFacts.of(thing)


def _is_over(thing: Event | Document) -> bool:
    return bool(thing.called_off if isinstance(thing, Event) else thing.taken_down)


def _take_up(thing: Event | Document, seen: int | None) -> None:
    ledger.lock()
    db.session.refresh(thing)
    if seen is not None and seen != ledger.latest_of(subject_of(thing)):
        raise ChangedMeanwhile
    if _is_over(thing):
        raise Over


def _propose(
    action: Action,
    cohort: Cohort,
    subject: str,
    facts: Mapping[str, Any],
    *,
    by: Account,
    due_at: datetime | None,
    why: Why | None = None,
) -> Proposal:
    require_staff(by)
    is_event = subject.startswith("event/")
    proposal = proposing.propose(
        ProposalKind.EVENT if is_event else ProposalKind.DOCUMENT,
        subject=subject,
        content={
            "action": action,
            **facts,
            **(why.__dict__ if why else {}),
            "follows": ledger.latest_of(subject),
        },
        by=by,
        cohort=cohort,
        due_at=due_at,
    )
    notifying.tell_of(proposal)
    return proposal


def _add(proposal: Proposal, about: Mapping[str, Any], by: Account) -> LedgerEntry:
    cohort = proposal.cohort
    if cohort is None:
        raise ValueError("an event or a document is a cohort's")
    if proposal.kind is ProposalKind.EVENT:
        publishing.add_event(cohort, **EventFacts.of(proposal).__dict__, by=by, about=about)
    else:
        publishing.add_document(cohort, **DocumentFacts.of(proposal).__dict__, by=by, about=about)
    return ledger.entries_of(proposal.subject)[-1]


def _change(thing: Event | Document, proposal: Proposal) -> None:
    if isinstance(thing, Event):
        said = dict(EventFacts.of(proposal).__dict__)
        day = said.pop("held_on")
        thing.moved_to = None if day == thing.held_on else day
    else:
        said = dict(DocumentFacts.of(proposal).__dict__)
    for name, fact in said.items():
        setattr(thing, name, fact)


def _text(said: Mapping[str, Any], name: str) -> Text | None:
    return Text.from_json(said[name]) if said.get(name) else None
