import csv
import io
import json
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.acting import act, found, in_register
from tests.checked_client import HTML, CheckedClient, parse, text_of
from tests.exports.reading import in_csv, in_xlsx
from tests.test_cli import run
from tests.world import World, a_draft, a_submission, account, in_force, published, withdrawn
from tracker import clock, ledger, publishing, standing
from tracker.exports import counts, record
from tracker.exports.files import FORMS
from tracker.models import Text
from tracker.vocabulary import Kind

TODAY = clock.today()
PAGE = "/en/secretariat/counts/clean-rivers"
PAGES = ("", "/by-recommendation", "/over-time", "/not-endorsed")


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: what is counted is tried on both databases beside the tallies and the exports."""
    return "sqlite"


@pytest.fixture
def staff(app: Flask, sign_in: Any, world: World) -> CheckedClient:
    """Return staff's browser, where Arcadia and the League endorsed on different days, Arcadia with a reservation."""
    act(app, published, world.arcadia, world.cohort, numbers=["1.1"], reservations={"1.1": Text.of("No.")})
    act(app, published, world.league, world.cohort, numbers=["1.2"], effective_on=date(2023, 5, 1))
    browser: CheckedClient = sign_in(world.sam)
    return browser


def withdraw(app: Flask, world: World) -> None:
    """Let Arcadia withdraw."""
    with in_register(app):
        present = standing.in_force_one(*found(world.arcadia, world.cohort))
        assert present is not None
        withdrawn(present, account(world.alice), account(world.sam))


def test_the_first_page_says_how_many_and_of_which_kind(staff: CheckedClient) -> None:
    told = text_of(staff.get(PAGE))
    assert "Endorsed by 1 country, as well as 1 civil society organisation." in told
    assert "Countries 1 1 1 1 2 " in told
    assert "All 2 1 2 3 5 " in told


def test_it_says_from_which_region(staff: CheckedClient) -> None:
    told = text_of(staff.get(PAGE))
    assert "Europe 0 0 1 0 1 Western Europe 0 0 1 0 1 " in told
    assert "Not known 1 0 0 0 1 All 1 0 1 0 2 " in told


def test_regions_are_named_in_the_readers_language(staff: CheckedClient) -> None:
    assert "Europe de l’Ouest" in text_of(staff.get(PAGE.replace("/en/", "/fr/")))


def test_it_says_what_is_being_prepared_and_decided(app: Flask, staff: CheckedClient, world: World) -> None:
    assert "No endorsement is being prepared or decided today." in text_of(staff.get(PAGE))
    act(app, a_submission, world.borduria, world.cohort, world.bruno)
    act(app, a_draft, world.arcadia, world.cohort, world.alice)
    assert "Countries 1 1 0 " in text_of(staff.get(PAGE))


def test_a_past_day_says_nothing_of_what_is_being_prepared(staff: CheckedClient) -> None:
    assert "In preparation" not in text_of(staff.get(f"{PAGE}?as-at=2023-05-01"))


def test_counts_stand_by_heading_recommendation_and_kind(staff: CheckedClient) -> None:
    told = text_of(staff.get(f"{PAGE}/by-recommendation"))
    assert "1. Heading 1 1 1 reserved 0 1 0 2 1 reserved" in told
    assert "1.1 Do what 1.1 says. 1 1 reserved 0 0 0 1 1 reserved" in told
    assert "2. Heading 2 0 0 0 0 0" in told
    assert "At least one recommendation 1 1 reserved 0 1 0 2 1 reserved" in told


def test_over_time_each_day_of_change_is_a_row(staff: CheckedClient) -> None:
    told = text_of(staff.get(f"{PAGE}/over-time"))
    assert "27 March 2023 1 +1 0 0 0 1 +1 1 May 2023 1 0 1 +1 0 2 +1 " in told


def test_a_count_that_falls_says_so(app: Flask, staff: CheckedClient, world: World) -> None:
    withdraw(app, world)
    assert f"{TODAY.year} 0 −1 0 1 0 1 −1 " in text_of(staff.get(f"{PAGE}/over-time"))


def test_the_chart_has_a_name_and_a_line_for_each_kind(staff: CheckedClient) -> None:
    figures = list(parse(staff.get(f"{PAGE}/over-time?as-at=2024-12-31")).iter("{http://www.w3.org/2000/svg}svg"))
    names = [each.get("aria-label") for each in figures]
    assert names[0] == "Countries: a step line from 27 March 2023, ending at 1 on 31 December 2024"
    assert [name.partition(":")[0] for name in names] == [str(kind.plural) for kind in Kind]


def test_where_nobody_endorsed_there_is_no_chart(staff: CheckedClient) -> None:
    told = text_of(staff.get(f"{PAGE}/over-time?as-at=2023-03-26"))
    assert "No endorsement was in force on or before this day." in told


