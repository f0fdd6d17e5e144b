"""The address that is published for a participant, at which it may dispute an endorsement in its name.

The participant publishes it itself; the register does not. Whoever has it can put an endorsement under review, so it is
changed by two people of the secretariat, and the ledger binds it without telling it.
"""

from __future__ import annotations

from tracker import ledger, proposing
from tracker.accrediting import require_staff
from tracker.disputes import reviewing
from tracker.errors import NothingChanged, Stale
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.mails import posting
from tracker.models import Account, Participant, Proposal
from tracker.vocabulary import Action, ProposalKind


def waiting(participant: Participant) -> Proposal | None:
    """Return the change of a participant's address that waits for a second person, if there is one."""
    return proposing.open_one(ProposalKind.CONTACT, subject_of(participant))


def address_in(proposal: Proposal) -> str | None:
    """Return the address that is proposed; ``None`` where it is to be removed."""
    address: str | None = proposal.content.get("address")
    return address


def propose(participant: Participant, address: str | None, *, by: Account) -> Proposal:
    """Propose another address for a participant, or that it has none, and return the proposal.

    Raises:
        NotStaff: the person does not work for the secretariat.
        NothingChanged: it has this address already.
        AlreadyProposed: a change of it waits.
    """
    ledger.lock()
    db.session.refresh(participant)
    require_staff(by)
    address = (address or "").strip() or None
    if address == participant.contact_address:
        raise NothingChanged
    subject = subject_of(participant)
    proposal = proposing.propose(
        ProposalKind.CONTACT,
        subject=subject,
        content={"address": address, "seen": ledger.latest_of(subject)},
        by=by,
        participant=participant,
    )
    posting.tell_of_contact(proposal)
    return proposal


def return_(proposal: Proposal, *, reason: str, by: Account, version: int | None = None) -> None:
    """Give a proposed address back to who proposed it, with the reason.

    Raises:
        Incomplete: no reason is given.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    proposing.returned(proposal, by=by, reason=reason)
    posting.tell_of_contact(proposal)


def change(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Approve an address: disputes go by it from now on. Links that were sent to the earlier one end.

    Raises:
        Stale: something was recorded about the participant since.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    if proposing.recorded_since(proposal):
        raise Stale
    participant, address = proposal.participant, address_in(proposal)
    assert participant is not None  # noqa: S101  # nosec B101  # of this kind, every proposal is about one
    participant.contact_address = address
    reviewing.void_links(participant)
    ledger.forget(proposal.subject, "contact_address")
    entry = ledger.append(
        by=by,
        action=Action.CONTACT_CHANGED,
        subject=proposal.subject,
        payload={"proposed_by": proposal.proposed_by.actor},
        private={"contact_address": address} if address else {},
    )
    proposing.approved(proposal, by=by, entry=entry)
    posting.tell_of_contact(proposal)
