"""The record as tables: the roll, every endorsement that is or was in force, what each says, and the ledger.

The first three together say all that the public record says of participants and endorsements; the ledger says how it
came about, and all the rest. None holds personal data.
They are read as plain rows, and sorted here: databases sort in orders of their own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import and_, select

from tracker import ledger
from tracker.exports.columns import ENDORSEMENTS, LEDGER, PARTICIPANTS, POSITIONS, Sheet, filled
from tracker.extensions import db
from tracker.models import (
    Act,
    Cohort,
    Endorsement,
    LedgerEntry,
    Participant,
    ParticipantName,
    Position,
    Recommendation,
    Revision,
    Source,
)
from tracker.vocabulary import Action, Stance

_ENTERING = (Action.ENDORSED, Action.POSITION_CHANGED)


Rows = Iterable[Sequence[Any]]


def participants() -> Sheet:
    """Return everybody on the roll, in the order of their addresses."""
    return filled(PARTICIPANTS, participant_rows())


def participant_rows() -> Rows:
    """Return the rows of that table, with texts by language as they are."""
    columns: list[Any] = [
        Participant.slug,
        Participant.kind,
        ParticipantName.name,
        ParticipantName.in_sentence,
        ParticipantName.formal_name,
        Participant.iso_code,
        Participant.seat,
        Participant.acronym,
        Participant.website,
        Participant.footnote,
        Participant.name_confirmed,
    ]
    carried = and_(ParticipantName.participant_id == Participant.id, ParticipantName.valid_until.is_(None))
    query = select(*columns).join(ParticipantName, carried)
    rows: list[Any] = list(db.session.execute(query))
    return sorted(rows, key=lambda row: row.slug)


def endorsements() -> Sheet:
    """Return every endorsement that is or was in force, by participant, cohort and time."""
    return filled(ENDORSEMENTS, endorsement_rows())


def endorsement_rows() -> Rows:
    """Yield the rows of that table, with texts by language as they are."""
    numbers: dict[int, list[str]] = defaultdict(list)
    reservations: Counter[int] = Counter()
    for endorsement, number, stance in _position_rows(Recommendation.number, Position.stance):
        numbers[endorsement].append(number)
        reservations[endorsement] += stance is Stance.RESERVED
    for key, row in _endorsement_rows():
        yield (
            *key,
            row.status,
            row.scope,
            " ".join(numbers[row.id]),
            reservations[row.id],
            row.signed_on,
            row.received_on,
            row.recorded_at and row.recorded_at.date(),
            row.effective_on,
            row.notice_signed_on,
            row.notice_on,
            row.ended_on,
            row.withdrawal_reason,
            row.date_note,
            row.statement,
            row.source,
            row.on_paper,
            row.provenance,
            row.notice_on_paper,
            row.notice_provenance,
            row.sequence,
        )


def positions() -> Sheet:
    """Return what each of these endorsements says of each recommendation that it covers, in the order of the set."""
    return filled(POSITIONS, position_rows())


def position_rows() -> Rows:
    """Return the rows of that table, with texts by language as they are."""
    keys = {row.id: key for key, row in _endorsement_rows()}
    columns = (Recommendation.number, Revision.number, Position.stance, Position.reservation)
    rows = ((*keys[endorsement], *position) for endorsement, *position in _position_rows(*columns))
    # Sorting keeps the order of the set among the positions of one endorsement.
    return sorted(rows, key=lambda row: tuple(row[:3]))


def ledger_entries() -> Sheet:
    """Return every entry of the ledger, to the letter."""
    return filled(
        LEDGER,
        (
            (
                entry.sequence,
                ledger.moment_as_text(entry.recorded_at),
                entry.actor,
                entry.action,
                entry.subject,
                entry.payload,
                entry.previous_hash,
                entry.hash,
            )
            for entry in ledger.entries()
        ),
    )


#: The tables, by their names.
TABLES = {
    PARTICIPANTS.name: participants,
    ENDORSEMENTS.name: endorsements,
    POSITIONS.name: positions,
    LEDGER.name: ledger_entries,
}


def everything() -> list[Sheet]:
    """Return the whole record: every table of it, all of one moment."""
    while True:
        head, sheets = ledger.head(), [make() for make in TABLES.values()]
        if ledger.head() == head:  # nobody recorded anything meanwhile
            return sheets


def _endorsement_rows() -> Iterator[tuple[tuple[str, str, int], Any]]:
    """Yield each endorsement after its key: participant, cohort, and which of the participant's it is, from 1."""
    columns: list[Any] = [
        Endorsement.id,
        Participant.slug,
        Cohort.slug.label("cohort"),
        Endorsement.status,
        Endorsement.scope,
        Endorsement.signed_on,
        Endorsement.received_on,
        LedgerEntry.recorded_at,
        Endorsement.effective_on,
        Endorsement.notice_signed_on,
        Endorsement.notice_on,
        Endorsement.ended_on,
        Endorsement.withdrawal_reason,
        Endorsement.date_note,
        Endorsement.statement,
        Source.key.label("source"),
        Endorsement.on_paper,
        Endorsement.provenance,
        Endorsement.notice_on_paper,
        Endorsement.notice_provenance,
        LedgerEntry.sequence,
    ]
    query = (
        select(*columns)
        .select_from(Endorsement)
        .join(Participant, Participant.id == Endorsement.participant_id)
        .join(Cohort, Cohort.id == Endorsement.cohort_id)
        .outerjoin(Source, Source.id == Endorsement.source_id)
        .outerjoin(Act, and_(Act.endorsement_id == Endorsement.id, Act.action.in_(_ENTERING)))
        .outerjoin(LedgerEntry, LedgerEntry.sequence == Act.entry_sequence)
        .where(Endorsement.effective_on.is_not(None))
    )
    times: Counter[tuple[str, str]] = Counter()
    for row in sorted(db.session.execute(query), key=lambda row: (row.slug, row.cohort, row.effective_on, row.id)):
        times[row.slug, row.cohort] += 1
        yield (row.slug, row.cohort, times[row.slug, row.cohort]), row


def _position_rows(*columns: Any) -> Iterator[Any]:
    """Return columns of the positions of these endorsements, after the endorsement's id, in the order of the set."""
    query = (
        select(Position.endorsement_id, *columns)
        .select_from(Position)
        .join(Endorsement, Endorsement.id == Position.endorsement_id)
        .join(Recommendation, Recommendation.id == Position.recommendation_id)
        .join(Revision, Revision.id == Position.revision_id)
        .where(Endorsement.effective_on.is_not(None))
        .order_by(Recommendation.place)
    )
    return iter(db.session.execute(query))
