"""Who is told what of accreditations: those who decide, the person, the participant's heads, who proposed it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker import accrediting
from tracker.extensions import db
from tracker.mails import posting
from tracker.models import Account, Accreditation, LedgerEntry, Mail, Proposal
from tracker.vocabulary import Action, Notice, Question

#: For each thing that happens to an accreditation, what the person is told of it, and what the participant's heads are.
ACCREDITED = (Notice.ACCREDITED, Notice.COLLEAGUE_ACCREDITED)
CHANGED = (Notice.ACCREDITATION_CHANGED, Notice.COLLEAGUE_CHANGED)
ENDING = (Notice.ACCREDITATION_ENDING, Notice.COLLEAGUE_ENDING)
ENDED = (Notice.ACCREDITATION_ENDED, Notice.COLLEAGUE_ENDED)

Told = list[tuple[Account, Notice]]


def of_request(proposal: Proposal, person: str) -> None:
    """Write to the staff who may decide on a proposal about a person's accreditation that it waits."""
    facts = {**_facts_of_proposal(proposal, person), "by": proposal.proposed_by.name}
    posting.write_to_deciders(proposal, Notice.ACCREDITATION_DUE, facts)


def of_return(proposal: Proposal, person: str) -> None:
    """Write to who made a proposal about a person's accreditation that it was returned, and why."""
    facts = {**_facts_of_proposal(proposal, person), "reasons": {Question.OVERALL: proposal.reason}}
    by_staff = {"by_staff": proposal.proposed_by.is_staff}
    posting.write(proposal.proposed_by, Notice.ACCREDITATION_RETURNED, {**facts, **by_staff})


def of_act(accreditation: Accreditation, entry: LedgerEntry, *, to_the_person: bool = True) -> None:
    """Write to the person, and to the heads of the participant, what was decided about an accreditation.

    Args:
        to_the_person: whether the person is told, where that is not done by an invitation.
    """
    facts = {
        **facts_of(accreditation),
        "action": entry.action,
        "entry": {"sequence": entry.sequence, "hash": entry.hash},
    }
    over = entry.action is Action.ACCREDITATION_ENDED and accreditation.suspended_on is not None
    notices = ACCREDITED if entry.action is Action.ACCREDITED else ENDED if over else CHANGED
    for person, notice in circle(accreditation, notices):
        if to_the_person or person.id != accreditation.account_id:
            posting.write(person, notice, facts, occasion=occasion(accreditation, person, notice) if over else None)


def circle(accreditation: Accreditation, notices: tuple[Notice, Notice]) -> Told:
    """Return who is told of an accreditation, each with the notice: the person, then the participant's heads."""
    to_the_person, to_heads = notices
    person = accreditation.account
    heads = [head for head in accrediting.heads_of(accreditation.participant) if head.id != person.id]
    return [*([(person, to_the_person)] if person.active else []), *((head, to_heads) for head in heads)]


def occasion(accreditation: Accreditation, person: Account, notice: Notice) -> str:
    """Return what can be told a person once alone: that an accreditation ends, or has ended, on its last day."""
    return f"{notice.value}/{accreditation.reference}/{accreditation.ends_on}/{person.actor}"


def told(occasions: list[str]) -> set[str]:
    """Return those of the occasions of which people were told."""
    found = db.session.scalars(select(Mail.occasion).where(Mail.occasion.in_(occasions)))
    return {each for each in found if each}


def facts_of(accreditation: Accreditation) -> dict[str, Any]:
    """Return what mails say of an accreditation."""
    return {
        **posting.names_in(accreditation.participant, None),
        "person": accreditation.shown_name,
        "office": accreditation.office,
        "starts_on": accreditation.starts_on,
        "ends_on": accreditation.ends_on,
        "is_head": accreditation.is_head,
    }


def _facts_of_proposal(proposal: Proposal, person: str) -> dict[str, Any]:
    names = posting.names_in(proposal.participant, None)
    return {**names, "proposal": proposal.reference, "kind": proposal.kind, "person": person}
