"""Reads cells as people and their programs write them: days as days or texts, numbers for texts, spaces at the end."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from tracker import clock
from tracker.bulk.files import Cell, Formula
from tracker.bulk.mistakes import Mistake
from tracker.exports import cells, xlsx
from tracker.exports.columns import Holds, Value
from tracker.texts import cleaned

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?|(\d{1,2})\.(\d{1,2})\.(\d{4})")
_WHOLE = re.compile(r"[+-]?\d{1,9}(?:[.,]0+)?")
_TRUTHS = {"true": True, "false": False, "1": True, "0": False}


class Numeric(str):
    """A text that stood as a number in its cell, where noughts at the end are lost."""

    __slots__ = ()


def shown(cell: Cell) -> str:
    """Return what stands in a cell as a person reads it."""
    match cell:
        case None:
            return ""
        case Formula():
            return cell.text
        case bool():
            return "true" if cell else "false"
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)


def told(cell: Cell, *, is_workbook: bool) -> str:
    """Return what stands in a cell, without what keeps spreadsheets from computing it."""
    text = shown(cell)
    if not isinstance(cell, str):
        return text
    return xlsx.text_in(text) if is_workbook else cells.restored(text)


def text_in(cell: Cell, *, is_workbook: bool) -> str:
    """Return the text of a cell without what keeps spreadsheets from computing it, as the register keeps texts."""
    text = told(cell, is_workbook=is_workbook)
    if isinstance(cell, str):
        return cleaned(text)
    return Numeric(text) if isinstance(cell, int | float) and not isinstance(cell, bool) else text


def value_in(cell: Cell, holds: Holds, column: str, *, is_workbook: bool) -> Value | Mistake:
    """Return the value of a cell by what its column holds, or what is wrong with it."""
    if isinstance(cell, Formula):
        return Mistake.of("formula", column, cell.text)
    text = text_in(cell, is_workbook=is_workbook)
    if not text:
        return None
    match holds:
        case Holds.DAY:
            day = _day(cell, text) or Mistake.of("no_day", column, text)
            early = isinstance(day, date) and day.year < clock.EARLIEST_YEAR
            return Mistake.of("too_early", column, clock.EARLIEST_YEAR) if early else day
        case Holds.NUMBER:
            whole = _WHOLE.fullmatch(text)
            return int(re.split("[.,]", text)[0]) if whole else Mistake.of("no_number", column, text)
        case Holds.TRUTH:
            truth = _TRUTHS.get(text.casefold())
            return Mistake.of("no_truth", column, text) if truth is None else truth
        case _:
            return text


def _day(cell: Cell, text: str) -> date | None:
    if isinstance(cell, datetime):
        return cell.date() if cell.time() == time() else None
    found = _DAY.fullmatch(text)
    if not found:
        return None
    parts = found.groups()
    year, month, day = parts[:3] if parts[0] else (parts[5], parts[4], parts[3])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
