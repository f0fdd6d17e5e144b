"""Reads files of ours back, as a program of somebody else would."""

import csv
import io
from typing import Any

import openpyxl

from tracker.exports import cells, xlsx
from tracker.exports.columns import Sheet

Rows = list[dict[str, Any]]


def in_csv(content: bytes) -> Rows:
    """Return the rows of a CSV file, as texts."""
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return [{name: cells.restored(cell) for name, cell in row.items()} for row in csv.DictReader(text, strict=True)]


def in_xlsx(content: bytes) -> Rows:
    """Return the rows of a workbook, with days as ``date``."""
    names, *rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [dict(zip(names, map(_value, row), strict=True)) for row in rows]


def _value(cell: Any) -> Any:
    if isinstance(cell, str):
        return xlsx.text_in(cell)
    return cell.date() if hasattr(cell, "date") else cell


def in_sheet(sheet: Sheet) -> Rows:
    """Return the rows of a sheet by the names of its columns."""
    names = [column.name for column in sheet.columns]
    return [dict(zip(names, row, strict=True)) for row in sheet.rows]


def as_text(value: Any) -> str:
    """Return a value as it stands in a CSV file."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
