"""What the secretariat decides on proposals: each kind is carried out, or returned, by the room that it belongs to."""

from __future__ import annotations

from tracker import admitting, candidates, contacting, correcting, requesting, withdrawing
from tracker.models import Account, Proposal
from tracker.vocabulary import ProposalKind

_CARRY_OUT = {
    ProposalKind.WITHDRAWAL: withdrawing.confirm,
    ProposalKind.CORRECTION: correcting.confirm,
    **dict.fromkeys(candidates.KINDS, admitting.confirm),
    ProposalKind.CONTACT: contacting.change,
}
_RETURN = {
    ProposalKind.WITHDRAWAL: withdrawing.return_,
    ProposalKind.CORRECTION: correcting.return_,
    **dict.fromkeys(candidates.KINDS, admitting.return_),
    ProposalKind.CONTACT: contacting.return_,
}
_TAKE_BACK = {
    ProposalKind.WITHDRAWAL: withdrawing.take_back,
    ProposalKind.CORRECTION: correcting.take_back,
    **dict.fromkeys(candidates.KINDS, requesting.take_back),
    ProposalKind.CONTACT: contacting.take_back,
}


def approve(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Approve a proposal, and carry it out.

    Raises:
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
        Refused: whatever stands against it meanwhile, as the room of its kind says.
    """
    _CARRY_OUT[proposal.kind](proposal, by=by, version=version)


def return_(proposal: Proposal, *, reason: str, by: Account, version: int | None = None) -> None:
    """Give a proposal back to who made it, with the reason.

    Raises:
        Incomplete: no reason is given.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    _RETURN[proposal.kind](proposal, reason=reason, by=by, version=version)


def take_back(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Take a proposal back before anybody decided on it.

    Raises:
        Refused: the person may not, or somebody decided, as the room of its kind says.
    """
    _TAKE_BACK[proposal.kind](proposal, by=by, version=version)


def may_take_back(proposal: Proposal, person: Account) -> bool:
    """Whether a person may take a proposal back before it is decided: who made it, but for a suspension."""
    return proposal.proposed_by_id == person.id and proposal.kind is not ProposalKind.SUSPENSION
