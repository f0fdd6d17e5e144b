"""The life of an endorsement, one function a verb.

Each verb takes the ledger's lock first, looks at the endorsement as it stands now, checks the rules, changes the rows,
moves the tallies and appends to the ledger, all in the caller's transaction. The caller commits once.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from datetime import date

from flask_babel import lazy_gettext

from tracker import clock, ledger, running_totals, withdrawing
from tracker.accrediting import require_staff
from tracker.drafting import added_since, is_complete, position_on, require_right, take_up
from tracker.errors import (
    AlreadyEndorsed,
    DateRefused,
    Incomplete,
    NotAsSubmitted,
    NothingChanged,
    NoticeGiven,
    OwnSubmission,
    SetGrown,
    UnknownRecommendation,
    WordingChanged,
)
from tracker.evidence import filing
from tracker.extensions import db
from tracker.facts import facts_of, subject_of
from tracker.models import Account, Cohort, Endorsement, Participant, Source, Text
from tracker.standing import (
    day_of_effect,
    has_a_part_in,
    in_force_one,
    last_end,
    lock_and_look,
    open_one,
    record,
    require_status,
    says,
    touch,
)
from tracker.vocabulary import Action, Question, Scope, Status
from tracker.wordings.endorsed_wordings import behind


def bound_content(endorsement: Endorsement) -> str:
    """Return what the ledger binds of a submission, which is not public yet: all but its day of effect."""
    return ledger.canonical(ledger.plain({**facts_of(endorsement), "effective_on": None})).decode()


def private_answers(endorsement: Endorsement) -> dict[str, str]:
    """Return what the ledger binds of a submission without telling it, by field: what is not public yet, or never."""
    answers = {
        "content": bound_content(endorsement),
        "signatory_name": endorsement.signatory_name,
        "signatory_office": endorsement.signatory_office,
        "evidence": endorsement.evidence.sha256 if endorsement.evidence else None,
    }
    return {field: answer for field, answer in answers.items() if answer}


def submitted_answers(endorsement: Endorsement) -> dict[str, str]:
    """Return what the ledger binds of the last submission, by field, in the form of :func:`private_answers`.

    The participant may be of another kind by now. It may have been a duplicate then, under an address that is another
    one's now.
    """
    answers = ledger.bound(subject_of(endorsement), Action.SUBMITTED)
    if "content" in answers:
        content, participant = json.loads(answers["content"]), endorsement.participant
        if content["participant"] in {each.slug for each in participant.former_addresses}:
            content["participant"] = participant.slug
        answers["content"] = ledger.canonical({**content, "kind": participant.kind.value}).decode()
    return answers


def submit(endorsement: Endorsement, *, by: Account, version: int | None = None) -> None:
    """Hand the endorsement to the secretariat, for confirmation. It takes effect on the day it was received.

    That is this day, or for a letter that came on paper the day on which it came.

    Raises:
        Incomplete: an answer is missing.
        NothingChanged: it says what the endorsement in force says.
        NoticeGiven: a notice of withdrawal waits for the secretariat.
        DateRefused: it came on paper before the day from which the participant's last endorsement counts.
        SetGrown: it is of the whole set, and recommendations were added to that since.
        WordingChanged: it speaks of another wording than the one that stands when it counts, where that is not the
            wording that the participant's endorsement in force speaks of.
        NotAccredited, WrongStatus, Stale: as everywhere in this module.
    """
    take_up(endorsement, by, version)
    if not is_complete(endorsement):
        raise Incomplete
    present = in_force_one(endorsement.participant, endorsement.cohort)
    if present and says(present) == says(endorsement):
        raise NothingChanged
    if present and withdrawing.waiting(present):
        raise NoticeGiven
    if endorsement.on_paper:
        _require_after_what_was(endorsement, present)
    if added_since(endorsement):
        raise SetGrown
    if any(not each.kept for each in behind(endorsement)):
        raise WordingChanged
    endorsement.status = Status.SUBMITTED
    endorsement.submitted_by = by
    endorsement.submitted_at = touch(endorsement)
    if not endorsement.on_paper:
        endorsement.received_on = clock.today()
    endorsement.reasons = None
    record(
        endorsement,
        Action.SUBMITTED,
        by,
        {"cohort": endorsement.cohort.slug},
        signed_on=endorsement.signed_on,
        received_on=endorsement.received_on,
        private=private_answers(endorsement),
        evidence=endorsement.evidence,
    )


def _require_after_what_was(endorsement: Endorsement, present: Endorsement | None) -> None:
    """Refuse a letter from before what is in force, or was until today: it cannot take the place of what came later."""
    ended_on = last_end(endorsement.participant, endorsement.cohort)
    in_force_from = present.effective_on if present else None
    for day in (ended_on, in_force_from):
        if day and endorsement.received_on and endorsement.received_on < day <= clock.today():
            raise DateRefused(_LETTER_TOO_OLD)


_LETTER_TOO_OLD = lazy_gettext(
    "This letter was received before the day from which the participant’s present or last endorsement counts, so it "
    "cannot come after that one."
)


_AMENDED_SINCE = lazy_gettext(
    "A recommendation that this covers was amended since it was submitted, with effect from the day from which it "
    "would be in force. Return it, so that the participant can say which wording it endorses."
)


def take_back(endorsement: Endorsement, *, by: Account, version: int | None = None) -> None:
    """Make a submission a draft again, before the secretariat has decided on it.

    Raises:
        WrongStatus: it was decided on, or never submitted.
        NotAccredited, Stale: as everywhere in this module.
    """
    lock_and_look(endorsement, version)
    require_right(by, endorsement)
    require_status(endorsement, Status.SUBMITTED)
    _reopen(endorsement, Status.DRAFT)
    record(endorsement, Action.TAKEN_BACK, by, {})


def return_(
    endorsement: Endorsement, *, reasons: Mapping[Question, str], by: Account, version: int | None = None
) -> None:
    """Give a submission back to its representatives, with what they should correct, by question.

    Raises:
        Incomplete: no reason is given.
        NotStaff, OwnSubmission, WrongStatus, Stale: as everywhere in this module.
    """
    _decide(endorsement, by, version)
    _refuse(endorsement, Status.RETURNED, Action.RETURNED, reasons, by)


def reject(
    endorsement: Endorsement, *, reasons: Mapping[Question, str], by: Account, version: int | None = None
) -> None:
    """Refuse a submission for good, with the reasons. What is in force stays so; the participant may begin anew.

    Raises:
        Incomplete: no reason is given.
        NotStaff, OwnSubmission, WrongStatus, Stale: as everywhere in this module.
    """
    _decide(endorsement, by, version)
    _refuse(endorsement, Status.REJECTED, Action.REJECTED, reasons, by)


def confirm(endorsement: Endorsement, *, by: Account, version: int | None = None) -> None:
    """Put a submission in force, with effect from the day on which it was received.

    It supersedes the endorsement that is in force, if there is one: that ends on the same day.

    Raises:
        NotStaff: the person does not work for the secretariat.
        OwnSubmission: the person submitted it, or may act for the participant.
        NotAsSubmitted: it is not what its representatives submitted.
        WordingChanged: a recommendation that it covers was amended since, with effect from the day from which this
            would count or an earlier one. What was corrected carries over.
        WrongStatus, Stale: as everywhere in this module.
    """
    _decide(endorsement, by, version)
    if submitted_answers(endorsement) != private_answers(endorsement):
        raise NotAsSubmitted
    if endorsement.evidence and not filing.is_sound(endorsement.evidence):
        raise NotAsSubmitted
    if any(each.amended and not each.kept for each in behind(endorsement)):
        raise WordingChanged(_AMENDED_SINCE)
    endorsement.confirmed_by_id = by.id
    superseded = in_force_one(endorsement.participant, endorsement.cohort)
    _put_in_force(endorsement, superseded, effective_on=day_of_effect(endorsement), by=by)


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
    revisions: Mapping[str, int] | None = None,
    signed_on: date | None = None,
    received_on: date | None = None,
    on_paper: bool = False,
    provenance: str | None = None,
    supersedes: bool = False,
    by: Account | None = None,
) -> Endorsement:
    """Put in force an endorsement of which others know already: the operator's act, or that of who approved a load.

    Args:
        numbers: the recommendations that it covers; ``None`` for the whole set.
        reservations: by number.
        date_note: what is to be known about the day.
        revisions: the wordings that it is on, by number; the present ones where none is named.
        signed_on, received_on: the days on the instrument, and of its receipt, where they are known.
        on_paper, provenance: whether it came on paper, and how.
        supersedes: whether it takes the place of the one that is in force.

    Raises:
        AlreadyEndorsed: the participant's endorsement is in force or was on that day, or one is being prepared.
        UnknownRecommendation: the cohort has no such number, or the recommendation no such wording.
        DateRefused: the day is in the future, and not the end of what was withdrawn; or it comes before another one.
    """
    ledger.lock()
    dates = (signed_on, received_on)
    superseded = _require_room(participant, cohort, effective_on, dates=dates, supersedes=supersedes)
    every = {recommendation.number: recommendation for recommendation in cohort.recommendations}
    chosen = every.keys() if numbers is None else set(numbers)
    reserved = dict(reservations or {})
    if (chosen - every.keys()) or (reserved.keys() - chosen):
        raise UnknownRecommendation
    on = revisions or {}
    endorsement = Endorsement(
        reference=str(uuid.uuid4()),
        cohort=cohort,
        participant=participant,
        status=Status.DRAFT,
        scope=Scope.ALL if len(chosen) == len(every) else Scope.CHOSEN,
        statement=statement,
        date_note=date_note,
        source=source,
        signed_on=signed_on,
        received_on=received_on,
        on_paper=on_paper,
        provenance=provenance,
        changed_at=clock.now(),
        positions=[
            position_on(each, effective_on, reserved.get(number), on.get(number))
            for number, each in every.items()
            if number in chosen
        ],
        acts=[],
    )
    _put_in_force(endorsement, superseded, effective_on=effective_on, by=by)
    return endorsement


def _require_room(
    participant: Participant, cohort: Cohort, effective_on: date, *, dates: Collection[date | None], supersedes: bool
) -> Endorsement | None:
    """Refuse a day that is to come, or on which another endorsement of the participant stands in the way.

    Return the one in force, which is superseded.
    """
    ended_on, present = last_end(participant, cohort), in_force_one(participant, cohort)
    if effective_on > clock.today() and effective_on != ended_on:
        raise DateRefused
    if any(day and day > effective_on for day in (*dates, present and present.effective_on)):
        raise DateRefused
    overlaps = ended_on is not None and effective_on < ended_on
    if overlaps or (present and not supersedes) or open_one(participant, cohort):
        raise AlreadyEndorsed
    return present


def forget_signatory(endorsement: Endorsement) -> None:
    """Forget who signed, and in what office. The entries that bind it stand, and the chain with them."""
    ledger.lock()
    endorsement.signatory_name = endorsement.signatory_office = None
    ledger.forget(subject_of(endorsement), "signatory_name", "signatory_office")
    touch(endorsement)


def _decide(endorsement: Endorsement, by: Account, version: int | None) -> None:
    lock_and_look(endorsement, version)
    require_staff(by)
    require_status(endorsement, Status.SUBMITTED)
    if has_a_part_in(endorsement, by):
        raise OwnSubmission


def _refuse(
    endorsement: Endorsement, status: Status, action: Action, reasons: Mapping[Question, str], by: Account
) -> None:
    given = {question: reasons[question].strip() for question in Question if reasons.get(question, "").strip()}
    if not given:
        raise Incomplete
    endorsement.reasons = given
    if status is Status.RETURNED:
        _reopen(endorsement, status)
    else:
        endorsement.status = status
        touch(endorsement)
    record(endorsement, action, by, {}, private={"reasons": ledger.canonical(ledger.plain(given)).decode()})


def _reopen(endorsement: Endorsement, status: Status) -> None:
    endorsement.status = status
    endorsement.submitted_at = endorsement.submitted_by = None
    if not endorsement.on_paper:
        endorsement.received_on = None
    touch(endorsement)


def _put_in_force(
    endorsement: Endorsement, superseded: Endorsement | None, *, effective_on: date | None, by: Account | None
) -> None:
    if superseded:
        superseded.status = Status.SUPERSEDED
        superseded.ended_on = effective_on
        touch(superseded)
        running_totals.leave(superseded)
    endorsement.status = Status.IN_FORCE
    endorsement.effective_on = effective_on
    db.session.add(endorsement)
    touch(endorsement)
    running_totals.enter(endorsement)
    record(
        endorsement,
        Action.POSITION_CHANGED if superseded else Action.ENDORSED,
        by,
        {**facts_of(endorsement), "supersedes": superseded.reference if superseded else None},
        signed_on=endorsement.signed_on,
        received_on=endorsement.received_on,
        effective_on=effective_on,
    )
