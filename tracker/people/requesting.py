"""Accreditation requests: what head representatives and staff propose about who may act for a participant.

The endorsement belongs to the participant and outlives the person: nothing here touches it.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext

from tracker import accrediting, clock, ledger, proposing
from tracker.accrediting import require_accredited, require_staff
from tracker.errors import (
    AccreditationOver,
    AccreditationStale,
    AlreadyProposed,
    DateRefused,
    Incomplete,
    NotHead,
    NothingChanged,
    OwnSubmission,
    WrongStatus,
)
from tracker.evidence import filing
from tracker.evidence.examining import Examined
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.models import Account, Accreditation, Participant, Proposal
from tracker.people import candidates, telling
from tracker.people.candidates import Candidate, person_of
from tracker.vocabulary import ProposalKind, Tenure

_IN_THE_PAST = lazy_gettext("The first day cannot be in the past.")
_ENDS_BEFORE = lazy_gettext("The last day comes before the first.")
_ENDS_IN_THE_PAST = lazy_gettext("The last day cannot be in the past.")
_BEGAN_ALREADY = lazy_gettext("The accreditation has begun, so its first day stays as it is.")
_AS_IT_IS = lazy_gettext("This is how the accreditation stands already, so there is nothing to propose.")
_ON_WHOSE_AUTHORITY = lazy_gettext(
    "Attach the letter in which the participant names the person, or say in the note on whose authority this is."
)
_NOT_YOURS = lazy_gettext("Somebody else proposed this, so only they can take it back.")
_NOT_TAKEN_BACK = lazy_gettext("A suspension is not taken back: somebody else confirms or reverses it.")


def propose(
    participant: Participant,
    candidate: Candidate,
    *,
    letter: Examined | None = None,
    by: Account,
    instead_of: Proposal | None = None,
) -> Proposal:
    """Propose that a person may act for a participant, and return the proposal.

    Args:
        letter: the credentials letter, in which the participant names the person.
        instead_of: the request that was returned, and that this one takes the place of; its letter goes along, unless
            there is another one.

    Raises:
        NotAccredited, NotHead: the person may not propose this.
        Incomplete: a name or an address is missing; or staff do not say on whose authority, by a letter or a note.
        DateRefused: the days are in the past, or out of order.
        AlreadyAccredited: a representative with this address is accredited for some of these days.
        AlreadyProposed: the same address was proposed, and waits for a decision.
    """
    ledger.lock()
    _require_right(by, participant)
    candidate = replace(candidate, email=candidate.email.lower())
    if candidate.is_head and not by.is_staff:
        raise NotHead
    if not candidate.name.strip() or "@" not in candidate.email:
        raise Incomplete
    before = instead_of.content.get("credentials") if instead_of else None
    if by.is_staff and not (letter or before or candidate.note.strip()):
        raise Incomplete(_ON_WHOSE_AUTHORITY)
    _require_days(candidate.starts_on, candidate.ends_on)
    candidates.require_free(participant, candidate)
    waiting = candidates.open_ones(participant)
    if any(each.content.get("email") == candidate.email for each in waiting):
        raise AlreadyProposed
    subject = instead_of.subject if instead_of else f"accreditation/{uuid.uuid4()}"
    candidate = replace(candidate, credentials=filing.keep(letter, by=by).key if letter else before)
    return _proposed(ProposalKind.ACCREDITATION, subject, candidate.facts(), participant, by)


def propose_change(
    accreditation: Accreditation,
    *,
    starts_on: date,
    ends_on: date | None,
    is_head: bool,
    note: str = "",
    by: Account,
    version: int | None = None,
) -> Proposal:
    """Propose other days for an accreditation, or that the person is a head representative, and return the proposal.

    Raises:
        NotStaff: the person does not work for the secretariat.
        AccreditationOver: it ended, or is suspended.
        DateRefused: it began already, or the days are in the past or out of order.
        NothingChanged: it stands like this.
        AlreadyProposed: a change waits for a decision.
        AccreditationStale: something happened to it since the person saw it.
    """
    _lock_and_look(accreditation, version)
    require_staff(by)
    _require_changeable(accreditation)
    if (starts_on, ends_on, is_head) == (accreditation.starts_on, accreditation.ends_on, accreditation.is_head):
        raise NothingChanged(_AS_IT_IS)
    if starts_on != accreditation.starts_on:
        if accreditation.holds_on(clock.today()):
            raise DateRefused(_BEGAN_ALREADY)
        _require_days(starts_on, ends_on)
    _require_end(starts_on, ends_on)
    content = {"starts_on": starts_on, "ends_on": ends_on, "is_head": is_head, "note": note}
    return _proposed_about(accreditation, ProposalKind.ACCREDITATION_CHANGE, content, by)


def propose_end(
    accreditation: Accreditation, *, last_day: date, note: str = "", by: Account, version: int | None = None
) -> Proposal:
    """Propose with which day an accreditation ends, and return the proposal.

    Raises:
        NotAccredited, NotHead: the person may not propose this.
        AccreditationOver: it ended, or is suspended.
        DateRefused: the day is in the past, or before the first day.
        NothingChanged: it ends so already.
        AlreadyProposed: an end waits for a decision.
        AccreditationStale: something happened to it since the person saw it.
    """
    _lock_and_look(accreditation, version)
    _require_right(by, accreditation.participant)
    _require_changeable(accreditation)
    _require_end(accreditation.starts_on, last_day)
    if accreditation.ends_on is not None and last_day >= accreditation.ends_on:
        raise NothingChanged(_AS_IT_IS)
    content = {"ends_on": last_day, "note": note}
    return _proposed_about(accreditation, ProposalKind.ACCREDITATION_END, content, by)


def suspend(accreditation: Accreditation, *, note: str, by: Account, version: int | None = None) -> Proposal:
    """Let an accreditation hold no more from now on, and return the proposal by which somebody else decides on it.

    One person may do this: whoever should not act must not act while a second person is looked for.

    Raises:
        NotStaff: the person does not work for the secretariat.
        OwnSubmission: it is the person's own.
        Incomplete: no reason is given.
        AccreditationOver: it ended, or is suspended already.
        AccreditationStale: something happened to it since the person saw it.
    """
    _lock_and_look(accreditation, version)
    require_staff(by)
    if accreditation.account_id == by.id:
        raise OwnSubmission
    if not note.strip():
        raise Incomplete
    _require_changeable(accreditation)
    entry = accrediting.suspend(accreditation, by=by)
    proposal = _proposed_about(accreditation, ProposalKind.SUSPENSION, {"note": note}, by)
    telling.of_act(accreditation, entry)
    return proposal


def take_back(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Take a proposal back before anybody decided on it: who made it may, and heads what their people proposed.

    Raises:
        NotAccredited, NotHead: the person may not.
        WrongStatus: it is a suspension, or somebody decided.
        Stale: as in ``proposing``.
    """
    proposing.take_up(proposal, version)
    if proposal.kind is ProposalKind.SUSPENSION:
        raise WrongStatus(_NOT_TAKEN_BACK)
    if proposal.participant is not None:
        _require_right(by, proposal.participant)
    if proposal.proposed_by_id != by.id and (by.is_staff or proposal.proposed_by.is_staff):
        raise NotHead(_NOT_YOURS)
    proposing.taken_back(proposal, by=by)


