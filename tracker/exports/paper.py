"""What a document on paper consists of, whatever the form in which it is taken away."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

#: Where the pattern of page numbers has its two numbers: "Page {page} of {pages}".
PAGE, PAGES = "{page}", "{pages}"


@dataclass(frozen=True)
class Words:
    """A text in one language (BCP 47), with the direction in which it runs: ``ltr`` or ``rtl``."""

    text: str
    language: str
    direction: str


@dataclass(frozen=True)
class Exact:
    """Signs to be compared one by one, such as a hash, in lines."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Letterhead:
    """Whose letter it is, below the room for the sender's own letterhead."""

    sender: Words


@dataclass(frozen=True)
class Address:
    """To whom a letter goes, line by line."""

    lines: tuple[Words, ...]


@dataclass(frozen=True)
class Heading:
    """The heading of a section (2) or of a part of one (3); the document's title is the only one above it."""

    words: Words
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a note is set smaller."""

    words: Words
    note: bool = False


@dataclass(frozen=True)
class Quote:
    """What somebody declares, in their words, under a line that says what it is; the line may be empty."""

    words: Words
    label: Words


@dataclass(frozen=True)
class Item:
    """A numbered item, with what is to be known about it and what is said of it."""

    number: str
    words: Words
    note: Words | None = None
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True)
class Facts:
    """Facts, each under its name."""

    rows: tuple[tuple[Words, Words | Exact], ...]


@dataclass(frozen=True)
class Signature:
    """The end of a letter, which is not torn apart: the last words, and lines to be filled in by hand."""

    closing: tuple[Words, ...]
    sender: tuple[Words, Words]
    lines: tuple[Words, ...]


Part = Letterhead | Address | Heading | Paragraph | Quote | Item | Facts | Signature


@dataclass(frozen=True)
class Paper:
    """A document.

    Attributes:
        title: the title of the document; it stands after the address of a letter, else at the top.
        subtitle: what the document is about.
        footer: what stands at the foot of every page.
        page: the pattern of page numbers, with ``{page}`` and ``{pages}``.
        name: what its file is called, without an ending.
        moment: when what it says was said.
        head: what stands before the title.
        parts: what follows it.
    """

    title: Words
    subtitle: Words
    footer: Words
    page: str
    name: str
    moment: datetime
    parts: tuple[Part, ...]
    head: tuple[Letterhead | Address, ...] = ()


def printable(text: str) -> str:
    """Return a text without what no page can hold: controls, halves of letters, what is no character."""
    return "".join(letter for letter in text if letter in "\n\t" or _can_be_printed(letter))


def _can_be_printed(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cc", "Cs") and ord(letter) & 0xFFFE != 0xFFFE  # noqa: PLR2004
