from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, StatementError

from tracker.extensions import db
from tracker.models import Text
from tracker.models.columns import Moment, MultilingualText, MultilingualTexts, closed_list
from tracker.vocabulary import (
    Action,
    DocumentKind,
    EventKind,
    Kind,
    MailState,
    Notice,
    RevisionKind,
    Scope,
    Stance,
    Status,
    TextStatus,
)

NOON = datetime(2024, 2, 29, 12, 0, 0, 123456, UTC)
EASTWARD = timezone(timedelta(hours=5, minutes=30))
DRY = Text("fr", {"fr": "Rivières « sèches »", "en": "Dry rivers", "el": "Ξερά ποτάμια"})

scratch = sa.Table(
    "scratch",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text", MultilingualText),
    sa.Column("texts", MultilingualTexts),
    sa.Column("moment", Moment),
    sa.Column("status", closed_list(Status, "status")),
)


@pytest.fixture
def connection(app: Flask) -> Iterator[sa.Connection]:
    """Return a connection to a database with a table of every column type."""
    with app.app_context(), db.engine.connect() as connection:
        scratch.create(connection)
        yield connection


def kept(connection: sa.Connection, **values: object) -> sa.Row:
    """Store a row, and return it as it is read back."""
    connection.execute(scratch.insert().values(**values))
    return connection.execute(scratch.select()).one()


def stored(connection: sa.Connection, column: str) -> object:
    """Return what stands in the database, as text."""
    return connection.scalar(sa.text(f"SELECT CAST({column} AS VARCHAR(400)) FROM scratch"))


def test_a_text_is_shown_in_the_readers_language() -> None:
    assert DRY.texts[DRY.language_for("en")] == "Dry rivers"


def test_a_reader_of_another_language_is_shown_the_authentic_text() -> None:
    assert DRY.language_for("de") == "fr"
    assert str(DRY) == "Rivières « sèches »"


def test_a_text_is_made_from_its_first_language_and_translations() -> None:
    assert Text.of("Moldova", fr="République de Moldova") == Text(
        "en", {"en": "Moldova", "fr": "République de Moldova"}
    )


def test_a_text_is_read_back_from_what_it_wrote() -> None:
    assert Text.from_json(DRY.as_json()) == DRY


def test_the_languages_of_a_text_are_written_in_one_order() -> None:
    assert list(DRY.as_json()["texts"]) == ["el", "en", "fr"]


@pytest.mark.parametrize("empty", ["", " ", "\n\t", "\u00a0"])
def test_it_refuses_an_empty_text(empty: str) -> None:
    with pytest.raises(ValueError, match="a text may not be empty"):
        Text.of(empty)


def test_it_refuses_an_empty_translation() -> None:
    with pytest.raises(ValueError, match="a text may not be empty"):
        Text.of("Moldova", fr=" ")


def test_it_refuses_an_authentic_language_without_its_text() -> None:
    with pytest.raises(ValueError, match="the authentic language 'fr' has no text"):
        Text("fr", {"en": "Moldova"})


def test_a_text_comes_back_as_it_was(connection: sa.Connection) -> None:
    assert kept(connection, text=DRY).text == DRY


def test_no_text_is_null_to_the_database(connection: sa.Connection) -> None:
    assert kept(connection, text=None).text is None
    assert stored(connection, "text") is None


def test_texts_come_back_in_their_order(connection: sa.Connection) -> None:
    texts = [Text.of("Second thoughts"), DRY, Text.of("First things")]
    assert kept(connection, texts=texts).texts == texts


def test_no_texts_are_an_empty_list(connection: sa.Connection) -> None:
    assert kept(connection, texts=[]).texts == []


def test_a_moment_comes_back_aware_and_in_utc(connection: sa.Connection) -> None:
    moment = kept(connection, moment=NOON).moment
    assert moment == NOON
    assert moment.tzinfo is UTC


def test_a_moment_of_another_zone_is_kept_in_utc(connection: sa.Connection) -> None:
    kept(connection, moment=NOON.astimezone(EASTWARD))
    connection.execute(sa.text("SET TIME ZONE 'UTC'" if connection.dialect.name == "postgresql" else "SELECT 1"))
    assert str(stored(connection, "moment")).startswith("2024-02-29 12:00:00.123456")


def test_a_moment_is_found_by_its_like_in_another_zone(connection: sa.Connection) -> None:
    kept(connection, moment=NOON)
    found = connection.scalars(sa.select(scratch.c.id).where(scratch.c.moment == NOON.astimezone(EASTWARD)))
    assert found.all() == [1]


def test_it_refuses_a_moment_without_its_zone(connection: sa.Connection) -> None:
    with pytest.raises(StatementError, match="a moment needs its time zone"):
        kept(connection, moment=NOON.replace(tzinfo=None))


def test_no_moment_is_none(connection: sa.Connection) -> None:
    assert kept(connection, moment=None).moment is None


def test_a_member_of_a_closed_list_is_stored_by_its_value(connection: sa.Connection) -> None:
    assert kept(connection, status=Status.IN_FORCE).status is Status.IN_FORCE
    assert stored(connection, "status") == "in_force"


@pytest.mark.parametrize("unknown", ["IN_FORCE", "In force", "rumour"])
def test_it_refuses_what_is_not_in_a_closed_list(connection: sa.Connection, unknown: str) -> None:
    with pytest.raises(StatementError, match="is not among the defined enum values"):
        kept(connection, status=unknown)


def test_the_database_refuses_what_is_not_in_a_closed_list(connection: sa.Connection) -> None:
    with pytest.raises(IntegrityError, match="status"):
        connection.execute(sa.text("INSERT INTO scratch (status) VALUES ('rumour')"))


@pytest.mark.parametrize(
    "kind", [Action, DocumentKind, EventKind, Kind, MailState, Notice, RevisionKind, Scope, Stance, Status, TextStatus]
)
def test_every_value_of_a_closed_list_fits_its_column(kind: type[StrEnum]) -> None:
    column = closed_list(kind, "kind")
    assert column.enums == [member.value for member in kind]
    assert max(map(len, column.enums)) <= (column.length or 0)