def names_on(page: Any) -> list[str]:
    lists = (each for each in parse(page).iter(f"{HTML}ul") if each.get("class") == "names")
    return [" ".join("".join(item.itertext()).split()) for each in lists for item in each.iter(f"{HTML}li")]


def test_who_has_not_endorsed_is_listed_by_kind_and_name(staff: CheckedClient) -> None:
    page = staff.get(f"{PAGE}/not-endorsed")
    assert "3 of 5 participants on the roll have no endorsement in force." in text_of(page)
    assert names_on(page) == ["Borduria", "Commission of the Union", "Council of Rivers"]


def test_names_are_sorted_as_the_reader_reads_them(app: Flask, staff: CheckedClient) -> None:
    with in_register(app):
        for name, french in (("Estonia", "Estonie"), ("Egypt", "Égypte"), ("Zambia", "Bénin")):
            publishing.add_participant(kind=Kind.COUNTRY, name=Text.of(name, fr=french))
    told = names_on(staff.get("/fr/secretariat/counts/clean-rivers/not-endorsed?kind=country"))
    assert told == ["Bénin", "Bordurie", "Égypte", "Estonie"]


def test_one_kind_can_be_asked_for(staff: CheckedClient) -> None:
    assert names_on(staff.get(f"{PAGE}/not-endorsed?kind=intergovernmental")) == ["Council of Rivers"]
    assert staff.get(f"{PAGE}/not-endorsed?kind=planet").status_code == 404


def test_it_says_when_all_of_a_kind_have_endorsed(staff: CheckedClient) -> None:
    assert "All of them have endorsed." in text_of(staff.get(f"{PAGE}/not-endorsed?kind=civil_society"))


def test_who_withdrew_and_who_waits_is_told(app: Flask, staff: CheckedClient, world: World) -> None:
    act(app, a_submission, world.borduria, world.cohort, world.bruno)
    withdraw(app, world)
    told = names_on(staff.get(f"{PAGE}/not-endorsed?kind=country"))
    assert told[0].startswith("Arcadia withdrawn with effect from ")
    assert told[1] == "Borduria Submitted"


def test_a_draft_is_its_representatives_own(app: Flask, staff: CheckedClient, world: World) -> None:
    act(app, a_draft, world.borduria, world.cohort, world.bruno)
    assert names_on(staff.get(f"{PAGE}/not-endorsed?kind=country")) == ["Borduria"]


@pytest.mark.parametrize("page", PAGES)
def test_a_past_day_is_shown_and_said(staff: CheckedClient, page: str) -> None:
    shown = staff.get(f"{PAGE}{page}?as-at=2023-04-30")
    assert "as at 30 April 2023 – Endorsement tracker</title>" in shown.text
    assert 'value="2023-04-30"' in shown.text


def test_a_past_day_counts_what_was_in_force(staff: CheckedClient) -> None:
    assert "Endorsed by 1 country." in text_of(staff.get(f"{PAGE}?as-at=2023-04-30"))
    assert "Endorsed by no country or organisation yet." in text_of(staff.get(f"{PAGE}?as-at=2023-03-26"))


def test_the_day_goes_along_to_the_other_pages_and_languages(staff: CheckedClient) -> None:
    shown = staff.get(f"{PAGE}/not-endorsed?as-at=2023-04-30&kind=country").text
    assert f'href="{PAGE}/over-time?as-at=2023-04-30"' in shown
    assert f'href="{PAGE}/not-endorsed/xlsx?as-at=2023-04-30"' in shown
    assert 'href="/fr/secretariat/counts/clean-rivers/not-endorsed?as-at=2023-04-30&amp;kind=country"' in shown


def test_today_needs_no_day(staff: CheckedClient) -> None:
    assert staff.get(f"{PAGE}?as-at=").text == staff.get(PAGE).text
    assert "?as-at" not in staff.get(f"{PAGE}?as-at={TODAY}").text


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("day", ["2023-02-31", "27 March 2023", "1823-03-27", "20230327", "٢٠٢٣-٠٣-٢٧"])
def test_what_is_no_day_is_told_and_nothing_else_shown(staff: CheckedClient, page: str, day: str) -> None:
    answer = staff.get(f"{PAGE}{page}", query_string={"as-at": day})
    assert answer.status_code == 422
    assert f"“{day[:20]}” is no day that can be shown" in text_of(answer)
    assert "<table" not in answer.text


def test_a_day_in_the_future_is_refused(staff: CheckedClient) -> None:
    answer = staff.get(f"{PAGE}?as-at={TODAY + timedelta(days=1)}")
    assert answer.status_code == 422
    assert "This day is in the future." in text_of(answer)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("table", counts.TABLES)
