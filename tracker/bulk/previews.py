"""The preview of a load: a page of its rows, and all of them as a file of the kind that was uploaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select

from tracker.bulk.mistakes import Mistake
from tracker.bulk.tables import ADDED
from tracker.exports import csv, xlsx
from tracker.exports.columns import Column, Sheet, Value
from tracker.extensions import db
from tracker.models import Load, LoadRow
from tracker.vocabulary import Outcome

A_PAGE = 50


@dataclass(frozen=True)
class Page:
    """Some of the rows of a preview.

    Attributes:
        number, last: which page it is, and which is the last one.
        total: how many rows there are on all of them.
    """

    rows: list[LoadRow]
    number: int
    last: int
    total: int


class File(NamedTuple):
    """A file: the ending of its name, its media type, and its content."""

    ending: str
    mimetype: str
    content: bytes


def page(load: Load, *, number: int, outcome: Outcome | None = None, table: str | None = None) -> Page:
    """Return a page of the rows of a load: of an outcome, of a table, or all."""
    conditions = [LoadRow.load_id == load.id]
    if outcome:
        conditions.append(LoadRow.outcome == outcome)
    if table:
        conditions.append(LoadRow.table_name == table)
    total = db.session.scalar(select(func.count()).where(*conditions)) or 0
    last = max(1, -(-total // A_PAGE))
    number = min(max(number, 1), last)
    query = select(LoadRow).where(*conditions).order_by(LoadRow.place).offset((number - 1) * A_PAGE).limit(A_PAGE)
    return Page(list(db.session.scalars(query)), number, last, total)


def mistakes(row: LoadRow) -> list[Mistake]:
    """Return everything that is wrong with a row."""
    return [Mistake.from_json(each) for each in row.mistakes]


def sheets(load: Load) -> list[Sheet]:
    """Return the tables of a load as they were uploaded, each row with its outcome and all that is wrong with it."""
    found: dict[str, list[LoadRow]] = {}
    for row in _rows(load):
        found.setdefault(row.table_name, []).append(row)
    return [_sheet(table, rows) for table, rows in found.items()]


def as_file(load: Load, form: str) -> File | None:
    """Return these tables as a workbook, or as CSV, several in an archive; ``None`` for another form."""
    tables = sheets(load)
    if form == "xlsx":
        return File("xlsx", xlsx.MIMETYPE, xlsx.write(*tables))
    if form != "csv":
        return None
    if len(tables) == 1:
        return File("csv", csv.MIMETYPE, csv.write(tables[0]))
    return File("zip", "application/zip", csv.archive(*tables))


def _rows(load: Load) -> Iterator[LoadRow]:
    yield from db.session.scalars(select(LoadRow).filter_by(load_id=load.id).order_by(LoadRow.place))


def _sheet(table: str, rows: list[LoadRow]) -> Sheet:
    names = list(dict.fromkeys(name for row in rows for name in row.cells if name not in ADDED))
    columns = tuple(Column(name) for name in (*names, *ADDED))
    told: list[tuple[Value, ...]] = [(*(row.cells.get(name) or None for name in names), *_added(row)) for row in rows]
    return Sheet(table, columns, told)


def _added(row: LoadRow) -> tuple[str, str | None]:
    said = "\n".join(f"{each.column}: {each.sentence}" for each in mistakes(row))
    changed = "\n".join(f"{name}: {before or '–'} → {after or '–'}" for name, before, after in row.changes)
    return row.outcome.value, said or changed or None
