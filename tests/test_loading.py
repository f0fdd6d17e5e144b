import re
from pathlib import Path

import pytest
from flask import Flask

from config import PROJECT
from tests.world import World, corrected, item, person, withdrawn
from tracker import clock, ledger, publishing, standing, tallies
from tracker import register as the_register
from tracker.cohort_files.yaml_lines import BadFile
from tracker.extensions import db, writing
from tracker.loading import Report, load
from tracker.models import Text
from tracker.sentences import tally_sentence
from tracker.verifying import recount
from tracker.vocabulary import Action, Kind

FILE = PROJECT / "data" / "international-cooperation.yaml"
BUNDLED = FILE.read_text()
SENTENCE = (
    "24 countries and the European Commission, as well as 15 civil society organisations and "
    "2 intergovernmental organisations"
)


@pytest.fixture
def loaded(app: Flask):
    """Load the bundled cohort into an empty register."""
    with app.app_context():
        writing.set(True)
        report = load(FILE.read_bytes())
        db.session.commit()
        yield report
        writing.set(False)


def changed(old: str, new: str) -> bytes:
    assert old in BUNDLED
    return BUNDLED.replace(old, new, 1).encode()


def test_the_bundled_cohort_gives_the_published_tally(loaded: Report) -> None:
    cohort = the_register.cohort("international-cooperation")
    assert cohort is not None
    assert tally_sentence(tallies.of_set(cohort, clock.today())) == SENTENCE


def test_it_says_what_it_added(loaded: Report) -> None:
    assert dict(loaded.added) == {
        "cohort": 1,
        "heading": 3,
        "recommendation": 13,
        "participant": 42,
        "endorsement": 42,
        "event": 4,
        "document": 4,
    }


def test_every_thing_it_added_is_a_ledger_entry(loaded: Report) -> None:
    assert ledger.head()[0] == sum(loaded.added.values())
    assert ledger.verify() is None
    assert recount.verify() is None


def test_loading_twice_changes_nothing_and_says_so(loaded: Report) -> None:
    before = ledger.head()
    again = load(FILE.read_bytes())
    assert not again.changed
    assert again.same["endorsement"] == 42
    assert ledger.head() == before


def test_a_file_without_translations_is_no_other_file(loaded: Report) -> None:
    plain = re.sub(
        r", names: \{[^}]*\}|, in_sentence: \{[^}]*\}|, footnotes: \{[^}]*\}|\n  date_notes: \{[^}]*\}", "", BUNDLED
    )
    assert "fr:" not in plain
    assert not load(plain.encode()).changed


def test_a_new_signatory_is_added(loaded: Report) -> None:
    report = load(changed("    - {code: AM,", "    - {code: PT, name: Portugal}\n    - {code: AM,"))
    assert dict(report.added) == {"participant": 1, "endorsement": 1}
    cohort = the_register.cohort("international-cooperation")
    assert cohort is not None
    assert tallies.of_set(cohort, clock.today()).signatories(Kind.COUNTRY) == 25


def test_a_new_event_is_added(loaded: Report) -> None:
    report = load(changed("events:\n", "events:\n  - {date: 2027-01-01, title: To come, kind: meeting}\n"))
    assert dict(report.added) == {"event": 1}


def test_an_event_whose_title_was_changed_since_is_not_added_again(loaded: Report) -> None:
    cohort = the_register.cohort("international-cooperation")
    assert cohort is not None
    event = cohort.events[0]
    event.title = Text.of("Another title")
    publishing.record(event, Action.EVENT_CHANGED, None)
    with pytest.raises(BadFile, match="the register Another title"):
        load(FILE.read_bytes())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Demand more accountability", "Demand much more accountability", "text: the file says Demand much"),
        ("title: Cohort on", "title: A cohort on", "title: the file says A cohort on"),
        ("Strengthening operational", "Weakening operational", "title: the file says Weakening operational"),
        ("endorsed_on: 2023-03-27", "endorsed_on: 2023-03-28", "endorsed_on: the file says 2023-03-28"),
        ("scope: all", 'scope: ["1.1"]', "Albania: the register has other recommendations endorsed"),
        ("seat: NG", "seat: GH", "seat: the file says GH, the register NG"),
        ('{number: "3.5"', '{number: "3.6"', "number: is not in the published set"),
        ("status: summary, source: press", "status: authoritative, source: press", "text_status: the file says auth"),
        ("source: press}", "source: page}", "source: the file says page, the register press"),
        ("    - Transparency International\n", "    - Transparency\n", "co_leads: the file says Government of"),
        ("Clear recommendations", "Clearer recommendations", "expected_outcomes: the file says Better"),
        ("  summit: Summit for", "  summit: A summit for", "summit: the file says A summit for"),
        ("date_note: The day", "date_note: A day", "date_note: the file says A day"),
        (
            '{fr: "Albanie"}',
            '{fr: "Albania"}',
            "names: the file says Albania / Albania, the register Albania / Albanie",
        ),
        ("name: Albania", "name: Republic of Albania", "name: AL is on the roll as Albania"),
        ("acronym: CSD", "acronym: CSDX", "acronym: the file says CSDX, the register CSD"),
        ("{name: UNCAC Coalition", '{statement: "Yes.", name: UNCAC Coalition', "statement: the file says Yes., the"),
        ("kind: seminar", "kind: meeting", "kind: the file says meeting, the register seminar"),
        ("note: On four", "note: On five", "note: the file says On five"),
        ("publisher: Summit for Democracy R", "publisher: R", "publisher: the file says Resources portal"),
    ],
)
def test_what_is_on_record_is_not_changed_by_a_file(loaded: Report, old: str, new: str, expected: str) -> None:
    with pytest.raises(BadFile) as refused:
        load(changed(old, new))
    assert expected in str(refused.value)


