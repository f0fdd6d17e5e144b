"""The form of a cohort file: what it may say, checked by pydantic, with every error at its line.

The file is YAML. Every mistake is reported at once, each with its line and what was expected there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import yaml
from babel import Locale, UnknownLocaleError
from iso3166 import countries_by_alpha2
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from tracker import clock
from tracker.cohort_files.contradictions import contradictions_in
from tracker.cohort_files.yaml_lines import BadFile, LineReader, Mistake, Path
from tracker.texts import cleaned
from tracker.vocabulary import DocumentKind, EventKind, TextStatus

#: A file larger than this is no cohort file, in bytes.
LARGEST = 2 * 1024 * 1024

#: The language of the texts themselves, beside which their translations stand.
WRITTEN_IN = "en"

#: Addresses that belong to the register itself, and so can be no cohort's.
RESERVED = {
    "participants",
    "search",
    "report",
    "dispute",
    "desk",
    "secretariat",
    "account",
    "sign-in",
    "sign-out",
    "api",
    "static",
}


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        said = "NO, off or false" if value is False else "yes, on or true"
        raise ValueError(f'an unquoted {said} is read as {str(value).lower()}; put it in quotes, such as "NO"')
    if isinstance(value, int | float | date):
        raise ValueError(f"expected text, found {value!s}; put it in quotes")
    if value is None:
        raise ValueError("expected text, found nothing")
    return cleaned(value) if isinstance(value, str) else value


def _country(value: str) -> str:
    if value not in countries_by_alpha2:
        raise ValueError(f"{value!r} is no ISO 3166-1 alpha-2 code in use, in capitals (XK stands for Kosovo)")
    return value


def _date(value: Any) -> Any:
    if isinstance(value, date) and type(value) is date:
        if value.year < clock.EARLIEST_YEAR:
            raise ValueError(f"{value} is before {clock.EARLIEST_YEAR}; write the year with its four digits")
        return value
    raise ValueError(f"expected a date as YYYY-MM-DD, found {value!r}")


def _past(value: date) -> date:
    if value > clock.today():
        raise ValueError(f"{value} is in the future")
    return value


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError(f"{value!r} cannot stand in an address; use small letters, digits and single hyphens")
    if value in RESERVED:
        raise ValueError(f"{value!r} is an address of the register itself; choose another")
    return value


def _number(value: Any) -> Any:
    if isinstance(value, float):
        raise ValueError(f"{value} is read as a number, in which 1.10 would be 1.1; put it in quotes")
    return _text(value)


def _all_or_list(value: Any) -> Any:
    if value == "all":
        return None
    if isinstance(value, list):
        return value
    raise ValueError(f"expected 'all' or a list of recommendations' numbers, found {value!r}")


def _language(value: str) -> str:
    try:
        Locale.parse(value, sep="-")
    except (ValueError, UnknownLocaleError):
        raise ValueError(f"{value!r} is no language tag, such as fr or zh") from None
    return value


def _other_language(value: str) -> str:
    if value == WRITTEN_IN:
        raise ValueError("the text itself is English; this is the place of its translations")
    return _language(value)


# The lengths are those of the register's columns.
_Text = Annotated[str, BeforeValidator(_text), StringConstraints(strip_whitespace=True, min_length=1)]
Words = Annotated[_Text, StringConstraints(max_length=20_000)]
Title = Annotated[_Text, StringConstraints(max_length=400)]
Short = Annotated[_Text, StringConstraints(max_length=200)]
Key = Annotated[_Text, StringConstraints(max_length=40)]
Country = Annotated[Short, AfterValidator(_country)]
Day = Annotated[date, BeforeValidator(_date)]
PastDay = Annotated[date, BeforeValidator(_date), AfterValidator(_past)]
Number = Annotated[str, BeforeValidator(_number), StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,3}){1,3}[a-z]?$")]
#: The recommendations that an endorsement covers; ``None``, written ``all``, is the whole set.
Scope = Annotated[list[Number] | None, BeforeValidator(_all_or_list)]
Language = Annotated[str, AfterValidator(_language)]
Address = Annotated[str, BeforeValidator(_text), StringConstraints(pattern=r"^https?://[^\s<>\"]+$", max_length=2000)]
Website = Annotated[Address, StringConstraints(max_length=400)]
Translations = dict[Annotated[str, AfterValidator(_other_language)], Words]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CohortPart(_Part):
    """The cohort itself."""

    slug: Annotated[_Text, StringConstraints(max_length=80), AfterValidator(_slug)]
    title: Short
    titles: Translations = {}
    summit: Short | None = None
    established_on: PastDay | None = None
    recommendations_published_on: PastDay | None = None
    sources: list[Key] = []
    co_leads: list[Short] = []
    expected_outcomes: list[Words] = []
    priority_areas: list[Words] = []


class ItemPart(_Part):
    """A recommendation."""

    number: Number
    text: Words
    texts: Translations = {}
    text_status: TextStatus = TextStatus.AUTHORITATIVE
    source: Key | None = None


class HeadingPart(_Part):
    """A heading with its recommendations."""

    number: Annotated[int, Field(strict=True, gt=0)]
    title: Short
    titles: Translations = {}
    items: Annotated[list[ItemPart], Field(min_length=1)]


class EndorsementsPart(_Part):
    """What holds for every signatory that says nothing else."""

    endorsed_on: PastDay
    date_note: Words | None = None
    date_notes: Translations = {}
    scope: Scope = None
    source: Key | None = None


class SignatoryPart(_Part):
    """A participant, and where its endorsement differs from what holds for all."""

    name: Short
    names: Translations = {}
    in_sentence: dict[Language, Words] = {}
    formal_name: Words | None = None
    formal_names: Translations = {}
    acronym: Key | None = None
    website: Website | None = None
    footnote: Words | None = None
    footnotes: Translations = {}
    name_unconfirmed: Annotated[bool, Field(strict=True)] = False
    endorsed_on: PastDay | None = None
    scope: Scope = None
    reservations: dict[Number, Words] = {}
    statement: Words | None = None


class CountryPart(SignatoryPart):
    """A country."""

    code: Country


class OrganisationPart(SignatoryPart):
    """An institution or organisation."""

    seat: Country | None = None


class SignatoriesPart(_Part):
    """The signatories by kind."""

    countries: list[CountryPart] = []
    supranational: list[OrganisationPart] = []
    civil_society: list[OrganisationPart] = []
    intergovernmental: list[OrganisationPart] = []


class EventPart(_Part):
    """An event."""

    date: Day
    title: Words
    kind: EventKind
    description: Words | None = None
    link_label: Short | None = None
    url: Address | None = None


class DocumentPart(_Part):
    """A document."""

    title: Words
    publisher: Short
    published_on: PastDay | None = None
    kind: DocumentKind
    note: Words | None = None
    url: Address | None = None


class SourcePart(_Part):
    """A source."""

    title: Title
    publisher: Short
    date: PastDay | None = None
    url: Address | None = None


class CohortFile(_Part):
    """A whole cohort file."""

    cohort: CohortPart
    headings: Annotated[list[HeadingPart], Field(min_length=1)]
    endorsements: EndorsementsPart | None = None
    signatories: SignatoriesPart = SignatoriesPart()
    events: list[EventPart] = []
    documents: list[DocumentPart] = []
    sources: dict[Key, SourcePart] = {}

    def numbers(self) -> list[str]:
        """Return the numbers of all recommendations, in the order of the file."""
        return [item.number for heading in self.headings for item in heading.items]


@dataclass(frozen=True)
class Reading:
    """A file that was read.

    Attributes:
        file: what it says.
        notes: what was understood although it is not written well.
        lines: the line of each part.
    """

    file: CohortFile
    notes: list[Mistake]
    lines: dict[Path, int]

    def mistake(self, path: Path, what: str) -> Mistake:
        """Return a mistake at a part of the file."""
        return Mistake(_line_of(self.lines, path), what)


def read(content: bytes) -> Reading:
    """Read a cohort file.

    Args:
        content: the file's bytes: UTF-8, YAML.

    Raises:
        BadFile: the file has mistakes; the exception holds them all.
    """
    if len(content) > LARGEST:
        raise BadFile([Mistake(1, f"the file is larger than {LARGEST // 1024 // 1024} MB")])
    try:
        root = yaml.compose(content.decode("utf-8-sig"), Loader=yaml.SafeLoader)
        if root is None:
            raise BadFile([Mistake(1, "the file is empty")])
        reader = LineReader()
        value = reader.read(root, ())
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadFile([Mistake(line, "the file is not UTF-8")]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadFile([Mistake(mark.line + 1 if mark else 1, f"not YAML: {error.problem}")]) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise BadFile([Mistake(1, f"not YAML: {str(error).splitlines()[0]}")]) from None
    lines, mistakes = reader.lines, reader.mistakes
    mistakes += [Mistake(_line_of(lines, path), what) for path, what in contradictions_in(value)]
    try:
        file = CohortFile.model_validate(value)
    except ValidationError as error:
        mistakes += [_mistake(lines, dict(each)) for each in error.errors()]
    if mistakes:
        raise BadFile(mistakes)
    return Reading(file, reader.notes, lines)


_EXPECTED = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "list_type": "expected a list",
    "dict_type": "expected names with values",
    "model_type": "expected names with values",
    "string_too_short": "is empty",
    "too_short": "is empty",
}


def _mistake(lines: dict[Path, int], error: dict[str, Any]) -> Mistake:
    path = tuple(part for part in error["loc"] if not _is_branch(part))
    name = str(path[-1]) if path else "the file"
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        what = str(context["error"])
    elif kind in ("enum", "literal_error"):
        what = f"{error['input']!r} is not known; expected {context['expected']}"
    elif kind == "extra_forbidden":
        what = f"is not known here; expected one of {', '.join(_siblings(path))}"
    elif kind in ("too_long", "string_too_long"):
        what = f"expected {context['max_length']} characters at most"
    elif kind == "string_pattern_mismatch":
        what = f"{error['input']!r} does not have the form that is expected ({context['pattern']})"
    else:
        what = _EXPECTED.get(kind, error["msg"][:1].lower() + error["msg"][1:])
    return Mistake(_line_of(lines, path), f"{name}: {what}")


def _is_branch(part: str | int) -> bool:
    """Whether a step of pydantic's path names an alternative of a type and not a place in the file."""
    return isinstance(part, str) and (
        part.startswith(("literal[", "list[", "constrained", "function")) or part == "[key]"
    )


def _line_of(lines: dict[Path, int], path: Path) -> int:
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _siblings(path: Path) -> list[str]:
    """Return the names that may stand where an unknown one was found."""
    model: type[BaseModel] = CohortFile
    for part in path[:-1]:
        if isinstance(part, int) or part not in model.model_fields:
            continue
        model = _model_in(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, getattr(annotation, "__args__", ()))), None)
