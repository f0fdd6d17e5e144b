"""Typesets a document as PDF, by Typst."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst

from config import PROJECT
from tracker.exports.paper import Paper, Words, printable

LOOK = Path(__file__).with_name("paper.typ")
FONTS = PROJECT / "fonts"
_PRIMARY_LANGUAGE = re.compile("[a-z]{2,3}(?![a-z])", re.IGNORECASE)


def typeset(paper: Paper) -> bytes:
    """Return a document as a PDF, for print and for screen readers. The same document gives the same bytes.

    It is set in the project's own fonts. Where a text has a letter that none of them has, the machine's fonts help out;
    where they have none either, a box stands in its place, and the file does not say that it conforms to PDF/UA.
    """
    data = json.dumps(_plain(paper))
    for machines_fonts in (False, True):
        try:
            return _compiled(data, paper, _fonts(machines_fonts), ["ua-1"])
        except typst.TypstError:  # a letter without a font; any other error comes back below
            continue
    return _compiled(data, paper, _fonts(True), [])


def _compiled(data: str, paper: Paper, fonts: typst.Fonts, standards: list[typst.PDFStandard]) -> bytes:
    return typst.compile(
        str(LOOK),
        root=str(LOOK.parent),
        font_paths=fonts,
        sys_inputs={"paper": data},
        pdf_standards=standards,
        timestamp=int(paper.moment.timestamp()),
    )


@cache
def _fonts(machines_too: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=machines_too, font_paths=[str(FONTS)])


def _plain(value: Any) -> Any:
    """Return a document as the look reads it: each part with its name."""
    if isinstance(value, Words):
        language = _PRIMARY_LANGUAGE.match(value.language)
        return {
            "text": printable(value.text),
            "language": language.group().lower() if language else "und",
            "direction": value.direction,
        }
    if is_dataclass(value):
        held = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        return {"part": type(value).__name__, **held}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, int | None) else str(value)
