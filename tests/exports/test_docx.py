import io

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from tests.exports.papers import ARABIC, a_letter, paper, words
from tests.exports.test_pdf import LITERAL
from tracker.exports.docx import LOOKS, written
from tracker.exports.paper import Paper, Paragraph


def opened(of: Paper) -> Document:
    return docx.Document(io.BytesIO(written(of)))


def lines(of: Paper) -> list[tuple[str, str]]:
    """Return the paragraphs, each with the name of its style."""
    return [(line.style.name, line.text) for line in opened(of).paragraphs]


def test_it_works() -> None:
    assert lines(a_letter()) == [
        ("Letterhead", "Arcadia"),
        ("Address", "The secretariat"),
        ("Address", "desk@example.org"),
        ("Heading 1", "Endorsement of recommendations"),
        ("Subtitle", "Cohort on Clean Rivers"),
        ("Normal", "Sir or Madam,"),
        ("Fact", "Covers\t2 of 5 recommendations"),
        ("Fact", "Hash\t5ed2 427e\nb4f7 e93e"),
        ("Heading 2", "The recommendations endorsed"),
        ("Note", "Original wording"),
        ("Heading 3", "1. Standards"),
        ("Item", "1.1\tKeep the rivers clean."),
        ("Item Note", "Summary"),
        ("Item", "2.3\tCount the fish."),
        ("Quote Label", "Reservation"),
        ("Quote", "Except on feast days."),
        ("Heading 2", "Statement"),
        ("Quote", "Nous déclarons.\nDeux lignes."),
        ("Quote", "Deux paragraphes."),
        ("Quote Label", "In Arabic"),
        ("Quote", ARABIC),
        ("Closing", "I ask you to record it."),
        ("Signature Line", "For\tArcadia"),
        ("Signature Line", "Signature\t\t"),
        ("Signature Line", "Office\t\t"),
    ]


def test_the_look_is_in_the_styles_alone() -> None:
    document = opened(a_letter())
    assert {line.style.name for line in document.paragraphs} <= {look.style for look in LOOKS}
    marks = {mark.tag for line in document.paragraphs for run in line.runs for mark in run._r.get_or_add_rPr()}
    assert marks <= {qn("w:rStyle"), qn("w:lang"), qn("w:rtl")}


def test_each_text_is_in_its_language() -> None:
    document = opened(a_letter())
    runs = [run for line in document.paragraphs for run in line.runs]
    spoken = {run.text: run._r.get_or_add_rPr().find(qn("w:lang")) for run in runs}
    assert spoken["Sir or Madam,"].get(qn("w:val")) == "en"
    assert spoken["Deux paragraphes."].get(qn("w:val")) == "fr"
    assert spoken[ARABIC].get(qn("w:bidi")) == "ar"
    assert document.core_properties.language == "en"


def test_arabic_runs_from_right_to_left() -> None:
    said = next(line for line in opened(a_letter()).paragraphs if line.text == ARABIC)
    assert said._p.pPr.find(qn("w:bidi")) is not None
    assert said.runs[0]._r.rPr.find(qn("w:rtl")) is not None


def test_every_page_has_its_number_and_the_foot() -> None:
    foot = opened(a_letter()).sections[0].footer.paragraphs[0]
    assert foot.text.startswith("Arcadia, ledger entry 57\tPage ")
    fields = [field.get(qn("w:instr")) for field in foot._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_the_file_says_what_it_is() -> None:
    about = opened(a_letter()).core_properties
    assert about.title == "Endorsement of recommendations"
    assert about.created == a_letter().moment
    assert about.author == ""


@pytest.mark.parametrize("text", [*LITERAL, "中文声明 😀", "x" * 10_000])
def test_whatever_somebody_writes_is_printed_as_it_is(text: str) -> None:
    assert ("Normal", text) in lines(paper(Paragraph(words(text))))


def test_controls_are_left_out() -> None:
    assert ("Normal", "before after") in lines(paper(Paragraph(words("be\x01fo\x7fre\ud800 \ufffeaf\x9fter"))))
