"""What may change on the roll of participants: names, facts, and two participants that are one.

Plain verbs, each of which changes the rows and appends to the ledger; ``publishing.add_participant`` adds. They do not
ask who may: what one person proposes and another approves is the matter of ``roll_proposals``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import product
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError

from tracker import clock, ledger, running_totals
from tracker.disputes import reviewing
from tracker.errors import BothEndorsed, DateRefused, NothingChanged, Refused, Stale
from tracker.extensions import db
from tracker.facts import Facts, of_itself, of_name, subject_of
from tracker.models import (
    Account,
    Accreditation,
    Endorsement,
    FormerAddress,
    FormerKind,
    LedgerEntry,
    Participant,
    ParticipantName,
    Proposal,
    Text,
)
from tracker.publishing import Grounds
from tracker.roll import kinds
from tracker.vocabulary import OPEN, Action, Kind, ProposalKind, ProposalStatus, Status, Tenure

_AS_IT_IS = lazy_gettext("The roll says this already, so there is nothing to propose.")
_IN_THE_FUTURE = lazy_gettext("The day from which on it holds cannot be in the future.")
_BEFORE_THE_LAST = lazy_gettext("It cannot hold from a day on that comes before the last change.")
_ITSELF = lazy_gettext("A participant cannot be merged into itself. Choose another one.")
_TWICE_ACCREDITED = lazy_gettext(
    "The same person is accredited for both participants. End one of the two accreditations first."
)
_PROPOSED_MEANWHILE = lazy_gettext(
    "Something else that was proposed about the participant that goes waits for a decision. Decide on that first."
)


def rename(
    participant: Participant,
    *,
    name: Text,
    in_sentence: Text | None = None,
    formal_name: Text | None = None,
    name_confirmed: bool = True,
    since: date | None = None,
    grounds: Grounds | None = None,
    by: Account | None = None,
) -> LedgerEntry:
    """Let a participant carry another name from a day on, and return the entry. The former name is kept.

    Args:
        name: the official short name, in the languages in which it has one.
        since: the day; ``None`` where the present name was never right, or lacks a language: it is replaced.

    Raises:
        NothingChanged: it carries this name already.
        DateRefused: the day is in the future, or before the present name's.
    """
    lock(participant)
    before, present = of_name(participant), participant.current_name
    require_day(since, present.valid_from)
    says = {"name": name, "in_sentence": in_sentence, "formal_name": formal_name}
    if before == {**says, "name_confirmed": name_confirmed}:
        raise NothingChanged(_AS_IT_IS)
    if since is None or since == present.valid_from:
        for field, text in says.items():
            setattr(present, field, text)
    else:
        present.valid_until = since
        db.session.flush()  # before the next one: a participant carries one name at a time
        db.session.add(ParticipantName(participant_id=participant.id, valid_from=since, **says))
    participant.name_confirmed = name_confirmed
    db.session.flush()
    db.session.refresh(participant)
    facts = {**of_name(participant), "effective_on": since, **_said_of(grounds)}
    return _enter(participant, Action.PARTICIPANT_RENAMED, facts, by)


def change_facts(
    participant: Participant,
    *,
    kind: Kind,
    iso_code: str | None = None,
    seat: str | None = None,
    acronym: str | None = None,
    website: str | None = None,
    footnote: Text | None = None,
    since: date | None = None,
    grounds: Grounds | None = None,
    by: Account | None = None,
) -> LedgerEntry:
    """Change what the roll says of a participant beside its name, and return the entry.

    Where its kind changes, it counts as one of the new kind from the day on, in every cohort.

    Args:
        since: from which day on it is of this kind, where that is another one; ``None`` where the present one was
            never right.

    Raises:
        NothingChanged: the roll says this already.
        DateRefused: the day is in the future, or before its last change of kind.
    """
    lock(participant)
    before, present = of_itself(participant), kinds.history_of(participant)
    says: dict[str, Any] = {"iso_code": iso_code, "seat": seat, "acronym": acronym, "website": website}
    if before == {**says, "footnote": footnote, "kind": kind}:
        raise NothingChanged(_AS_IT_IS)
    require_day_of_kind(participant, kind, since)  # before anything changes: what is refused changes nothing
    for field, fact in {**says, "footnote": footnote}.items():
        setattr(participant, field, fact)
    if kind is participant.kind:
        since = None
    else:
        with running_totals.recounted(_endorsements_of(participant)):
            kinds.set_history(participant, kinds.changed(present, kind, since))
    db.session.flush()
    facts = {**of_itself(participant), "effective_on": since, **_said_of(grounds)}
    return _enter(participant, Action.PARTICIPANT_CHANGED, facts, by)


def merge(
    duplicate: Participant, into: Participant, *, grounds: Grounds | None = None, by: Account | None = None
) -> LedgerEntry:
    """Let a participant that is on the roll twice be there once, and return the entry.

    What was the duplicate's is the other's: endorsements, representatives, names (which are found, and shown for no
    day), its address. Its facts go, its contact address too; both stand in the ledger, the latter only bound.

    Raises:
        BothEndorsed: both have, in one cohort, an endorsement in force or open, or had one in force on the same days.
        Refused: they are the same; one person is accredited for both; something about the duplicate waits.
    """
    lock(duplicate)
    lock(into)
    require_mergeable(duplicate, into)
    slug, subject = duplicate.slug, subject_of(duplicate)
    reviewing.void_links(duplicate)
    ledger.forget(subject, "contact_address")
    endorsements = _endorsements_of(duplicate)
    with running_totals.recounted(endorsements):
        for endorsement in endorsements:
            endorsement.participant = into
    for accreditation in _accreditations_of(duplicate):
        accreditation.participant = into
    db.session.flush()
    _hand_over(duplicate, into)
    db.session.add(FormerAddress(slug=slug, participant_id=into.id))
    db.session.flush()
    payload = {"into": into.slug, **_said_of(grounds)}
    return ledger.append(by=by, action=Action.PARTICIPANT_MERGED, subject=subject, payload=payload)


def require_mergeable(duplicate: Participant, into: Participant) -> None:
    """Refuse to merge two participants that cannot be one.

    Raises:
        BothEndorsed, Refused: as in :func:`merge`.
    """
    if duplicate.id == into.id:
        raise Refused(_ITSELF)
    pairs = product(_endorsements_of(duplicate), _endorsements_of(into))
    if any(one.cohort_id == other.cohort_id and _clash(one, other) for one, other in pairs):
        raise BothEndorsed
    if any(_twice(one, other) for one, other in product(_accreditations_of(duplicate), _accreditations_of(into))):
        raise Refused(_TWICE_ACCREDITED)
    waiting = select(Proposal.id).where(
        Proposal.participant_id == duplicate.id,
        Proposal.status == ProposalStatus.OPEN,
        Proposal.kind != ProposalKind.PARTICIPANT_MERGER,
    )
    if db.session.scalars(waiting.limit(1)).first():
        raise Refused(_PROPOSED_MEANWHILE)


def require_day_of_kind(participant: Participant, kind: Kind, since: date | None) -> None:
    """Refuse a day from which on a participant cannot be of another kind.

    Raises:
        DateRefused: as in :func:`require_day`.
    """
    if kind is not participant.kind:
        require_day(since, kinds.history_of(participant)[-1][1])


def _hand_over(duplicate: Participant, into: Participant) -> None:
    """Give the other participant what refers to the duplicate, and take the duplicate off the roll."""
    until = sa.func.coalesce(ParticipantName.valid_until, clock.today())
    whose = {"participant_id": into.id}
    statements: Iterable[sa.UpdateBase] = (
        sa.update(ParticipantName)
        .where(ParticipantName.participant_id == duplicate.id)
        .values(**whose, of_duplicate=True, valid_until=until),
        sa.update(FormerAddress).where(FormerAddress.participant_id == duplicate.id).values(whose),
        sa.update(Proposal).where(Proposal.participant_id == duplicate.id).values(whose),
        sa.delete(FormerKind).where(FormerKind.participant_id == duplicate.id),
        sa.delete(Participant).where(Participant.id == duplicate.id),
    )
    for statement in statements:
        db.session.execute(statement, execution_options={"synchronize_session": False})
    db.session.expunge(duplicate)
    db.session.expire_all()


def _clash(one: Endorsement, other: Endorsement) -> bool:
    """Whether two endorsements of a cohort cannot be one participant's."""
    alive = (*OPEN, Status.IN_FORCE)
    if one.status in alive and other.status in alive:
        return True
    if one.effective_on is None or other.effective_on is None:
        return False
    begins, ends = max(one.effective_on, other.effective_on), (one.ended_on, other.ended_on)
    return all(end is None or begins < end for end in ends)


