"""What the public record says of each thing: its permanent address in the ledger, and the facts that entries publish.

What changes the record appends these facts, and what verifies it compares them with the entries.
"""

from __future__ import annotations

from typing import Any

from tracker.models import (
    Accreditation,
    Cohort,
    Document,
    Endorsement,
    Event,
    Heading,
    Participant,
    Recommendation,
    Revision,
)

Thing = Cohort | Heading | Recommendation | Participant | Event | Document | Endorsement | Accreditation
Facts = dict[str, Any]

#: What the record says of an event, but for the day for which it was announced: that stands in its address.
EVENT_FACTS = (
    *("kind", "title", "description", "place", "moved_to", "begins_at", "time_zone"),
    *("link_label", "url", "called_off"),
)
#: What the record says of a document.
DOCUMENT_FACTS = (
    *("kind", "title", "publisher", "published_on", "language", "rendering", "note"),
    *("url", "taken_down"),
)


def subject_of(thing: Thing) -> str:
    """Return the address under which the ledger speaks of a thing, such as ``recommendation/slug/2.3``."""
    match thing:
        case Cohort():
            return f"cohort/{thing.slug}"
        case Heading():
            return f"heading/{thing.cohort.slug}/{thing.number}"
        case Recommendation():
            return f"recommendation/{thing.cohort.slug}/{thing.number}"
        case Participant():
            return f"participant/{thing.slug}"
        case Event():
            return f"event/{thing.cohort.slug}/{thing.held_on}/{thing.reference}"
        case Document():
            return f"document/{thing.cohort.slug}/{thing.reference}"
        case Endorsement():
            return f"endorsement/{thing.reference}"
        case Accreditation():
            return f"accreditation/{thing.reference}"


def facts_of(thing: Thing) -> Facts:
    """Return what the record says of a thing, free of personal data."""
    match thing:
        case Cohort():
            return _of_cohort(thing)
        case Heading():
            return {"title": thing.title}
        case Recommendation():
            return _of_recommendation(thing)
        case Participant():
            return _of_participant(thing)
        case Event():
            return {name: getattr(thing, name) for name in EVENT_FACTS}
        case Document():
            return {name: getattr(thing, name) for name in DOCUMENT_FACTS}
        case Endorsement():
            return _of_endorsement(thing)
        case Accreditation():
            return _of_accreditation(thing)


def end_of(endorsement: Endorsement) -> Facts:
    """Return what the record says of the end of an endorsement: by withdrawal, or superseded by another one."""
    return {
        "cohort": endorsement.cohort.slug,
        "participant": endorsement.participant.slug,
        "signed_on": endorsement.notice_signed_on,
        "notice_on": endorsement.notice_on,
        "effective_on": endorsement.ended_on,
        "reason": endorsement.withdrawal_reason,
        "on_paper": endorsement.notice_on_paper or None,
        "provenance": endorsement.notice_provenance,
    }


def facts_of_revision(revision: Revision) -> Facts:
    """Return what the record says of one wording."""
    return {
        "revision": revision.number,
        "kind": revision.kind,
        "text": revision.text,
        "text_status": revision.text_status,
        "effective_on": revision.effective_on,
        "source": revision.source.key if revision.source else None,
        "provenance": revision.provenance,
        "reason": revision.reason,
    }


def _of_cohort(cohort: Cohort) -> Facts:
    source_facts = ("key", "title", "publisher", "url", "published_on", "describes_cohort")
    return {
        "title": cohort.title,
        "summit": cohort.summit,
        "established_on": cohort.established_on,
        "published_on": cohort.published_on,
        "expected_outcomes": cohort.expected_outcomes,
        "priority_areas": cohort.priority_areas,
        "co_leads": [lead.name for lead in cohort.co_leads],
        "sources": [{name: getattr(source, name) for name in source_facts} for source in cohort.sources],
    }


def _of_recommendation(recommendation: Recommendation) -> Facts:
    return {
        "heading": recommendation.heading.number,
        "place": recommendation.place,
        **facts_of_revision(recommendation.revisions[0]),
    }


def _of_participant(participant: Participant) -> Facts:
    return {**of_name(participant), **of_itself(participant)}


def of_name(participant: Participant) -> Facts:
    """Return what the record says of the name that a participant carries now."""
    name = participant.current_name
    return {
        "name": name.name,
        "in_sentence": name.in_sentence,
        "formal_name": name.formal_name,
        "name_confirmed": participant.name_confirmed,
    }


def of_itself(participant: Participant) -> Facts:
    """Return what the record says of a participant beside its name."""
    names = ("kind", "iso_code", "seat", "acronym", "website", "footnote")
    return {name: getattr(participant, name) for name in names}


def _of_endorsement(endorsement: Endorsement) -> Facts:
    return {
        "cohort": endorsement.cohort.slug,
        "participant": endorsement.participant.slug,
        "kind": endorsement.participant.kind,
        "scope": endorsement.scope,
        "positions": {
            position.recommendation.number: {
                "revision": position.revision.number,
                "stance": position.stance,
                "reservation": position.reservation,
            }
            for position in endorsement.ordered_positions
        },
        "statement": endorsement.statement,
        "signed_on": endorsement.signed_on,
        "received_on": endorsement.received_on,
        "on_paper": endorsement.on_paper or None,
        "provenance": endorsement.provenance,
        "effective_on": endorsement.effective_on,
        "date_note": endorsement.date_note,
        "source": endorsement.source.key if endorsement.source else None,
    }


def _of_accreditation(accreditation: Accreditation) -> Facts:
    """Return whose it is by opaque numbers alone: a name, an office and an address are only bound."""
    return {
        "participant": accreditation.participant.slug,
        "person": accreditation.account.actor,
        "starts_on": accreditation.starts_on,
        "ends_on": accreditation.ends_on,
        "is_head": accreditation.is_head,
        "suspended_on": accreditation.suspended_on,
    }
