"""Letters to upload: good ones, and ones made by somebody who means ill. Each is made here, byte for byte."""

from __future__ import annotations

import io
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from tracker.evidence.examining import Examined, examine


class Upload(io.FileIO):
    """Content as a file from which another process can read, closed when nothing uses it any more."""

    def __init__(self, content: bytes) -> None:
        descriptor, path = tempfile.mkstemp()
        super().__init__(descriptor, "r+b")
        Path(path).unlink()
        self.write(content)

    def __del__(self) -> None:
        self.close()


def a_letter(content: bytes | None = None, name: str = "Letter.pdf") -> Examined:
    """Return a letter that was examined."""
    return examine(Upload(a_pdf() if content is None else content), name)


def a_pdf(change: Callable[[PdfWriter], Any] = lambda _: None, *, pages: int = 1) -> bytes:
    """Return a PDF with blank pages, and whatever else ``change`` puts into it."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    change(writer)
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def an_image(kind: str = "PNG", size: tuple[int, int] = (40, 60)) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, "white").save(content, kind)
    return content.getvalue()


def a_zip() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("letter.docx", b"not a letter")
    return content.getvalue()


def a_bomb() -> bytes:
    """Return a PNG of 30 000 by 30 000 pixels in a few bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def a_nested_pdf() -> bytes:
    """Return a PDF with brackets in brackets, deeper than any reader goes."""
    return b"%PDF-1.5\ntrailer<</Root " + b"[" * 1_000_000 + b">>\nstartxref\n0\n%%EOF\n"


def _with_action(kind: str, **more: str) -> Callable[[PdfWriter], None]:
    """Return a change that has a link on the first page start an action."""

    def change(writer: PdfWriter) -> None:
        action = DictionaryObject({NameObject("/S"): NameObject(kind)})
        action.update({NameObject(f"/{key}"): TextStringObject(value) for key, value in more.items()})
        annotation = Link(rect=(0, 0, 100, 100), url="https://example.org")
        annotation[NameObject("/A")] = action
        writer.add_annotation(page_number=0, annotation=annotation)

    return change


def _locked(password: str) -> Callable[[PdfWriter], None]:
    return lambda writer: writer.encrypt(password, "owner", algorithm="RC4-128")


def _hidden(content: bytes) -> bytes:
    """Return a PDF with its name of JavaScript written in another way, as the format allows."""
    return content.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/#4AS")


def _with_forgotten(part: bytes) -> bytes:
    """Return a PDF with a part to which nothing leads."""
    return a_pdf().replace(b"startxref", part + b"startxref")


def _with_form(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {NameObject("/Fields"): ArrayObject(), NameObject("/XFA"): TextStringObject("<xdp/>")}
    )


def _that_opens_with(kind: str) -> Callable[[PdfWriter], None]:
    def change(writer: PdfWriter) -> None:
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject({NameObject("/S"): NameObject(kind)})

    return change


#: What is not taken, and a word of the sentence that says why.
REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "more than 10 MB": (a_pdf() + bytes(10 * 1024 * 1024), "larger than 10 MB"),
    "a text": (b"Dear Secretariat,\n", "no PDF, PNG or JPEG"),
    "a page of HTML": (b"<!doctype html><script>alert(1)</script>", "no PDF, PNG or JPEG"),
    "an SVG": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "no PDF, PNG or JPEG"),
    "a GIF": (b"GIF89a" + bytes(40), "no PDF, PNG or JPEG"),
    "a program": (b"MZ" + bytes(400), "no PDF, PNG or JPEG"),
    "a ZIP": (a_zip(), "no PDF, PNG or JPEG"),
    "a ZIP with a PDF in it": (a_zip() + a_pdf(), "no PDF, PNG or JPEG"),
    "a PDF that is a ZIP": (a_pdf() + a_zip() + b"%%EOF", "archive"),
    "a PDF that ends as a ZIP": (a_pdf() + a_zip(), "archive"),
    "a PNG that is a ZIP": (an_image() + a_zip(), "archive"),
    "a JPEG that is a ZIP": (an_image("JPEG") + a_zip(), "archive"),
    "the name of PDF alone": (b"%PDF-1.7\n%%EOF\n", "damaged"),
    "a PDF of rubbish": (b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"%%EOF\n", "damaged"),
    "a PDF that is cut off": (a_pdf(pages=20)[:2_000], "cut off"),
    "a PDF without pages": (a_pdf(pages=0), "no page"),
    "a PDF with a password": (a_pdf(_locked("secret")), "protected"),
    "a PDF with permissions": (a_pdf(_locked("")), "protected"),
    "a PDF with JavaScript": (a_pdf(_that_opens_with("/JavaScript")), "program or an action"),
    "a PDF with hidden JavaScript": (_hidden(a_pdf(_with_action("/JavaScript", JS="app.alert(1)"))), "program"),
    "a PDF that launches": (a_pdf(_with_action("/Launch", F="cmd.exe")), "program or an action"),
    "a PDF that opens with a launch": (a_pdf(_that_opens_with("/Launch")), "program or an action"),
    "a PDF that sends its form": (a_pdf(_with_action("/SubmitForm", F="https://example.org")), "program or an action"),
    "a PDF with a dynamic form": (a_pdf(_with_form), "program or an action"),
    "a PDF with a forgotten program": (_with_forgotten(b"9 0 obj<</S/JavaScript>>endobj\n"), "program or an action"),
    "a PDF with a file in it": (a_pdf(lambda writer: writer.add_attachment("x.exe", b"MZ")), "other files"),
    "a PDF nested too deep": (a_nested_pdf(), "damaged"),
    "a PNG that is cut off": (an_image(size=(400, 400))[:-300], "damaged"),
    "a JPEG that is cut off": (an_image("JPEG", (400, 400))[:-300], "damaged"),
    "the name of PNG alone": (b"\x89PNG\r\n\x1a\n", "damaged"),
    "the name of JPEG alone": (b"\xff\xd8\xff\xe0", "damaged"),
    "a PNG of a billion pixels": (a_bomb(), "too many pixels"),
}
