"""What the secretariat decides on proposals: each kind is carried out, or returned, by the room that it belongs to."""

from __future__ import annotations

from tracker import correcting, withdrawing
from tracker.models import Account, Proposal
from tracker.vocabulary import ProposalKind

_CARRY_OUT = {ProposalKind.WITHDRAWAL: withdrawing.confirm, ProposalKind.CORRECTION: correcting.confirm}
_RETURN = {ProposalKind.WITHDRAWAL: withdrawing.return_, ProposalKind.CORRECTION: correcting.return_}


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
