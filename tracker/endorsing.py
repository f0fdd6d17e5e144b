"""The life of an endorsement, one function a verb.

Each verb takes the ledger's lock first, looks at the endorsement as it stands now, checks the rules, changes the rows,
moves the tallies and appends to the ledger, all in the caller's transaction. The caller commits once.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import InvalidRequestError

from tracker import clock, ledger, tallies
from tracker.accrediting import may_act_for, require_accredited, require_staff
from tracker.errors import (
    AlreadyEndorsed,
    DateRefused,
    Incomplete,
    NotAsSubmitted,
    NothingChanged,
    OwnSubmission,
    Stale,
    UnknownRecommendation,
    WrongStatus,
)
from tracker.extensions import db
from tracker.facts import end_of, facts_of, subject_of
from tracker.models import Account, Act, Cohort, Endorsement, Participant, Position, Recommendation, Source, Text
from tracker.vocabulary import EDITABLE, OPEN, Action, Scope, Stance, Status


def open_one(participant: Participant, cohort: Cohort) -> Endorsement | None:
    """Return the endorsement that is being prepared or decided, if there is one."""
    return _one(participant, cohort, OPEN)


def in_force_one(participant: Participant, cohort: Cohort) -> Endorsement | None:
    """Return the endorsement that is in force, if there is one."""
    return _one(participant, cohort, (Status.IN_FORCE,))


def begin(participant: Participant, cohort: Cohort, *, by: Account, version: int | None = None) -> Endorsement:
    """Open a draft, or return the one that is open.

    Where an endorsement is in force, the draft begins with what that says: it is a change of it.

    Args:
        version: the version of the open draft that the person saw, 0 for none.

    Raises:
        Stale: a draft is open that the person did not see.
        NotAccredited: the person may not act for the participant today.
        WrongStatus: an endorsement was submitted and waits for the secretariat.
    """
    ledger.lock()
    require_accredited(by, participant)
    endorsement = open_one(participant, cohort)
    if endorsement is None:
        present = in_force_one(participant, cohort)
        endorsement = Endorsement(
            reference=str(uuid.uuid4()),
            cohort=cohort,
            participant=participant,
            status=Status.DRAFT,
            changed_at=clock.now(),
            scope=present.scope if present else None,
            statement=present.statement if present else None,
            positions=_copied(present) if present else [],
        )
        db.session.add(endorsement)
        db.session.flush()
    elif version is not None and version != endorsement.version:
        raise Stale
    _require_status(endorsement, *EDITABLE)
    return endorsement


def choose(
    endorsement: Endorsement,
    *,
    scope: Scope,
    numbers: Collection[str] = (),
    by: Account,
    version: int | None = None,
) -> None:
    """Answer which recommendations are endorsed. Reservations to those that stay chosen are kept.

    Args:
        endorsement: a draft, or one that was returned.
        scope: the whole set, or chosen recommendations. All of them, chosen one by one, are the whole set.
        numbers: the chosen ones; of no meaning for the whole set.
        by: an accredited representative.
        version: the version of the endorsement that the person saw.

    Raises:
        UnknownRecommendation: the cohort has no such number.
        Incomplete: nothing was chosen.
        NotAccredited, WrongStatus, Stale: as everywhere in this module.
    """
    _prepare(endorsement, by, version)
    every = {recommendation.number: recommendation for recommendation in endorsement.cohort.recommendations}
    if unknown := set(numbers) - every.keys():
        raise UnknownRecommendation(UnknownRecommendation.sentence) from KeyError(*unknown)
    chosen = every.keys() if scope is Scope.ALL else set(numbers)
    if not chosen:
        raise Incomplete
    endorsement.scope = Scope.ALL if len(chosen) == len(every) else Scope.CHOSEN
    kept = {position.recommendation.number: position for position in endorsement.positions}
    endorsement.positions = [
        kept.get(number) or _position(recommendation) for number, recommendation in every.items() if number in chosen
    ]
    _touch(endorsement)


def reserve(
    endorsement: Endorsement, *, reservations: Mapping[str, Text], by: Account, version: int | None = None
) -> None:
    """Answer which of the chosen recommendations carry a reservation, by number; the others carry none.

    Raises:
        UnknownRecommendation: the endorsement does not cover such a number.
        NotAccredited, WrongStatus, Stale: as everywhere in this module.
    """
    _prepare(endorsement, by, version)
    positions = {position.recommendation.number: position for position in endorsement.positions}
    if reservations.keys() - positions.keys():
        raise UnknownRecommendation
    for number, position in positions.items():
        position.reservation = reservations.get(number)
        position.stance = Stance.RESERVED if position.reservation else Stance.ENDORSED
    _touch(endorsement)


def declare(
    endorsement: Endorsement, *, signed_on: date, statement: Text | None, by: Account, version: int | None = None
) -> None:
    """Answer when the instrument was signed, and what the participant declares with it.

    Raises:
        DateRefused: the day is in the future.
        NotAccredited, WrongStatus, Stale: as everywhere in this module.
    """
    _prepare(endorsement, by, version)
    if signed_on > clock.today():
        raise DateRefused
    endorsement.signed_on = signed_on
    endorsement.statement = statement
    _touch(endorsement)


def day_of_effect(endorsement: Endorsement) -> date | None:
    """Return the day from which a submission will be in force: that on which it was received, but no day twice.

    Where the participant withdrew since, it is in force again from the end of what it withdrew, at the earliest.
    """
    ended_on, received_on = _last_end(endorsement.participant, endorsement.cohort), endorsement.received_on
    return max(ended_on, received_on) if ended_on and received_on else received_on


def says(endorsement: Endorsement) -> tuple[Any, ...]:
    """Return what an endorsement says, to be compared with what another one says."""
    return {each.recommendation_id: each.says for each in endorsement.positions}, endorsement.statement


def has_a_part_in(endorsement: Endorsement, person: Account) -> bool:
    """Whether a person submitted an endorsement or may act for its participant, and so may not decide on it."""
    submitted_it = any(act.by_id == person.id for act in endorsement.acts if act.action is Action.SUBMITTED)
    return submitted_it or may_act_for(person, endorsement.participant, clock.today())


def bound_content(endorsement: Endorsement) -> str:
    """Return what the ledger binds of a submission, which is not public yet: all but its day of effect."""
    return ledger.canonical(ledger.plain({**facts_of(endorsement), "effective_on": None})).decode()


def is_complete(endorsement: Endorsement) -> bool:
    """Whether every answer is there that a submission needs."""
    return bool(endorsement.scope and endorsement.positions and endorsement.signed_on)


def submit(endorsement: Endorsement, *, by: Account, version: int | None = None) -> None:
    """Hand the endorsement to the secretariat. It takes effect on this day, once it is confirmed.

    Raises:
        Incomplete: an answer is missing.
        NothingChanged: it says what the endorsement in force says.
        NotAccredited, WrongStatus, Stale: as everywhere in this module.
    """
    _prepare(endorsement, by, version)
    if not is_complete(endorsement):
        raise Incomplete
    present = in_force_one(endorsement.participant, endorsement.cohort)
    if present and says(present) == says(endorsement):
        raise NothingChanged
    endorsement.status = Status.SUBMITTED
    endorsement.submitted_by = by
    endorsement.submitted_at = _touch(endorsement)
    endorsement.received_on = clock.today()
    endorsement.return_reason = None
    _record(
        endorsement,
        Action.SUBMITTED,
        by,
        {"cohort": endorsement.cohort.slug},
        signed_on=endorsement.signed_on,
        received_on=endorsement.received_on,
        private={"content": bound_content(endorsement)},
    )


def take_back(endorsement: Endorsement, *, by: Account, version: int | None = None) -> None:
    """Make a submission a draft again, before the secretariat has decided on it.

    Raises:
        WrongStatus: it was decided on, or never submitted.
        NotAccredited, Stale: as everywhere in this module.
    """
    _lock_and_look(endorsement, version)
    require_accredited(by, endorsement.participant)
    _require_status(endorsement, Status.SUBMITTED)
    _reopen(endorsement, Status.DRAFT)
    _record(endorsement, Action.TAKEN_BACK, by, {})


def discard(endorsement: Endorsement, *, by: Account, version: int | None = None) -> None:
    """Throw a draft away. One that was ever submitted stands in the ledger and stays.

    Raises:
        WrongStatus: it is no draft, or was submitted before.
        NotAccredited, Stale: as everywhere in this module.
    """
    _lock_and_look(endorsement, version)
    require_accredited(by, endorsement.participant)
    _require_status(endorsement, Status.DRAFT)
    if endorsement.acts:
        raise WrongStatus
    db.session.delete(endorsement)
    db.session.flush()


def return_(endorsement: Endorsement, *, reason: str, by: Account, version: int | None = None) -> None:
    """Give a submission back to its representatives, with the reason why.

    Raises:
        Incomplete: no reason is given.
        NotStaff, OwnSubmission, WrongStatus, Stale: as everywhere in this module.
    """
    _decide(endorsement, by, version)
    if not reason.strip():
        raise Incomplete
    endorsement.return_reason = reason.strip()
    _reopen(endorsement, Status.RETURNED)
    _record(endorsement, Action.RETURNED, by, {}, private={"reason": endorsement.return_reason})


def confirm(endorsement: Endorsement, *, by: Account, version: int | None = None) -> None:
    """Put a submission in force, with effect from the day on which it was received.

    It supersedes the endorsement that is in force, if there is one: that ends on the same day.

    Raises:
        NotStaff: the person does not work for the secretariat.
        OwnSubmission: the person submitted it, or may act for the participant.
        NotAsSubmitted: it is not what its representatives submitted.
        WrongStatus, Stale: as everywhere in this module.
    """
    _decide(endorsement, by, version)
    if ledger.bound(subject_of(endorsement), Action.SUBMITTED, "content") != bound_content(endorsement):
        raise NotAsSubmitted
    endorsement.confirmed_by_id = by.id
    _put_in_force(endorsement, effective_on=day_of_effect(endorsement), by=by)


def record_published(
    participant: Participant,
    cohort: Cohort,
    *,
    effective_on: date,
    numbers: Collection[str] | None = None,
    reservations: Mapping[str, Text] | None = None,
    statement: Text | None = None,
    date_note: Text | None = None,
    source: Source | None = None,
) -> Endorsement:
    """Put in force an endorsement that was published before the register knew of it; the operator's act.

    Args:
        numbers: the recommendations that it covers; ``None`` for the whole set.
        reservations: by number.
        date_note: what is to be known about the day.

    Raises:
        AlreadyEndorsed: the participant's endorsement is in force or was on that day, or one is being prepared.
        UnknownRecommendation: the cohort has no such number.
        DateRefused: the day is in the future.
    """
    ledger.lock()
    if effective_on > clock.today():
        raise DateRefused
    ended_on = _last_end(participant, cohort)
    overlaps = ended_on is not None and effective_on < ended_on
    if overlaps or in_force_one(participant, cohort) or open_one(participant, cohort):
        raise AlreadyEndorsed
    every = {recommendation.number: recommendation for recommendation in cohort.recommendations}
    chosen = every.keys() if numbers is None else set(numbers)
    reserved = dict(reservations or {})
    if (chosen - every.keys()) or (reserved.keys() - chosen):
        raise UnknownRecommendation
    endorsement = Endorsement(
        reference=str(uuid.uuid4()),
        cohort=cohort,
        participant=participant,
        status=Status.DRAFT,
        scope=Scope.ALL if len(chosen) == len(every) else Scope.CHOSEN,
        statement=statement,
        date_note=date_note,
        source=source,
        changed_at=clock.now(),
        positions=[_position(each, reserved.get(number)) for number, each in every.items() if number in chosen],
    )
    db.session.add(endorsement)
    db.session.flush()
    _put_in_force(endorsement, effective_on=effective_on, by=None)
    return endorsement


def withdraw(endorsement: Endorsement, *, by: Account, version: int | None = None) -> None:
    """End an endorsement that is in force, with notice and effect on this day. It stays on the public list.

    Raises:
        NotAccredited, WrongStatus, Stale: as everywhere in this module.
    """
    _lock_and_look(endorsement, version)
    require_accredited(by, endorsement.participant)
    _require_status(endorsement, Status.IN_FORCE)
    endorsement.status = Status.WITHDRAWN
    endorsement.notice_on = endorsement.ended_on = clock.today()
    _touch(endorsement)
    tallies.leave(endorsement)
    _record(
        endorsement,
        Action.WITHDRAWN,
        by,
        end_of(endorsement),
        received_on=endorsement.notice_on,
        effective_on=endorsement.ended_on,
    )


def _one(participant: Participant, cohort: Cohort, statuses: Collection[Status]) -> Endorsement | None:
    query = select(Endorsement).where(
        Endorsement.participant_id == participant.id,
        Endorsement.cohort_id == cohort.id,
        Endorsement.status.in_(statuses),
    )
    return db.session.scalars(query).one_or_none()


def _last_end(participant: Participant, cohort: Cohort) -> date | None:
    """Return the day on which the latest of a participant's endorsements ended that are in force no more."""
    query = select(func.max(Endorsement.ended_on)).filter_by(participant_id=participant.id, cohort_id=cohort.id)
    return db.session.scalar(query)


