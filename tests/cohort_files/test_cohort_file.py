from pathlib import Path

import pytest

from config import PROJECT
from tracker.cohort_files.cohort_file import LARGEST, read
from tracker.cohort_files.yaml_lines import BadFile

BUNDLED = (PROJECT / "data" / "international-cooperation.yaml").read_text()


def mistakes(text: str) -> list[str]:
    with pytest.raises(BadFile) as refused:
        read(text.encode())
    return [str(mistake) for mistake in refused.value.mistakes]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_bundled_file_is_read_whole() -> None:
    file = read(BUNDLED.encode()).file
    assert len(file.numbers()) == 13
    assert [len(getattr(file.signatories, kind)) for kind in type(file.signatories).model_fields] == [24, 1, 15, 2]


def test_the_bundled_file_needs_no_notes() -> None:
    assert read(BUNDLED.encode()).notes == []


def test_the_bundled_file_keeps_its_marks_of_what_is_not_known() -> None:
    file = read(BUNDLED.encode()).file
    assert [each.name_unconfirmed for each in file.signatories.intergovernmental] == [False, True]
    assert file.endorsements is not None
    assert file.endorsements.date_note is not None


CHANGES = {
    "unknown kind of event": ("kind: seminar", "kind: party", "kind: 'party' is not known"),
    "unknown kind of participant": (
        "  civil_society:",
        "  ngos:",
        "ngos: is not known here; expected one of countries",
    ),
    "duplicate number": ('number: "2.3"', 'number: "2.2"', "number: '2.2' stands in the file twice"),
    "number without quotes": ('number: "2.3"', "number: 2.3", "in which 1.10 would be 1.1"),
    "number in other digits": ('number: "2.3"', 'number: "٢.٣"', "does not have the form that is expected"),
    "translation into its own language": ("names: {fr:", "names: {en:", "the text itself is English"),
    "unknown language": ("names: {fr:", "names: {french:", "'french' is no language tag"),
    "long acronym": ("acronym: CSD", f"acronym: {'C' * 41}", "expected 40 characters at most"),
    "bare NO": ('code: "NO"', "code: NO", "an unquoted NO, off or false is read as false"),
    "unknown ISO code": ("code: FR,", "code: QQ,", "'QQ' is no ISO 3166-1 alpha-2 code"),
    "same country twice": ("code: FR,", "code: DE,", "'DE' stands in the file twice"),
    "date in the future": ("endorsed_on: 2023-03-27", "endorsed_on: 2999-03-27", "2999-03-27 is in the future"),
    "date before our time": ("endorsed_on: 2023-03-27", "endorsed_on: 0023-03-27", "0023-03-27 is before 1900"),
    "no date": ("endorsed_on: 2023-03-27", "endorsed_on: soon", "expected a date as YYYY-MM-DD, found 'soon'"),
    "impossible date": ("endorsed_on: 2023-03-27", "endorsed_on: 2023-02-31", "cannot be read"),
    "unknown recommendation": ("scope: all", 'scope: ["1.1", "9.9"]', "there is no recommendation '9.9'"),
    "scope of nothing": ("scope: all", "scope: []", "names no recommendation"),
    "unknown source": ("source: press}", "source: rumour}", "'rumour' is not among the sources"),
    "unknown text status": (
        "text_status: summary, source: press",
        "text_status: draft, source: press",
        "'draft' is not known",
    ),
    "a word too many": ("established_on:", "founded_on:", "founded_on: is not known here; expected one of slug"),
    "an empty name": ("name: Albania,", "name: '',", "name: is empty"),
    "a missing name": ("name: Albania, ", "", "name: is missing"),
    "a reserved address": ("slug: international-cooperation", "slug: desk", "an address of the register itself"),
    "an address with capitals": ("slug: international-cooperation", "slug: Coop!", "cannot stand in an address"),
    "an unsafe link": (
        'url: "https://baselgovernance.org/news',
        'url: "javascript:alert(1)//',
        "form that is expected",
    ),
    "a key twice": ("  summit:", "  title: Again\n  summit:", "'title' stands here a second time"),
}


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES.values(), ids=CHANGES)
def test_a_mistake_is_told_with_its_line(old: str, new: str, expected: str) -> None:
    changed = BUNDLED.replace(old, new, 1)
    assert changed != BUNDLED
    told = mistakes(changed)
    line = line_of(BUNDLED, old)
    found = [each for each in told if expected in each]
    assert found, told
    assert "twice" in expected or found[0].startswith((f"line {line}:", f"line {line + 1}:")), told


def test_every_mistake_is_told_at_once() -> None:
    names = [
        "unknown kind of event",
        "duplicate number",
        "bare NO",
        "unknown ISO code",
        "date in the future",
        "unknown recommendation",
    ]
    changed = BUNDLED
    for name in names:
        changed = changed.replace(*CHANGES[name][:2], 1)
    told = "\n".join(mistakes(changed))
    for name in names:
        assert CHANGES[name][2] in told


def test_a_reservation_to_what_is_not_endorsed_is_told() -> None:
    changed = BUNDLED.replace("name: Albania,", 'name: Albania, scope: ["1.1"], reservations: {"2.1": No.},', 1)
    assert "reservations: '2.1' is not endorsed here" in "\n".join(mistakes(changed))


def test_a_signatory_may_differ_from_what_holds_for_all() -> None:
    changed = BUNDLED.replace(
        "name: Albania,",
        'name: Albania, endorsed_on: 2023-04-02, scope: ["1.1"], reservations: {"1.1": In part.},',
        1,
    )
    albania = read(changed.encode()).file.signatories.countries[0]
    assert (str(albania.endorsed_on), albania.scope, albania.reservations) == (
        "2023-04-02",
        ["1.1"],
        {"1.1": "In part."},
    )


def test_a_comma_without_quotes_is_understood_and_noted() -> None:
    reading = read(BUNDLED.replace("title: Workshop on Asset Recovery", "title: Workshop on Asset, Recovery").encode())
    assert reading.file.events[2].title == "Workshop on Asset, Recovery"
    assert "put a text that has a comma in quotes" in str(reading.notes[0])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "line 1: the file is empty"),
        (b"- one\n- two\n", "line 1: the file: expected names with values"),
        (b"cohort: [", "not YAML"),
        (b"cohort: {slug: x\nheadings", "not YAML"),
        (b"\xff\xfe\x00", "line 1: the file is not UTF-8"),
        (b"cohort: &a {slug: x}\nheadings: *a\n", "repeats or nests parts"),
        (b"a: " + b"[" * 5000, "not YAML"),
        (b"cohort: !!python/object/apply:os.system [id]\n", "cohort: expected names with values"),
        (b"x" * (LARGEST + 1), "larger than 2 MB"),
        (b"\x00", "not YAML"),
    ],
    ids=["empty", "list", "unclosed", "cut off", "latin", "alias", "deep", "code", "large", "nul"],
)
def test_what_is_no_cohort_file_is_refused(content: bytes, expected: str) -> None:
    with pytest.raises(BadFile) as refused:
        read(content)
    assert expected in str(refused.value)


def test_the_project_stands_alone() -> None:
    assert Path(PROJECT / "data" / "international-cooperation.yaml").is_file()
