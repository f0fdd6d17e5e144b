"""Who is told what of the roll: those who decide, who proposed it, and the representatives of whom it is about."""

from __future__ import annotations

from typing import Any

from tracker import accrediting, clock
from tracker.mails import posting
from tracker.models import LedgerEntry, Participant, Proposal
from tracker.vocabulary import Notice, ProposalKind, Question


def tell_of_proposal(proposal: Proposal) -> None:
    """Write to the other staff that a proposal waits."""
    posting.write_to_deciders(proposal, Notice.ROLL_DUE, {**_facts(proposal), "by": proposal.proposed_by.name})


def tell_of_return(proposal: Proposal) -> None:
    """Write to who made a proposal that it was returned, and why."""
    reasons = {Question.OVERALL: proposal.reason}
    posting.write(proposal.proposed_by, Notice.ROLL_RETURNED, {**_facts(proposal), "reasons": reasons})


def tell_of_change(proposal: Proposal, participant: Participant, entry: LedgerEntry) -> None:
    """Write to who made a proposal that it was carried out, and to the representatives what the roll says now."""
    facts = {
        **_facts(proposal),
        **posting.names_in(participant, None),
        "entry": {"sequence": entry.sequence, "hash": entry.hash},
        "participant_kind": participant.kind,
        "since": proposal.content.get("since"),
    }
    posting.write(proposal.proposed_by, Notice.ROLL_APPROVED, facts)
    for person in accrediting.representatives_of(participant, clock.today()):
        if person.id != proposal.proposed_by_id:
            posting.write(person, Notice.ROLL_CHANGED, facts)


def _facts(proposal: Proposal) -> dict[str, Any]:
    """Return what every mail about a proposal says; one that adds names the participant as it is to be called."""
    if proposal.kind is ProposalKind.PARTICIPANT_ADDITION:
        added = proposal.content["facts"]
        slug = proposal.subject.removeprefix("participant/")
        names: dict[str, Any] = {"slug": slug, "name": added["name"], "iso_code": added.get("iso_code")}
        return {"participant": names, "proposal": proposal.reference, "kind": proposal.kind}
    names = posting.names_in(proposal.participant, None)
    return {**names, "proposal": proposal.reference, "kind": proposal.kind}
