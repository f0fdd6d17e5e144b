"""What a second person of the secretariat decides on accreditation requests, and how it is carried out."""

from __future__ import annotations

from flask_babel import lazy_gettext

from tracker import accrediting, clock, proposing
from tracker.errors import AccountClosed, AccreditationChanged, AccreditationOver, CredentialsChanged, DateRefused
from tracker.evidence import filing
from tracker.extensions import db
from tracker.identity import inviting
from tracker.models import Account, Accreditation, LedgerEntry, Proposal
from tracker.people import credentials, telling
from tracker.people.candidates import Candidate, Change, last_day_of, person_of, require_free, the_accreditation_of
from tracker.vocabulary import Action, ProposalKind, Tenure

_TOO_LATE = lazy_gettext("The last day that was proposed has passed. Send the request back.")


def return_(proposal: Proposal, *, reason: str, by: Account, version: int | None = None) -> None:
    """Give a proposal back to who made it, with the reason why; what was suspended holds again.

    Raises:
        Incomplete: no reason is given.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    proposing.returned(proposal, by=by, reason=reason)
    if proposal.kind is ProposalKind.SUSPENSION:
        accreditation = the_accreditation_of(proposal)
        entry = accrediting.restore(accreditation, by=by, proposed_by=proposal.proposed_by)
        telling.of_act(accreditation, entry)
    telling.of_return(proposal, person_of(proposal))


def confirm(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Carry a proposal out: accredit, change, or end. Who is accredited and cannot sign in yet is invited.

    Raises:
        AccreditationChanged: the accreditation is not what it was when this was proposed.
        DateRefused: the last day has passed.
        AlreadyAccredited, AccountClosed: the person is accredited meanwhile, or their account is closed.
        CredentialsChanged: the file of the credentials letter is not the one that came with the request.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    entry = _CARRY_OUT[proposal.kind](proposal, by)
    proposing.approved(proposal, by=by, entry=entry)
    accreditation = the_accreditation_of(proposal)
    is_invited = entry.action is Action.ACCREDITED and inviting.invite_representative(accreditation.account, by=by)
    telling.of_act(accreditation, entry, to_the_person=not is_invited)


def _accredit(proposal: Proposal, by: Account) -> LedgerEntry:
    candidate, participant = Candidate.of(proposal), proposal.participant
    assert participant is not None  # noqa: S101  # nosec B101  # every such proposal has one
    starts_on = max(candidate.starts_on, clock.today())
    if candidate.ends_on is not None and candidate.ends_on < starts_on:
        raise DateRefused(_TOO_LATE)
    require_free(participant, candidate)
    account = accrediting.account_at(candidate.email) or accrediting.open_account(
        email=candidate.email, name=candidate.name, password=None, language=candidate.language
    )
    if not account.active:
        raise AccountClosed
    letter = credentials.letter_of(proposal)
    if letter and not filing.is_sound(letter):
        raise CredentialsChanged
    return accrediting.accredit(
        account,
        participant,
        starts_on=starts_on,
        ends_on=candidate.ends_on,
        is_head=candidate.is_head,
        name=candidate.name,
        office=candidate.office,
        reference=proposal.subject.removeprefix("accreditation/"),
        letter=letter.sha256 if letter else None,
        by=by,
        proposed_by=proposal.proposed_by,
    )


def _change(proposal: Proposal, by: Account) -> LedgerEntry:
    accreditation, change = _unchanged(proposal), Change.of(proposal)
    if change.ends_on is not None and change.ends_on < clock.today():
        raise DateRefused(_TOO_LATE)
    return accrediting.change(
        accreditation,
        starts_on=change.starts_on,
        ends_on=change.ends_on,
        is_head=change.is_head,
        by=by,
        proposed_by=proposal.proposed_by,
    )


def _end_it(proposal: Proposal, by: Account) -> LedgerEntry:
    last_day = last_day_of(proposal)
    return accrediting.end(_unchanged(proposal), last_day=last_day, by=by, proposed_by=proposal.proposed_by)


_CARRY_OUT = {
    ProposalKind.ACCREDITATION: _accredit,
    ProposalKind.ACCREDITATION_CHANGE: _change,
    ProposalKind.ACCREDITATION_END: _end_it,
    ProposalKind.SUSPENSION: _end_it,
}


def _unchanged(proposal: Proposal) -> Accreditation:
    """Return the accreditation that a proposal is about, as it was when that was proposed."""
    accreditation = the_accreditation_of(proposal)
    db.session.refresh(accreditation)
    if proposing.recorded_since(proposal):
        raise AccreditationChanged
    if accreditation.tenure(clock.today()) is Tenure.ENDED:
        raise AccreditationOver
    return accreditation
