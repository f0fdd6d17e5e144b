from datetime import UTC, date, datetime

import pytest
from flask import Flask

from tracker import i18n
from tracker.models import Text


@pytest.fixture
def dialect() -> str:
    """Languages read no database."""
    return "sqlite"


def test_an_official_name_comes_before_that_of_cldr() -> None:
    assert i18n.name_in(Text.of("Moldova", fr="République de Moldova"), "MD", "fr").text == "République de Moldova"


def test_cldr_fills_a_gap_for_a_country() -> None:
    told = i18n.name_in(Text.of("Germany"), "DE", "fr")
    assert (told.text, told.language, told.foreign) == ("Allemagne", "fr", False)


def test_without_either_the_authentic_name_is_shown_as_foreign() -> None:
    told = i18n.name_in(Text.of("Brookings Institution"), None, "fr")
    assert (told.text, told.language, told.foreign) == ("Brookings Institution", "en", True)


@pytest.mark.parametrize(
    ("path", "accepts", "language"),
    [
        ("/fr/", "en", "fr"),
        ("/", "fr-CA, en;q=0.5", "fr"),
        ("/", "de", "en"),
        ("/", "", "en"),
        ("/xx/", "fr", "fr"),
        ("/french/", "en", "en"),
    ],
)
def test_the_language_of_a_request(app: Flask, path: str, accepts: str, language: str) -> None:
    with app.test_request_context(path, headers={"Accept-Language": accepts}):
        assert i18n.current_language() == language


def test_days_and_moments_are_written_as_the_reader_writes_them(app: Flask) -> None:
    day, moment = date(2023, 3, 27), datetime(2023, 3, 27, 14, 5, tzinfo=UTC)
    with app.test_request_context("/en/"):
        assert (i18n.day(day), i18n.moment(moment)) == ("27 March 2023", "27 March 2023, 14:05 UTC")
    with app.test_request_context("/fr/"):
        assert (i18n.day(day), i18n.moment(moment)) == ("27 mars 2023", "27 mars 2023, 14:05 UTC")


def test_names_sort_by_letters_before_accents() -> None:
    names = ["Zambie", "Éthiopie", "Espagne", "États-Unis", "Égypte", "Estonie", "cote", "côté", "coté"]
    assert sorted(names, key=i18n.sort_key) == [
        "cote", "coté", "côté", "Égypte", "Espagne", "Estonie", "États-Unis", "Éthiopie", "Zambie",
    ]  # fmt: skip
