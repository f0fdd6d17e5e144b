"""Who of the secretariat is told what of publications: of cohorts, events and documents."""

from __future__ import annotations

from typing import Any

from tracker import accrediting, proposing
from tracker.mails import posting
from tracker.models import Account, Proposal, Text
from tracker.vocabulary import Notice, ProposalStatus

_TOLD_TO_PROPOSER = {
    ProposalStatus.RETURNED: Notice.PUBLICATION_RETURNED,
    ProposalStatus.SCHEDULED: Notice.PUBLICATION_SCHEDULED,
    ProposalStatus.APPROVED: Notice.PUBLISHED,
}


def title_of(proposal: Proposal) -> Text:
    """Return what a proposed publication is called."""
    return Text.from_json(proposal.content["title"])


def tell_of(proposal: Proposal) -> None:
    """Write how a publication stands now to those who must act next, or must know.

    While it waits, to everybody who may decide on it; where it could not appear, to everybody; else to who proposed it.
    """
    if proposal.status is ProposalStatus.OPEN:
        told = [each for each in accrediting.staff() if not proposing.has_a_part_in(proposal, each)]
        _write(told, Notice.PUBLICATION_DUE, proposal, {"by": proposal.proposed_by.name})
    elif proposal.status is ProposalStatus.STOPPED:
        _write(accrediting.staff(), Notice.PUBLICATION_STOPPED, proposal, {"why": proposal.reason})
    else:
        _write([proposal.proposed_by], _TOLD_TO_PROPOSER[proposal.status], proposal, {"reason": proposal.reason})


def tell_of_delay(proposal: Proposal, *, by: Account) -> None:
    """Write to the others who had a hand in a publication that it was put off."""
    _tell_others(Notice.PUBLICATION_PUT_OFF, proposal, by, proposal.decided_by)


def tell_of_end(proposal: Proposal, *, by: Account, approved_by: Account | None) -> None:
    """Write to the others who had a hand in a publication that it was called off before its moment."""
    _tell_others(Notice.PUBLICATION_CALLED_OFF, proposal, by, approved_by)


def _tell_others(notice: Notice, proposal: Proposal, by: Account, approved_by: Account | None) -> None:
    people = {each.id: each for each in (proposal.proposed_by, approved_by) if each and each.id != by.id}
    _write(people.values(), notice, proposal, {"by": by.name})


def _write(people: Any, notice: Notice, proposal: Proposal, more: dict[str, Any]) -> None:
    facts = {
        **posting.names_in(None, proposal.cohort),
        "proposal": proposal.reference,
        "action": proposal.content["action"],
        "title": title_of(proposal),
        "due_at": proposal.due_at.isoformat() if proposal.due_at else None,
        "entry": {"sequence": proposal.entry_sequence} if proposal.entry_sequence else None,
        **more,
    }
    for person in people:
        posting.write(person, notice, facts)
