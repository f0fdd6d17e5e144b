"""Takes the whole public record away as a workbook or a folder of tables, and loads it into an empty register.

Only the table of the ledger is loaded: the register is made again from its entries, verified, and exported once more.
That must give the tables that came with it, or nothing is loaded.
"""

from __future__ import annotations

import csv as csv_reader
import io
import warnings
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
from sqlalchemy import select

from tracker import ledger, verifying
from tracker.exports import cells, csv, record, xlsx
from tracker.exports.columns import LEDGER, Sheet
from tracker.extensions import db
from tracker.ledger import Given
from tracker.models import LedgerEntry
from tracker.moving import replaying
from tracker.vocabulary import Action

WORKBOOK = ".xlsx"

#: A table as it stands in a file: the names of its columns, and its rows, all as texts.
Lines = tuple[list[str], list[list[str]]]


class NotLoadedError(Exception):
    """The record was not loaded; the message says why."""


def export(target: Path) -> list[Sheet]:
    """Write the record to a workbook, or to a folder with a CSV file for each table; return the tables.

    Raises:
        OSError: the file cannot be written, or the folder cannot be made.
        ValueError: a text is longer than a cell of a workbook can hold.
    """
    sheets = record.everything()
    if target.suffix.lower() == WORKBOOK:
        _write(target, xlsx.write(*sheets))
    else:
        target.mkdir(parents=True, exist_ok=True)
        for sheet in sheets:
            _write(target / f"{sheet.name}.csv", csv.write(sheet))
    return sheets


def load(source: Path) -> int:
    """Make the register that an export tells of, in the present transaction; return how many entries it has.

    Raises:
        NotLoadedError: the register is not empty; the export cannot be read, or does not agree with itself. Nothing is
            to be committed then.
    """
    tables = _read(source)
    if LEDGER.name not in tables:
        raise NotLoadedError(f"{source} holds no table of the ledger.")
    ledger.lock()
    if ledger.head()[0] or db.session.scalar(select(LedgerEntry.sequence).limit(1)):
        raise NotLoadedError("This register has entries already. Load into an empty one.")
    try:
        count = replaying.replay(_entries(tables[LEDGER.name]))
    except replaying.NotReplayedError as error:
        raise NotLoadedError(f"Entry {error.sequence} does not follow from what comes before it.") from error
    difference = verifying.verify()
    if difference:
        raise NotLoadedError(f"The ledger does not agree with itself. First difference: {difference}.")
    _require_same(tables)
    return count


def _write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole, or not at all."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _read(source: Path) -> dict[str, Lines]:
    """Return the tables of a workbook or of a folder by name."""
    try:
        if source.is_dir():
            return {path.stem: _csv_lines(path.read_bytes()) for path in sorted(source.glob("*.csv"))}
        return _workbook_lines(source.read_bytes())
    except Exception as error:  # whatever a damaged file makes the libraries raise
        raise NotLoadedError(f"{source} cannot be read: it is no export of a register, or damaged.") from error


def _csv_lines(content: bytes) -> Lines:
    csv_reader.field_size_limit(2**31 - 1)
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    head, *rows = csv_reader.reader(text, strict=True)
    return head, [[cells.restored(cell) for cell in row] for row in rows]


def _workbook_lines(content: bytes) -> dict[str, Lines]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl leaves out, which is no cell
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        found: dict[str, Lines] = {}
        for sheet in book.worksheets:
            head, *rows = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
            found[sheet.title] = (head, rows)
        return found
    finally:
        book.close()


def _cell(value: Any) -> str:
    """Return what a cell of a workbook holds as it stands in a CSV file."""
    if isinstance(value, str):
        return xlsx.text_in(value)
    if isinstance(value, datetime):
        value = value.date()
    return csv.as_cell(value)


def _entries(lines: Lines) -> Iterator[Given]:
    """Yield the entries of the table of the ledger.

    Raises:
        NotLoadedError: a row is no entry.
    """
    for number, row in enumerate(_by_column(lines), start=2):
        try:
            pieces = [row[name] for name in lines[0] if name.startswith("payload_")]
            yield Given(
                sequence=int(row["entry"]),
                recorded_at=datetime.strptime(row["recorded_at"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC),
                actor=row["actor"],
                action=Action[row["action"].upper()],
                subject=row["subject"],
                payload="".join(pieces),
                previous_hash=row["previous_hash"],
                hash=row["hash"],
            )
        except (LookupError, ValueError) as error:
            raise NotLoadedError(f"Row {number} of the ledger is no entry that this version knows.") from error


def _by_column(lines: Lines) -> Iterator[Mapping[str, str]]:
    head, rows = lines
    return (dict(zip(head, row, strict=False)) for row in rows)


def _require_same(tables: Mapping[str, Lines]) -> None:
    """Compare the record as it is now with the other tables that came along."""
    for sheet in record.everything():
        if sheet.name in tables and (where := _first_difference(sheet, tables[sheet.name])):
            raise NotLoadedError(f"The table of {sheet.name} does not agree with the ledger: {where}.")


def _first_difference(sheet: Sheet, lines: Lines) -> str | None:
    names = [column.name for column in sheet.columns]
    if names != lines[0]:
        return "it has other columns"
    for number, (ours, theirs) in enumerate(zip(_rows(sheet), lines[1], strict=False), start=2):
        for name, mine, said in zip(names, ours, theirs, strict=False):
            if mine != said:
                return f"row {number} says {said!r} under {name}, the ledger {mine!r}"
    if len(sheet.rows) != len(lines[1]):
        return f"it has {len(lines[1])} rows, the ledger makes {len(sheet.rows)}"
    return None


def _rows(sheet: Sheet) -> Iterable[list[str]]:
    return ([csv.as_cell(value) for value in row] for row in sheet.rows)
