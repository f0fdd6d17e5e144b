"""What people upload: tables in every shape in which programs write them, and what is no table."""

import io
import zipfile
from contextlib import suppress
from datetime import date, datetime
from itertools import pairwise

import openpyxl
import pytest
import xlsxwriter

from tests.bulk.uploading import (
    csv_of,
    endorsements,
    judged,
    participants,
    row_of,
    saved,
    workbook,
    wrong,
)
from tests.world import World
from tracker.bulk import files, judging
from tracker.bulk.tables import remark_said
from tracker.errors import Unfit
from tracker.vocabulary import Outcome

ARCADIA = "arcadia,country,en,Arcadia"
HEAD = ["participant", "kind", "name_authentic", "name_en"]


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: how files are read does not depend on the database."""
    return "sqlite"


def refusal(*uploaded: tuple[str, bytes]) -> str:
    """Return the sentence with which files are refused."""
    with pytest.raises(Unfit) as refused:
        judging.opened(uploaded)
    return str(refused.value.sentence)


@pytest.mark.parametrize(
    "content",
    [
        "participant,kind,name_authentic,name_en\r\narcadia,country,en,Arcadia\r\n".encode("utf-8-sig"),
        b"participant;kind;name_authentic;name_en\narcadia;country;en;Arcadia\n",
        b"participant\tkind\tname_authentic\tname_en\narcadia\tcountry\ten\tArcadia",
        "participant,kind,name_authentic,name_en\narcadia,country,en,Arcadia".encode("utf-16"),
        b"\n\nname_en,  Kind ,name_authentic,participant\n\n Arcadia  ,country ,en,arcadia\n,,,\n",
    ],
    ids=["a mark at its beginning", "semicolons", "tabulators", "UTF-16", "columns in another order, blanks, spaces"],
)
def test_a_table_of_separated_values_is_read(register: World, content: bytes) -> None:
    assert row_of(("table.csv", content)).outcome is Outcome.SAME


def test_a_workbook_is_read_whatever_its_name_says(register: World) -> None:
    _, content = workbook(HEAD, ["arcadia", "country", "en", "Arcadia"])
    assert row_of(("table.csv", content)).outcome is Outcome.SAME


def test_rows_keep_the_numbers_that_they_have_in_their_file(register: World) -> None:
    rows = judged(csv_of("participant,kind,name_en", "", "arcadia,country,Arcadia", "", "x y,country,X")).rows
    assert [row.number for row in rows] == [3, 5]


@pytest.mark.parametrize("day", ["2024-05-06", "06.05.2024", date(2024, 5, 6), datetime(2024, 5, 6)])  # noqa: DTZ001  # as workbooks have it
def test_a_day_is_read_as_a_date_or_a_text(register: World, day: object) -> None:
    head = ["participant", "cohort", "effective_on"]
    row = row_of(workbook(head, ["arcadia", "clean-rivers", day], title="endorsements"))
    assert (row.outcome, row.get("effective_on")) == (Outcome.NEW, date(2024, 5, 6))


@pytest.mark.parametrize("day", ["2024-02-30", "05/06/2024", 45418, "soon"])
def test_what_is_no_day_is_said(register: World, day: object) -> None:
    head = ["participant", "cohort", "effective_on"]
    row = row_of(workbook(head, ["arcadia", "clean-rivers", day], title="endorsements"))
    assert wrong(row) == {"effective_on": "no_day"}


def test_a_number_that_names_a_recommendation_is_taken(register: World) -> None:
    head = ["participant", "cohort", "effective_on", "recommendations"]
    row = row_of(workbook(head, ["arcadia", "clean-rivers", "2024-05-06", 2.3], title="endorsements"))
    assert row.given["recommendations"] == "2.3"


def test_a_formula_is_refused_with_its_cell(register: World) -> None:
    row = row_of(workbook(HEAD, ["arcadia", "country", "en", '=HYPERLINK("x")']))
    assert wrong(row)["name_en"] == "formula"


def test_a_hidden_sheet_is_not_read_and_said(register: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(HEAD, ["arcadia", "country", "en", "Arcadia"])[1]))
    book.create_sheet("notes").sheet_state = "hidden"
    found = judging.opened([saved(book)])
    assert [remark_said(each) for each in found.remarks if each[0] == "hidden"] == [
        "table.xlsx: hidden sheets are not read: notes."
    ]


def test_unknown_and_missing_columns_are_said(register: World) -> None:
    found = judging.opened([csv_of("participant,kind,name_en,colour,outcome,errors", "arcadia,country,Arcadia,red,,")])
    told = [remark_said(each) for each in found.remarks]
    assert told[0] == "table.csv: columns that no table has are left aside: colour."
    assert "acronym" in told[1]


def test_tables_come_in_an_archive(register: World) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in (participants(ARCADIA), endorsements("arcadia,clean-rivers,2024-05-06")):
            archive.writestr(f"export/{name}", content)
        archive.writestr("__MACOSX/._participants.csv", b"\x00")
    assert [row.outcome for row in judged(("all.zip", target.getvalue())).rows] == [Outcome.SAME, Outcome.NEW]


REFUSED = {
    "nothing": (b"", "is empty"),
    "blanks": (b"\xef\xbb\xbf \r\n", "is empty"),
    "blank cells": (b",,,\r\n,,,\r\n", "is empty"),
    "blank cells in quotes": (b'""\n', "is empty"),
    "a PDF": (b"%PDF-1.7\n\xe2\xe3", "is no table"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "is no table"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "of an old kind, or has a password"),
    "an old encoding": ("participant,kind,name_en\nx,country,Café".encode("cp1252"), "are not in UTF-8"),
    "half an archive": (b"PK\x03\x04half", "is damaged"),
    "more columns than a table has": (",".join(["kind", *map(str, range(1_000))]).encode(), "more than 1000 columns"),
    "another table": (b"heading,title\n1,One", "is none of the tables"),
    "a table without a name": (b"participant,kind\narcadia,country", "lacks columns that are needed: name"),
    "a column twice": (b"participant,kind,kind,name_en\na,b,c,d", "has a column twice: kind"),
    "positions alone": (b"participant,cohort,recommendation\na,b,1.1", "Upload the table of their endorsements"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_table_is_refused_with_the_reason(what: str) -> None:
    content, said = REFUSED[what]
    assert said in refusal(("table.csv", content))


@pytest.mark.parametrize("packed", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_with_one_byte_changed_is_read_or_refused(packed: int) -> None:
    content = packed_participants(packed)
    for place in range(len(content)):
        damaged = content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
        with suppress(Unfit):
            judging.opened([("table.zip", damaged)])


def packed_participants(packed: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packed) as archive:
        archive.writestr(*participants(*[ARCADIA] * 20))
    return target.getvalue()


@pytest.mark.parametrize("reaches_to", ["A1", "A1:XFD1048576"], ids=["one cell", "the last cell that there is"])
def test_a_row_far_below_its_head_is_read_whatever_the_sheet_says_of_its_size(register: World, reaches_to: str) -> None:
    rows = judged(with_sheet(reaches_to, 1, 1_048_576)).rows
    assert [row.number for row in rows] == [1_048_576]


def test_a_line_that_no_sheet_has_is_refused_before_everything_above_it_was_gone_through() -> None:
    assert "reaches further than is read" in refusal(with_sheet("A1:D1", 10**12))


def test_a_sheet_of_too_many_blank_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_CELLS", 1000)
    with pytest.raises(Unfit) as refused:
        judged(with_sheet("A1:D1", 1, 300))
    assert "reaches further than is read" in str(refused.value.sentence)


def with_sheet(reaches_to: str, *lines: int) -> tuple[str, bytes]:
    """Return a workbook whose sheet says how far it reaches, with the heads of its columns in these lines."""
    cells = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEAD)
    rows = "".join(f'<row r="{line}">{cells}</row>' for line in lines)
    spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{spreadsheet}"><dimension ref="{reaches_to}"/><sheetData>{rows}</sheetData></worksheet>'
    name, content = workbook(HEAD)
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for part in given.namelist():
            made.writestr(part, sheet if part == "xl/worksheets/sheet1.xml" else given.read(part))
    return name, target.getvalue()


def test_merged_cells_are_refused(register: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(HEAD, ["arcadia", "country", "en", "Arcadia"])[1]))
    book.active.merge_cells("A2:B2")
    assert "merged cells (A2:B2)" in refusal(saved(book))


def test_the_same_table_twice_is_refused(register: World) -> None:
    assert "the second table of participants" in refusal(participants(ARCADIA), participants(ARCADIA))


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 1000)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("participants.csv", bytes(2000))
    assert "unpacks to more than is read" in refusal(("bomb.zip", target.getvalue()))


def test_an_archive_in_an_archive_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("inner.zip", b"PK\x03\x04")
    assert "which is no CSV file" in refusal(("outer.zip", target.getvalue()))


def with_shared_texts() -> bytes:
    """Return a workbook as Excel writes it, with the texts of its cells in a part of their own."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("participants")
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ARCADIA.split(","))
    book.close()
    return target.getvalue()


