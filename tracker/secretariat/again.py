"""A proposal that was returned or taken back is made again, in its form, which is filled in with what it said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import g, request, url_for

from tracker import correcting, proposing, standing, withdrawing
from tracker.bulk import loads
from tracker.facts import subject_of
from tracker.models import Event, Heading, Proposal
from tracker.people import candidates
from tracker.publications import announcing, preparing
from tracker.vocabulary import TEXT_CHANGES, Action, ProposalKind, Status
from tracker.wordings import rewording


class _Place(NamedTuple):
    """The view that shows a form, and the values of its address."""

    endpoint: str
    values: Mapping[str, Any]


def address_of(proposal: Proposal) -> str | None:
    """Return where a proposal is corrected and made again; ``None`` where it cannot be, or another took its place."""
    place = _PLACES[proposal.kind](proposal) if proposing.may_be_made_again(proposal) else None
    return url_for(f"secretariat.{place.endpoint}", **place.values, after=proposal.reference) if place else None


def begun_with(*kinds: ProposalKind, subject: str | None = None) -> Proposal | None:
    """Return the proposal that is made again here, if the address names one; the form then says what became of it.

    Args:
        kinds: what the form proposes.
        subject: the ledger's address of what the form is about; anything of the kind where it adds something.
    """
    found = proposing.ended_one(request.args.get("after", ""), kinds)
    if found is None or subject not in (None, found.subject):
        return None
    g.made_again, g.recorded_since = found, proposing.recorded_since(found)
    g.asked = {"after": found.reference}
    return found


def _of_participant(endpoint: str) -> Callable[[Proposal], _Place | None]:
    def place(proposal: Proposal) -> _Place | None:
        participant = proposal.participant
        if participant is None or proposal.subject != subject_of(participant):
            return None  # it was about a duplicate, which has gone
        return _Place(endpoint, {"participant": participant.slug})

    return place


def _request(proposal: Proposal) -> _Place | None:
    participant = proposal.participant
    return _Place("propose_accreditation", {"participant": participant.slug}) if participant else None


def _of_accreditation(endpoint: str) -> Callable[[Proposal], _Place]:
    return lambda proposal: _Place(endpoint, {"accreditation": candidates.the_accreditation_of(proposal).reference})


def _addition(_proposal: Proposal) -> _Place:
    return _Place("propose_participant", {})


def _correction(proposal: Proposal) -> _Place | None:
    endorsement = standing.endorsement_of(proposal)
    act = correcting.correctable(endorsement)
    still = act is not None and act.entry_sequence == correcting.Correction.of(proposal).corrects
    return _Place("correct", {"endorsement": endorsement.reference}) if still else None


def _notice(proposal: Proposal) -> _Place | None:
    """Return where a notice that came as a letter is corrected; what representatives gave is theirs to correct."""
    endorsement = standing.endorsement_of(proposal)
    if not withdrawing.Notice.of(proposal).on_paper or endorsement.status is not Status.IN_FORCE:
        return None
    address = {"participant": endorsement.participant.slug, "cohort": endorsement.cohort.slug}
    return _Place("notice_on_paper", address)


def _text(proposal: Proposal) -> _Place:
    subject = rewording.subject_of_proposal(proposal)
    cohort = {"cohort": subject.cohort.slug}
    if isinstance(subject, Heading):
        return _Place("change_title", {**cohort, "heading": subject.number})
    return _Place("change_wording", {**cohort, "number": subject.number, "kind": proposal.kind.value})


def _load(proposal: Proposal) -> _Place:
    return _Place("load", {"load": loads.load_of(proposal).reference})


def _cohort(proposal: Proposal) -> _Place | None:
    preparation = preparing.preparation_of(proposal)
    return _Place("preparation", {"preparation": preparation.reference}) if preparation else None


def _publication(proposal: Proposal) -> _Place | None:
    action, thing, cohort = announcing.action_of(proposal), announcing.thing_of(proposal), proposal.cohort
    if cohort is None:
        return None
    if thing is None:
        adds = {Action.EVENT_ADDED: "add_event", Action.DOCUMENT_ADDED: "add_document"}
        return _Place(adds[action], {"cohort": cohort.slug}) if action in adds else None
    address: dict[str, Any] = {"cohort": cohort.slug, "reference": thing.reference}
    if isinstance(thing, Event):
        address["day"] = thing.held_on
    return _Place(_CHANGES[action], address)


_CHANGES = {
    Action.EVENT_CHANGED: "change_event",
    Action.EVENT_CALLED_OFF: "call_event_off",
    Action.DOCUMENT_CHANGED: "change_document",
    Action.DOCUMENT_TAKEN_DOWN: "take_document_down",
}

#: Where each kind of proposal is made. A suspension is not made again: it held at once, and was reversed.
_PLACES: Mapping[ProposalKind, Callable[[Proposal], _Place | None]] = {
    ProposalKind.WITHDRAWAL: _notice,
    ProposalKind.CORRECTION: _correction,
    ProposalKind.ACCREDITATION: _request,
    ProposalKind.ACCREDITATION_CHANGE: _of_accreditation("change_accreditation"),
    ProposalKind.ACCREDITATION_END: _of_accreditation("end_accreditation"),
    ProposalKind.SUSPENSION: lambda _proposal: None,
    ProposalKind.CONTACT: _of_participant("contact"),
    ProposalKind.PARTICIPANT_ADDITION: _addition,
    ProposalKind.PARTICIPANT_RENAME: _of_participant("rename_participant"),
    ProposalKind.PARTICIPANT_CHANGE: _of_participant("change_participant"),
    ProposalKind.PARTICIPANT_MERGER: _of_participant("merge_participant"),
    ProposalKind.LOAD: _load,
    ProposalKind.COHORT: _cohort,
    ProposalKind.EVENT: _publication,
    ProposalKind.DOCUMENT: _publication,
    **dict.fromkeys(TEXT_CHANGES, _text),
}
