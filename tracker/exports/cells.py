"""Cells that no spreadsheet takes for a formula, and the way back to the text without loss.

A spreadsheet computes a cell that begins with one of a few signs, and a text of the register is written by strangers.
An apostrophe before such a sign keeps it a text. It stands before an apostrophe too, so that the way back is certain:
an apostrophe before one of the signs was put there, and no other was.

Where a spreadsheet's list separator is a semicolon, it cuts a row of comma-separated values at semicolons and line
ends within the quotes as well. So what follows one of these is treated as the beginning of a cell.
"""

from __future__ import annotations

import re

#: The signs with which a formula can begin, in either width, and the apostrophe itself.
_SIGNS = r"['=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
_BEGINNING = r"(?<![^;\t\r\n])"

_DANGEROUS = re.compile(f"{_BEGINNING}(?={_SIGNS})")
_MADE_SAFE = re.compile(f"{_BEGINNING}'(?={_SIGNS})")


def neutralised(text: str) -> str:
    """Return a text as it stands in a cell."""
    return _DANGEROUS.sub("'", text)


def restored(cell: str) -> str:
    """Return the text that stands in a cell that :func:`neutralised` wrote."""
    return _MADE_SAFE.sub("", cell)
