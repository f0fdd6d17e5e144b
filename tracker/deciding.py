"""What the secretariat decides on proposals: each kind is carried out, or returned, by the room that it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tracker import correcting, proposing, withdrawing
from tracker.bulk import loads
from tracker.disputes import contacting
from tracker.models import Account, Proposal
from tracker.people import admitting, candidates, requesting
from tracker.publications import appearing
from tracker.roll import roll_proposals
from tracker.vocabulary import TEXT_CHANGES, ProposalKind
from tracker.wordings import rewording


class _Room(NamedTuple):
    """Where a kind of proposal is carried out, given back and taken back."""

    carry_out: Callable[..., None]
    return_: Callable[..., None]
    take_back: Callable[..., None]


_ROOMS = {
    ProposalKind.WITHDRAWAL: _Room(withdrawing.confirm, withdrawing.return_, withdrawing.take_back),
    ProposalKind.CORRECTION: _Room(correcting.confirm, correcting.return_, correcting.take_back),
    **dict.fromkeys(candidates.KINDS, _Room(admitting.confirm, admitting.return_, requesting.take_back)),
    ProposalKind.CONTACT: _Room(contacting.change, contacting.return_, proposing.take_back),
    **dict.fromkeys(roll_proposals.KINDS, _Room(roll_proposals.carry_out, roll_proposals.return_, proposing.take_back)),
    ProposalKind.LOAD: _Room(loads.confirm, loads.return_, proposing.take_back),
    **dict.fromkeys(appearing.KINDS, _Room(appearing.approve, appearing.return_, proposing.take_back)),
    **dict.fromkeys(TEXT_CHANGES, _Room(rewording.publish, rewording.return_, rewording.take_back)),
}


def approve(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Approve a proposal, and carry it out.

    Raises:
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
        Refused: whatever stands against it meanwhile, as the room of its kind says.
    """
    _ROOMS[proposal.kind].carry_out(proposal, by=by, version=version)


def return_(proposal: Proposal, *, reason: str, by: Account, version: int | None = None) -> None:
    """Give a proposal back to who made it, with the reason.

    Raises:
        Incomplete: no reason is given.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    _ROOMS[proposal.kind].return_(proposal, reason=reason, by=by, version=version)


def take_back(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Take a proposal back before anybody decided on it.

    Raises:
        Refused: the person may not, or somebody decided, as the room of its kind says.
    """
    _ROOMS[proposal.kind].take_back(proposal, by=by, version=version)


def may_take_back(proposal: Proposal, person: Account) -> bool:
    """Whether a person may take a proposal back before it is decided: who made it, but for a suspension."""
    return proposal.proposed_by_id == person.id and proposal.kind is not ProposalKind.SUSPENSION
