"""Examines a file before it is kept as evidence: what it is by its content, and whether it may be taken."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess  # nosec B404  # a letter is looked into by a process of its own
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask_babel import LazyString, lazy_gettext

from tracker.errors import Unfit
from tracker.evidence import inspector
from tracker.evidence.inspector import Reason
from tracker.models import LARGEST_FILE
from tracker.texts import cleaned
from tracker.vocabulary import MediaType

#: The longest name that is shown, in characters.
LONGEST_NAME = 100

#: How long we wait for the inspector, whose own limit is on the time of the processor.
_PATIENCE = 30

#: Signs that make a name look like another one: controls, and those that turn the direction.
_DECEIVING = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

#: Endings of what a computer runs, opens as a page, or unpacks.
# fmt: off
_RUNNING = frozenset({
    "app", "apk", "bat", "bin", "cmd", "com", "cpl", "dll", "docm", "exe", "gz", "hta", "htm", "html",
    "iso", "jar", "js", "jse", "lnk", "msi", "msp", "ps1", "py", "rar", "reg", "scr", "sh", "svg",
    "tar", "url", "vbe", "vbs", "wsf", "xhtml", "xlsm", "xml", "zip", "7z",
})
# fmt: on


@dataclass(frozen=True)
class Examined:
    """A file that may be kept: open, at its beginning.

    Attributes:
        name: what it was called, cleaned; it is shown and never used as a path.
        size: in bytes.
        sha256: of its content, in hexadecimal digits.
    """

    file: IO[bytes]
    name: str
    media_type: MediaType
    size: int
    sha256: str


def examine(file: IO[bytes], name: str) -> Examined:
    """Return a file with what it is.

    Args:
        file: open for reading, with a descriptor that another process can read from.
        name: what its sender calls it.

    Raises:
        Unfit: it may not be kept; the sentence says why, and what to do.
    """
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        raise Unfit(_EMPTY)
    if size > LARGEST_FILE:
        raise Unfit(_TOO_LARGE)
    _refuse_disguise(name)
    media_type = _inspected(file)
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # its protocol is narrower
    file.seek(0)
    return Examined(file, _shown_name(name, media_type), media_type, size, sha256)


def _inspected(file: IO[bytes]) -> MediaType:
    """Have the inspector look into a file."""
    file.flush()
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    command = [sys.executable, "-I", str(Path(inspector.__file__))]
    try:
        told = subprocess.run(  # noqa: S603  # nosec B603  # no shell, and every argument is our own
            command, stdin=file, capture_output=True, text=True, timeout=_PATIENCE, check=False
        ).stdout
    except subprocess.TimeoutExpired:
        told = ""
    for media_type in MediaType:
        if told == media_type.value:
            return media_type
    # One that was ended for its memory or time said nothing.
    raise Unfit(_SENTENCES[Reason(told) if told in set(Reason) else Reason.UNREADABLE])


def _refuse_disguise(name: str) -> None:
    """Refuse a name that is made to deceive whoever sees it."""
    if _DECEIVING.search(name):
        raise Unfit(_DECEIVING_NAME)
    endings = unicodedata.normalize("NFKC", _last_part(name)).lower().split(".")[1:]
    if {ending.strip() for ending in endings} & _RUNNING:
        raise Unfit(_RUNNING_NAME)


def _last_part(name: str) -> str:
    """Return a name without the folders in front of it, whichever way these are written."""
    return cleaned(re.split(r"[/\\]", name)[-1]).strip(" .")


def _shown_name(name: str, media_type: MediaType) -> str:
    """Return a name as it is shown: short, and with an ending of its type."""
    stem, dot, ending = _last_part(name).rpartition(".")
    every = {each for kind in MediaType for each in kind.endings}
    if f"{dot}{ending}".lower() not in every:
        stem, ending = f"{stem}{dot}{ending}", ""
    ending = f".{ending}" if f".{ending}".lower() in media_type.endings else media_type.endings[0]
    return (stem[: LONGEST_NAME - len(ending)].strip(" .") or "letter") + ending


_EMPTY = lazy_gettext("The file is empty. Choose the signed letter again")
_TOO_LARGE = lazy_gettext(
    "The file is larger than 10 MB. Scan the letter at a lower resolution, or save it as a smaller PDF"
)
_DECEIVING_NAME = lazy_gettext(
    "The name of the file holds signs that cannot be seen and can make it look like another. Rename the file"
)
_RUNNING_NAME = lazy_gettext(
    "The name of the file looks like that of a program or an archive. Give the letter a plain name, such as letter.pdf"
)

_SENTENCES: dict[Reason, LazyString] = {
    Reason.OTHER_TYPE: lazy_gettext(
        "The file is no PDF, PNG or JPEG, whatever its name says. Save or scan the letter as one of these"
    ),
    Reason.UNREADABLE: lazy_gettext("The file is damaged and cannot be read. Save or scan the letter again"),
    Reason.CUT_OFF: lazy_gettext("The PDF is cut off before its end. Save it again, and choose the new file"),
    Reason.TWO_IN_ONE: lazy_gettext(
        "The file is an archive (ZIP) at the same time. Save or scan the letter again, as a PDF, PNG or JPEG alone"
    ),
    Reason.LOCKED: lazy_gettext("The PDF is protected by a password or by permissions. Save it without protection"),
    Reason.WITHOUT_PAGES: lazy_gettext("The PDF has no page. Save or scan the letter again"),
    Reason.ACTIVE: lazy_gettext(
        "The PDF holds a program or an action that starts by itself. Print it to a new PDF, or scan the letter"
    ),
    Reason.ATTACHMENTS: lazy_gettext(
        "The PDF holds other files. Print it to a new PDF, or scan the letter, and send the rest in another way"
    ),
    Reason.TOO_MANY_PIXELS: lazy_gettext("The image has too many pixels. Scan the letter at 300 dots an inch"),
}
