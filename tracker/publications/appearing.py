"""What becomes of proposed publications: approved, kept for their moment, moved, called off, and carried out.

A moment is chosen by who proposes, and approved with the rest. To put it off needs nobody else's consent, for nothing
appears that was not approved; to bring it forward does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import ModuleType

from sqlalchemy import select

from tracker import clock, proposing
from tracker.accrediting import require_staff
from tracker.errors import NotYoursToHasten, Refused, SameMoment, WrongStatus
from tracker.extensions import db
from tracker.models import Account, Proposal
from tracker.publications import announcing, establishing, notifying
from tracker.vocabulary import ProposalKind, ProposalStatus

#: The room that carries out each kind of publication.
_ROOMS: Mapping[ProposalKind, ModuleType] = {
    ProposalKind.COHORT: establishing,
    ProposalKind.EVENT: announcing,
    ProposalKind.DOCUMENT: announcing,
}
KINDS = tuple(_ROOMS)


def approve(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Approve a publication: it appears at once, or at its moment where that is still to come.

    Raises:
        ChangedMeanwhile, Over: as things stand, it cannot be carried out.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    room = _ROOMS[proposal.kind]
    room.require_possible(proposal)
    if proposal.due_at and proposal.due_at > clock.now():
        proposing.scheduled(proposal, by=by)
    else:
        proposing.approved(proposal, by=by, entry=room.carry_out(proposal, by=by))
    notifying.tell_of(proposal)


def return_(proposal: Proposal, *, reason: str, by: Account, version: int | None = None) -> None:
    """Give a publication back to who proposed it, with the reason.

    Raises:
        Incomplete: no reason is given.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    proposing.returned(proposal, by=by, reason=reason)
    notifying.tell_of(proposal)


def call_off(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Call off what waits for its moment, or leave be what could not appear.

    Raises:
        NotStaff: the person does not work for the secretariat.
        WrongStatus: it does not wait for its moment.
        Stale: it changed since the person saw it.
    """
    stopped = proposal.status is ProposalStatus.STOPPED
    proposing.take_up(proposal, version, status=ProposalStatus.STOPPED if stopped else ProposalStatus.SCHEDULED)
    require_staff(by)
    approved_by = proposal.decided_by
    proposing.called_off(proposal, by=by)
    if not stopped:
        notifying.tell_of_end(proposal, by=by, approved_by=approved_by)


def move(proposal: Proposal, due_at: datetime | None, *, by: Account, version: int | None = None) -> None:
    """Put the moment off, or bring it forward: then it waits for approval again.

    Args:
        due_at: the moment; ``None`` for as soon as it is approved.

    Raises:
        MomentRefused: the moment is not to come, or too far ahead.
        SameMoment: it is the moment that was approved.
        NotYoursToHasten: somebody else proposed it, and only that person may bring it forward.
        NotStaff, WrongStatus, Stale: as for calling off.
    """
    proposing.take_up(proposal, version, status=ProposalStatus.SCHEDULED)
    require_staff(by)
    if due_at:
        proposing.require_moment(due_at)
    before = proposal.due_at
    if before is None or due_at == before:
        raise SameMoment
    later = due_at is not None and due_at > before
    if not later and proposal.proposed_by_id != by.id:
        raise NotYoursToHasten
    proposal.due_at = due_at
    if later:
        db.session.flush()
        notifying.tell_of_delay(proposal, by=by)
    else:
        proposing.reopened(proposal)
        notifying.tell_of(proposal)


def waiting() -> list[Proposal]:
    """Return what is approved and waits for its moment, the next one first."""
    query = select(Proposal).where(Proposal.kind.in_(KINDS), Proposal.status == ProposalStatus.SCHEDULED)
    return list(db.session.scalars(query.order_by(Proposal.due_at, Proposal.id)))


def due() -> list[Proposal]:
    """Return what waited for a moment that has come, the earliest first."""
    now = clock.now()
    return [proposal for proposal in waiting() if proposal.due_at and proposal.due_at <= now]


def appear(proposal: Proposal) -> None:
    """Carry out what waited for its moment, in the name of who approved it.

    Raises:
        WrongStatus: it does not wait any more, or its moment is still to come.
        Refused: it cannot be carried out as things stand. Nothing of the transaction may stay.
    """
    proposing.take_up(proposal, None, status=ProposalStatus.SCHEDULED)
    if proposal.due_at is None or proposal.due_at > clock.now() or proposal.decided_by is None:
        raise WrongStatus
    proposing.appeared(proposal, entry=_ROOMS[proposal.kind].carry_out(proposal, by=proposal.decided_by))
    notifying.tell_of(proposal)


def stop(proposal: Proposal, why: Refused) -> None:
    """Note that what waited for its moment could not be carried out, and tell the secretariat.

    Raises:
        WrongStatus: it does not wait any more.
    """
    proposing.take_up(proposal, None, status=ProposalStatus.SCHEDULED)
    proposing.stopped(proposal, reason=type(why).__name__)
    notifying.tell_of(proposal)


def obstacle(proposal: Proposal) -> Refused | None:
    """Return why a publication cannot be carried out as things stand; ``None`` where it can."""
    try:
        _ROOMS[proposal.kind].require_possible(proposal)
    except Refused as error:
        return error
    return None
