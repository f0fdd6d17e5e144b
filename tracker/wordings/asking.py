"""Tells people of changes of texts: staff of what is proposed, representatives of what was published.

Who may act for a participant that endorsed a wording which is amended is asked to endorse the new one: when the
amendment is published, or on the day from which it stands where that is later.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from tracker import accrediting, clock, ledger
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.mails.posting import names_in, write, write_to_deciders
from tracker.models import (
    Account,
    Accreditation,
    Endorsement,
    LedgerEntry,
    Mail,
    Position,
    Proposal,
    Recommendation,
    Revision,
)
from tracker.vocabulary import Notice, ProposalStatus, RevisionKind, Status

#: For how long after its day it is looked whether somebody was asked of an amendment.
ASKED_WITHIN = timedelta(days=30)


def tell_staff(proposal: Proposal) -> None:
    """Tell who of the secretariat may decide on a proposed change that it waits."""
    facts = {**_of_proposal(proposal), "by": proposal.proposed_by.name}
    write_to_deciders(proposal, Notice.WORDING_DUE, facts)


def tell_proposer(proposal: Proposal) -> None:
    """Tell who proposed a change what became of it."""
    returned = proposal.status is ProposalStatus.RETURNED
    notice = Notice.WORDING_RETURNED if returned else Notice.WORDING_PUBLISHED
    facts = {**_of_proposal(proposal), "reason": proposal.reason, "entry": proposal.entry_sequence}
    write(proposal.proposed_by, notice, facts)


def tell_representatives(revision: Revision, entry: int) -> None:
    """Tell those for whose participants a wording changes that was just published; ask them where it stands already."""
    if revision.kind is RevisionKind.CORRIGENDUM:
        notice = Notice.WORDING_CORRECTED
    elif _stands(revision):
        notice = Notice.AMENDED
    else:
        notice = Notice.AMENDMENT_AHEAD
    _write_to_endorsers(revision, entry, notice)


def due() -> list[Revision]:
    """Return the amendments that stand by now, that were published before that day, and of which nobody was asked."""
    today = clock.today()
    lately = Revision.effective_on.between(today - ASKED_WITHIN, today)
    query = select(Revision).where(Revision.kind == RevisionKind.AMENDMENT, lately).order_by(Revision.id)
    return [each for each in db.session.scalars(query) if _was_ahead(each) and not _asked(each)]


def post() -> None:
    """Ask of the amendments that stand by now."""
    for revision in due():
        try:
            with db.session.begin_nested():
                _write_to_endorsers(revision, _entry_of(revision).sequence, Notice.AMENDED)
                db.session.flush()
        except IntegrityError:  # another deliverer was faster
            continue


def _write_to_endorsers(revision: Revision, entry: int, notice: Notice) -> None:
    facts = _of_revision(revision, entry)
    for endorsement, person in _concerned(revision):
        names = names_in(endorsement.participant, endorsement.cohort)
        occasion = f"{_occasion(revision)}{endorsement.id}/{person.actor}" if notice is Notice.AMENDED else None
        write(person, notice, {**names, **facts}, occasion=occasion)


def _concerned(revision: Revision) -> list[tuple[Endorsement, Account]]:
    """Return who may act for participants whose endorsement in force is of what a wording follows.

    That is an edition before an amendment, or the one that a corrigendum belongs to.
    """
    followed = Revision.edition < revision.edition
    if revision.kind is RevisionKind.CORRIGENDUM:
        followed = Revision.edition == revision.edition
    of_it = exists().where(
        Position.endorsement_id == Endorsement.id,
        Position.recommendation_id == revision.recommendation_id,
        Revision.id == Position.revision_id,
        followed,
    )
    query = (
        select(Endorsement, Account)
        .join(Accreditation, Accreditation.participant_id == Endorsement.participant_id)
        .join(Account, Account.id == Accreditation.account_id)
        .where(Endorsement.status == Status.IN_FORCE, of_it, Account.active, accrediting.holds_on(clock.today()))
        .options(joinedload(Endorsement.participant))
        .order_by(Endorsement.id, Account.id)
    )
    return list(dict.fromkeys((endorsement, person) for endorsement, person in db.session.execute(query)))


def _stands(revision: Revision) -> bool:
    return revision.effective_on is None or revision.effective_on <= clock.today()


def _was_ahead(revision: Revision) -> bool:
    """Whether an amendment was published before the day from which it stands: later ones were asked of at once."""
    return revision.effective_on is not None and _entry_of(revision).recorded_at.date() < revision.effective_on


def _occasion(revision: Revision) -> str:
    return f"amended/{revision.id}/"


def _asked(revision: Revision) -> bool:
    asked = exists().where(Mail.occasion.startswith(_occasion(revision), autoescape=True))
    return bool(db.session.scalar(select(asked)))


def _entry_of(revision: Revision) -> LedgerEntry:
    entries = ledger.entries_of(subject_of(revision.recommendation))
    return next(each for each in entries if ledger.facts_of(each)["revision"] == revision.number)


def _of_proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        **names_in(None, proposal.cohort),
        "proposal": proposal.reference,
        "kind": proposal.kind,
        "number": proposal.subject.rpartition("/")[2],
    }


def _of_revision(revision: Revision, entry: int) -> dict[str, Any]:
    """Return what mails about a wording say: both texts, for the difference to be shown."""
    recommendation: Recommendation = revision.recommendation
    return {
        "number": recommendation.number,
        "before": recommendation.revisions[revision.number - 2].text,
        "after": revision.text,
        "why": revision.reason,
        "effective_on": revision.effective_on,
        "entry": {"sequence": entry},
    }
