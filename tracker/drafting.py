"""Prepares an endorsement, answer by answer, until it is submitted.

Each verb takes the ledger's lock first and looks at the draft as it stands now; the caller commits once.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date

from tracker import clock, ledger
from tracker.accrediting import require_accredited, require_staff
from tracker.errors import BeingPrepared, DateRefused, Incomplete, Stale, UnknownRecommendation, WrongStatus
from tracker.evidence import filing
from tracker.evidence.examining import Examined
from tracker.extensions import db
from tracker.models import Account, Cohort, Endorsement, Participant, Position, Recommendation, Text
from tracker.standing import day_of_effect, in_force_one, lock_and_look, open_one, require_status, touch
from tracker.vocabulary import EDITABLE, Scope, Stance, Status


def begin(
    participant: Participant, cohort: Cohort, *, on_paper: bool = False, by: Account, version: int | None = None
) -> Endorsement:
    """Open a draft, or return the one that is open.

    Where an endorsement is in force, the draft begins with what that says: it is a change of it.

    Args:
        on_paper: whether the secretariat records a letter that came on paper.
        by: an accredited representative; of the secretariat, where it came on paper.
        version: the version of the open draft that the person saw, 0 for none.

    Raises:
        Stale: a draft is open that the person did not see.
        BeingPrepared: the representatives prepare one while a letter is to be recorded, or the other way round.
        NotAccredited: the person may not act for the participant today.
        NotStaff: the person does not work for the secretariat, and the letter came on paper.
        WrongStatus: an endorsement was submitted and waits for the secretariat.
    """
    ledger.lock()
    _require_right(by, participant, on_paper=on_paper)
    endorsement = open_one(participant, cohort)
    if endorsement is None:
        present = in_force_one(participant, cohort)
        endorsement = Endorsement(
            reference=str(uuid.uuid4()),
            cohort=cohort,
            participant=participant,
            status=Status.DRAFT,
            on_paper=on_paper,
            changed_at=clock.now(),
            changed_by=by,
            scope=present.scope if present else None,
            statement=present.statement if present else None,
            positions=_copied(present) if present else [],
        )
        db.session.add(endorsement)
        db.session.flush()
    elif endorsement.on_paper is not on_paper:
        raise BeingPrepared
    elif version is not None and version != endorsement.version:
        raise Stale
    require_status(endorsement, *EDITABLE)
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
    take_up(endorsement, by, version)
    every = {recommendation.number: recommendation for recommendation in endorsement.cohort.recommendations}
    if unknown := set(numbers) - every.keys():
        raise UnknownRecommendation(UnknownRecommendation.sentence) from KeyError(*unknown)
    chosen = every.keys() if scope is Scope.ALL else set(numbers)
    if not chosen:
        raise Incomplete
    endorsement.scope = Scope.ALL if len(chosen) == len(every) else Scope.CHOSEN
    kept, day = {each.recommendation.number: each for each in endorsement.positions}, day_of_effect(endorsement)
    endorsement.positions = [
        kept.get(number) or position_on(recommendation, day)
        for number, recommendation in every.items()
        if number in chosen
    ]
    touch(endorsement, by)


def endorse_present_wording(
    endorsement: Endorsement, *, numbers: Collection[str], by: Account, version: int | None = None
) -> None:
    """Answer that the wording that stands is endorsed of these recommendations. Reservations to them are kept.

    Raises:
        UnknownRecommendation: the endorsement does not cover such a number.
        NotAccredited, WrongStatus, Stale: as everywhere in this module.
    """
    take_up(endorsement, by, version)
    positions = {position.recommendation.number: position for position in endorsement.positions}
    if set(numbers) - positions.keys():
        raise UnknownRecommendation
    day = day_of_effect(endorsement)
    for number in numbers:
        positions[number].revision_id = positions[number].recommendation.revision_on(day).id
    touch(endorsement, by)
    for number in numbers:
        db.session.expire(positions[number], ["revision"])


def reserve(
    endorsement: Endorsement, *, reservations: Mapping[str, Text], by: Account, version: int | None = None
) -> None:
    """Answer which of the chosen recommendations carry a reservation, by number; the others carry none.

    Raises:
        UnknownRecommendation: the endorsement does not cover such a number.
        NotAccredited, WrongStatus, Stale: as everywhere in this module.
    """
    take_up(endorsement, by, version)
    positions = {position.recommendation.number: position for position in endorsement.positions}
    if reservations.keys() - positions.keys():
        raise UnknownRecommendation
    for number, position in positions.items():
        position.reservation = reservations.get(number)
        position.stance = Stance.RESERVED if position.reservation else Stance.ENDORSED
    touch(endorsement, by)


def declare(endorsement: Endorsement, *, statement: Text | None, by: Account, version: int | None = None) -> None:
    """Answer what the participant declares with the instrument as a whole.

    Raises:
        NotAccredited, WrongStatus, Stale: as everywhere in this module.
    """
    take_up(endorsement, by, version)
    endorsement.statement = statement
    touch(endorsement, by)


def sign(
    endorsement: Endorsement,
    *,
    signed_on: date,
    name: str = "",
    office: str = "",
    received_on: date | None = None,
    provenance: str = "",
    by: Account,
    version: int | None = None,
) -> None:
    """Answer when the instrument was signed, by whom and in what office.

    Args:
        name: of the signatory; empty where nobody is named, as in a note verbale. It is never published.
        office: of the signatory, likewise.
        received_on: when the secretariat received it, where it came on paper; else it is received when it is submitted.
        provenance: how it came, where it came on paper; it is published.

    Raises:
        DateRefused: a day is in the future, or it was received before it was signed.
        NotAccredited, WrongStatus, Stale: as everywhere in this module.
    """
    take_up(endorsement, by, version)
    if signed_on > clock.today():
        raise DateRefused
    if endorsement.on_paper:
        if received_on is None or not signed_on <= received_on <= clock.today():
            raise DateRefused
        endorsement.received_on = received_on
        endorsement.provenance = provenance or None
    endorsement.signed_on = signed_on
    endorsement.signatory_name = name or None
    endorsement.signatory_office = office or None
    touch(endorsement, by)


def attach(endorsement: Endorsement, letter: Examined, *, by: Account, version: int | None = None) -> None:
    """Keep the signed letter, in the place of the one that is there.

    Raises:
        NotAccredited, WrongStatus, Stale: as everywhere in this module.
    """
    take_up(endorsement, by, version)
    replaced = endorsement.evidence
    endorsement.evidence = filing.keep(letter, by=by)
    touch(endorsement, by)
    filing.drop(replaced)


def detach(endorsement: Endorsement, *, by: Account, version: int | None = None) -> None:
    """Take the letter away again, if there is one.

    Raises:
        NotAccredited, WrongStatus, Stale: as everywhere in this module.
    """
    take_up(endorsement, by, version)
    removed, endorsement.evidence = endorsement.evidence, None
    touch(endorsement, by)
    filing.drop(removed)


def discard(endorsement: Endorsement, *, by: Account, version: int | None = None) -> None:
    """Throw a draft away. One that was ever submitted stands in the ledger and stays.

    Raises:
        WrongStatus: it is no draft, or was submitted before.
        NotAccredited, Stale: as everywhere in this module.
    """
    lock_and_look(endorsement, version)
    require_right(by, endorsement)
    require_status(endorsement, Status.DRAFT)
    if endorsement.acts:
        raise WrongStatus
    letter = endorsement.evidence
    db.session.delete(endorsement)
    db.session.flush()
    filing.drop(letter)


def is_complete(endorsement: Endorsement) -> bool:
    """Whether every answer is there that a submission needs."""
    received = endorsement.received_on or not endorsement.on_paper
    return bool(endorsement.scope and endorsement.positions and endorsement.signed_on and received)


def added_since(endorsement: Endorsement) -> list[Recommendation]:
    """Return what was added to the set of which an endorsement says that it covers the whole, and which it does not."""
    if endorsement.scope is not Scope.ALL:
        return []
    covered = {each.recommendation_id for each in endorsement.positions}
    return [each for each in endorsement.cohort.recommendations if each.id not in covered]


def take_up(endorsement: Endorsement, by: Account, version: int | None) -> None:
    """Take the lock and look again; refuse somebody who may not, and an endorsement that may not be changed now."""
    lock_and_look(endorsement, version)
    require_right(by, endorsement)
    require_status(endorsement, *EDITABLE)


def require_right(by: Account, endorsement: Endorsement) -> None:
    """Refuse somebody who may not prepare an endorsement: representatives do, or the secretariat what came on paper.

    Raises:
        NotAccredited, NotStaff: the person may not.
    """
    _require_right(by, endorsement.participant, on_paper=endorsement.on_paper)


def _require_right(by: Account, participant: Participant, *, on_paper: bool) -> None:
    if on_paper:
        require_staff(by)
    else:
        require_accredited(by, participant)


def position_on(
    recommendation: Recommendation, day: date, reservation: Text | None = None, revision: int | None = None
) -> Position:
    """Return a position on the wording of a recommendation that stands on a day, or on that of a number.

    Raises:
        UnknownRecommendation: it has no wording of that number.
    """
    named = [each for each in recommendation.revisions if each.number == revision]
    if revision is not None and not named:
        raise UnknownRecommendation
    found = named[0] if named else recommendation.revision_on(day)
    return Position(
        recommendation=recommendation,
        revision_id=found.id,
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
