"""Proposals: what one person proposes, and another one approves or returns.

This room keeps the rule of four eyes and the way of a proposal. What is proposed, and what happens when it is approved,
is known to the room that the kind of the proposal belongs to.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from tracker import clock, ledger
from tracker.accrediting import may_act_for, require_staff
from tracker.errors import (
    AlreadyProposed,
    Incomplete,
    MomentRefused,
    NotYourProposal,
    OwnSubmission,
    Stale,
    WrongStatus,
)
from tracker.extensions import db
from tracker.models import Account, Cohort, LedgerEntry, Participant, Proposal
from tracker.vocabulary import PENDING, ProposalKind, ProposalStatus

#: How far ahead a moment may be chosen; a later one is taken for a mistyped year.
LONGEST_AHEAD = timedelta(days=366)


def propose(
    kind: ProposalKind,
    *,
    subject: str,
    content: Mapping[str, Any],
    by: Account,
    participant: Participant | None = None,
    cohort: Cohort | None = None,
    due_at: datetime | None = None,
) -> Proposal:
    """Put a proposal before the secretariat and return it. The caller holds the ledger's lock.

    Args:
        subject: the ledger's address of what would change.
        content: what is proposed; dates, texts and labels may stand in it as they are.
        participant: whose record would change, if it is one participant's.
        cohort: whose record would change, if it is one cohort's.
        due_at: the moment from which it is public; once it is approved, where there is none.

    Raises:
        AlreadyProposed: a proposal of this kind for this subject waits for a decision, or for its moment.
        MomentRefused: the moment is not to come, or too far ahead.
    """
    if pending_one(kind, subject):
        raise AlreadyProposed
    if due_at:
        require_moment(due_at)
    proposal = Proposal(
        reference=str(uuid.uuid4()),
        kind=kind,
        status=ProposalStatus.OPEN,
        subject=subject,
        content=ledger.plain(content),
        participant=participant,
        cohort=cohort,
        proposed_by=by,
        proposed_at=clock.now(),
        due_at=due_at,
    )
    db.session.add(proposal)
    db.session.flush()
    return proposal


def open_one(kind: ProposalKind, subject: str) -> Proposal | None:
    """Return the proposal of a kind that waits for a decision on a subject, if there is one."""
    query = select(Proposal).filter_by(kind=kind, subject=subject, status=ProposalStatus.OPEN)
    return db.session.scalars(query).one_or_none()


def pending_one(kind: ProposalKind, subject: str) -> Proposal | None:
    """Return the proposal of a kind that waits for a decision on a subject, or for its moment, if there is one."""
    query = select(Proposal).filter_by(kind=kind, subject=subject).where(Proposal.status.in_(PENDING))
    return db.session.scalars(query).one_or_none()


def require_moment(moment: datetime) -> None:
    """Refuse a moment that is not to come, or that is so far ahead that its year is mistyped.

    Raises:
        MomentRefused: it is one of these.
    """
    now = clock.now()
    if not now < moment <= now + LONGEST_AHEAD:
        raise MomentRefused


def latest_one(kind: ProposalKind, subject: str) -> Proposal | None:
    """Return the last proposal of a kind that was made for a subject, whatever became of it."""
    query = select(Proposal).filter_by(kind=kind, subject=subject).order_by(Proposal.id.desc()).limit(1)
    return db.session.scalars(query).first()


def may_be_made_again(proposal: Proposal) -> bool:
    """Whether a proposal was returned or taken back, and nothing has taken its place yet: a next one begins with it."""
    ended = proposal.status in (ProposalStatus.RETURNED, ProposalStatus.TAKEN_BACK)
    return ended and latest_one(proposal.kind, proposal.subject) is proposal


def ended_one(reference: str, kinds: Collection[ProposalKind]) -> Proposal | None:
    """Return the proposal of one of these kinds that may be made again, by its reference."""
    query = select(Proposal).where(Proposal.reference == reference, Proposal.kind.in_(kinds))
    found = db.session.scalars(query).one_or_none()
    return found if found and may_be_made_again(found) else None


def recorded_since(proposal: Proposal) -> list[LedgerEntry]:
    """Return what was recorded, since a proposal was made, about each thing that it would change.

    Its content holds the last entry about its subject as ``seen`` or ``follows``, and those about other things that it
    would change as ``also_seen``, by their addresses in the ledger.
    """
    seen = proposal.content.get("seen", proposal.content.get("follows"))
    looked_at = {**({} if seen is None else {proposal.subject: seen}), **proposal.content.get("also_seen", {})}
    found = [entry for subject, last in looked_at.items() for entry in ledger.entries_of(subject, after=last)]
    return sorted(found, key=lambda entry: entry.sequence)


def has_a_part_in(proposal: Proposal, person: Account) -> bool:
    """Whether a person made a proposal, is whom it is about, or may act for its participant: who may not decide on it.

    Whom a proposal is about stands in its content: as ``person``, the number in the ledger, or as ``email``.
    """
    about = (proposal.content.get("person"), proposal.content.get("email"))
    if proposal.proposed_by_id == person.id or person.actor in about or person.email in about:
        return True
    return proposal.participant is not None and may_act_for(person, proposal.participant, clock.today())


def take_up(proposal: Proposal, version: int | None, *, status: ProposalStatus = ProposalStatus.OPEN) -> None:
    """Take the ledger's lock and look at a proposal again, on which nobody has decided yet.

    Args:
        status: how it is expected to stand, where that is not before a decision.

    Raises:
        Stale: it changed since the person saw it.
        WrongStatus: somebody has decided on it.
    """
    ledger.lock()
    db.session.refresh(proposal)
    if proposal.status is not status:
        raise WrongStatus
    if version is not None and version != proposal.version:
        raise Stale


def take_up_to_decide(proposal: Proposal, *, by: Account, version: int | None) -> None:
    """Take up a proposal for a decision of the secretariat.

    Raises:
        NotStaff: the person does not work for the secretariat.
        OwnSubmission: the person made the proposal, or may act for the participant.
        Stale, WrongStatus: as in :func:`take_up`.
    """
    take_up(proposal, version)
    require_staff(by)
    if has_a_part_in(proposal, by):
        raise OwnSubmission


def approved(proposal: Proposal, *, by: Account, entry: LedgerEntry) -> None:
    """Note that a proposal was approved, and by which entry it was carried out."""
    proposal.entry_sequence = entry.sequence
    _close(proposal, ProposalStatus.APPROVED, by)


def returned(proposal: Proposal, *, by: Account, reason: str) -> None:
    """Note that a proposal goes back to who made it, with the reason.

    Raises:
        Incomplete: no reason is given.
    """
    if not reason.strip():
        raise Incomplete
    proposal.reason = reason.strip()
    _close(proposal, ProposalStatus.RETURNED, by)


def take_back(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Take a proposal back that one made oneself, before anybody decided on it.

    Raises:
        NotYourProposal: somebody else made it.
        WrongStatus, Stale: as for :func:`take_up`.
    """
    take_up(proposal, version)
    if proposal.proposed_by_id != by.id:
        raise NotYourProposal
    taken_back(proposal, by=by)


