"""How an endorsement stands now: found, locked and looked at again, and what is done to it recorded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import InvalidRequestError

from tracker import clock, ledger
from tracker.accrediting import may_act_for
from tracker.errors import Stale, WrongStatus
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.mails import posting
from tracker.models import Account, Act, Cohort, Endorsement, Evidence, LedgerEntry, Participant, Proposal
from tracker.vocabulary import OPEN, Action, Status


def open_one(participant: Participant, cohort: Cohort) -> Endorsement | None:
    """Return the endorsement that is being prepared or decided, if there is one."""
    return _one(participant, cohort, OPEN)


def in_force_one(participant: Participant, cohort: Cohort) -> Endorsement | None:
    """Return the endorsement that is in force, if there is one."""
    return _one(participant, cohort, (Status.IN_FORCE,))


def endorsement_of(proposal: Proposal) -> Endorsement:
    """Return the endorsement that a proposal is about."""
    reference = proposal.subject.removeprefix("endorsement/")
    return db.session.scalars(select(Endorsement).filter_by(reference=reference)).one()


def last_end(participant: Participant, cohort: Cohort) -> date | None:
    """Return the day on which the latest of a participant's endorsements ended that are in force no more."""
    query = select(func.max(Endorsement.ended_on)).filter_by(participant_id=participant.id, cohort_id=cohort.id)
    return db.session.scalar(query)


def day_of_effect(endorsement: Endorsement) -> date:
    """Return the day from which an endorsement is in force once it is confirmed: that of its receipt, but no day twice.

    Where the participant withdrew since, it is in force again from the end of what it withdrew, at the earliest. What
    was not submitted yet is taken as received today.
    """
    received_on = endorsement.received_on or clock.today()
    ended_on = last_end(endorsement.participant, endorsement.cohort)
    return max(ended_on, received_on) if ended_on else received_on


def says(endorsement: Endorsement) -> tuple[Any, ...]:
    """Return what an endorsement says, to be compared with what another one says."""
    return {each.recommendation_id: each.says for each in endorsement.positions}, endorsement.statement


def has_a_part_in(endorsement: Endorsement, person: Account) -> bool:
    """Whether a person submitted an endorsement or may act for its participant, and so may not decide on it."""
    submitted_it = any(act.by_id == person.id for act in endorsement.acts if act.action is Action.SUBMITTED)
    return submitted_it or may_act_for(person, endorsement.participant, clock.today())


def lock_and_look(endorsement: Endorsement, version: int | None) -> None:
    """Take the ledger's lock, then read the endorsement again: what the caller saw may have moved on."""
    ledger.lock()
    try:
        db.session.refresh(endorsement)
    except InvalidRequestError:  # a colleague discarded it
        raise Stale from None
    if version is not None and version != endorsement.version:
        raise Stale


def require_status(endorsement: Endorsement, *statuses: Status) -> None:
    """Refuse an endorsement that is at none of these points of its life."""
    if endorsement.status not in statuses:
        raise WrongStatus


def touch(endorsement: Endorsement, by: Account | None = None) -> datetime:
    """Note the moment of the change, and whose draft it is by now: the version moves, even where only positions did."""
    endorsement.changed_by = by or endorsement.changed_by
    endorsement.changed_at = clock.now()
    db.session.flush()
    return endorsement.changed_at


def record(
    endorsement: Endorsement,
    action: Action,
    by: Account | None,
    payload: Mapping[str, Any],
    *,
    signed_on: date | None = None,
    received_on: date | None = None,
    effective_on: date | None = None,
    private: Mapping[str, str] | None = None,
    evidence: Evidence | None = None,
    actor: str = ledger.OPERATOR,
) -> LedgerEntry:
    """Append an act, with its own dates and evidence, to the ledger and to the endorsement's history.

    Those whom it concerns are told. The entry is returned.
    """
    entry = ledger.append(
        by=by, action=action, subject=subject_of(endorsement), payload=payload, private=private, actor=actor
    )
    act = Act(
        entry_sequence=entry.sequence,
        action=action,
        by=by,
        signed_on=signed_on,
        received_on=received_on,
        effective_on=effective_on,
        evidence=evidence,
    )
    endorsement.acts.append(act)
    posting.tell_of(act, entry, has_a_part_in)
    db.session.flush()
    return entry


def _one(participant: Participant, cohort: Cohort, statuses: Collection[Status]) -> Endorsement | None:
    query = select(Endorsement).where(
        Endorsement.participant_id == participant.id,
        Endorsement.cohort_id == cohort.id,
        Endorsement.status.in_(statuses),
    )
    return db.session.scalars(query).one_or_none()
