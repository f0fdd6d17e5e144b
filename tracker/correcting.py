"""Corrections: an act that was recorded wrongly is annulled by a further act, which names it and says why.

Nothing is edited. Staff propose a correction, and somebody else approves it. What is right is then recorded anew, by
the participant's representatives or from its letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import and_, exists, or_, select

from tracker import ledger, proposing, running_totals, withdrawing
from tracker.accrediting import require_staff
from tracker.disputes import reviewing
from tracker.errors import NoticeGiven, SomethingLater
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.mails import posting
from tracker.models import Account, Act, Endorsement, Proposal, Text
from tracker.standing import endorsement_of, lock_and_look, record, touch
from tracker.vocabulary import Action, ProposalKind, Status

_ENTERING = (Action.ENDORSED, Action.POSITION_CHANGED)


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What is proposed: which entry was wrong, and why. The reason is published."""

    corrects: int
    reason: Text

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        """Return the correction that a proposal holds."""
        return cls(corrects=proposal.content["corrects"], reason=Text.from_json(proposal.content["reason"]))


def correctable(endorsement: Endorsement) -> Act | None:
    """Return the act by which an endorsement stands as it does, if nothing later stands on that act."""
    if endorsement.status is Status.IN_FORCE:
        return _last(endorsement, *_ENTERING)
    later = exists().where(
        Endorsement.participant_id == endorsement.participant_id,
        Endorsement.cohort_id == endorsement.cohort_id,
        or_(
            Endorsement.effective_on > endorsement.effective_on,
            and_(Endorsement.effective_on == endorsement.effective_on, Endorsement.id > endorsement.id),
        ),
    )
    if endorsement.status is Status.WITHDRAWN and not db.session.scalar(select(later)):
        return _last(endorsement, Action.WITHDRAWN)
    return None


def waiting(endorsement: Endorsement) -> Proposal | None:
    """Return the correction that waits for a second person, if there is one."""
    return proposing.open_one(ProposalKind.CORRECTION, subject_of(endorsement))


def propose(endorsement: Endorsement, *, reason: Text, by: Account, version: int | None = None) -> Proposal:
    """Propose that the act by which an endorsement stands as it does was recorded wrongly, and return the proposal.

    Raises:
        SomethingLater: there is no such act, or a later one stands on it.
        NoticeGiven: a notice of withdrawal waits, which would lose what it is about.
        AlreadyProposed: a correction waits for a second person.
        NotStaff, Stale: as in ``endorsing``.
    """
    lock_and_look(endorsement, version)
    require_staff(by)
    act = _require_correctable(endorsement)
    proposal = proposing.propose(
        ProposalKind.CORRECTION,
        subject=subject_of(endorsement),
        content={"corrects": act.entry_sequence, "reason": reason},
        by=by,
        participant=endorsement.participant,
        cohort=endorsement.cohort,
    )
    posting.tell_of_correction(proposal, endorsement)
    return proposal


def take_back(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Take a correction back before anybody decided on it.

    Raises:
        NotStaff, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up(proposal, version)
    require_staff(by)
    proposing.taken_back(proposal, by=by)


def return_(proposal: Proposal, *, reason: str, by: Account, version: int | None = None) -> None:
    """Give a correction back to who proposed it, with the reason why.

    Raises:
        Incomplete: no reason is given.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    proposing.returned(proposal, by=by, reason=reason)
    posting.tell_of_correction(proposal, endorsement_of(proposal))


def confirm(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Annul the act: an endorsement never counts, and what it superseded is in force again; a withdrawal never was.

    Raises:
        SomethingLater: a later act stands on it by now.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    endorsement, correction = endorsement_of(proposal), Correction.of(proposal)
    lock_and_look(endorsement, None)
    act = _require_correctable(endorsement)
    if act.entry_sequence != correction.corrects:
        raise SomethingLater
    if act.action is Action.WITHDRAWN:
        restored = None
        _annul_end(endorsement)
    else:
        restored = _superseded_by(act)
        _annul(endorsement, restored)
    payload = {
        "cohort": endorsement.cohort.slug,
        "participant": endorsement.participant.slug,
        "corrects": correction.corrects,
        "action": act.action,
        "restores": restored.reference if restored else None,
        "reason": correction.reason,
        "proposed_by": proposal.proposed_by.actor,
    }
    proposing.approved(proposal, by=by, entry=record(endorsement, Action.CORRECTED, by, payload))
    if endorsement.status is Status.ANNULLED:
        reviewing.close_as_corrected(endorsement, finding=correction.reason, by=by)


def _require_correctable(endorsement: Endorsement) -> Act:
    act = correctable(endorsement)
    if act is None:
        raise SomethingLater
    if withdrawing.waiting(endorsement):
        raise NoticeGiven
    return act


def _annul(endorsement: Endorsement, restored: Endorsement | None) -> None:
    running_totals.never_entered(endorsement)
    endorsement.status = Status.ANNULLED
    endorsement.effective_on = None
    touch(endorsement)
    if restored:
        running_totals.never_ended(restored)
        restored.status = Status.IN_FORCE
        restored.ended_on = None
        touch(restored)


def _annul_end(endorsement: Endorsement) -> None:
    running_totals.never_ended(endorsement)
    endorsement.status = Status.IN_FORCE
    endorsement.ended_on = endorsement.notice_on = endorsement.notice_signed_on = None
    endorsement.withdrawal_reason = endorsement.notice_provenance = None
    endorsement.notice_on_paper = False
    touch(endorsement)


def _superseded_by(act: Act) -> Endorsement | None:
    """Return the endorsement that an act superseded, if it did one."""
    reference: Any = ledger.facts_of(act.entry).get("supersedes")
    return db.session.scalars(select(Endorsement).filter_by(reference=reference)).one_or_none()


def _last(endorsement: Endorsement, *actions: Action) -> Act | None:
    return next((act for act in reversed(endorsement.acts) if act.action in actions), None)