def taken_back(proposal: Proposal, *, by: Account) -> None:
    """Note that a proposal was taken back before anybody decided on it."""
    _close(proposal, ProposalStatus.TAKEN_BACK, by)


def scheduled(proposal: Proposal, *, by: Account) -> None:
    """Note that a proposal was approved, and waits for its moment."""
    _close(proposal, ProposalStatus.SCHEDULED, by)


def appeared(proposal: Proposal, *, entry: LedgerEntry) -> None:
    """Note by which entry a proposal that waited for its moment was carried out."""
    proposal.entry_sequence = entry.sequence
    proposal.status = ProposalStatus.APPROVED
    db.session.flush()


def stopped(proposal: Proposal, *, reason: str) -> None:
    """Note that a proposal that waited for its moment could not be carried out, and why."""
    proposal.reason = reason
    proposal.status = ProposalStatus.STOPPED
    db.session.flush()


def called_off(proposal: Proposal, *, by: Account) -> None:
    """Note that a proposal that waited for its moment was called off."""
    _close(proposal, ProposalStatus.CALLED_OFF, by)


def reopened(proposal: Proposal) -> None:
    """Note that a proposal that was approved waits for a decision again."""
    proposal.status = ProposalStatus.OPEN
    proposal.decided_by = proposal.decided_at = None
    db.session.flush()


def _close(proposal: Proposal, status: ProposalStatus, by: Account) -> None:
    proposal.status = status
    proposal.decided_by = by
    proposal.decided_at = clock.now()
    db.session.flush()
