from datetime import date

import pytest
from sqlalchemy import select

from tests import world as a
from tests.exports.reading import in_csv, in_sheet, in_xlsx
from tests.world import World
from tracker import clock, ledger, standing
from tracker.exports import csv, json, record, xlsx
from tracker.extensions import db
from tracker.models import Account, Text
from tracker.vocabulary import Kind

TODAY = clock.today()


def test_the_roll_holds_everybody(register: World) -> None:
    rows = {row["participant"]: row for row in in_sheet(record.participants())}
    assert list(rows) == [
        "arcadia",
        "borduria",
        "commission-of-the-union",
        "council-of-rivers",
        "league-of-clean-hands",
    ]
    assert rows["league-of-clean-hands"] == {
        "participant": "league-of-clean-hands",
        "kind": Kind.CIVIL_SOCIETY,
        "name_authentic": "en",
        "name_en": "League of Clean Hands",
        "name_fr": None,
        "in_sentence_authentic": None,
        "in_sentence_en": None,
        "in_sentence_fr": None,
        "formal_name_authentic": None,
        "iso_code": None,
        "seat": "CH",
        "acronym": None,
        "website": None,
        "footnote_authentic": None,
        "footnote_en": None,
        "name_confirmed": True,
    }


def test_an_endorsement_is_a_row_with_its_dates(register: World) -> None:
    endorsement = a.published(
        register.arcadia,
        register.cohort,
        numbers=["1.2", "1.1"],
        reservations={"1.1": Text.of("In part.")},
        statement=Text("ar", {"ar": "بيان"}),
        date_note=Text.of("The day of publication."),
        source=register.cohort.sources[0],
    )
    assert in_sheet(record.endorsements()) == [
        {
            "participant": "arcadia",
            "cohort": "clean-rivers",
            "time": 1,
            "status": "in_force",
            "scope": "chosen",
            "recommendations": "1.1 1.2",
            "reservations": 1,
            "signed_on": None,
            "received_on": None,
            "recorded_on": TODAY,
            "effective_on": a.PUBLISHED,
            "notice_signed_on": None,
            "notice_on": None,
            "ended_on": None,
            "withdrawal_reason_authentic": None,
            "date_note_authentic": "en",
            "date_note_en": "The day of publication.",
            "statement_authentic": "ar",
            "statement_ar": "بيان",
            "source": "page",
            "on_paper": False,
            "provenance": None,
            "notice_on_paper": False,
            "notice_provenance": None,
            "entry": endorsement.acts[0].entry_sequence,
        }
    ]


def test_a_participant_s_endorsements_are_counted_in_the_order_of_time(register: World) -> None:
    a.published(register.arcadia, register.cohort, effective_on=date(2023, 3, 27))
    a.in_force(register.arcadia, register.cohort, register.alice, register.sam, numbers=("1.1",))
    present = standing.in_force_one(register.arcadia, register.cohort)
    assert present is not None
    a.withdrawn(present, register.alice, register.kim)
    rows = in_sheet(record.endorsements())
    assert [(row["time"], row["status"], row["effective_on"], row["ended_on"]) for row in rows] == [
        (1, "superseded", date(2023, 3, 27), TODAY),
        (2, "withdrawn", TODAY, TODAY),
    ]
    assert rows[1]["notice_on"] == rows[1]["signed_on"] == rows[1]["received_on"] == TODAY


def test_what_was_never_in_force_is_not_public(register: World) -> None:
    a.a_draft(register.arcadia, register.cohort, register.alice)
    a.a_submission(register.borduria, register.cohort, register.bruno)
    assert record.endorsements().rows == []
    assert record.positions().rows == []


def test_each_position_is_a_row_in_the_order_of_the_set(register: World) -> None:
    a.published(register.borduria, register.cohort, numbers=["2.1"])
    a.published(
        register.arcadia, register.cohort, numbers=["2.2", "1.1"], reservations={"2.2": Text.of("No.", fr="Non.")}
    )
    rows = in_sheet(record.positions())
    assert [(row["participant"], row["recommendation"], row["stance"]) for row in rows] == [
        ("arcadia", "1.1", "endorsed"),
        ("arcadia", "2.2", "reserved"),
        ("borduria", "2.1", "endorsed"),
    ]
    assert rows[1] | {"time": 1, "revision": 1, "reservation_en": "No.", "reservation_fr": "Non."} == rows[1]


def test_positions_agree_with_endorsements(register: World) -> None:
    a.published(register.arcadia, register.cohort, reservations={"2.1": Text.of("No.")})
    a.published(register.league, register.cohort, numbers=["1.2"])
    positions = in_sheet(record.positions())
    for row in in_sheet(record.endorsements()):
        own = [each for each in positions if each["participant"] == row["participant"]]
        assert row["recommendations"].split() == [each["recommendation"] for each in own]
        assert row["reservations"] == sum(each["stance"] == "reserved" for each in own)


def test_a_name_that_looks_like_a_formula_comes_back_as_it_is(register: World) -> None:
    names = ["=Arcadia", "'Arcadia", "'=Arcadia", "@Arcadia", "- Arcadia", "\u00a0+Arcadia"]
    for participant, name in zip((register.arcadia, register.borduria), names[:2], strict=True):
        participant.current_name.name = Text.of(name)
    for name in names[2:]:
        a.publishing.add_participant(kind=Kind.CIVIL_SOCIETY, name=Text.of(name))
    sheet = record.participants()
    for back in (in_csv(csv.write(sheet)), in_xlsx(xlsx.write(sheet))):
        assert [row["name_en"] for row in back] == [row["name_en"] for row in in_sheet(sheet)]
        assert {row["name_en"] for row in back} >= set(names)


@pytest.mark.parametrize("form", [csv, xlsx, json])
@pytest.mark.parametrize("table", record.TABLES)
def test_nobody_s_name_or_address_is_taken_away(register: World, table: str, form) -> None:
    a.in_force(register.arcadia, register.cohort, register.alice, register.sam)
    sheet = record.TABLES[table]()
    said = form.write(sheet) if form is not xlsx else repr(in_xlsx(xlsx.write(sheet))).encode()
    for person in db.session.scalars(select(Account)):
        assert person.name.encode() not in said
        assert person.email.encode() not in said
        assert table == "ledger" or person.actor.encode() not in said


def test_it_changes_nothing(register: World) -> None:
    a.published(register.arcadia, register.cohort)
    before = ledger.head()
    for make in record.TABLES.values():
        make()
    assert ledger.head() == before
    assert not db.session.dirty


def test_a_day_before_the_first_that_excel_knows_comes_back(register: World) -> None:
    a.published(register.arcadia, register.cohort, effective_on=date(1899, 1, 1))
    assert in_xlsx(xlsx.write(record.endorsements()))[0]["effective_on"] == "1899-01-01"
    assert in_csv(csv.write(record.endorsements()))[0]["effective_on"] == "1899-01-01"
