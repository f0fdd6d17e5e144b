"""The life of a load: uploaded, previewed, proposed, and recorded when a second person approves it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select

from tracker import accrediting, clock, ledger, proposing, running_totals
from tracker.accrediting import require_staff
from tracker.bulk import judging
from tracker.bulk.judging import CHANGING, Judgement
from tracker.bulk.tables import FAILED
from tracker.errors import AlreadyProposed, LoadIncomplete, LoadStale, NotYourProposal, OwnSubmission
from tracker.extensions import db
from tracker.mails import posting
from tracker.models import (
    Account,
    Act,
    Cohort,
    Endorsement,
    LedgerEntry,
    Load,
    LoadFile,
    LoadRow,
    Participant,
    Proposal,
)
from tracker.vocabulary import Action, Notice, Outcome, Preview, ProposalKind, ProposalStatus, Question

#: After so long without a sign of life, a preview is taken to have stopped.
PATIENCE = timedelta(seconds=30)
#: From how many rows on that are recorded somebody who approves them waits long enough to wonder.
MANY = 1_000
#: How many rows are shown of which something else would become.
MOST_SHOWN = 50


@dataclass(frozen=True)
class Other:
    """A row of which something else would become than its preview says."""

    table: str
    number: int
    before: Outcome
    after: Outcome


def take_in(uploaded: Sequence[tuple[str, bytes]], *, by: Account) -> Load:
    """Keep files that were uploaded together, and return the load, of which no preview is computed yet.

    Args:
        uploaded: the name and the content of each.

    Raises:
        NotStaff: the person does not work for the secretariat.
        Unfit: a file is no table, or lacks what is needed; the sentence says why.
    """
    require_staff(by)
    found = judging.opened(uploaded)
    load = Load(
        reference=str(uuid.uuid4()),
        uploaded_by=by,
        uploaded_at=clock.now(),
        preview=Preview.COMPUTING,
        worker=str(uuid.uuid4()),
        seen_at=clock.now(),
        total=0,
        done=0,
        remarks=found.remarks,
        files=[
            LoadFile(place=place, name=name[:200], sha256=hashlib.sha256(content).hexdigest(), content=content)
            for place, (name, content) in enumerate(uploaded, start=1)
        ],
    )
    db.session.add(load)
    db.session.flush()
    return load


def begin_anew(load: Load, *, by: Account) -> None:
    """Forget the preview of a load, to compute it again: it stopped, or the register changed since.

    Raises:
        AlreadyProposed: it waits for a second person, or was approved.
        NotStaff: the person does not work for the secretariat.
    """
    require_staff(by)
    ledger.lock()
    if (last := latest_proposal(load)) and last.status in (ProposalStatus.OPEN, ProposalStatus.APPROVED):
        raise AlreadyProposed
    db.session.execute(delete(LoadRow).where(LoadRow.load_id == load.id))
    load.preview, load.worker, load.seen_at = Preview.COMPUTING, str(uuid.uuid4()), clock.now()
    load.total = load.done = 0
    load.remarks = [each for each in load.remarks if each[0] != FAILED]
    db.session.flush()


def has_stopped(load: Load) -> bool:
    """Whether a preview that is not ready is computed by nobody any more."""
    return load.preview is Preview.COMPUTING and load.seen_at < clock.now() - PATIENCE


def subject(load: Load) -> str:
    """Return the address under which the ledger speaks of a load."""
    return f"load/{load.reference}"


def load_at(reference: str) -> Load | None:
    """Return the load of a reference."""
    return db.session.scalars(select(Load).filter_by(reference=reference)).one_or_none()


def load_of(proposal: Proposal) -> Load:
    """Return the load that a proposal is about."""
    return db.session.scalars(select(Load).filter_by(reference=proposal.subject.removeprefix("load/"))).one()


def lately(most: int = 20) -> list[Load]:
    """Return the loads that were uploaded last."""
    return list(db.session.scalars(select(Load).order_by(Load.id.desc()).limit(most)))


def latest_proposal(load: Load) -> Proposal | None:
    """Return the proposal to record a load, the last one where there were several."""
    return proposing.latest_one(ProposalKind.LOAD, subject(load))


def latest_proposals(of: list[Load]) -> dict[str, Proposal]:
    """Return the proposal to record each load, the last one where there were several, by the load's reference."""
    query = select(Proposal).where(Proposal.kind == ProposalKind.LOAD, Proposal.subject.in_(map(subject, of)))
    found = {each.subject: each for each in db.session.scalars(query.order_by(Proposal.id))}
    return {load.reference: found[subject(load)] for load in of if subject(load) in found}


def counts(load: Load) -> dict[str, dict[Outcome, int]]:
    """Return how many rows there are of each outcome, by table, in the order of the tables."""
    first = func.min(LoadRow.place)
    query = select(LoadRow.table_name, LoadRow.outcome, func.count(), first).where(LoadRow.load_id == load.id)
    found: dict[str, dict[Outcome, int]] = {}
    grouped = query.group_by(LoadRow.table_name, LoadRow.outcome).order_by(first)
    for table, outcome, number, _ in db.session.execute(grouped):
        found.setdefault(table, dict.fromkeys(Outcome, 0))[outcome] = number
    return found


def takes_long(load: Load) -> bool:
    """Whether recording a load takes so long that whoever approves it should be told."""
    return sum(each[outcome] for each in counts(load).values() for outcome in CHANGING) >= MANY


