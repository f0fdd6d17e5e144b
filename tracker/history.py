"""All that was ever done to a participant's record and its people, entry by entry, and who did what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker import ledger
from tracker.disputes import reviewing
from tracker.disputes.reviewing import Finding
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.models import Account, Accreditation, Act, Endorsement, LedgerEntry, Participant, Proposal
from tracker.vocabulary import Action

#: How many entries a page of the history has.
A_PAGE = 25


@dataclass(frozen=True)
class Step:
    """One entry about a participant.

    Attributes:
        act: the act on an endorsement that it records, with its dates, where it is one.
        by: who did it; ``None`` for the operator, or for somebody at the participant's contact address.
        from_contact: whether it was somebody at that address.
        proposed_by: who proposed it, where two people decided.
        about: whose accreditation it is about, where it is about one.
        on_paper: whether it came as a letter on paper.
        annulled_by: the number of the entry that corrected it, where one did.
        finding: how the review ended that it closes.
    """

    entry: LedgerEntry
    act: Act | None
    by: Account | None
    from_contact: bool
    proposed_by: Account | None
    about: str | None
    on_paper: bool
    annulled_by: int | None
    finding: Finding | None


@dataclass(frozen=True)
class Page:
    """A page of the history, the latest first, and how many pages there are."""

    steps: list[Step]
    number: int
    pages: int


def page_of(participant: Participant, number: int = 1) -> Page:
    """Return a page of a participant's history; the last one where the number is larger than there are."""
    subjects = _subjects(participant)
    count = db.session.scalar(select(sa.func.count()).select_from(LedgerEntry).where(subjects)) or 0
    pages = max(1, -(-count // A_PAGE))
    number = min(max(number, 1), pages)
    query = select(LedgerEntry).where(subjects).order_by(LedgerEntry.sequence.desc())
    entries = list(db.session.scalars(query.limit(A_PAGE).offset((number - 1) * A_PAGE)))
    return Page(_steps(entries), number, pages)


def _subjects(participant: Participant) -> sa.ColumnElement[bool]:
    """Return the condition that an entry is about the participant, its endorsements or its people."""
    endorsements = select("endorsement/" + Endorsement.reference).where(Endorsement.participant_id == participant.id)
    people = select("accreditation/" + Accreditation.reference).where(Accreditation.participant_id == participant.id)
    return sa.or_(
        LedgerEntry.subject == subject_of(participant),
        LedgerEntry.subject.in_(endorsements),
        LedgerEntry.subject.in_(people),
    )


def _steps(entries: list[LedgerEntry]) -> list[Step]:
    numbers = [each.sequence for each in entries]
    acts = {each.entry_sequence: each for each in db.session.scalars(_acts(numbers))}
    proposals = select(Proposal).where(Proposal.entry_sequence.in_(numbers)).options(joinedload(Proposal.proposed_by))
    proposed = {each.entry_sequence: each.proposed_by for each in db.session.scalars(proposals)}
    facts = {each.sequence: ledger.facts_of(each) for each in entries}
    actors = {each.actor for each in entries} | {str(each.get("proposed_by")) for each in facts.values()}
    accounts = {each.actor: each for each in db.session.scalars(select(Account).where(Account.actor.in_(actors)))}
    names, corrected = _names([each.subject for each in entries]), _corrected({each.subject for each in entries})
    findings = reviewing.findings_in(acts.values())
    return [
        Step(
            entry=each,
            act=acts.get(each.sequence),
            by=accounts.get(each.actor),
            from_contact=each.actor == ledger.CONTACT,
            proposed_by=proposed.get(each.sequence) or accounts.get(str(facts[each.sequence].get("proposed_by"))),
            about=names.get(each.subject),
            on_paper=bool(facts[each.sequence].get("on_paper")),
            annulled_by=corrected.get(each.sequence),
            finding=findings.get(each.sequence),
        )
        for each in entries
    ]


def _acts(numbers: list[int]) -> sa.Select[Any]:
    return (
        select(Act)
        .where(Act.entry_sequence.in_(numbers))
        .options(joinedload(Act.entry), joinedload(Act.evidence))
        .options(joinedload(Act.endorsement).joinedload(Endorsement.cohort))
    )


def _corrected(subjects: set[str]) -> dict[int, int]:
    """Return by which entry each of those about the subjects was corrected, where one was; by their numbers."""
    query = select(LedgerEntry).where(LedgerEntry.subject.in_(subjects), LedgerEntry.action == Action.CORRECTED)
    return {ledger.facts_of(each)["corrects"]: each.sequence for each in db.session.scalars(query)}


def _names(subjects: list[str]) -> dict[str, str]:
    """Return under which name each person was accredited, by the ledger's address of the accreditation."""
    references = [each.removeprefix("accreditation/") for each in subjects if each.startswith("accreditation/")]
    query = select(Accreditation).where(Accreditation.reference.in_(references))
    return {subject_of(each): each.shown_name for each in db.session.scalars(query)}
