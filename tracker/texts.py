"""Texts as the register keeps them, whoever writes them: a form, a file, a command."""

from __future__ import annotations

import re
import unicodedata

#: Code points that are no letters and may stand in no page (Unicode, chapter 23.7).
_NONCHARACTERS = {*range(0xFDD0, 0xFDF0), *(plane * 0x10000 + end for plane in range(17) for end in (0xFFFE, 0xFFFF))}
#: Signs that turn the direction of what follows, beyond the end of the text: pages say the direction themselves.
_TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_DROPPED = _NONCHARACTERS | _TURNING
#: No language needs more marks on one letter (UAX #15, stream-safe text). More would make normalising slow.
_MOST_MARKS = 30
#: Letters that show nothing: Hangul fillers and the blank of Braille.
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
_INVISIBLE = re.compile(f"[\\s{_BLANK}]+")


def cleaned(text: str | None) -> str:
    """Return a text as the register keeps it: NFC, plain line ends, nothing that cannot be seen or printed.

    A text that shows nothing is empty.
    """
    kept: list[str] = []
    marks = 0
    for letter in (text or "").replace("\r\n", "\n").replace("\r", "\n"):
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= _MOST_MARKS and _can_be_kept(letter):
            kept.append(letter)
    whole = unicodedata.normalize("NFC", "".join(kept)).strip()
    return whole if _shows_something(whole) else ""


def comparable(text: str) -> str:
    """Return a text without what a person may write otherwise: case, accents, spaces, the form of dashes and marks."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def in_one_line(text: str) -> str:
    """Return a text without line ends and other signs that steer: what may stand in the head of a mail."""
    return " ".join("".join(" " if unicodedata.category(each) in ("Cc", "Cs") else each for each in text).split())


def one_line(text: str | None) -> str:
    """Return a text as it is kept, in one line: a name, or an address."""
    return in_one_line(cleaned(text))


def _can_be_kept(letter: str) -> bool:
    if letter in "\n\t":
        return True
    return ord(letter) not in _DROPPED and unicodedata.category(letter) not in ("Cc", "Cs", "Co")


def _shows_something(text: str) -> bool:
    return any(unicodedata.category(letter) not in ("Cf", "Mn", "Me") for letter in _INVISIBLE.sub("", text))
