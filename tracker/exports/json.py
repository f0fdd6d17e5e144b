"""Tables as JSON: the rows as objects, with the column names of the other forms as keys. Nothing is neutralised."""

from __future__ import annotations

import json
from datetime import date

from tracker.exports.columns import Sheet, Value

MIMETYPE = "application/json"


def write(sheet: Sheet) -> bytes:
    """Return a table as the bytes of a JSON document."""
    names = [column.name for column in sheet.columns]
    rows = [dict(zip(names, map(_value, row), strict=True)) for row in sheet.rows]
    return json.dumps({"table": sheet.name, "rows": rows}, ensure_ascii=False, indent=1).encode()


def _value(value: Value) -> str | int | bool | None:
    return value.isoformat() if isinstance(value, date) else value