def _lock_and_look(endorsement: Endorsement, version: int | None) -> None:
    """Take the ledger's lock, then read the endorsement again: what the caller saw may have moved on."""
    ledger.lock()
    try:
        db.session.refresh(endorsement)
    except InvalidRequestError:  # a colleague discarded it
        raise Stale from None
    if version is not None and version != endorsement.version:
        raise Stale


def _prepare(endorsement: Endorsement, by: Account, version: int | None) -> None:
    _lock_and_look(endorsement, version)
    require_accredited(by, endorsement.participant)
    _require_status(endorsement, *EDITABLE)


def _decide(endorsement: Endorsement, by: Account, version: int | None) -> None:
    _lock_and_look(endorsement, version)
    require_staff(by)
    _require_status(endorsement, Status.SUBMITTED)
    if has_a_part_in(endorsement, by):
        raise OwnSubmission


def _require_status(endorsement: Endorsement, *statuses: Status) -> None:
    if endorsement.status not in statuses:
        raise WrongStatus


def _touch(endorsement: Endorsement) -> datetime:
    """Note the moment of the change: the version moves with it, even where only positions changed."""
    endorsement.changed_at = clock.now()
    db.session.flush()
    return endorsement.changed_at


def _reopen(endorsement: Endorsement, status: Status) -> None:
    endorsement.status = status
    endorsement.received_on = endorsement.submitted_at = endorsement.submitted_by = None
    _touch(endorsement)


