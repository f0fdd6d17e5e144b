"""What was and is to be published of a cohort: the queries behind the secretariat's pages about it."""

from __future__ import annotations

from sqlalchemy import or_, select

from tracker.extensions import db
from tracker.models import Cohort, LedgerEntry, Proposal
from tracker.publications import appearing
from tracker.vocabulary import PENDING, Action

#: What is entered about a cohort itself, and about what it publishes.
_THINGS = ("heading", "recommendation", "event", "document")
_LABELS = {each.value: each.label for each in Action}


def pending_of(cohort: Cohort) -> list[Proposal]:
    """Return what is proposed of a cohort, or approved and waits for its moment, in the order in which it was."""
    query = select(Proposal).where(
        Proposal.cohort_id == cohort.id, Proposal.kind.in_(appearing.KINDS), Proposal.status.in_(PENDING)
    )
    return list(db.session.scalars(query.order_by(Proposal.id)))


def history_of(cohort: Cohort) -> list[LedgerEntry]:
    """Return the entries about a cohort and what it publishes, the latest first; endorsements are no part of it."""
    things = [LedgerEntry.subject.startswith(f"{thing}/{cohort.slug}/", autoescape=True) for thing in _THINGS]
    query = select(LedgerEntry).where(or_(LedgerEntry.subject == f"cohort/{cohort.slug}", *things))
    return list(db.session.scalars(query.order_by(LedgerEntry.sequence.desc())))


def label_of(proposal: Proposal) -> str:
    """Return what the ledger is going to record of a proposed publication, in words."""
    return str(_LABELS[proposal.content["action"]])
