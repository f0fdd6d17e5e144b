"""How texts came to be what they are: the entries of wordings and titles, and the changes that are proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker import ledger
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.models import Cohort, Heading, LedgerEntry, Proposal, Recommendation, Revision, Text
from tracker.vocabulary import TEXT_CHANGES, ProposalStatus, TextStatus
from tracker.wordings.word_differences import Compared, compared


@dataclass(frozen=True)
class Wording:
    """A wording of a recommendation, with the entry that published it and the difference to the one before."""

    revision: Revision
    entry: LedgerEntry | None
    differences: list[Compared]


def wordings_of(recommendation: Recommendation) -> list[Wording]:
    """Return every wording that was published of a recommendation, the first one first; others may stand later."""
    entries = {ledger.facts_of(each)["revision"]: each for each in ledger.entries_of(subject_of(recommendation))}
    before = [None, *recommendation.revisions]
    return [
        Wording(each, entries.get(each.number), compared(last.text, each.text) if last else [])
        for last, each in zip(before, recommendation.revisions, strict=False)
    ]


@dataclass(frozen=True)
class Title:
    """A title of a heading, as an entry published it.

    Attributes:
        facts: what else the entry says of a corrigendum: its day, its reason and its source.
    """

    entry: LedgerEntry
    text: Text
    facts: dict[str, Any]


def titles_of(heading: Heading) -> list[Title]:
    """Return every title that a heading had, the first one first."""
    entries = [(each, ledger.facts_of(each)) for each in ledger.entries_of(subject_of(heading))]
    return [Title(entry, Text.from_json(facts["title"]), facts) for entry, facts in entries]


def text_in(sequence: int) -> tuple[Text, TextStatus | None]:
    """Return the text that an entry published, and whether that is a summary; of a heading, its title."""
    facts = ledger.facts_of(db.session.get_one(LedgerEntry, sequence))
    if "title" in facts:
        return Text.from_json(facts["title"]), None
    return Text.from_json(facts["text"]), TextStatus[facts["text_status"].upper()]


def proposed_texts(of: Cohort) -> dict[str, list[Proposal]]:
    """Return the changes of a cohort's texts that wait for a decision, by the ledger's address of the text."""
    query = select(Proposal).where(
        Proposal.cohort_id == of.id, Proposal.status == ProposalStatus.OPEN, Proposal.kind.in_(TEXT_CHANGES)
    )
    found: dict[str, list[Proposal]] = {}
    for each in db.session.scalars(query.options(joinedload(Proposal.proposed_by)).order_by(Proposal.id)):
        found.setdefault(each.subject, []).append(each)
    return found
