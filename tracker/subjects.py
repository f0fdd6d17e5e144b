"""What a ledger subject is called that is a text: a recommendation or a heading, by its number."""

from __future__ import annotations

from flask_babel import gettext


def name_of_text(subject: str) -> str:
    """Return what a reader calls a recommendation, a heading or a load, by its address in the ledger."""
    if subject.startswith("load/"):
        return str(gettext("Bulk load"))
    kind, _, number = subject.split("/")
    if kind == "heading":
        return str(gettext("Heading %(number)s", number=number))
    return str(gettext("Recommendation %(number)s", number=number))
