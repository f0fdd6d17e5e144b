"""Every form of a table says the same, to the last letter."""

import io
import json
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.exports.reading import as_text, in_csv, in_sheet, in_xlsx
from tracker.exports import csv as csv_form
from tracker.exports import json as json_form
from tracker.exports import xlsx
from tracker.exports.columns import Column, Holds, Sheet, Table, filled
from tracker.models import Text

TABLE = Table(
    "things",
    (
        Column("name"),
        Column("title", Holds.TEXTS),
        Column("day", Holds.DAY),
        Column("count", Holds.NUMBER),
        Column("known", Holds.TRUTH),
    ),
)
THINGS = filled(
    TABLE,
    [
        ("Arcadia", Text.of("Title", fr="Titre"), date(2023, 3, 27), 1, True),
        ("=1+1", None, None, 0, False),
        ("1.10", Text("ar", {"ar": "عنوان"}), date(1815, 6, 9), None, None),
    ],
)
#: Any text that a database can hold; among them what programs read differently in workbooks.
texts = st.text(min_size=1) | st.text(st.sampled_from("_x0041F5 \x00\x01\r\n\t'=;"), min_size=1, max_size=20)


def test_a_text_becomes_a_column_for_each_language_that_occurs() -> None:
    assert [column.name for column in THINGS.columns] == [
        "name",
        "title_authentic",
        "title_ar",
        "title_en",
        "title_fr",
        "day",
        "count",
        "known",
    ]
    assert THINGS.rows[0] == ("Arcadia", "en", None, "Title", "Titre", date(2023, 3, 27), 1, True)


def test_csv_says_what_the_table_says() -> None:
    assert in_csv(csv_form.write(THINGS)) == [
        {name: as_text(value) for name, value in row.items()} for row in in_sheet(THINGS)
    ]


def test_csv_is_read_by_excel_as_utf_8() -> None:
    assert csv_form.write(THINGS).startswith(b"\xef\xbb\xbfname,title_authentic,")


def test_xlsx_says_what_the_table_says() -> None:
    said = in_sheet(THINGS)
    said[2]["day"] = "1815-06-09"  # before the first day that Excel knows
    assert in_xlsx(xlsx.write(THINGS)) == said


def test_json_says_what_the_table_says() -> None:
    said = json.loads(json_form.write(THINGS))
    assert said["table"] == "things"
    assert said["rows"] == [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
        for row in in_sheet(THINGS)
    ]


def test_a_workbook_holds_real_days_and_no_formula() -> None:
    page = openpyxl.load_workbook(io.BytesIO(xlsx.write(THINGS))).active
    assert page["F2"].is_date
    assert page["F2"].number_format == "yyyy-mm-dd"
    assert {cell.data_type for row in page.iter_rows() for cell in row} == {"s", "d", "n", "b"}
    assert page["A3"].value == "'=1+1"
    assert page["A4"].value == "1.10"


def test_the_head_of_a_workbook_stays_in_view() -> None:
    page = openpyxl.load_workbook(io.BytesIO(xlsx.write(THINGS))).active
    assert page.freeze_panes == "A2"
    assert page.column_dimensions["C"].width > len("title_ar")


def test_the_same_table_gives_the_same_bytes() -> None:
    assert xlsx.write(THINGS) == xlsx.write(THINGS)
    names = zipfile.ZipFile(io.BytesIO(xlsx.write(THINGS))).infolist()
    assert {each.date_time for each in names} == {(1980, 1, 1, 0, 0, 0)}


def test_a_text_that_no_cell_can_hold_is_refused_and_not_cut() -> None:
    with pytest.raises(ValueError, match="40000 characters"):
        xlsx.write(Sheet("things", (Column("name"),), [("x" * 40_000,)]))


@given(text=texts)
@example(text="\r\n")
@example(text=" \t ")
def test_csv_gives_any_text_back(text: str) -> None:
    sheet = Sheet("things", (Column("name"), Column("other")), [(text, "end")])
    assert in_csv(csv_form.write(sheet)) == [{"name": text, "other": "end"}]


@given(text=texts)
@example(text="_x000D_")
@example(text="ax005F_b_x005F_x0041_")
@example(text="_xABCD\x01_")
@example(text="_x00\x0141_")
def test_xlsx_gives_any_text_back(text: str) -> None:
    sheet = Sheet("things", (Column("name"), Column("other")), [(text, "end")])
    assert in_xlsx(xlsx.write(sheet)) == [{"name": text, "other": "end"}]
