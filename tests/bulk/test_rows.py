"""What becomes of a row, and everything that is wrong with it at once."""

import pytest

from tests.bulk.uploading import csv_of, endorsements, judged, participants, row_of, wrong
from tests.world import World, a_draft, published, with_notice
from tracker import clock
from tracker.models import Text
from tracker.vocabulary import Outcome

POSITIONS = "participant,cohort,recommendation,stance,reservation_en"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: rows are judged in memory."""
    return "sqlite"


def positions(*lines: str) -> tuple[str, bytes]:
    return csv_of(POSITIONS, *lines, name="positions.csv")


def test_every_mistake_of_a_row_is_told_at_once(register: World) -> None:
    head = "participant,kind,name_authentic,name_en,iso_code,seat,name_confirmed"
    row = row_of(participants("No Slug,planet,fr,Nowhere,x1,Y,perhaps", head=head))
    assert wrong(row) == {
        "participant": "no_slug",
        "kind": "no_choice",
        "name_authentic": "no_language",
        "iso_code": "no_code",
        "seat": "no_code",
        "name_confirmed": "no_truth",
    }


def test_a_change_says_what_was_and_what_would_be(register: World) -> None:
    head = "participant,kind,name_authentic,name_en,name_fr,acronym"
    row = row_of(participants("council-of-rivers,intergovernmental,en,Council of Rivers,Conseil,CoR", head=head))
    assert row.outcome is Outcome.CHANGED
    assert row.changes == [["name_fr", "", "Conseil"], ["acronym", "", "CoR"]]


def test_a_language_that_the_file_lacks_stays(register: World) -> None:
    assert row_of(participants("arcadia,country,en,Arcadia")).outcome is Outcome.SAME


def test_a_kind_is_not_changed_by_a_load(register: World) -> None:
    assert wrong(row_of(participants("arcadia,civil_society,en,Arcadia"))) == {"kind": "not_by_load"}


def test_the_same_participant_twice_is_wrong(register: World) -> None:
    first, second = judged(participants("zubrowka,country,en,Zubrowka", "zubrowka,country,en,Zubrowka")).rows
    assert (first.outcome, wrong(second)) == (Outcome.NEW, {"participant": "twice"})


def test_a_name_that_somebody_has_is_wrong(register: World) -> None:
    assert wrong(row_of(participants("arcadia-2,country,en,ARCADIA"))) == {"name": "name_taken"}


def test_an_endorsement_is_held_to_the_roll_and_the_set(register: World) -> None:
    head = "participant,cohort,effective_on,recommendations,source,signed_on,status"
    row = row_of(endorsements("nobody,clean-rivers,2024-05-06,1.1 9.9,rumour,2024-06-01,gone", head=head))
    assert wrong(row) == {
        "participant": "unknown_participant",
        "recommendations": "unknown_recommendation",
        "source": "unknown_source",
        "effective_on": "before",
        "status": "no_choice",
    }


def test_a_day_in_the_future_is_wrong(register: World) -> None:
    assert wrong(row_of(endorsements(f"arcadia,clean-rivers,{clock.today().year + 1}-01-01"))) == {
        "effective_on": "future"
    }


@pytest.mark.parametrize("text", ["R" * 32_768, "=" + "R" * 32_766, "_x0041_" * 4_000])
def test_a_text_that_no_cell_of_our_workbooks_can_hold_is_wrong(register: World, text: str) -> None:
    assert wrong(row_of(participants(f"zubrowka,country,en,{text}"))) == {"name_en": "too_long"}


@pytest.mark.parametrize("day", ["0023-03-27", "1899-12-31", "27.3.0023"])
def test_a_day_before_our_time_is_wrong(register: World, day: str) -> None:
    assert wrong(row_of(endorsements(f"arcadia,clean-rivers,{day}"))) == {"effective_on": "too_early"}


@pytest.mark.parametrize("day", ["2023-02-31", "99999-01-01", "9999-12-32", "27 March 2023"])
def test_what_no_calendar_has_is_wrong(register: World, day: str) -> None:
    assert wrong(row_of(endorsements(f"arcadia,clean-rivers,{day}"))) == {"effective_on": "no_day"}


def test_the_last_day_of_all_is_in_the_future(register: World) -> None:
    assert wrong(row_of(endorsements("arcadia,clean-rivers,9999-12-31"))) == {"effective_on": "future"}


def test_reservations_come_with_their_positions(register: World) -> None:
    head = "participant,cohort,effective_on,recommendations,reservations"
    rows = judged(
        endorsements("arcadia,clean-rivers,2024-05-06,1.1 1.2,1", head=head),
        positions("arcadia,clean-rivers,1.1,endorsed,", "arcadia,clean-rivers,1.2,reserved,In part."),
    ).rows
    assert {row.outcome for row in rows} == {Outcome.NEW}


def test_positions_that_do_not_agree_with_their_endorsement_are_wrong(register: World) -> None:
    head = "participant,cohort,effective_on,recommendations"
    endorsement, first, second, stray = judged(
        endorsements("arcadia,clean-rivers,2024-05-06,1.1", head=head),
        positions(
            "arcadia,clean-rivers,1.2,reserved,", "arcadia,clean-rivers,9.9,,", "borduria,clean-rivers,1.1,endorsed,"
        ),
    ).rows
    assert wrong(endorsement)["recommendations"] == "wrong_position"
    assert wrong(first) == {"reservation": "no_reservation"}
    assert wrong(second) == {"recommendation": "unknown_recommendation"}
    assert wrong(stray) == {"participant": "no_endorsement"}


def test_what_was_endorsed_is_not_changed(register: World) -> None:
    published(register.arcadia, register.cohort, statement=Text.of("We agree."))
    head = "participant,cohort,effective_on,statement_en,recommendations"
    row = row_of(endorsements("arcadia,clean-rivers,2023-03-28,We do not.,1.1", head=head))
    assert wrong(row) == dict.fromkeys(("effective_on", "statement", "recommendations"), "not_changed_by_load")


def test_the_next_endorsement_supersedes_the_one_before(register: World) -> None:
    published(register.arcadia, register.cohort)
    head = "participant,cohort,time,effective_on,recommendations"
    lines = ("arcadia,clean-rivers,1,2023-03-27,", "arcadia,clean-rivers,2,2024-05-06,1.1")
    first, second = judged(endorsements(*lines, head=head)).rows
    assert first.changes == [["status", "in_force", "superseded"], ["ended_on", "", "2024-05-06"]]
    assert (first.outcome, second.outcome) == (Outcome.CHANGED, Outcome.NEW)


def test_a_row_that_skips_one_is_wrong(register: World) -> None:
    head = "participant,cohort,time,effective_on"
    assert wrong(row_of(endorsements("arcadia,clean-rivers,2,2024-05-06", head=head))) == {"time": "time_skipped"}


def test_what_is_being_prepared_stands_against_a_row(register: World) -> None:
    a_draft(register.arcadia, register.cohort, register.alice)
    assert wrong(row_of(endorsements("arcadia,clean-rivers,2024-05-06"))) == {"participant": "being_prepared"}


def test_a_notice_that_waits_stands_against_an_end(register: World) -> None:
    with_notice(published(register.arcadia, register.cohort), register.alice)
    head = "participant,cohort,effective_on,status,ended_on"
    row = row_of(endorsements("arcadia,clean-rivers,2023-03-27,withdrawn,2024-02-01", head=head))
    assert wrong(row) == {"status": "proposal_waits"}


def test_only_a_notice_on_paper_has_a_provenance(register: World) -> None:
    published(register.arcadia, register.cohort)
    head = "participant,cohort,effective_on,status,ended_on,notice_provenance"
    row = row_of(endorsements("arcadia,clean-rivers,2023-03-27,withdrawn,2024-02-01,By post", head=head))
    assert wrong(row) == {"notice_provenance": "only_on_paper"}


@pytest.mark.parametrize("status", ["in_force", "superseded"])
def test_only_what_was_withdrawn_has_a_notice(register: World, status: str) -> None:
    head = "participant,cohort,effective_on,status,ended_on,notice_on,notice_on_paper"
    ended_on = "2024-02-01" if status == "superseded" else ""
    row = row_of(endorsements(f"arcadia,clean-rivers,2023-03-27,{status},{ended_on},2024-01-01,true", head=head))
    told = {column for column, code in wrong(row).items() if code == "not_with_status"}
    assert told == {"notice_on", "notice_on_paper"}


def test_superseded_by_nothing_is_wrong(register: World) -> None:
    head = "participant,cohort,effective_on,status,ended_on"
    row = row_of(endorsements("arcadia,clean-rivers,2023-03-27,superseded,2024-02-01", head=head))
    assert wrong(row) == {"status": "superseded_by_none"}
