from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from tracker import i18n
from tracker.models import ParticipantName, Text
from tracker.sentences import tally_sentence
from tracker.tallies import Count, Tally
from tracker.vocabulary import Kind

COMMISSION = ParticipantName(
    name=Text.of("European Commission", fr="Commission européenne"),
    in_sentence=Text.of("the European Commission", fr="la Commission européenne"),
)
UNION = ParticipantName(
    name=Text.of("African Union", fr="Union africaine"),
    in_sentence=Text.of("the African Union", fr="l’Union africaine"),
)
UNPREPARED = ParticipantName(name=Text.of("Andean Parliament"))

#: countries, supranational ones, civil society, intergovernmental; the sentence in English, in French
SENTENCES = [
    (
        (24, [COMMISSION], 15, 2),
        "24 countries and the European Commission, as well as 15 civil society organisations and "
        "2 intergovernmental organisations",
        "24 pays et la Commission européenne, ainsi que 15 organisations de la société civile et "
        "2 organisations intergouvernementales",
    ),
    ((0, [], 0, 0), "no country or organisation yet", "aucun pays ni aucune organisation pour l’instant"),
    ((1, [], 0, 0), "1 country", "1 pays"),
    ((2, [], 0, 0), "2 countries", "2 pays"),
    ((0, [COMMISSION], 0, 0), "the European Commission", "la Commission européenne"),
    (
        (0, [COMMISSION, UNION], 0, 0),
        "the European Commission and the African Union",
        "la Commission européenne et l’Union africaine",
    ),
    (
        (3, [COMMISSION, UNION], 0, 0),
        "3 countries, the European Commission and the African Union",
        "3 pays, la Commission européenne et l’Union africaine",
    ),
    ((0, [], 1, 0), "1 civil society organisation", "1 organisation de la société civile"),
    ((0, [], 0, 1), "1 intergovernmental organisation", "1 organisation intergouvernementale"),
    (
        (0, [], 2, 1),
        "2 civil society organisations and 1 intergovernmental organisation",
        "2 organisations de la société civile et 1 organisation intergouvernementale",
    ),
    (
        (1, [], 1, 0),
        "1 country, as well as 1 civil society organisation",
        "1 pays, ainsi que 1 organisation de la société civile",
    ),
    (
        (0, [COMMISSION], 0, 2),
        "the European Commission, as well as 2 intergovernmental organisations",
        "la Commission européenne, ainsi que 2 organisations intergouvernementales",
    ),
    ((1234, [], 0, 0), "1,234 countries", "1\u202f234 pays"),
    ((0, [UNPREPARED], 0, 0), "the Andean Parliament", "l’institution «\u00a0Andean Parliament\u00a0»"),
]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case[1])
def test_the_tally_in_words(app: Flask, language: str, case: tuple) -> None:  # type: ignore[type-arg]
    (countries, named, civil, between), *expected = case
    counts = {
        Kind.COUNTRY: Count(countries),
        Kind.SUPRANATIONAL: Count(len(named)),
        Kind.CIVIL_SOCIETY: Count(civil),
        Kind.INTERGOVERNMENTAL: Count(between),
    }
    with app.test_request_context(f"/{language}/"), force_locale(str(i18n.LOCALES[language])):
        told = tally_sentence(Tally(date(2023, 3, 27), counts, named))
    assert told == expected[["en", "fr"].index(language)]


@pytest.fixture
def dialect() -> str:
    """Sentences read no database."""
    return "sqlite"