def seen_of(accreditation: Accreditation) -> int:
    """Return what a form remembers of an accreditation, to tell whether something happened to it meanwhile."""
    return ledger.latest_of(subject_of(accreditation))


def _lock_and_look(accreditation: Accreditation, version: int | None) -> None:
    ledger.lock()
    db.session.refresh(accreditation)
    if version is not None and version != seen_of(accreditation):
        raise AccreditationStale


def _proposed_about(accreditation: Accreditation, kind: ProposalKind, content: dict[str, Any], by: Account) -> Proposal:
    subject = subject_of(accreditation)
    seen = {"seen": ledger.latest_of(subject), "person": accreditation.account.actor}
    return _proposed(kind, subject, {**content, **seen}, accreditation.participant, by)


def _proposed(
    kind: ProposalKind, subject: str, content: dict[str, Any], participant: Participant, by: Account
) -> Proposal:
    proposal = proposing.propose(kind, subject=subject, content=content, by=by, participant=participant)
    telling.of_request(proposal, person_of(proposal))
    return proposal


def _require_right(by: Account, participant: Participant) -> None:
    if by.is_staff:
        require_staff(by)
        return
    require_accredited(by, participant)
    if not accrediting.is_head(by, participant):
        raise NotHead


def _require_days(starts_on: date, ends_on: date | None) -> None:
    if starts_on < clock.today():
        raise DateRefused(_IN_THE_PAST)
    _require_end(starts_on, ends_on)


def _require_end(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise DateRefused(_ENDS_BEFORE)
    if ends_on is not None and ends_on < clock.today():
        raise DateRefused(_ENDS_IN_THE_PAST)


def _require_changeable(accreditation: Accreditation) -> None:
    if accreditation.tenure(clock.today()) not in (Tenure.HOLDS, Tenure.TO_COME) or accreditation.suspended_on:
        raise AccreditationOver
