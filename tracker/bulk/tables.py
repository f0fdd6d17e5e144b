"""Which of our tables an uploaded one is, and its rows by the columns of our own exports."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import LazyString, lazy_gettext

from tracker.bulk import cells
from tracker.bulk.files import MOST_ROWS, Cell, Found, Opened
from tracker.bulk.mistakes import Mistake
from tracker.errors import Unfit
from tracker.exports import csv, xlsx
from tracker.exports.columns import AUTHENTIC, ENDORSEMENTS, PARTICIPANTS, POSITIONS, Holds, Table
from tracker.models import Text
from tracker.texts import cleaned
from tracker.vocabulary import Outcome

#: The column by which a table is known, where its sheet or file is called otherwise.
_KNOWN_BY = {POSITIONS: "recommendation", ENDORSEMENTS: "effective_on", PARTICIPANTS: "kind"}
#: What a table cannot be without.
_NEEDED = {
    PARTICIPANTS: ("participant", "kind", "name"),
    ENDORSEMENTS: ("participant", "cohort", "effective_on"),
    POSITIONS: ("participant", "cohort", "recommendation"),
}
#: By which columns the table of the ledger is known, which an export of the whole record holds beside them.
_OF_THE_LEDGER = {"entry", "actor", "previous_hash", "hash"}
#: What a preview adds to its rows, and an upload of it leaves aside.
ADDED = ("outcome", "errors")

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
#: The most columns that a table has; ours have fewer than a hundred, in any number of languages.
MOST_COLUMNS = 1_000

_NO_TABLE_OF_OURS = lazy_gettext(
    "“%(where)s” is none of the tables that are loaded. A table of participants has a column “kind”, one of "
    "endorsements “effective_on”, one of positions “recommendation”."
)
_LACKS = lazy_gettext("“%(where)s” lacks columns that are needed: %(columns)s.")
_TOO_WIDE = lazy_gettext("“%(where)s” has more than %(columns)s columns. Take out those that are not needed.")
_TWICE = lazy_gettext("“%(where)s” has a column twice: %(columns)s.")
_TWO_TABLES = lazy_gettext("“%(where)s” is the second table of %(columns)s. Upload one.")
_TOO_MANY = lazy_gettext("These are more than %(columns)s rows. Split them into several loads.")
_POSITIONS_ALONE = lazy_gettext("“%(where)s” are positions. Upload the table of their endorsements with it.")

#: The remark that is a sentence already: why the preview could not be computed.
FAILED = "failed"
#: What is to be known of a table that is read all the same.
REMARKS: Mapping[str, LazyString] = {
    "unknown": lazy_gettext("%(where)s: columns that no table has are left aside: %(columns)s."),
    "missing": lazy_gettext("%(where)s: columns that are missing are left as they are: %(columns)s."),
    "aside": lazy_gettext("%(where)s: the ledger is not loaded here, and left aside."),
    "hidden": lazy_gettext("%(where)s: hidden sheets are not read: %(columns)s."),
}


@dataclass
class Row:
    """A row, as it is read and judged.

    Attributes:
        cells: what stands in it, by the names of the file's columns.
        given: its values by the columns of our table; one that the file lacks is not among them.
        changes: column, before and after.
        languages: those for which the file has a column, by our column.
    """

    table: Table
    number: int
    cells: dict[str, str]
    given: dict[str, Any]
    mistakes: list[Mistake] = field(default_factory=list)
    outcome: Outcome = Outcome.SAME
    changes: list[list[str]] = field(default_factory=list)
    languages: Mapping[str, Collection[str]] = field(default_factory=dict)

    def wrong(self, code: str, column: str, value: object = None, **more: object) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake.of(code, column, value, **more))
        self.outcome = Outcome.WRONG

    def compare(self, column: str, before: Any) -> bool:
        """Note what changes in a column, and return whether anything does. What the file lacks stays as it is.

        A text by language keeps the languages for which the file has no column.
        """
        if column not in self.given:
            return False
        said = self.given[column]
        if isinstance(before, Text):
            kept = {tag: text for tag, text in before.texts.items() if tag not in self.languages.get(column, ())}
            if said is None and before.authentic in kept:
                said = Text(before.authentic, kept)
            elif said is not None:
                said = Text(said.authentic, {**kept, **said.texts})
            self.given[column] = said
        if _told(said) == _told(before):
            return False
        for name in sorted(_told(said).keys() | _told(before).keys()):
            was, is_ = _told(before).get(name, ""), _told(said).get(name, "")
            if was != is_:
                self.changes.append([f"{column}{name}", was, is_])
        return True

    def get(self, column: str) -> Any:
        """Return a value, or ``None`` where the row does not say it."""
        return self.given.get(column)


@dataclass(frozen=True)
class TableIn:
    """An uploaded table that is one of ours."""

    table: Table
    found: Found
    #: For each of the file's columns our column, and the part of a text by language that it holds.
    columns: tuple[tuple[str, str | None] | None, ...]

    def rows(self) -> Iterator[Row]:
        """Yield its rows."""
        holds = {column.name: column.holds for column in self.table.columns}
        languages: dict[str, set[str]] = {}
        for known in self.columns:
            if known and known[1]:
                languages.setdefault(known[0], set()).add(known[1])
        for number, found in self.found.rows():
            yield self._row(number, found, holds, languages)

    def _row(
        self, number: int, found: Sequence[Cell], holds: Mapping[str, Holds], languages: Mapping[str, Collection[str]]
    ) -> Row:
        told = {
            name.strip(): cells.told(cell, is_workbook=self.found.is_workbook)
            for name, cell in zip(self.found.head, found, strict=False)
            if name.strip()
        }
        row = Row(self.table, number, told, {}, languages=languages)
        parts: dict[str, dict[str, str]] = {}
        for place, known in enumerate(self.columns):
            if known is None:
                continue
            (column, part), cell = known, found[place] if place < len(found) else None
            held = Holds.TEXT if part else holds[column]
            name = f"{column}_{part}" if part else column
            value = cells.value_in(cell, held, name, is_workbook=self.found.is_workbook)
            if isinstance(value, Mistake):
                row.mistakes.append(value)
                value = None
            elif isinstance(value, str) and not xlsx.fits(value):
                row.wrong("too_long", name, xlsx.LONGEST)
            if part is None:
                row.given[column] = value
            else:
                parts.setdefault(column, {})[part] = str(value) if value is not None else ""
        for column, texts in parts.items():
            row.given[column] = _text(row, column, texts)
        if row.mistakes:
            row.outcome = Outcome.WRONG
        return row


@dataclass(frozen=True)
class Tables:
    """The uploaded tables, each of ours once, and what is to be known of them."""

    tables: dict[Table, TableIn]
    remarks: list[list[str]]

    def rows(self, table: Table, seen: Callable[[], None] = lambda: None) -> list[Row]:
        """Return the rows of a table; none where it was not uploaded.

        Args:
            seen: is called for each row that was read.

        Raises:
            Unfit: there are too many.
        """
        rows = []
        for row in self.tables[table].rows() if table in self.tables else ():
            rows.append(row)
            seen()
            if len(rows) > MOST_ROWS:
                raise _unfit(_TOO_MANY, "", [str(MOST_ROWS)])
        return rows


def of_ours(opened: Iterable[Opened]) -> Tables:
    """Return the tables of opened files, by which of ours each is.

    Raises:
        Unfit: one is none of ours, lacks what is needed, or comes twice.
    """
    tables: dict[Table, TableIn] = {}
    remarks: list[list[str]] = []
    for each in opened:
        if each.hidden and each.tables:
            remarks.append(["hidden", each.tables[0].where.partition(",")[0], ", ".join(each.hidden)])
        for found in each.tables:
            if set(found.head) >= _OF_THE_LEDGER:
                remarks.append(["aside", found.where, ""])
                continue
            known = _known(found, remarks)
            if known.table in tables:
                raise _unfit(_TWO_TABLES, found.where, [known.table.name])
            tables[known.table] = known
    if not tables:
        raise _unfit(_NO_TABLE_OF_OURS, remarks[0][1] if remarks else "", [])
    if POSITIONS in tables and ENDORSEMENTS not in tables:
        raise _unfit(_POSITIONS_ALONE, tables[POSITIONS].found.where, [])
    return Tables(tables, remarks)


def remark_said(remark: Sequence[str]) -> str:
    """Return what is to be known of a table, in the present language."""
    code, where, columns = remark
    if code == FAILED:
        return columns
    return str(REMARKS[code]) % {"where": where, "columns": columns}


def _known(found: Found, remarks: list[list[str]]) -> TableIn:
    head = [name.strip().casefold() for name in found.head]
    table = next((each for each in _KNOWN_BY if found.title.casefold() in (each.name, f"{each.name}.csv")), None)
    table = table or next((each for each, column in _KNOWN_BY.items() if column in head), None)
    if table is None:
        raise _unfit(_NO_TABLE_OF_OURS, found.where, [])
    named = Counter(name for name in head if name)
    if len(named) > MOST_COLUMNS:
        raise _unfit(_TOO_WIDE, found.where, [str(MOST_COLUMNS)])
    twice = sorted(name for name, times in named.items() if times > 1)
    if twice:
        raise _unfit(_TWICE, found.where, twice)
    columns = tuple(_column(table, name) for name in head)
    there = {known[0] for known in columns if known}
    if lacks := [name for name in _NEEDED[table] if name not in there]:
        raise _unfit(_LACKS, found.where, lacks)
    unknown = [raw for raw, name, known in zip(found.head, head, columns, strict=True) if name and not known]
    missing = [column.name for column in table.columns if column.name not in there]
    for code, names in (("unknown", [each for each in unknown if each.strip() not in ADDED]), ("missing", missing)):
        if names:
            remarks.append([code, found.where, ", ".join(name.strip()[:60] for name in names)])
    return TableIn(table, found, columns)


def _column(table: Table, name: str) -> tuple[str, str | None] | None:
    """Return which of our columns one of this name is, and which part of a text by language."""
    plain = {column.name for column in table.columns if column.holds is not Holds.TEXTS}
    if name in plain:
        return name, None
    for column in table.columns:
        part = name.removeprefix(f"{column.name}_")
        if column.holds is Holds.TEXTS and part != name and (part == AUTHENTIC or _TAG.fullmatch(part)):
            return column.name, part
    return None


def _text(row: Row, column: str, parts: Mapping[str, str]) -> Text | None:
    """Return a text by language from its columns; where there is one language alone, it is the authentic one."""
    texts = {tag: text for tag, text in parts.items() if tag != AUTHENTIC and text}
    authentic = parts.get(AUTHENTIC) or (next(iter(texts)) if len(texts) == 1 else "")
    if not texts:
        return None
    if not authentic:
        row.wrong("which_language", f"{column}_{AUTHENTIC}")
        return None
    if authentic not in texts:
        row.wrong("no_language", f"{column}_{AUTHENTIC}", authentic)
        return None
    return Text(authentic, texts)


def _told(value: Any) -> dict[str, str]:
    """Return a value as it stands in cells, by what follows the name of its column; what is empty is not there."""
    if isinstance(value, Text):
        return {f"_{AUTHENTIC}": value.authentic, **{f"_{tag}": cleaned(text) for tag, text in value.texts.items()}}
    text = csv.as_cell(value)
    return {"": text.strip()} if text.strip() else {}


def _unfit(sentence: LazyString, where: str, columns: Iterable[str]) -> Unfit:
    values = {"where": where, "columns": ", ".join(columns)}
    return Unfit(LazyString(lambda: str(sentence) % values))
