"""Languages: which there are, which one a request is in, and how names, days and numbers are written in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from flask import Flask, Response, g, has_app_context, has_request_context, request
from flask_babel import force_locale
from werkzeug.routing import BaseConverter

from tracker.extensions import babel
from tracker.models import Participant, ParticipantName, Text

#: The languages of the interface, by the tag in the address, with the CLDR locale that writes them. British English
#: writes the days and the lists of this register ("27 March 2023"; no comma before "and").
LOCALES = {"en": Locale.parse("en_GB"), "fr": Locale.parse("fr")}
DEFAULT = "en"


class Shown(NamedTuple):
    """A text as a reader of one language is shown it."""

    text: str
    language: str
    foreign: bool

    @property
    def direction(self) -> str:
        """The direction in which the text runs."""
        return direction_of(self.language)

    def __str__(self) -> str:
        return self.text


class LanguageConverter(BaseConverter):
    """The part of an address that names the language."""

    regex = "|".join(LOCALES)


class AddressConverter(BaseConverter):
    """Any other part of an address: a slug, a number such as 2.3, a reference. Nothing else is looked up at all."""

    regex = "[a-z0-9][a-z0-9.-]*"


class TokenConverter(BaseConverter):
    """A part of an address that was mailed, and is good once."""

    regex = "[A-Za-z0-9_.-]+"


def init_app(app: Flask) -> None:
    """Give every address its language, and every template the reader's way of writing."""
    babel.init_app(
        app,
        default_locale="en_GB",
        locale_selector=lambda: str(LOCALES[current_language()]),
        default_translation_directories=str(app.root_path) + "/translations",
    )
    app.url_map.converters["language"] = LanguageConverter
    app.url_map.converters["default"] = AddressConverter
    app.url_map.converters["token"] = TokenConverter

    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, object] | None) -> None:
        if values and "language" in values and request.url_rule and "<language:language>" in request.url_rule.rule:
            g.language = values.pop("language")

    @app.url_defaults
    def give_language(endpoint: str, values: dict[str, object]) -> None:
        if "language" not in values and app.url_map.is_endpoint_expecting(endpoint, "language"):
            values["language"] = current_language()

    @app.after_request
    def name_language(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.content_language.add(current_language())
        return response

    app.jinja_env.globals.update(day=day, moment=moment, number=number, shown=shown, name_of=name_of)
    app.jinja_env.globals.update(direction_of=direction_of, exact_moment=exact_moment)
    app.jinja_env.globals.update(country=country, language_name=language_name, size=size, month=month, year=year)


def current_language() -> str:
    """Return the language of the request: that of its address, else what the browser asks for."""
    language: str | None = g.get("language") if has_app_context() else DEFAULT
    if language is None:
        if not has_request_context():
            return DEFAULT
        first = request.path.split("/", 2)[1]
        language = g.language = first if first in LOCALES else _negotiated()
    return language


def _negotiated() -> str:
    """Return the language that a browser likes best; a region's reader is served in its language (fr-CA in French)."""
    asked = [tag for tag, quality in request.accept_languages if quality > 0]
    return negotiate_locale(asked, list(LOCALES), sep="-") or DEFAULT


def speak(language: str) -> None:
    """Answer the present request in a language that its address does not name."""
    g.language = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write in a language for a while, within a request or without one; in the default one where we lack it."""
    before = g.get("language")
    g.language = language if language in LOCALES else DEFAULT
    try:
        with force_locale(str(LOCALES[g.language])):
            yield
    finally:
        g.language = before


def direction_of(language: str) -> str:
    """Return ``rtl`` or ``ltr``."""
    return Locale.parse(language, sep="-").text_direction


def shown(text: Text, language: str | None = None) -> Shown:
    """Return a text in the reader's language, or else in its authentic one, marked as foreign."""
    reader = language or current_language()
    found = text.language_for(reader)
    return Shown(text.texts[found], found, foreign=found != reader)


def name_of(participant: Participant, language: str | None = None) -> Shown:
    """Return a participant's official short name in the reader's language; CLDR fills the gap for a country."""
    return name_in(participant.name, participant.iso_code, language or current_language())


def name_in(name: Text, iso_code: str | None, language: str) -> Shown:
    """Return a name in a language: the official one, else CLDR's name of the territory, else the authentic one."""
    if language not in name.texts and iso_code:
        territory = LOCALES[language].territories.get(iso_code)
        if territory:
            return Shown(territory, language, foreign=False)
    return shown(name, language)


def in_sentence(name: ParticipantName, language: str) -> Text | None:
    """Return the form that a name takes within a sentence in a language, if the register knows it."""
    return name.in_sentence if name.in_sentence and language in name.in_sentence.texts else None


def size(count: int) -> str:
    """Return the size of a file in the reader's language: in whole kilobytes, or in megabytes with a tenth."""
    kilo, mega = 1024, 1024 * 1024
    small = count < mega
    value = max(1, round(count / kilo)) if small else round(count / mega, 1)
    return format_unit(value, "digital-kilobyte" if small else "digital-megabyte", "short", locale=locale())


def country(code: str, language: str | None = None) -> str:
    """Return CLDR's name of a country, for a seat, or of a region by its code in M49."""
    return str(LOCALES[language or current_language()].territories.get(code, code))


def language_name(tag: str) -> str:
    """Return the name of a language in the reader's."""
    return str(LOCALES[current_language()].languages.get(tag, tag))


def locale() -> Locale:
    """Return the CLDR locale of the reader's language."""
    return LOCALES[current_language()]


def day(value: date | None) -> str:
    """Return a day as the reader writes it: 27 March 2023."""
    return _day(value, current_language()) if value else ""


def month(value: date) -> str:
    """Return a month as the reader writes it in little space: Mar 2023."""
    return format_skeleton("yMMM", value, locale=locale())


def year(value: date) -> str:
    """Return a year as the reader writes it."""
    return format_skeleton("y", value, locale=locale())


def moment(value: datetime) -> str:
    """Return a moment as the reader writes it, in UTC."""
    return format_datetime(value, "d MMMM y, HH:mm 'UTC'", tzinfo=UTC, locale=locale())


def exact_moment(value: datetime) -> str:
    """Return a moment as the reader writes it, in UTC and to the second."""
    return format_datetime(value, "d MMMM y, HH:mm:ss 'UTC'", tzinfo=UTC, locale=locale())


def number(value: int) -> str:
    """Return a number as the reader writes it."""
    return _number(value, current_language())


# Long lists write the same few days and numbers over and over.
@lru_cache(maxsize=4096)
def _day(value: date, language: str) -> str:
    return format_date(value, "long", locale=LOCALES[language])


@lru_cache(maxsize=4096)
def _number(value: int, language: str) -> str:
    return format_decimal(value, locale=LOCALES[language])


def listed(parts: list[str]) -> str:
    """Return parts as a list in a sentence of the reader's language: a, b and c."""
    return format_list(parts, locale=locale())


def sort_key(name: str) -> tuple[str, str]:
    """Return a key that sorts names as a reader expects: letters first, their accents only between equals."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter)), folded