def propose(load: Load, *, by: Account) -> Proposal:
    """Propose to record a load, and return the proposal.

    Raises:
        LoadIncomplete: its preview is not ready, rows are wrong, or nothing is new or changed.
        AlreadyProposed: it waits for a second person, or was approved.
        NotStaff, NotYourProposal: the person may not: who uploaded it proposes it.
    """
    ledger.lock()
    db.session.refresh(load)
    require_staff(by)
    if load.uploaded_by_id != by.id:
        raise NotYourProposal
    if (last := latest_proposal(load)) and last.status in (ProposalStatus.OPEN, ProposalStatus.APPROVED):
        raise AlreadyProposed
    found = counts(load)
    numbers = {outcome: sum(each[outcome] for each in found.values()) for outcome in Outcome}
    if load.preview is not Preview.READY or numbers[Outcome.WRONG] or not any(numbers[each] for each in CHANGING):
        raise LoadIncomplete
    content = {
        "files": [each.sha256 for each in load.files],
        "rows": {table: {outcome.value: number for outcome, number in each.items()} for table, each in found.items()},
    }
    proposal = proposing.propose(ProposalKind.LOAD, subject=subject(load), content=content, by=by)
    _tell(proposal)
    return proposal


def return_(proposal: Proposal, *, reason: str, by: Account, version: int | None = None) -> None:
    """Give a load back to who proposed it, with the reason.

    Raises:
        Incomplete: no reason is given.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    proposing.returned(proposal, by=by, reason=reason)
    _tell(proposal)


def confirm(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Record a load: every row that is new or changed, each by an entry of its own that names that of the load.

    Its rows are looked at again, beside the register as it stands now.

    Raises:
        LoadStale: something else would become of a row than its preview says.
        OwnSubmission: the person proposed or uploaded it, or may act for a participant in it.
        Refused: a verb refuses a row after all; the sentence says which.
        NotStaff, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    load = load_of(proposal)
    judgement = judging.judge([(each.name, each.content) for each in load.files])
    others = _differences(load, judgement)
    if others or [each.sha256 for each in load.files] != proposal.content["files"]:
        raise LoadStale(others)
    whose = {each.participant.slug for each in accrediting.held_by(by)}
    if load.uploaded_by_id == by.id or whose & judgement.participants():
        raise OwnSubmission
    proposer = proposal.proposed_by.actor
    payload = {**proposal.content, "proposed_by": proposer}
    entry = ledger.append(by=by, action=Action.LOADED, subject=proposal.subject, payload=payload)
    with ledger.part_of(entry, proposed_by=proposer), running_totals.together():
        judging.carry_out(judgement, by=by)
    proposing.approved(proposal, by=by, entry=entry)
    _tell(proposal)
    _tell_representatives(entry)


def _differences(load: Load, judgement: Judgement) -> list[Other]:
    """Return the rows of which something else would become now."""
    kept = db.session.execute(
        select(LoadRow.outcome, LoadRow.changes, LoadRow.mistakes)
        .where(LoadRow.load_id == load.id)
        .order_by(LoadRow.place)
    ).all()
    return [
        Other(row.table.name, row.number, before.outcome, row.outcome)
        for row, before in zip(judgement.rows, kept, strict=True)
        if (before.outcome, before.changes) != (row.outcome, row.changes)
    ]


def _tell(proposal: Proposal) -> None:
    """Write to the other staff that a load waits, or to who proposed it what became of it."""
    facts: dict[str, Any] = {"proposal": proposal.reference, "rows": proposal.content["rows"]}
    if proposal.status is ProposalStatus.OPEN:
        posting.write_to_deciders(proposal, Notice.LOAD_DUE, {**facts, "by": proposal.proposed_by.name})
    elif proposal.status is ProposalStatus.RETURNED:
        reasons = {Question.OVERALL: proposal.reason}
        posting.write(proposal.proposed_by, Notice.LOAD_RETURNED, {**facts, "reasons": reasons})
    else:
        entry = {"sequence": proposal.entry_sequence}
        posting.write(proposal.proposed_by, Notice.LOAD_APPROVED, {**facts, "entry": entry})


def _tell_representatives(entry: LedgerEntry) -> None:
    """Write one mail to each representative of a participant of whose endorsements a load recorded something."""
    query = (
        select(Act, Endorsement, Participant, Cohort)
        .join(Endorsement, Endorsement.id == Act.endorsement_id)
        .join(Participant, Participant.id == Endorsement.participant_id)
        .join(Cohort, Cohort.id == Endorsement.cohort_id)
        .where(Act.entry_sequence > entry.sequence)
        .order_by(Act.entry_sequence)
    )
    acts: dict[int, list[tuple[Act, Cohort]]] = {}
    participants: dict[int, Participant] = {}
    for act, _, participant, cohort in db.session.execute(query):
        acts.setdefault(participant.id, []).append((act, cohort))
        participants[participant.id] = participant
    for number, participant in participants.items():
        for person in accrediting.representatives_of(participant, clock.today()):
            facts = {**posting.names_in(participant, None), "acts": [_told(*each) for each in acts[number]]}
            posting.write(person, Notice.LOAD_RECORDED, facts)


def _told(act: Act, cohort: Cohort) -> dict[str, Any]:
    return {
        "action": act.action,
        "cohort": cohort.title,
        "effective_on": act.effective_on,
        "entry": act.entry_sequence,
    }
