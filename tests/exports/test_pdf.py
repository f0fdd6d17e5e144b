import io
import re
import unicodedata

import pytest
from pypdf import PdfReader

from tests.exports.papers import ARABIC, a_letter, paper, words
from tracker.exports import pdf
from tracker.exports.paper import Item, Paper, Paragraph

#: What people write that a typesetter could take for its own.
LITERAL = [
    "<script>alert(1)</script>",
    '#read("/etc/passwd") #import "@preview/x:1.0.0": y',
    "*bold* _slanted_ `code` $x^2$ @someone <label> ~ -- --- ...",
    r"back\slash \u{41} \#",
    "= Title",
    "- list // no comment /* nor this */",
    "{page} of {pages}",
    "“Quotes”, \"quotes\" and 'quotes'",
    "Ελλάδα, Україна, România, Việt Nam",
]


def reader(file: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(file))


def text_of(file: bytes) -> str:
    """Return what stands on the pages, in one line, without the points at which a long word may be broken."""
    pages = " ".join(page.extract_text() for page in reader(file).pages)
    return unicodedata.normalize("NFC", " ".join(pages.replace("\u200b", "").split()))


def claims_to_be_accessible(file: bytes) -> bool:
    metadata = reader(file).root_object["/Metadata"].get_object().get_data()
    return b"<pdfuaid:part>1</pdfuaid:part>" in metadata


def long_paper(items: int) -> Paper:
    return paper(*(Item(f"1.{place}", words("Keep the rivers clean. " * 5)) for place in range(items)))


def test_it_works() -> None:
    text = text_of(pdf.typeset(a_letter()))
    for said in (
        "Arcadia The secretariat desk@example.org Endorsement of recommendations Cohort on Clean Rivers",
        "Sir or Madam,",
        "Covers 2 of 5 recommendations",
        "Hash 5ed2 427e b4f7 e93e",
        "1. Standards 1.1 Keep the rivers clean. Summary 2.3 Count the fish. Reservation Except on feast days.",
        "Nous déclarons. Deux lignes. Deux paragraphes.",
        "I ask you to record it. For Arcadia Signature Office",
    ):
        assert said in text


def test_every_page_has_its_number_and_the_foot() -> None:
    pages = [" ".join(page.extract_text().split()) for page in reader(pdf.typeset(long_paper(30))).pages]
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert page.endswith(f"Arcadia, ledger entry 57 Page {number} of {len(pages)}")


def test_a_screen_reader_is_told_title_language_and_structure() -> None:
    file = pdf.typeset(a_letter())
    root = reader(file).root_object
    assert reader(file).metadata.title == "Endorsement of recommendations"
    assert root["/Lang"] == "en"
    assert "/StructTreeRoot" in root
    assert claims_to_be_accessible(file)


def test_arabic_is_set_in_the_projects_own_font_and_can_be_read_aloud() -> None:
    file = pdf.typeset(a_letter())
    text = text_of(file)
    assert [word for word in ARABIC.rstrip(".").split() if word not in text] == []
    fonts = {
        font.get_object()["/BaseFont"] for page in reader(file).pages for font in page["/Resources"]["/Font"].values()
    }
    assert any("Amiri" in font for font in fonts)


@pytest.mark.parametrize("text", LITERAL)
def test_whatever_somebody_writes_is_printed_as_it_is(text: str) -> None:
    file = pdf.typeset(paper(Paragraph(words(text))))
    assert unicodedata.normalize("NFC", text) in text_of(file)
    assert claims_to_be_accessible(file)


def test_a_text_without_spaces_is_broken_and_stays_on_the_page() -> None:
    text = "".join(chr(ord("a") + place % 26) for place in range(10_000))
    found = text_of(pdf.typeset(paper(Paragraph(words(text)), footer=words("Foot"))))
    assert text in re.sub(r"Foot Page \d of \d|\s", "", found)


def test_marks_stay_on_their_letters() -> None:
    text = "a\u0308\u0301" * 2 + "b"
    found = text_of(pdf.typeset(paper(Paragraph(words(text)))))
    assert unicodedata.normalize("NFC", text) in found


def test_controls_are_left_out() -> None:
    assert "before after" in text_of(pdf.typeset(paper(Paragraph(words("be\x01fo\x7fre\ud800 \ufffeaf\x9fter")))))


@pytest.mark.parametrize("text", ["中文声明", "😀", "a\u0378b", "\U0001e2d0", "\u0301" * 30])
def test_a_letter_that_no_font_of_the_project_has_fails_nothing(text: str) -> None:
    assert "before" in text_of(pdf.typeset(paper(Paragraph(words(f"before {text} after")))))


def test_a_letter_that_no_font_at_all_has_costs_the_claim_to_be_accessible() -> None:
    assert not claims_to_be_accessible(pdf.typeset(paper(Paragraph(words("a\u0378b")))))


@pytest.mark.parametrize("language", ["zh-Hant", "x-klingon", "", "sr-Latn-RS"])
def test_any_tag_of_a_language_will_do(language: str) -> None:
    assert "Text" in text_of(pdf.typeset(paper(Paragraph(words("Text", language)))))


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert pdf.typeset(a_letter()) == pdf.typeset(a_letter())


def test_the_signature_does_not_stand_alone_on_a_page() -> None:
    signature = a_letter().parts[-1]
    for items in range(10, 30):
        file = pdf.typeset(paper(*long_paper(items).parts, signature))
        assert "Keep the rivers clean." in reader(file).pages[-1].extract_text(), items
