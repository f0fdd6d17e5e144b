"""The withdrawal of an endorsement: a participant gives notice, and the secretariat confirms that it received it.

A notice comes from the participant's representatives, or on paper: then the secretariat gives it on their behalf. It
changes nothing of the public record. When a second person confirms it, the endorsement ends on the day of
effect that the notice named; the name stays on the list of signatories.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from flask_babel import lazy_gettext
from sqlalchemy import select

from tracker import clock, ledger, proposing, running_totals
from tracker.accrediting import require_accredited, require_staff
from tracker.errors import ChangeSubmitted, DateRefused, NotAsSubmitted, NoticeGiven, NotYourProposal
from tracker.evidence import filing
from tracker.extensions import db
from tracker.facts import end_of, subject_of
from tracker.models import Account, Endorsement, Evidence, LedgerEntry, PreparedNotice, Proposal, Text
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
        on_paper: whether it came on paper, and the secretariat recorded it.
        provenance: how it came then; it is published.
        letter: the key of the signed letter, where it was sent.
    """

    signed_on: date
    notice_on: date
    effective_on: date
    reason: Text | None = None
    on_paper: bool = False
    provenance: str | None = None
    letter: str | None = None

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        """Return the notice that a proposal holds."""
        content = proposal.content
        return cls(
            signed_on=date.fromisoformat(content["signed_on"]),
            notice_on=date.fromisoformat(content["notice_on"]),
            effective_on=date.fromisoformat(content["effective_on"]),
            reason=Text.from_json(content["reason"]) if "reason" in content else None,
            on_paper=content.get("on_paper", False),
            provenance=content.get("provenance"),
            letter=content.get("letter"),
        )

    def facts(self) -> dict[str, Any]:
        """Return what the ledger binds of the notice."""
        return {**self.__dict__, "on_paper": self.on_paper or None}


def waiting(endorsement: Endorsement) -> Proposal | None:
    """Return the notice of withdrawal that waits for the secretariat, if there is one."""
    return proposing.open_one(ProposalKind.WITHDRAWAL, subject_of(endorsement))


def returned(endorsement: Endorsement, *, on_paper: bool = False) -> Proposal | None:
    """Return the last notice of withdrawal, where the secretariat returned it and nothing followed."""
    latest = unconfirmed(endorsement, on_paper=on_paper)
    return latest if latest and latest.status is ProposalStatus.RETURNED else None


def letter_of(proposal: Proposal) -> Evidence | None:
    """Return the signed letter that came with a notice, if one did and is still kept."""
    key = Notice.of(proposal).letter
    return db.session.scalars(select(Evidence).filter_by(key=key)).one_or_none() if key else None


def unconfirmed(endorsement: Endorsement, *, on_paper: bool = False) -> Proposal | None:
    """Return the last notice, where it was returned or taken back and nothing followed: a next one begins with it."""
    latest = proposing.latest_one(ProposalKind.WITHDRAWAL, subject_of(endorsement))
    ended = (ProposalStatus.RETURNED, ProposalStatus.TAKEN_BACK)
    return latest if latest and latest.status in ended and Notice.of(latest).on_paper is on_paper else None


def give_notice(
    endorsement: Endorsement,
    *,
    signed_on: date,
    effective_on: date,
    reason: Text | None = None,
    received_on: date | None = None,
    provenance: str = "",
    by: Account,
    version: int | None = None,
) -> Proposal:
    """Give notice that a participant withdraws its endorsement, and return the proposal.

    The letter that was prepared for it goes with it.

    Args:
        signed_on: the day on the signed notice.
        effective_on: today, or a later day; for one on paper, the day on which it was received or a later one.
        received_on: when the secretariat received it, where it came on paper; else that is today.
        provenance: how it came, where it came on paper; it is published.
        by: an accredited representative; of the secretariat, where it came on paper.

    Raises:
        DateRefused: the days are out of order, or in the future; see :func:`_require_order`.
        ChangeSubmitted: a change of the endorsement waits for the secretariat.
        AlreadyProposed: a notice waits for the secretariat already.
        NotStaff: the notice came on paper, and the person does not work for the secretariat.
        NotAccredited, WrongStatus, Stale: as in ``endorsing``.
    """
    on_paper = received_on is not None
    _take_up_to_end(endorsement, on_paper=on_paper, by=by, version=version)
    draft = prepared(endorsement, on_paper=on_paper)
    letter = draft.evidence if draft else None
    notice = Notice(
        signed_on=signed_on,
        notice_on=received_on or clock.today(),
        effective_on=effective_on,
        reason=reason,
        on_paper=on_paper,
        provenance=provenance or None,
        letter=letter.key if letter else None,
    )
    _require_order(notice, endorsement)
    proposal = proposing.propose(
        ProposalKind.WITHDRAWAL,
        subject=subject_of(endorsement),
        content=notice.facts(),
        by=by,
        participant=endorsement.participant,
        cohort=endorsement.cohort,
    )
    _record_given(endorsement, proposal, letter)
    if draft:
        drop_prepared(draft)
    return proposal


