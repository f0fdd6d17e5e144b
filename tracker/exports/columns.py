"""The columns of each table that can be taken away, once for every form. docs/exports.md says what each holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.models import Text
from tracker.vocabulary import Kind, Status

Value = str | date | int | bool | None


class Holds(StrEnum):
    """What a column holds."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    TRUTH = "truth"
    #: A text that may be longer than a cell: it is cut into as many columns as the longest one needs.
    PIECES = "pieces"
    #: A text by language. It becomes a column that names the authentic language, and a column for each language.
    TEXTS = "texts"


@dataclass(frozen=True)
class Column:
    """A column: its name, the same in every language of the reader, and what it holds."""

    name: str
    holds: Holds = Holds.TEXT


@dataclass(frozen=True)
class Table:
    """A table that can be taken away: its name in addresses and file names, and its columns in order."""

    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Sheet:
    """A table with its rows, flat: what the writers write."""

    name: str
    columns: tuple[Column, ...]
    rows: list[tuple[Value, ...]]


AUTHENTIC = "authentic"

#: How long a piece is, in characters: what a cell needs beside its text fits into an Excel cell with it.
PIECE = 16_000


def filled(table: Table, rows: Iterable[Sequence[Value | Text]]) -> Sheet:
    """Return a table with its rows, in which each text by language has become plain columns.

    The languages are those that occur, in the order of their tags, so that the same rows always give the same columns.

    Args:
        rows: a value for each column of the table, in order; a ``Text`` or nothing where it holds texts.
    """
    known = list(rows)
    parts = {
        place: found
        for place, column in enumerate(table.columns)
        if (found := _parts_of(column, [row[place] for row in known])) is not None
    }
    columns = [
        flat
        for place, column in enumerate(table.columns)
        for flat in ([Column(f"{column.name}_{part}") for part in parts[place]] if place in parts else [column])
    ]
    return Sheet(table.name, tuple(columns), [tuple(_flat(row, parts)) for row in known])


def _parts_of(column: Column, values: list[Value | Text]) -> list[str] | None:
    """Return what ends the names of the plain columns that a column becomes; ``None`` where it stays one."""
    if column.holds is Holds.TEXTS:
        return [AUTHENTIC, *sorted({tag for text in values if isinstance(text, Text) for tag in text.texts})]
    if column.holds is Holds.PIECES:
        most = max((len(_pieces(text)) for text in values), default=1)
        return [str(number) for number in range(1, most + 1)]
    return None


def _flat(row: Sequence[Value | Text], parts: dict[int, list[str]]) -> Iterable[Value]:
    for place, value in enumerate(row):
        if place not in parts:
            yield value  # type: ignore[misc]  # a text by language stands in a column with parts alone
        elif isinstance(value, Text):
            yield value.authentic
            yield from (value.texts.get(tag) for tag in parts[place][1:])
        else:
            pieces = _pieces(value) if value is not None else []
            yield from (*pieces, *(None for _ in parts[place][len(pieces) :]))


def _pieces(text: Value | Text) -> list[str]:
    return [str(text)[at : at + PIECE] for at in range(0, len(str(text)), PIECE)]


def _days(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Holds.DAY) for name in names)


def _numbers(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Holds.NUMBER) for name in names)


PARTICIPANTS = Table(
    "participants",
    (
        Column("participant"),
        Column("kind"),
        Column("name", Holds.TEXTS),
        Column("in_sentence", Holds.TEXTS),
        Column("formal_name", Holds.TEXTS),
        Column("iso_code"),
        Column("seat"),
        Column("acronym"),
        Column("website"),
        Column("footnote", Holds.TEXTS),
        Column("name_confirmed", Holds.TRUTH),
    ),
)
_ENDORSEMENT = (Column("participant"), Column("cohort"), *_numbers("time"))
ENDORSEMENTS = Table(
    "endorsements",
    (
        *_ENDORSEMENT,
        Column("status"),
        Column("scope"),
        Column("recommendations"),
        *_numbers("reservations"),
        *_days("signed_on", "received_on", "recorded_on", "effective_on"),
        *_days("notice_signed_on", "notice_on", "ended_on"),
        Column("withdrawal_reason", Holds.TEXTS),
        Column("date_note", Holds.TEXTS),
        Column("statement", Holds.TEXTS),
        Column("source"),
        Column("on_paper", Holds.TRUTH),
        Column("provenance"),
        Column("notice_on_paper", Holds.TRUTH),
        Column("notice_provenance"),
        *_numbers("entry"),
    ),
)
POSITIONS = Table(
    "positions",
    (
        *_ENDORSEMENT,
        Column("recommendation"),
        *_numbers("revision"),
        Column("stance"),
        Column("reservation", Holds.TEXTS),
    ),
)

#: The ledger, to the letter: from it, everything else can be made again.
LEDGER = Table(
    "ledger",
    (
        *_numbers("entry"),
        Column("recorded_at"),
        Column("actor"),
        Column("action"),
        Column("subject"),
        Column("payload", Holds.PIECES),
        Column("previous_hash"),
        Column("hash"),
    ),
)

_OF_COHORT = (Column("cohort"), *_days("as_at"))
_KINDS = _numbers(*(kind.value for kind in Kind))
_RESERVED = _numbers(*(f"{kind.value}_reserved" for kind in Kind))
_ALL = _numbers("all")

BY_KIND = Table(
    "by-kind",
    (*_OF_COHORT, Column("kind"), *_numbers("signatories", "reserved", "partial", "not_endorsed", "on_the_roll")),
)
BY_REGION = Table(
    "by-region",
    (
        *_OF_COHORT,
        Column("region"),
        Column("region_name"),
        Column("sub_region"),
        Column("sub_region_name"),
        *_KINDS,
        *_ALL,
    ),
)
BY_HEADING = Table(
    "by-heading",
    (*_OF_COHORT, *_numbers("heading"), Column("title"), *_KINDS, *_ALL, *_RESERVED, *_numbers("reserved")),
)
BY_RECOMMENDATION = Table(
    "by-recommendation",
    (
        *_OF_COHORT,
        *_numbers("heading"),
        Column("recommendation"),
        Column("wording"),
        *_KINDS,
        *_ALL,
        *_RESERVED,
        *_numbers("reserved", "of_earlier_wording"),
    ),
)
OVER_TIME = Table(
    "over-time", (*_OF_COHORT, *_days("day"), *_KINDS, *_ALL, *_RESERVED, *_numbers("reserved", "partial"))
)
NOT_ENDORSED = Table(
    "not-endorsed",
    (
        *_OF_COHORT,
        Column("participant"),
        Column("kind"),
        Column("name"),
        Column("acronym"),
        *_days("withdrawn_on"),
        Column("submission"),
    ),
)
IN_PREPARATION = Table(
    "in-preparation", (*_OF_COHORT, Column("kind"), *_numbers(*(Status.DRAFT, Status.SUBMITTED, Status.RETURNED)))
)

#: Security events: the one table that names people.
SECURITY_LOG = Table(
    "security-log",
    (
        *_numbers("event"),
        Column("at"),
        Column("action"),
        Column("name"),
        Column("email"),
        Column("by_name"),
        Column("by_email"),
        Column("address"),
        Column("agent"),
        Column("said"),
    ),
)

TABLES = (
    PARTICIPANTS,
    ENDORSEMENTS,
    POSITIONS,
    LEDGER,
    BY_KIND,
    BY_REGION,
    BY_HEADING,
    BY_RECOMMENDATION,
    OVER_TIME,
    NOT_ENDORSED,
    IN_PREPARATION,
    SECURITY_LOG,
)