def _twice(one: Accreditation, other: Accreditation) -> bool:
    """Whether two accreditations are of one person, and cannot both be for one participant."""
    hold = all(each.tenure(clock.today()) is not Tenure.ENDED for each in (one, other))
    return one.account_id == other.account_id and (hold or one.starts_on == other.starts_on)


def _endorsements_of(participant: Participant) -> list[Endorsement]:
    query = select(Endorsement).filter_by(participant_id=participant.id).order_by(Endorsement.id)
    return list(db.session.scalars(query))


def _accreditations_of(participant: Participant) -> list[Accreditation]:
    return list(db.session.scalars(select(Accreditation).filter_by(participant_id=participant.id)))


def lock(participant: Participant) -> None:
    """Take the ledger's lock, and look at a participant again.

    Raises:
        Stale: it was merged into another one.
    """
    ledger.lock()
    try:
        db.session.refresh(participant)
    except InvalidRequestError:  # it was merged into another one
        raise Stale from None


def require_day(since: date | None, last: date | None) -> None:
    """Refuse a day from which on nothing can hold that follows what holds from another one.

    Raises:
        DateRefused: it is in the future, or comes before the last one.
    """
    if since is not None and since > clock.today():
        raise DateRefused(_IN_THE_FUTURE)
    if since is not None and last is not None and since < last:
        raise DateRefused(_BEFORE_THE_LAST)


def _enter(participant: Participant, action: Action, facts: Facts, by: Account | None) -> LedgerEntry:
    return ledger.append(by=by, action=action, subject=subject_of(participant), payload=facts)


def _said_of(grounds: Grounds | None) -> Facts:
    return dict((grounds or Grounds()).facts())
