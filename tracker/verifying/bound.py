"""What the ledger only binds, since it is private: answers, addresses, names and letters are what they were."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker import ledger, withdrawing
from tracker.endorsing import private_answers, submitted_answers
from tracker.evidence import filing
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.ledger import Difference
from tracker.models import Accreditation, Act, Commitment, Endorsement, Evidence, Participant, Proposal, Review
from tracker.people import credentials
from tracker.verifying.from_tables import WITH_ALL, every
from tracker.vocabulary import Action, ProposalKind, ProposalStatus


def submissions() -> Difference | None:
    """Compare what waits for a decision, and what was confirmed, with what its representatives submitted."""
    came_through_the_desk = Endorsement.submitted_by_id.is_not(None)
    for endorsement in every(Endorsement, *WITH_ALL, where=came_through_the_desk):
        subject = subject_of(endorsement)
        bound, answers = submitted_answers(endorsement), private_answers(endorsement)
        if "content" not in bound:  # it was forgotten
            del answers["content"]
        if bound != answers:
            return Difference(subject, "is not what its representatives submitted")
    for notice in every(Proposal, where=Proposal.kind == ProposalKind.WITHDRAWAL):
        given = ledger.bound(notice.subject, Action.NOTICE_GIVEN, before=notice.entry_sequence)
        content = given.get("content")
        stands = notice.status in (ProposalStatus.OPEN, ProposalStatus.APPROVED)
        if stands and content is not None and content != withdrawing.bound_content(notice):
            return Difference(f"{notice.subject}, its notice", "is not what its representatives gave")
    for review in every(Review, joinedload(Review.endorsement)):
        said = db.session.get(Commitment, (review.opened_entry, "message"))
        if said is not None and said.value != review.message:
            return Difference(f"{subject_of(review.endorsement)}, its review", "is not what the participant wrote")
    return None


def contacts(entries: dict[str, int]) -> Difference | None:
    """Compare the address that is kept for each participant with the one that its last entry binds."""
    for participant in every(Participant):
        subject = subject_of(participant)
        if participant.contact_address is None and subject not in entries:
            continue
        bound = db.session.get(Commitment, (entries.get(subject, 0), "contact_address"))
        if participant.contact_address != (bound.value if bound else None):
            return Difference(subject, "has another contact address than its last entry binds")
    return None


def people() -> Difference | None:
    """Compare the names and offices under which people were accredited, and their letters, with what entries bind."""
    with_letters = credentials.of_everybody()
    for accreditation in every(Accreditation):
        bound = ledger.bound(subject_of(accreditation), Action.ACCREDITED)
        if (accreditation.name, accreditation.office) != (bound.get("name"), bound.get("office")):
            return Difference(subject_of(accreditation), "is in another name or office than its entry binds")
        request = with_letters.get(accreditation.reference)
        if difference := _credentials(accreditation, request, bound.get("credentials")):
            return difference
    return None


def _credentials(accreditation: Accreditation, request: Proposal | None, bound: str | None) -> Difference | None:
    """Compare the letter that came with a request with its SHA-256 that the entry of the accreditation binds."""
    letter = credentials.letter_of(request) if request else None
    if (letter.sha256 if letter else None) != bound:
        return Difference(subject_of(accreditation), "has another credentials letter than its entry binds")
    if letter and not filing.is_sound(letter):
        return Difference(f"evidence {letter.key}", "is missing, or not the credentials letter that its entry binds")
    return None


def evidence() -> Difference | None:
    """Compare the files of evidence with what the entries bind."""
    of_the_act = sa.and_(Commitment.entry_sequence == Act.entry_sequence, Commitment.field == "evidence")
    query = (
        select(Act.entry_sequence, Commitment.value, Evidence)
        .outerjoin(Evidence, Evidence.id == Act.evidence_id)
        .outerjoin(Commitment, of_the_act)
        .where(sa.or_(Act.evidence_id.is_not(None), Commitment.value.is_not(None)))
        .order_by(Act.entry_sequence)
    )
    for number, bound, evidence in db.session.execute(query).all():
        if evidence is None or evidence.sha256 != bound:
            return Difference(f"entry {number}", "binds other evidence than is kept for it")
        if not filing.is_sound(evidence):
            return Difference(f"evidence {evidence.key}", f"is missing, or not the file that entry {number} binds")
    return None
