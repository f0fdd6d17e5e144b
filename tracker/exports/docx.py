"""Writes a document for a word processor (Office Open XML). All of its look is in its styles."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph as Line

from tracker.exports.paper import (
    PAGE,
    PAGES,
    Address,
    Exact,
    Facts,
    Heading,
    Item,
    Letterhead,
    Paper,
    Paragraph,
    Part,
    Quote,
    Signature,
    Words,
    printable,
)

#: A serif that every word processor has, or knows a font of the same measures for; with Cyrillic, Greek and Arabic.
FONT = "Times New Roman"
MARGIN = Mm(25)

_NAMESPACE = nsdecls("w")
_COUNTED = {PAGE: "PAGE", PAGES: "NUMPAGES"}


@dataclass(frozen=True)
class Look:
    """How the paragraphs of a style look; measures in points, those across the page in millimetres.

    Attributes:
        stays: whether a paragraph stays on the page of the next one.
        level: the level of a heading.
        tabs: the tabulator stops, each with its place, alignment and leader.
    """

    style: str
    size: int = 11
    before: int = 0
    after: int = 6
    indent: int = 0
    hanging: int = 0
    bold: bool = False
    italic: bool = False
    quiet: bool = False
    stays: bool = False
    level: int | None = None
    tabs: tuple[tuple[int, str, str], ...] = ()


LOOKS = (
    Look("Normal"),
    Look("Letterhead", size=13, before=72, after=26, bold=True),
    Look("Address", after=0),
    Look("Heading 1", size=16, before=34, after=6, bold=True, stays=True, level=1),
    Look("Subtitle", after=20),
    Look("Heading 2", before=20, after=8, bold=True, stays=True, level=2),
    Look("Heading 3", before=12, after=6, italic=True, stays=True, level=3),
    Look("Note", size=10, quiet=True, stays=True),
    Look("Item", indent=11, hanging=11),
    Look("Item Note", size=10, indent=11, quiet=True),
    Look("Quote Label", size=10, after=3, indent=11, quiet=True, stays=True),
    Look("Quote", after=9, indent=15),
    Look("Fact", indent=48, hanging=48),
    Look("Closing", stays=True),
    Look("Signature Line", before=14, stays=True, tabs=((34, "left", "none"), (122, "right", "underscore"))),
    Look("Footer", size=9, after=0, quiet=True, tabs=((160, "right", "none"),)),
)


def written(paper: Paper) -> bytes:
    """Return a document as DOCX."""
    document = docx.Document()
    _prepare(document, paper)
    for before in paper.head:
        _put(document, before)
    _line(document, "Heading 1", paper.title)
    _line(document, "Subtitle", paper.subtitle)
    for after in paper.parts:
        _put(document, after)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _put(document: Document, part: Part) -> None:
    match part:
        case Letterhead(sender):
            _line(document, "Letterhead", sender)
        case Address(lines):
            for words in lines:
                _line(document, "Address", words)
        case Heading(words, level):
            _line(document, f"Heading {level}", words)
        case Paragraph(words, note):
            _line(document, "Note" if note else "Normal", words)
        case Quote():
            _put_quote(document, part)
        case Item():
            _put_item(document, part)
        case Facts():
            _put_facts(document, part)
        case Signature():
            _put_signature(document, part)


def _put_quote(document: Document, quote: Quote) -> None:
    if quote.label.text:
        _line(document, "Quote Label", quote.label)
    _line(document, "Quote", quote.words)


def _put_item(document: Document, item: Item) -> None:
    line = _begin(document, "Item", item.words)
    line.add_run(item.number, style="Strong")
    line.add_run("\t")
    _say(line, item.words)
    if item.note or item.quotes:
        line.paragraph_format.keep_with_next = True
    if item.note:
        _line(document, "Item Note", item.note)
    for quote in item.quotes:
        _put_quote(document, quote)


def _put_facts(document: Document, facts: Facts) -> None:
    for name, fact in facts.rows:
        said = Words("\n".join(fact.lines), "zxx", "ltr") if isinstance(fact, Exact) else fact
        _say(_line(document, "Fact", name, "\t"), said)


def _put_signature(document: Document, signature: Signature) -> None:
    for line in document.paragraphs[-3:]:
        line.paragraph_format.keep_with_next = True  # nobody signs a page that says nothing
    for words in signature.closing:
        _line(document, "Closing", words)
    name, sender = signature.sender
    _say(_line(document, "Signature Line", name, "\t"), sender, "Strong")
    for words in signature.lines:
        _line(document, "Signature Line", words, "\t\t")


def _line(document: Document, style: str, words: Words, after: str = "") -> Line:
    """Add a text: its lines stay lines, an empty one makes a paragraph. Return the last paragraph."""
    *earlier, last = re.split(r"\n[ \t]*\n\s*", words.text)
    for each in earlier:
        _say(_begin(document, style, words), replace(words, text=each))
    line = _begin(document, style, words)
    _say(line, replace(words, text=last))
    line.add_run(after)
    return line


def _begin(document: Document, style: str, words: Words) -> Line:
    """Begin a paragraph that runs in the direction of its words."""
    return _turned(document.add_paragraph(style=style), words)


def _turned(line: Line, words: Words) -> Line:
    if words.direction == "rtl":
        line._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    return line


def _say(line: Line, words: Words, style: str | None = None) -> None:
    """Add words to a paragraph, in their language."""
    marks = line.add_run(printable(words.text), style)._r.get_or_add_rPr()
    if words.direction == "rtl":
        marks.append(OxmlElement("w:rtl"))
    marks.append(_language(words))


def _prepare(document: Document, paper: Paper) -> None:
    """Set the page, the styles, the language, what the file says of itself, and the foot of every page."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    for look in LOOKS:
        _define(document, look)
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    defaults.replace(defaults.find(qn("w:lang")), _language(paper.title))
    about, moment = document.core_properties, paper.moment.astimezone(UTC).replace(tzinfo=None)
    about.title, about.subject, about.language = paper.title.text, paper.subtitle.text, paper.title.language
    about.author = about.last_modified_by = about.comments = ""
    about.created = about.modified = moment
    foot = _turned(section.footer.paragraphs[0], paper.title)
    _say(foot, paper.footer)
    foot.add_run("\t")
    for piece in re.split(f"({re.escape(PAGE)}|{re.escape(PAGES)})", paper.page):
        if piece in _COUNTED:
            foot._p.append(
                parse_xml(
                    f'<w:fldSimple {_NAMESPACE} w:instr="{_COUNTED[piece]}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
                )
            )
        else:
            _say(foot, replace(paper.title, text=piece))


