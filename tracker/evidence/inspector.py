"""Looks into a file that somebody sent: ``python inspector.py < file`` prints what it is, or why it is not taken.

This is a program of its own that imports nothing of the register. The file may have been made to break the libraries
that read it, so they run in a process with little memory and time, whose end is nobody else's.
"""

from __future__ import annotations

import logging
import re
import resource
import sys
import warnings
import zipfile
from collections.abc import Iterator
from enum import StrEnum
from typing import IO, Any

#: How much of the processor and of memory the process gets: seconds, and bytes.
SECONDS = 4
MEMORY = 1024 * 1024 * 1024

#: The largest image, in pixels: a page of A3 at 600 dots an inch has 70 million.
PIXELS = 80_000_000

#: A PDF says within so many bytes from its end that this is its end (ISO 32000, annex H).
END = 1024

#: More parts than any letter has.
MOST_PARTS = 100_000

_SIGNS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}

#: What does something when the document is opened or clicked on, beyond leading to a page.
_ACTIONS = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR"}) | frozenset(
    {"/Rendition", "/RichMediaExecute", "/Movie", "/Sound"}
)
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA", "/RichMediaContent"})
_ATTACHING_KEYS = frozenset({"/EF", "/EmbeddedFiles"})
#: The same in the bytes, for parts to which nothing leads: another reader may find its way to them.
_IN_BYTES = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)(?![A-Za-z])")


class Reason(StrEnum):
    """Why a file is not taken."""

    OTHER_TYPE = "other type"
    UNREADABLE = "unreadable"
    CUT_OFF = "cut off"
    TWO_IN_ONE = "two in one"
    LOCKED = "locked"
    WITHOUT_PAGES = "without pages"
    ACTIVE = "active"
    ATTACHMENTS = "attachments"
    TOO_MANY_PIXELS = "too many pixels"


class NotTakenError(Exception):
    """The file is not taken; the argument says why."""


def look_into(file: IO[bytes]) -> str:
    """Return the media type of a file, by its content alone.

    Raises:
        NotTakenError: it is not taken.
    """
    head = file.read(8)
    media_type = next((found for sign, found in _SIGNS.items() if head.startswith(sign)), None)
    if media_type is None:
        raise NotTakenError(Reason.OTHER_TYPE)
    if zipfile.is_zipfile(file):
        raise NotTakenError(Reason.TWO_IN_ONE)
    file.seek(0)
    if media_type == "application/pdf":
        _look_into_pdf(file)
    else:
        _look_into_image(file, media_type)
    return media_type


def _look_into_pdf(file: IO[bytes]) -> None:
    from pypdf import PdfReader  # noqa: PLC0415  # whoever asks for the reasons alone reads no files

    content = file.read()
    if b"%%EOF" not in content[-END:]:
        raise NotTakenError(Reason.CUT_OFF)
    reader = PdfReader(file)
    if reader.is_encrypted:
        raise NotTakenError(Reason.LOCKED)
    if not reader.pages:
        raise NotTakenError(Reason.WITHOUT_PAGES)
    for part in _parts(reader):
        if part.get("/S") in _ACTIONS or part.keys() & _ACTIVE_KEYS:
            raise NotTakenError(Reason.ACTIVE)
        if part.get("/Type") == "/EmbeddedFile" or part.keys() & _ATTACHING_KEYS:
            raise NotTakenError(Reason.ATTACHMENTS)
    if _IN_BYTES.search(content):
        raise NotTakenError(Reason.ACTIVE)


def _parts(reader: Any) -> Iterator[dict[str, Any]]:
    """Yield every dictionary to which the document leads, each once."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject  # noqa: PLC0415

    open_ones: list[Any] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    while open_ones:
        part = open_ones.pop()
        if isinstance(part, IndirectObject):
            if (part.idnum, part.generation) in seen:
                continue
            seen.add((part.idnum, part.generation))
            if len(seen) > MOST_PARTS:
                raise NotTakenError(Reason.UNREADABLE)
            part = part.get_object()
        if isinstance(part, DictionaryObject):
            yield {key: value.get_object() if key in ("/S", "/Type") else value for key, value in part.items()}
            open_ones += part.values()
        elif isinstance(part, ArrayObject):
            open_ones += part


def _look_into_image(file: IO[bytes], media_type: str) -> None:
    from PIL import Image  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(file, formats=[media_type.removeprefix("image/").upper()]) as image:
            image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise NotTakenError(Reason.TOO_MANY_PIXELS) from None


def main() -> None:
    """Print what the file on the standard input is, or why it is not taken."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    logging.disable()
    try:
        told = look_into(sys.stdin.buffer)
    except NotTakenError as error:
        told = str(error)
    except Exception:
        told = Reason.UNREADABLE
    sys.stdout.write(told)


if __name__ == "__main__":
    main()