def declaring(
    content: bytes, part: str, declared: str, encoding: str = "utf-8", used: tuple[str, str] = ("", "")
) -> bytes:
    """Return a workbook of which a part declares something before its first element, and uses it for a text."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as read, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for each in read.namelist():
            text = read.read(each)
            if each == part:
                body = text.decode().split("?>", 1)[1].replace(*used)
                text = f'<?xml version="1.0" encoding="{encoding}"?>{declared}{body}'.encode(encoding)
            written.writestr(each, text)
    return target.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("before", ["", f"<!-- {'long ' * 1000}-->"], ids=["at once", "after a long comment"])
@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_that_declares_an_entity_is_refused(part: str, before: str, encoding: str) -> None:
    declared = f'{before}<!DOCTYPE x [<!ENTITY a "{"a" * 100}"><!ENTITY b "{"&a;" * 100}">]>'
    sent = declaring(with_shared_texts(), part, declared, encoding)
    assert "it is damaged" in refusal(("table.xlsx", sent))


def test_a_bomb_in_the_name_of_a_sheet_is_refused() -> None:
    nested = "".join(f'<!ENTITY {name} "{f"&{before};" * 20}">' for before, name in pairwise("abcdefgh"))
    declared = f'<!DOCTYPE x [<!ENTITY a "{"a" * 100}">{nested}]>'
    sent = declaring(with_shared_texts(), "xl/workbook.xml", declared, used=("participants", "&h;"))
    assert "it is damaged" in refusal(("table.xlsx", sent))
