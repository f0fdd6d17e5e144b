"""Finds the tables in uploaded files, by what the files are and not by what they are called.

A file is a table of separated values, a workbook, or an archive of the first. Nothing is trusted: what a file unpacks
to is counted before it is read, and rows are read one after the other.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial
from itertools import count
from typing import Any

import openpyxl
from flask_babel import LazyString, lazy_gettext

from tracker.errors import Unfit
from tracker.texts import one_line

#: The most that files unpack to, and how many parts they have.
MOST_BYTES, MOST_PARTS = 100 * 1024 * 1024, 500
#: The most rows that are taken at once, over all tables.
MOST_ROWS = 50_000
#: How far a sheet reaches at most: its last line, and its cells. A few bytes name a cell that is very far away, and
#: everything before it is gone through as blank.
LAST_LINE, MOST_CELLS = 1_048_576, 20_000_000

_SEPARATORS = ",;\t"
_BINARY = b"\x00"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ARCHIVE = b"PK"
_WORKBOOK = "xl/workbook.xml"
_MERGED = re.compile(rb'<mergeCell\s[^>]*ref="([^"]+)"')

_EMPTY = lazy_gettext("“%(name)s” is empty.")
_NO_TABLE = lazy_gettext("“%(name)s” is no table. Upload a CSV file, an XLSX workbook, or a ZIP archive of CSV files.")
_OLD = lazy_gettext(
    "“%(name)s” is a workbook of an old kind, or has a password. Open it, and save it as XLSX without a password."
)
_DAMAGED = lazy_gettext("“%(name)s” cannot be read: it is damaged. Open it, and save it anew.")
_UNPACKS = lazy_gettext("“%(name)s” unpacks to more than is read. Split it into several files.")
_ENCODING = lazy_gettext(
    "The letters of “%(name)s” are not in UTF-8, so names with accents would be spoilt. In Excel, save it as "
    "“CSV UTF-8”."
)
_NOT_ALONE = lazy_gettext("“%(name)s” holds “%(part)s”, which is no CSV file. Take it out of the archive.")
_IS_MERGED = lazy_gettext(
    "“%(name)s” has merged cells (%(cells)s), of which only the first holds a value. Unmerge them, and fill in each."
)
_REACHES_FAR = lazy_gettext(
    "Cells of “%(name)s” are filled in far away from the others, so it reaches further than is read. Copy the table "
    "into a new sheet."
)
_NOT_SEPARATED = lazy_gettext(
    "“%(name)s” cannot be read from line %(line)s on: quotes do not match, or a cell is too long."
)


@dataclass(frozen=True)
class Formula:
    """A cell that is computed, or cannot be. What it would say is not taken over unseen."""

    text: str


#: What stands in a cell.
Cell = str | int | float | bool | datetime | time | Formula | None


@dataclass(frozen=True)
class Found:
    """A table as it stands in a file.

    Attributes:
        where: the file's name, and that of the sheet or the part.
        title: the sheet's name; empty in a file without sheets.
        head: what stands in its first row.
        rows: returns its further rows that are not blank, each with its number in the file.
        is_workbook: whether spreadsheets wrote its texts as they stand in workbooks.
    """

    where: str
    title: str
    head: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[int, Sequence[Cell]]]]
    is_workbook: bool


@dataclass(frozen=True)
class Opened:
    """A file that was opened: its tables, and the sheets that are hidden and so were not read."""

    tables: list[Found]
    hidden: tuple[str, ...] = ()


def open_file(name: str, content: bytes) -> Opened:
    """Return the tables of a file.

    Raises:
        Unfit: it holds no table, or cannot be read; the sentence says why, and what to do.
    """
    name = one_line(name)[:100] or "file"
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise _unfit(_EMPTY, name)
    if content.startswith(_OLD_EXCEL):
        raise _unfit(_OLD, name)
    if content.startswith(_ARCHIVE):
        return _open_archive(name, content)
    return Opened([_separated(name, content)])


def _unfit(sentence: LazyString, name: str, **more: object) -> Unfit:
    """Return the refusal of a file, whose sentence is filled in in the language in which it is shown."""
    values = {"name": name, **more}
    return Unfit(LazyString(lambda: str(sentence) % values))


def _separated(name: str, content: bytes, title: str = "") -> Found:
    """Return a table of separated values. Its separator is the one that cuts the head into most columns."""
    lines = io.StringIO(_decoded(name, content), newline="")
    first = next((line for line in lines if line.strip()), "")
    if not first:
        raise _unfit(_EMPTY, name)
    separator = max(_SEPARATORS, key=first.count)

    def rows() -> Iterator[tuple[int, Sequence[Cell]]]:
        lines.seek(0)
        reader = csv.reader(lines, delimiter=separator, strict=True)
        line = 1
        try:
            for row in reader:
                if any(map(str.strip, row)):
                    yield line, row
                line = reader.line_num + 1
        except csv.Error:
            raise _unfit(_NOT_SEPARATED, name, line=line) from None

    head = next(rows(), None)
    if head is None:
        raise _unfit(_EMPTY, name)
    return Found(name, title, tuple(map(str, head[1])), _without_head(rows), is_workbook=False)


def _decoded(name: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif _BINARY in content:
        raise _unfit(_NO_TABLE, name)
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        is_text = not any(byte < 32 and byte not in b"\t\n\r\f" for byte in content[:4096])  # noqa: PLR2004
        raise _unfit(_ENCODING if is_text and not content.startswith(b"%PDF") else _NO_TABLE, name) from None


def _open_archive(name: str, content: bytes) -> Opened:
    with _read(name, lambda: zipfile.ZipFile(io.BytesIO(content))) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
            raise _unfit(_UNPACKS, name)
        if any(part.filename == _WORKBOOK for part in parts):
            _refuse_merged(name, archive)
            return _open_workbook(name, content)
        return Opened([_part(name, archive, part) for part in parts if not _is_nothing(part)] or _none(name))


def _none(name: str) -> list[Found]:
    raise _unfit(_EMPTY, name)


def _is_nothing(part: zipfile.ZipInfo) -> bool:
    """Whether a part is a folder, or what a computer adds to archives by itself."""
    return part.is_dir() or part.filename.startswith("__MACOSX/") or part.filename.endswith(".DS_Store")


def _part(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Found:
    content: bytes = _read(name, lambda: archive.read(part))
    title = part.filename.rpartition("/")[2]
    where = f"{name}, {one_line(title)[:100]}"
    if content.startswith((_ARCHIVE, _OLD_EXCEL, b"%PDF")):
        raise _unfit(_NOT_ALONE, name, part=one_line(title)[:100])
    return _separated(where, content, title)


def _refuse_merged(name: str, archive: zipfile.ZipFile) -> None:
    for part in archive.infolist():
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            sheet: bytes = _read(name, partial(archive.read, part))
            if merged := _MERGED.search(sheet):
                raise _unfit(_IS_MERGED, name, cells=merged[1].decode("ascii", "replace"))


def _open_workbook(name: str, content: bytes) -> Opened:
    book = _read(name, lambda: openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False))
    tables, hidden = [], []
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what a sheet says of its own size is often wrong, and rows beyond it would be lost
        if sheet.sheet_state != "visible":
            hidden.append(str(sheet.title))
        elif table := _sheet(name, sheet):
            tables.append(table)
    return Opened(tables or _none(name), tuple(hidden))


def _sheet(name: str, sheet: Any) -> Found | None:
    head = next(_lines(name, sheet), None)
    if head is None:
        return None
    named = ["" if cell is None or isinstance(cell, Formula) else str(cell) for cell in head[1]]
    width = max((place for place, each in enumerate(named, start=1) if each.strip()), default=1)
    rows = partial(_lines, name, sheet, width)
    return Found(
        f"{name}, {sheet.title}", str(sheet.title), tuple(named[:width]), _without_head(rows), is_workbook=True
    )


def _lines(name: str, sheet: Any, width: int | None = None) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield the lines of a sheet that are not blank, as far as its columns have names."""
    found, gone_through = _read(name, lambda: iter(sheet.iter_rows(max_col=width))), 0
    for number in count(1):
        row = _read(name, lambda: next(found, None))
        if row is None:
            return
        gone_through += len(row)
        if number > LAST_LINE or gone_through > MOST_CELLS:
            raise _unfit(_REACHES_FAR, name)
        if all(each.value is None for each in row):
            continue
        cells = [_cell(each) for each in row]
        if any(cell is not None and str(cell).strip() for cell in cells):
            yield number, cells


def _read(name: str, step: Callable[[], Any]) -> Any:
    try:
        return step()
    except Exception:  # whatever a stranger's archive or workbook makes the libraries raise
        raise _unfit(_DAMAGED, name) from None


def _cell(cell: Any) -> Cell:
    value: Any = cell.value
    if value is None or cell.data_type == "n" or isinstance(value, bool):
        return value  # type: ignore[no-any-return]
    if cell.data_type in ("f", "e"):
        return Formula(str(value) if isinstance(value, str) else "=")
    return value if isinstance(value, datetime | time) else str(value)


def _without_head(
    rows: Callable[[], Iterator[tuple[int, Sequence[Cell]]]],
) -> Callable[[], Iterator[tuple[int, Sequence[Cell]]]]:
    def further() -> Iterator[tuple[int, Sequence[Cell]]]:
        every = rows()
        next(every, None)
        return every

    return further
