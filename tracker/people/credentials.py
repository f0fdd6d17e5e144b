"""Credentials letters, or full powers: by which a participant names who acts for it. Staff see them, and nobody else.

A letter comes with the request for an accreditation, and stays with it; the entry of the accreditation binds it.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from tracker.evidence import filing
from tracker.extensions import db
from tracker.models import Evidence, Participant, Proposal
from tracker.vocabulary import ProposalKind, ProposalStatus

#: Requests by which people were accredited, by the names of the accreditations in the ledger.
Requests = dict[str | None, Proposal]


def letter_of(proposal: Proposal) -> Evidence | None:
    """Return the letter that came with a request, if one did and is still kept."""
    key = proposal.content.get("credentials")
    return db.session.scalars(select(Evidence).filter_by(key=key)).one_or_none() if key else None


def of_people(participant: Participant) -> Requests:
    """Return the requests with a letter by which people of a participant were accredited."""
    return _with_letters(Proposal.participant_id == participant.id)


def of_everybody() -> Requests:
    """Return the requests with a letter by which anybody was accredited."""
    return _with_letters()


def forget(request: Proposal) -> None:
    """Let go of the letter that came with a request: it names the person. An entry that binds it stands."""
    letter = letter_of(request)
    request.content = {name: value for name, value in request.content.items() if name != "credentials"}
    filing.drop(letter)
    db.session.flush()


def _with_letters(*which: ColumnElement[bool]) -> Requests:
    query = select(Proposal).where(
        Proposal.kind == ProposalKind.ACCREDITATION, Proposal.status == ProposalStatus.APPROVED, *which
    )
    found = (each for each in db.session.scalars(query) if each.content.get("credentials"))
    return {each.subject.removeprefix("accreditation/"): each for each in found}