def test_every_table_can_be_taken_away(staff: CheckedClient, table: str, form: str) -> None:
    answer = staff.get(f"{PAGE}/{table}/{form}")
    assert answer.status_code == 200
    assert answer.mimetype == FORMS[form].mimetype
    assert answer.headers["Content-Disposition"] == f"attachment; filename=clean-rivers-{table}-{TODAY}.{form}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_every_file_is_linked_from_some_page(staff: CheckedClient) -> None:
    linked = {link.get("href") for page in PAGES for link in parse(staff.get(PAGE + page)).iter(f"{HTML}a")}
    assert linked >= {f"{PAGE}/{table}/{form}" for table in counts.TABLES for form in FORMS}
    assert linked >= {f"/en/secretariat/record/{table}/{form}" for table in record.TABLES for form in FORMS}


def test_a_file_says_what_its_page_says_of_the_day(staff: CheckedClient) -> None:
    answer = staff.get(f"{PAGE}/by-kind/json?as-at=2023-04-30")
    assert "clean-rivers-by-kind-2023-04-30.json" in answer.headers["Content-Disposition"]
    rows = {row["kind"]: row for row in json.loads(answer.data)["rows"]}
    assert rows["country"]["signatories"] == 1
    assert rows["civil_society"] == {
        "cohort": "clean-rivers",
        "as_at": "2023-04-30",
        "kind": "civil_society",
        "signatories": 0,
        "reserved": 0,
        "partial": 0,
        "not_endorsed": 1,
        "on_the_roll": 1,
    }


def test_the_three_forms_agree(staff: CheckedClient) -> None:
    sheet = {form: staff.get(f"{PAGE}/over-time/{form}").data for form in FORMS}
    in_json = json.loads(sheet["json"])["rows"]
    assert [{name: str(value) for name, value in row.items()} for row in in_json] == in_csv(sheet["csv"])
    assert [{name: str(value) for name, value in row.items()} for row in in_xlsx(sheet["xlsx"])] == in_csv(sheet["csv"])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("table", record.TABLES)
def test_the_record_can_be_taken_away(app: Flask, staff: CheckedClient, world: World, table: str, form: str) -> None:
    act(app, in_force, world.borduria, world.cohort, world.bruno, world.sam)
    with in_register(app):
        entries, _ = ledger.head()
    answer = staff.get(f"/en/secretariat/record/{table}/{form}")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={table}-{TODAY}.{form}"
    if form == "csv":
        assert len(list(csv.DictReader(io.StringIO(answer.text)))) == {
            "participants": 5,
            "endorsements": 3,
            "positions": 7,
            "ledger": entries,
        }.get(table)


@pytest.mark.parametrize(
    "address",
    [
        f"{PAGE}/by-planet/csv",
        f"{PAGE}/by-kind/pdf",
        "/en/secretariat/counts/dry-roads/by-kind/csv",
        "/en/secretariat/record/accounts/csv",
        "/en/secretariat/record/participants/docx",
    ],
)
def test_what_there_is_not_is_not_found(staff: CheckedClient, address: str) -> None:
    assert staff.get(address).status_code == 404


@pytest.mark.parametrize("day", ["2023-02-31", str(TODAY + timedelta(days=1))])
def test_a_file_of_no_day_is_refused(staff: CheckedClient, day: str) -> None:
    assert staff.get(f"{PAGE}/by-kind/csv?as-at={day}").status_code == 400


def test_what_was_being_prepared_on_a_past_day_is_not_known(staff: CheckedClient) -> None:
    answer = staff.get(f"{PAGE}/in-preparation/csv?as-at=2023-05-01")
    assert answer.status_code == 400
    assert "What is being prepared is known for today alone." in text_of(answer)


@pytest.mark.parametrize("form", ["xlsx", "zip"])
def test_the_whole_record_can_be_taken_away_and_loaded_elsewhere(
    app: Flask, staff: CheckedClient, form: str, tmp_path: Path, migrated_file: Path
) -> None:
    answer = staff.get(f"/en/secretariat/record/all/{form}")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=record-{TODAY}.{form}"
    export = tmp_path / f"record.{form}"
    export.write_bytes(answer.data)
    if form == "zip":
        shutil.unpack_archive(export, tmp_path / "record")
        export = tmp_path / "record"
    shutil.copy(migrated_file, tmp_path / "elsewhere.sqlite")
    told = run(f"sqlite:///{tmp_path / 'elsewhere.sqlite'}", "register", "load", str(export))
    with in_register(app):
        sequence, head = ledger.head()
    assert told.output == f"Loaded {export.name}: {sequence} entries, head {head}\n"


def test_there_is_no_other_form_of_the_whole_record(staff: CheckedClient) -> None:
    assert staff.get("/en/secretariat/record/all/pdf").status_code == 404