def _take_up_to_end(endorsement: Endorsement, *, on_paper: bool, by: Account, version: int | None) -> None:
    """Take the lock and look again; refuse somebody who may not give notice, and what cannot be withdrawn now."""
    lock_and_look(endorsement, version)
    _require_right(by, endorsement, on_paper=on_paper)
    require_status(endorsement, Status.IN_FORCE)
    open_change = open_one(endorsement.participant, endorsement.cohort)
    if open_change and open_change.status is Status.SUBMITTED:
        raise ChangeSubmitted


def _require_right(by: Account, endorsement: Endorsement, *, on_paper: bool) -> None:
    if on_paper:
        require_staff(by)
    else:
        require_accredited(by, endorsement.participant)


def _require_order(notice: Notice, endorsement: Endorsement) -> None:
    """Refuse a notice whose days are out of order.

    It was signed on the day of receipt or before, and received today or before; it takes effect on the day of receipt
    or later, within :data:`LONGEST_NOTICE`, and not before the endorsement itself. One that came on paper before the
    endorsement was in force was about another one.

    Raises:
        DateRefused: they are.
    """
    today, begins = clock.today(), endorsement.effective_on or date.min
    if not notice.signed_on <= notice.notice_on <= today:
        raise DateRefused
    if not notice.notice_on <= notice.effective_on <= notice.notice_on + LONGEST_NOTICE:
        raise DateRefused
    if notice.effective_on < begins or notice.notice_on < begins <= today:
        raise DateRefused(_BEFORE_IN_FORCE)


_BEFORE_IN_FORCE = lazy_gettext(
    "This notice was received, or would take effect, before the day from which the endorsement is in force. "
    "Look at the dates, and whether it is about this endorsement."
)


def _record_given(endorsement: Endorsement, proposal: Proposal, letter: Evidence | None) -> None:
    notice = Notice.of(proposal)
    private = {"content": bound_content(proposal), **({"evidence": letter.sha256} if letter else {})}
    record(
        endorsement,
        Action.NOTICE_GIVEN,
        proposal.proposed_by,
        {"cohort": endorsement.cohort.slug},
        signed_on=notice.signed_on,
        received_on=notice.notice_on,
        private=private,
        evidence=letter,
    )


def prepared(endorsement: Endorsement, *, on_paper: bool = False) -> PreparedNotice | None:
    """Return the notice that is being prepared, if there is one."""
    query = select(PreparedNotice).filter_by(endorsement_id=endorsement.id, on_paper=on_paper)
    return db.session.scalars(query).one_or_none()


def drop_prepared(notice: PreparedNotice) -> None:
    """Let go of a notice that was prepared; of its letter too, unless a notice was given with it."""
    letter = notice.evidence
    db.session.delete(notice)
    db.session.flush()
    filing.drop(letter)


def take_back(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Take a notice back before the secretariat has confirmed it; the endorsement stays in force as it was.

    Raises:
        NotAccredited: the person may not act for the participant today.
        NotYourProposal: the notice came on paper, and somebody else recorded it.
        WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up(proposal, version)
    endorsement = endorsement_of(proposal)
    if not Notice.of(proposal).on_paper:
        require_accredited(by, endorsement.participant)
    elif proposal.proposed_by_id != by.id:
        raise NotYourProposal
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
    _require_as_given(proposal)
    notice = Notice.of(proposal)
    entry = _end(
        endorsement,
        signed_on=notice.signed_on,
        notice_on=notice.notice_on,
        ended_on=notice.effective_on,
        reason=notice.reason,
        on_paper=notice.on_paper,
        provenance=notice.provenance,
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
    on_paper: bool = False,
    provenance: str | None = None,
    by: Account | None,
) -> None:
    """Record a withdrawal of which others know already: the operator's act, or that of who approved a load.

    Args:
        on_paper, provenance: whether its notice came on paper, and how it came then.

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
    _end(
        endorsement,
        signed_on=signed_on,
        notice_on=notice_on,
        ended_on=ended_on,
        reason=reason,
        on_paper=on_paper,
        provenance=provenance,
        by=by,
    )


def _require_as_given(proposal: Proposal) -> None:
    bound, letter = ledger.bound(proposal.subject, Action.NOTICE_GIVEN), letter_of(proposal)
    if bound.get("content") != bound_content(proposal) or bound.get("evidence") != (letter.sha256 if letter else None):
        raise NotAsSubmitted
    if letter and not filing.is_sound(letter):
        raise NotAsSubmitted


def _end(
    endorsement: Endorsement,
    *,
    signed_on: date | None,
    notice_on: date | None,
    ended_on: date,
    reason: Text | None,
    on_paper: bool = False,
    provenance: str | None = None,
    by: Account | None,
) -> LedgerEntry:
    endorsement.status = Status.WITHDRAWN
    endorsement.notice_signed_on = signed_on
    endorsement.notice_on = notice_on
    endorsement.ended_on = ended_on
    endorsement.withdrawal_reason = reason
    endorsement.notice_on_paper, endorsement.notice_provenance = on_paper, provenance
    touch(endorsement)
    for draft in db.session.scalars(select(PreparedNotice).filter_by(endorsement_id=endorsement.id)).all():
        drop_prepared(draft)
    running_totals.leave(endorsement)
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
