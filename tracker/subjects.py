"""What a ledger subject is called that is no participant on the roll: a text by its number, a load, a new address."""

from __future__ import annotations

from flask_babel import gettext


def name_of_text(subject: str) -> str:
    """Return what a reader calls a recommendation, a heading, a load, or who is to be added, by its address."""
    kind, *_, number = subject.split("/")
    if kind == "load":
        return str(gettext("Bulk load"))
    if kind == "participant":
        return number
    if kind == "heading":
        return str(gettext("Heading %(number)s", number=number))
    return str(gettext("Recommendation %(number)s", number=number))
