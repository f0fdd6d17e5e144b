"""The withdrawal of an endorsement: a participant gives notice, and the secretariat confirms that it received it.

A notice changes nothing of the public record. When a second person confirms it, the endorsement ends on the day of
effect that the notice named; the name stays on the list of signatories.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from tracker import clock, ledger, proposing, tallies
from tracker.accrediting import require_accredited
from tracker.errors import ChangeSubmitted, DateRefused, NotAsSubmitted, NoticeGiven
from tracker.facts import end_of, subject_of
from tracker.models import Account, Endorsement, LedgerEntry, Proposal, Text
from tracker.standing import endorsement_of, lock_and_look, open_one, record, require_status, touch
from tracker.vocabulary import Action, ProposalKind, ProposalStatus, Status

#: How far ahead a withdrawal may be announced; a later day is taken for a mistyped year.
LONGEST_NOTICE = timedelta(days=2 * 366)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What a participant declares when it withdraws.

    Attributes:
        signed_on: the day on the signed notice.
        notice_on: the day on which the secretariat received it.
        effective_on: the first day on which the participant is bound no more.
        reason: why, where the participant says so; it is published.
    """

    signed_on: date
    notice_on: date
    effective_on: date
    reason: Text | None = None

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        """Return the notice that a proposal holds."""
        content = proposal.content
        return cls(
            signed_on=date.fromisoformat(content["signed_on"]),
            notice_on=date.fromisoformat(content["notice_on"]),
            effective_on=date.fromisoformat(content["effective_on"]),
            reason=Text.from_json(content["reason"]) if "reason" in content else None,
        )

    def facts(self) -> dict[str, Any]:
        """Return what the ledger binds of the notice."""
        return dict(self.__dict__)


def waiting(endorsement: Endorsement) -> Proposal | None:
    """Return the notice of withdrawal that waits for the secretariat, if there is one."""
    return proposing.open_one(ProposalKind.WITHDRAWAL, subject_of(endorsement))


def returned(endorsement: Endorsement) -> Proposal | None:
    """Return the last notice of withdrawal, where the secretariat returned it and nothing followed."""
    latest = proposing.latest_one(ProposalKind.WITHDRAWAL, subject_of(endorsement))
    return latest if latest and latest.status is ProposalStatus.RETURNED else None


def give_notice(
    endorsement: Endorsement,
    *,
    signed_on: date,
    effective_on: date,
    reason: Text | None = None,
    by: Account,
    version: int | None = None,
) -> Proposal:
    """Give notice that a participant withdraws its endorsement, and return the proposal.

    Args:
        signed_on: the day on the signed notice.
        effective_on: today, or a later day.

    Raises:
        DateRefused: the notice is signed in the future, or would take effect before today, before the endorsement
            itself, or later than :data:`LONGEST_NOTICE` allows.
        ChangeSubmitted: a change of the endorsement waits for the secretariat.
        AlreadyProposed: a notice waits for the secretariat already.
        NotAccredited, WrongStatus, Stale: as in ``endorsing``.
    """
    lock_and_look(endorsement, version)
    require_accredited(by, endorsement.participant)
    require_status(endorsement, Status.IN_FORCE)
    open_change = open_one(endorsement.participant, endorsement.cohort)
    if open_change and open_change.status is Status.SUBMITTED:
        raise ChangeSubmitted
    today = clock.today()
    if signed_on > today or not today <= effective_on <= today + LONGEST_NOTICE:
        raise DateRefused
    if endorsement.effective_on and effective_on < endorsement.effective_on:
        raise DateRefused
    notice = Notice(signed_on=signed_on, notice_on=today, effective_on=effective_on, reason=reason)
    proposal = proposing.propose(
        ProposalKind.WITHDRAWAL,
        subject=subject_of(endorsement),
        content=notice.facts(),
        by=by,
        participant=endorsement.participant,
        cohort=endorsement.cohort,
    )
    record(
        endorsement,
        Action.NOTICE_GIVEN,
        by,
        {"cohort": endorsement.cohort.slug},
        signed_on=signed_on,
        received_on=today,
        private={"content": bound_content(proposal)},
    )
    return proposal


def take_back(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Take a notice back before the secretariat has confirmed it; the endorsement stays in force as it was.

    Raises:
        NotAccredited: the person may not act for the participant today.
        WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up(proposal, version)
    endorsement = endorsement_of(proposal)
    require_accredited(by, endorsement.participant)
    proposing.taken_back(proposal, by=by)
    record(endorsement, Action.NOTICE_TAKEN_BACK, by, {})


def return_(proposal: Proposal, *, reason: str, by: Account, version: int | None = None) -> None:
    """Give a notice back to the representatives, with the reason why.

    Raises:
        Incomplete: no reason is given.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    proposing.returned(proposal, by=by, reason=reason)
    private = {"reason": proposal.reason or ""}
    record(endorsement_of(proposal), Action.NOTICE_RETURNED, by, {}, private=private)


def confirm(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Confirm that a notice was received: the endorsement ends on the day of effect, and stays on the public list.

    Raises:
        NotAsSubmitted: the notice is not what the representatives gave.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    endorsement = endorsement_of(proposal)
    lock_and_look(endorsement, None)
    require_status(endorsement, Status.IN_FORCE)
    if ledger.bound(proposal.subject, Action.NOTICE_GIVEN).get("content") != bound_content(proposal):
        raise NotAsSubmitted
    notice = Notice.of(proposal)
    entry = _end(
        endorsement,
        signed_on=notice.signed_on,
        notice_on=notice.notice_on,
        ended_on=notice.effective_on,
        reason=notice.reason,
        by=by,
    )
    proposing.approved(proposal, by=by, entry=entry)


def record_withdrawal(
    endorsement: Endorsement,
    *,
    ended_on: date,
    notice_on: date | None = None,
    signed_on: date | None = None,
    reason: Text | None = None,
    by: Account | None,
) -> None:
    """Record a withdrawal of which others know already: the operator's act, or that of who approved a load.

    Raises:
        DateRefused: the days do not follow each other, or the notice is in the future.
        NoticeGiven: a notice of withdrawal waits for the secretariat.
        WrongStatus: it is not in force.
    """
    lock_and_look(endorsement, None)
    require_status(endorsement, Status.IN_FORCE)
    if waiting(endorsement):
        raise NoticeGiven
    days = [day for day in (signed_on, notice_on, ended_on) if day]
    too_early = endorsement.effective_on and ended_on < endorsement.effective_on
    if days != sorted(days) or too_early or (notice_on and notice_on > clock.today()):
        raise DateRefused
    _end(endorsement, signed_on=signed_on, notice_on=notice_on, ended_on=ended_on, reason=reason, by=by)


def _end(
    endorsement: Endorsement,
    *,
    signed_on: date | None,
    notice_on: date | None,
    ended_on: date,
    reason: Text | None,
    by: Account | None,
) -> LedgerEntry:
    endorsement.status = Status.WITHDRAWN
    endorsement.notice_signed_on = signed_on
    endorsement.notice_on = notice_on
    endorsement.ended_on = ended_on
    endorsement.withdrawal_reason = reason
    touch(endorsement)
    tallies.leave(endorsement)
    return record(
        endorsement,
        Action.WITHDRAWN,
        by,
        end_of(endorsement),
        signed_on=signed_on,
        received_on=notice_on,
        effective_on=ended_on,
    )


def bound_content(proposal: Proposal) -> str:
    """Return what the ledger binds of a notice, which is not public yet."""
    return ledger.canonical(proposal.content).decode()