def test_a_text_that_differs_says_what_to_do(loaded: Report) -> None:
    with pytest.raises(BadFile) as refused:
        load(changed("Demand more accountability", "Demand much more accountability"))
    assert "correct the file, or propose a corrigendum in the secretariat's texts" in str(refused.value)


def test_a_file_without_a_translation_that_a_corrigendum_added_loads_again(loaded: Report) -> None:
    cohort = the_register.cohort("international-cooperation")
    assert cohort is not None
    first, text = item(cohort, "1.1"), item(cohort, "1.1").revision.text
    translated = Text(text.authentic, {**text.texts, "ro": "O traducere."})
    corrected(first, person("sam", staff=True), person("kim", staff=True), translated)
    assert not load(FILE.read_bytes()).changed


def test_titles_that_give_no_address_are_told_apart(register: World) -> None:
    file = """
cohort: {slug: dry-roads, title: Cohort on Dry Roads}
headings:
  - {number: 1, title: One, items: [{number: "1.1", text: Keep them dry.}]}
documents:
  - {title: 建议, publisher: 出版社, kind: report}
  - {title: 声明, publisher: 出版社, kind: report}
"""
    load(file.encode())
    cohort = the_register.cohort("dry-roads")
    assert cohort is not None
    assert {each.reference for each in cohort.documents} == {"item", "item-2"}
    assert not load(file.encode()).changed


def test_all_differences_are_told_at_once(loaded: Report) -> None:
    with pytest.raises(BadFile) as refused:
        load(changed("endorsed_on: 2023-03-27", "endorsed_on: 2023-03-28"))
    assert len(refused.value.mistakes) == 42


def test_a_withdrawal_since_is_no_difference(loaded: Report) -> None:
    cohort, france = the_register.cohort("international-cooperation"), the_register.participant("france")
    assert cohort is not None
    assert france is not None
    endorsement = standing.in_force_one(france, cohort)
    assert endorsement is not None
    from tracker import accrediting

    ambassador = accrediting.open_account(email="a@example.org", name="A", password="a-long-passphrase")
    accrediting.accredit(ambassador, france, starts_on=clock.today())
    secretary = accrediting.open_account(email="s@example.org", name="S", password="a-long-passphrase", staff=True)
    withdrawn(endorsement, ambassador, secretary)
    assert not load(FILE.read_bytes()).changed


def test_a_bad_file_loads_nothing(register: World) -> None:
    before = ledger.head()
    with pytest.raises(BadFile):
        load(changed("code: FR,", "code: QQ,"))
    assert ledger.head() == before


def test_a_participant_of_the_roll_is_not_added_again(register: World) -> None:
    file = """
cohort: {slug: dry-roads, title: Cohort on Dry Roads}
headings:
  - {number: 1, title: One, items: [{number: "1.1", text: Keep them dry.}]}
endorsements: {endorsed_on: 2024-01-01}
signatories:
  civil_society:
    - {name: League of Clean Hands}
"""
    report = load(file.encode())
    assert report.added["participant"] == 0
    assert report.added["endorsement"] == 1


def test_a_draft_at_the_desk_keeps_a_file_from_going_over_it(loaded: Report) -> None:
    from tests.world import a_draft
    from tracker import accrediting, publishing
    from tracker.models import Text

    cohort = the_register.cohort("international-cooperation")
    assert cohort is not None
    portugal = publishing.add_participant(kind=Kind.COUNTRY, name=Text.of("Portugal"), iso_code="PT")
    envoy = accrediting.open_account(email="a@example.org", name="A", password="a-long-passphrase")
    accrediting.accredit(envoy, portugal, starts_on=clock.today())
    a_draft(portugal, cohort, envoy)
    with pytest.raises(BadFile, match="Portugal: an endorsement is being prepared"):
        load(changed("    - {code: AM,", "    - {code: PT, name: Portugal}\n    - {code: AM,"))


def test_the_bundled_file_is_there() -> None:
    assert Path(FILE).is_file()