def _define(document: Document, look: Look) -> None:
    """Give a style its look, in place of what it had."""
    styles = document.styles
    style = styles[look.style] if look.style in styles else styles.add_style(look.style, WD_STYLE_TYPE.PARAGRAPH)
    if look.style != "Normal":
        style.base_style = styles["Normal"]
    element = style.element
    for name in ("w:pPr", "w:rPr"):
        for old in element.findall(qn(name)):
            element.remove(old)
    element.append(parse_xml(_of_paragraphs(look)))
    element.append(parse_xml(_of_letters(look)))


def _of_paragraphs(look: Look) -> str:
    stops = "".join(
        f'<w:tab w:val="{side}" w:leader="{leader}" w:pos="{Mm(place).twips}"/>' for place, side, leader in look.tabs
    )
    stays = "<w:keepNext/>" if look.stays else ""
    tabs = f"<w:tabs>{stops}</w:tabs>" if stops else ""
    level = f'<w:outlineLvl w:val="{look.level - 1}"/>' if look.level else ""
    return (
        f"<w:pPr {_NAMESPACE}>{stays}<w:widowControl/>{tabs}"
        f'<w:spacing w:before="{look.before * 20}" w:after="{look.after * 20}" w:line="264" w:lineRule="auto"/>'
        f'<w:ind w:left="{Mm(look.indent).twips}" w:hanging="{Mm(look.hanging).twips}"/>'
        f"{level}</w:pPr>"
    )


def _of_letters(look: Look) -> str:
    return (
        f"<w:rPr {_NAMESPACE}>"
        f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
        f"{'<w:b/><w:bCs/>' if look.bold else ''}{'<w:i/><w:iCs/>' if look.italic else ''}"
        f'<w:color w:val="{"505050" if look.quiet else "000000"}"/>'
        f'<w:sz w:val="{look.size * 2}"/><w:szCs w:val="{look.size * 2}"/>'
        "</w:rPr>"
    )


def _language(words: Words) -> Any:
    element = OxmlElement("w:lang")
    element.set(qn("w:bidi" if words.direction == "rtl" else "w:val"), words.language)
    return element