def _position(recommendation: Recommendation, reservation: Text | None = None) -> Position:
    """Return a position on the wording that a recommendation has now."""
    return Position(
        recommendation=recommendation,
        revision_id=recommendation.revision.id,
        stance=Stance.RESERVED if reservation else Stance.ENDORSED,
        reservation=reservation,
    )


def _copied(endorsement: Endorsement) -> list[Position]:
    return [
        Position(
            recommendation=each.recommendation,
            revision_id=each.revision_id,
            stance=each.stance,
            reservation=each.reservation,
        )
        for each in endorsement.positions
    ]


def _put_in_force(endorsement: Endorsement, *, effective_on: date | None, by: Account | None) -> None:
    superseded = in_force_one(endorsement.participant, endorsement.cohort)
    if superseded:
        superseded.status = Status.SUPERSEDED
        superseded.ended_on = effective_on
        _touch(superseded)
        tallies.leave(superseded)
    endorsement.status = Status.IN_FORCE
    endorsement.effective_on = effective_on
    _touch(endorsement)
    tallies.enter(endorsement)
    _record(
        endorsement,
        Action.POSITION_CHANGED if superseded else Action.ENDORSED,
        by,
        {**facts_of(endorsement), "supersedes": superseded.reference if superseded else None},
        signed_on=endorsement.signed_on,
        received_on=endorsement.received_on,
        effective_on=effective_on,
    )


def _record(
    endorsement: Endorsement,
    action: Action,
    by: Account | None,
    payload: Mapping[str, Any],
    *,
    signed_on: date | None = None,
    received_on: date | None = None,
    effective_on: date | None = None,
    private: Mapping[str, str] | None = None,
) -> None:
    """Append an act to the ledger and to the endorsement's history, with the act's own dates."""
    entry = ledger.append(by=by, action=action, subject=subject_of(endorsement), payload=payload, private=private)
    endorsement.acts.append(
        Act(
            entry_sequence=entry.sequence,
            action=action,
            by=by,
            signed_on=signed_on,
            received_on=received_on,
            effective_on=effective_on,
        )
    )
    db.session.flush()
