"""Looks at all the rows of a load beside the register as it stands, and carries them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, lazy_gettext

from tracker.bulk import endorsements, files, participants, tables
from tracker.bulk.endorsements import AllSaid
from tracker.bulk.tables import Row, Tables
from tracker.errors import Refused
from tracker.exports.columns import ENDORSEMENTS, PARTICIPANTS, POSITIONS
from tracker.models import Account
from tracker.vocabulary import Outcome

#: What is recorded.
CHANGING = (Outcome.NEW, Outcome.CHANGED)

_ROW_REFUSED = lazy_gettext("Row %(number)s of “%(table)s” was refused: %(sentence)s Nothing was recorded.")


@dataclass(frozen=True)
class Judgement:
    """The rows of a load, judged, and what its endorsements say of each recommendation."""

    rows: list[Row]
    said: AllSaid

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many rows there are of each outcome, by table."""
        found: dict[str, Counter[str]] = {}
        for row in self.rows:
            found.setdefault(row.table.name, Counter())[row.outcome.value] += 1
        return {table: dict(counter) for table, counter in found.items()}

    def participants(self) -> set[str]:
        """Return the addresses of those of whom something would be recorded."""
        return {str(row.get("participant")) for row in self.rows if row.outcome in CHANGING}


def opened(uploaded: Iterable[tuple[str, bytes]]) -> Tables:
    """Return the tables in uploaded files, each a name and its content.

    Raises:
        Unfit: a file cannot be taken; the sentence says why.
    """
    return tables.of_ours([files.open_file(name, content) for name, content in uploaded])


def judge(uploaded: Iterable[tuple[str, bytes]], seen: Callable[[], None] = lambda: None) -> Judgement:
    """Say what becomes of every row of uploaded files, beside the register as it stands now.

    Args:
        seen: is called for each row that was read.

    Raises:
        Unfit: a file cannot be read to its end.
    """
    found = opened(uploaded)
    of_participants, of_endorsements, of_positions = (
        found.rows(table, seen) for table in (PARTICIPANTS, ENDORSEMENTS, POSITIONS)
    )
    roll = participants.on_the_roll()
    participants.judge(of_participants, roll)
    there = set(roll) | {row.get("participant") for row in of_participants if row.outcome is Outcome.NEW}
    known = endorsements.in_the_register()
    said = endorsements.judge(of_endorsements, of_positions, known, participants=lambda slug: slug in there)
    return Judgement([*of_participants, *of_endorsements, *of_positions], said)


def carry_out(judgement: Judgement, *, by: Account | None) -> None:
    """Record every row that is new or changed: participants first, then endorsements in the order of their lives.

    Raises:
        Refused: a verb refuses a row; the sentence says which, and why.
    """
    changing = [row for row in judgement.rows if row.outcome in CHANGING]
    for row in (row for row in changing if row.table is PARTICIPANTS):
        _one(row, lambda row: participants.carry_out(row, by=by))
    lives = sorted((row for row in changing if row.table is ENDORSEMENTS), key=_in_order)
    for row in lives:
        _one(row, lambda row: endorsements.carry_out(row, judgement.said.get(row.number, []), by=by))


def _in_order(row: Row) -> tuple[str, str, int]:
    return row.get("participant"), row.get("cohort"), row.get("time") or 0


def _one(row: Row, act: Callable[[Row], None]) -> None:
    try:
        act(row)
    except Refused as error:
        values: dict[str, Any] = {"number": row.number, "table": row.table.name, "sentence": error.sentence}
        raise Refused(LazyString(lambda: str(_ROW_REFUSED) % values)) from error
