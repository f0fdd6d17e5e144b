"""The column types that models share: multilingual text, moments in UTC, closed lists stored by value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from tracker.vocabulary import Labelled, Question


@dataclass(frozen=True)
class Text:
    """A text in the language it was made in, which is the authentic one, with its translations.

    Attributes:
        authentic: language tag (BCP 47) of the authentic text.
        texts: the text by language tag, the authentic one among them.
    """

    authentic: str
    texts: Mapping[str, str]

    def __post_init__(self) -> None:
        if self.authentic not in self.texts:
            raise ValueError(f"the authentic language {self.authentic!r} has no text")
        if not all(map(str.strip, self.texts.values())):
            raise ValueError("a text may not be empty")

    def __str__(self) -> str:
        return self.texts[self.authentic]

    @classmethod
    def of(cls, text: str, language: str = "en", /, **translations: str) -> Text:
        """Return a text with its translations by language: ``Text.of("Moldova", fr="République de Moldova")``."""
        return cls(language, {language: text, **translations})

    def alone(self, language: str) -> Text:
        """Return the text in one of its languages alone."""
        return Text.of(self.texts[language], language)

    def language_for(self, language: str) -> str:
        """Return the language in which a reader of ``language`` is shown this text."""
        return language if language in self.texts else self.authentic

    def as_json(self) -> dict[str, Any]:
        """Return the form in which the text is stored, hashed and published."""
        return {"authentic": self.authentic, "texts": dict(sorted(self.texts.items()))}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Text:
        """Return the text that :meth:`as_json` wrote."""
        return cls(value["authentic"], value["texts"])


class MultilingualText(TypeDecorator[Text]):
    """Stores a :class:`Text` as JSON."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Text | None, dialect: Dialect) -> Any:
        return value.as_json() if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> Text | None:
        return Text.from_json(value) if value is not None else None


class MultilingualTexts(TypeDecorator[list[Text]]):
    """Stores an ordered list of :class:`Text` as JSON."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: list[Text] | None, dialect: Dialect) -> Any:
        return [text.as_json() for text in value or []]

    def process_result_value(self, value: Any, dialect: Dialect) -> list[Text]:
        return [Text.from_json(text) for text in value or []]


class Reasons(TypeDecorator[dict[Question, str]]):
    """Stores why an endorsement was not accepted, by question, as JSON."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Mapping[Question, str] | None, dialect: Dialect) -> Any:
        return {question.value: reason for question, reason in value.items()} if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[Question, str] | None:
        return {Question[question.upper()]: reason for question, reason in value.items()} if value else None


def called(name: str) -> str:
    """Return what to call a person by their name; who was forgotten has none."""
    return name or str(gettext("a former representative"))


class PersonName(TypeDecorator[str]):
    """Stores a person's name; who was forgotten has none, and is called that in the reader's language."""

    impl = sa.String(200)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else called(value)


class Moment(TypeDecorator[datetime]):
    """Stores a moment in UTC; refuses one that does not know its zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def closed_list(kind: type[Labelled], name: str) -> sa.Enum:
    """Return the column type for a closed list: stored by value, with a CHECK named after ``name``."""
    return sa.Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )
