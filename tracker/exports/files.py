"""A table as a file: the forms in which each can be taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tracker.exports import csv, json, xlsx
from tracker.exports.columns import Sheet


class Form(NamedTuple):
    """A form of file: its media type, and what writes it."""

    mimetype: str
    write: Callable[[Sheet], bytes]


class Whole(NamedTuple):
    """A form of file that holds several tables: its media type, and what writes it."""

    mimetype: str
    write: Callable[..., bytes]


#: By the ending of the file's name, which is also how addresses and readers call them.
FORMS = {
    "csv": Form(csv.MIMETYPE, csv.write),
    "xlsx": Form(xlsx.MIMETYPE, xlsx.write),
    "json": Form(json.MIMETYPE, json.write),
}

#: All tables of the record in one file, in the same way.
WHOLE = {
    "xlsx": Whole(xlsx.MIMETYPE, xlsx.write),
    "zip": Whole("application/zip", csv.archive),
}
