"""Tables as comma-separated values.

The file is UTF-8 with a byte order mark: without it, Excel reads the file in the computer's old code page, and spoils
every name with an accent. Line ends are CR and LF, and fields are quoted where they need it (RFC 4180).
"""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

from tracker.exports.cells import neutralised
from tracker.exports.columns import Sheet, Value

MIMETYPE = "text/csv"


def write(sheet: Sheet) -> bytes:
    """Return a table as the bytes of a CSV file: its column names, then its rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.name for column in sheet.columns])
    writer.writerows([neutralised(as_cell(value)) for value in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def archive(*sheets: Sheet) -> bytes:
    """Return tables as the bytes of a ZIP archive with a CSV file for each. The same tables give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for sheet in sheets:
            part = zipfile.ZipInfo(f"{sheet.name}.csv")  # which has no time of its own
            packed.writestr(part, write(sheet), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def as_cell(value: Value) -> str:
    """Return a value as it stands in such a file, before what keeps spreadsheets from computing it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case _:
            return str(value)
