"""Tables as an Excel workbook: real dates and numbers, everything else as text, and never a formula.

The same table gives the same bytes: the workbook carries no time of its own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter

from tracker.exports.cells import neutralised, restored
from tracker.exports.columns import Holds, Sheet, Value

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_MADE_ON = datetime(2000, 1, 1, tzinfo=UTC)
_WIDTHS = range(6, 60)
_DAY_WIDTH = 11
#: The longest text that a cell holds, in characters.
LONGEST = 32_767
#: Excel counts its days from here on, and only writes those.
_FIRST_DAY = date(1900, 3, 1)

# XML cannot hold control characters. A workbook writes them as _x001F_, and so has to write otherwise what looks like
# that already; programs do not agree on how to read this back. So no such text gets as far as the workbook.
_CANNOT_STAND = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|x(?=005F)|(?<=_)x(?=[0-9a-fA-F]{4})")
_STANDS_FOR = re.compile(r"_x([0-9A-F]{4})_")


def write(*sheets: Sheet) -> bytes:
    """Return tables as the bytes of a workbook, each on a sheet.

    Raises:
        ValueError: a text is longer than a cell can hold (see ``LONGEST``).
    """
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, _OPTIONS)
    workbook.set_properties({"created": _MADE_ON})
    formats = {
        "heads": workbook.add_format({"bold": True, "bottom": 1, "valign": "top"}),
        "days": workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}),
        "plain": workbook.add_format({"valign": "top"}),
        "wrapped": workbook.add_format({"valign": "top", "text_wrap": True}),
    }
    for sheet in sheets:
        _write_sheet(workbook.add_worksheet(sheet.name), sheet, formats)
    workbook.close()
    return target.getvalue()


def _write_sheet(page: Any, sheet: Sheet, formats: Mapping[str, Any]) -> None:
    page.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.name, formats["heads"])
        cells = [_cell(row[place]) for row in sheet.rows]
        width = _width(column.name, cells)
        page.set_column(place, place, width)
        kind = "days" if column.holds is Holds.DAY else "wrapped" if width == _WIDTHS.stop else "plain"
        for at, cell in enumerate(cells, start=1):
            _write_cell(page, at, place, cell, formats[kind])
    page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    # "1.10" is a recommendation, and no number that was stored as a text by mistake.
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{len(sheet.rows) + 1}"})
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def text_in(cell: str) -> str:
    """Return the text that stands in a cell of such a workbook, as openpyxl reads it."""
    return restored(_STANDS_FOR.sub(lambda found: chr(int(found[1], 16)), cell))


def fits(text: str) -> bool:
    """Whether a cell can hold a text with the signs that keep it what it is."""
    return len(str(_cell(text))) <= LONGEST


def _cell(value: Value) -> Value:
    if isinstance(value, str):
        return _CANNOT_STAND.sub(lambda found: f"_x{ord(found[0]):04X}_", neutralised(value))
    return value.isoformat() if isinstance(value, date) and value < _FIRST_DAY else value


def _write_cell(page: Any, row: int, column: int, value: Value, format_: Any) -> None:
    match value:
        case None:
            return
        case bool():
            page.write_boolean(row, column, value, format_)
        case date():
            page.write_datetime(row, column, value, format_)
        case str():
            if page.write_string(row, column, value, format_):
                raise ValueError(f"a cell cannot hold a text of {len(value)} characters")
        case _:
            page.write_number(row, column, value, format_)


def _width(name: str, cells: Iterable[Value]) -> int:
    """Return the width of a column in characters: that of its longest line, within reason."""
    lines = (_DAY_WIDTH if isinstance(cell, date) else max(map(len, str(cell).split("\n"))) for cell in cells if cell)
    return min(max(_WIDTHS.start, len(name) + 3, 1 + max(lines, default=0)), _WIDTHS.stop)
