"""The migrations make the schema that the models describe, from every revision on, and take it away again."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from flask import Flask
from flask_migrate import Config

from config import PROJECT
from tracker import accrediting, ledger, verifying
from tracker.cli import run_migrations
from tracker.extensions import Base, db, writing

MIGRATIONS = PROJECT / "migrations"
#: Rows of registers as earlier versions wrote them, by revision.
KEPT = Path(__file__).parent / "rows"
SCRIPTS = ScriptDirectory(str(MIGRATIONS))
REVISIONS = list(reversed(list(SCRIPTS.walk_revisions())))

Schema = dict[str, list[Any]]
Rows = dict[str, list[dict[str, Any]]]

every_revision = pytest.mark.parametrize("revision", REVISIONS, ids=lambda each: each.revision)

POSTGRESQL = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> COALESCE(
            to_regclass('public.alembic_version')::oid, 0)
    """,
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
    "triggers": """
        SELECT pg_get_triggerdef(pg_trigger.oid), tgenabled FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace
    """,
    "functions": "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "sequences": "SELECT sequencename, data_type::text FROM pg_sequences WHERE schemaname = 'public'",
    "types": "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')",
    "views": "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'",
}


@pytest.fixture
def engine(app: Flask) -> Iterator[sa.Engine]:
    """Return the engine of a migrated database, in an application context."""
    with app.app_context():
        yield db.engine
        writing.set(False)


def as_stored(row: dict[str, Any], table: sa.Table) -> dict[str, Any]:
    """Return a kept row in the types that the columns of its table take."""
    read = {sa.Date: date.fromisoformat, sa.DateTime: datetime.fromisoformat, sa.LargeBinary: str.encode}
    return {
        name: next((take(value) for kind, take in read.items() if isinstance(table.columns[name].type, kind)), value)
        for name, value in row.items()
        if value is not None
    }


def empty(engine: sa.Engine) -> None:
    """Take everything out of a database."""
    engine.dispose()
    if engine.dialect.name == "sqlite":
        for path in Path(str(engine.url.database)).parent.glob("register.sqlite*"):
            path.unlink()
        return
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")


def go_back(app: Flask, revision: str) -> None:
    """Take a database back to an earlier revision."""
    config = Config(str(MIGRATIONS / "alembic.ini"))
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["app"] = app
    command.downgrade(config, revision)


def schema_of(engine: sa.Engine) -> Schema:
    """Return all that a database holds beside rows, by what it is, in a form that can be compared."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            found = {what: [tuple(row) for row in connection.execute(sa.text(q))] for what, q in POSTGRESQL.items()}
            found["constraints"] = [(table, name, plain(rule)) for table, name, rule in found["constraints"]]
        else:
            query = "SELECT type, name, sql FROM sqlite_master WHERE tbl_name <> 'alembic_version' AND sql IS NOT NULL"
            found = {}
            for what, name, statement in connection.exec_driver_sql(query):
                found.setdefault(what, []).append((name, parts_of(statement) if what == "table" else plain(statement)))
    return {what: sorted(each) for what, each in found.items() if each}


def plain(statement: str) -> str:
    """Return a statement without what makes no difference: quotes of names, how it is laid out, the order of a list."""
    tidy = re.sub(r"\s*([(),])\s*", r"\1", " ".join(statement.replace('"', "").split()))
    return re.sub(r"(?<=IN\(|AY\[)[^][()]+", lambda found: ",".join(sorted(found[0].split(","))), tidy)


def parts_of(statement: str) -> list[str]:
    """Return what stands in a CREATE TABLE, part for part: columns and constraints stand in it in any order."""
    head, _, rest = plain(statement).partition("(")
    inner, _, tail = rest.rpartition(")")
    parts, depth = [""], 0
    for letter in inner:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [head, *sorted(chain.from_iterable(map(apart, parts))), tail]


def apart(part: str) -> list[str]:
    """Return a column and its reference apart: a column that was added later carries the reference with it."""
    inline = re.fullmatch(r"(\w+) (.+) CONSTRAINT (\w+) REFERENCES (\w+)\((\w+)\)", part)
    if not inline:
        return [part]
    column, kind, name, table, key = inline.groups()
    return [f"{column} {kind}", f"CONSTRAINT {name} FOREIGN KEY({column})REFERENCES {table}({key})"]


def tables_of(engine: sa.Engine) -> list[sa.Table]:
    """Return the tables as the database has them, those that others refer to first."""
    found = sa.MetaData()
    found.reflect(engine)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def rows_of(engine: sa.Engine) -> Rows:
    """Return every row of a database, by table, in the order of the keys."""
    with engine.connect() as connection:
        return {
            table.name: [
                dict(row) for row in connection.execute(table.select().order_by(*table.primary_key)).mappings()
            ]
            for table in tables_of(engine)
        }


def fill(engine: sa.Engine, rows: Rows) -> None:
    """Put rows into a database of their revision; entries go in one by one."""
    tables = {table.name: table for table in tables_of(engine)}
    with engine.begin() as connection:
        for table in tables.values():
            for row in rows.get(table.name, []):
                if table.name != "ledger_head":
                    connection.execute(table.insert().values(as_stored(row, table)))
                if table.name == "ledger_entry":
                    head = {"sequence": row["sequence"], "hash": row["hash"]}
                    connection.execute(tables["ledger_head"].update().values(head))


def test_there_is_one_head() -> None:
    assert len(SCRIPTS.get_heads()) == 1


@every_revision
def test_every_revision_says_what_it_does(revision: Script) -> None:
    assert (revision.doc or "").strip().endswith(".")
    assert Path(revision.path).name.startswith(f"{revision.revision}_")


def test_the_migrated_schema_is_that_of_the_models(engine: sa.Engine) -> None:
    migrated = schema_of(engine)
    empty(engine)
    Base.metadata.create_all(engine)
    assert migrated == schema_of(engine)


def test_alembic_finds_nothing_to_migrate(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(app: Flask, engine: sa.Engine) -> None:
    before = schema_of(engine)
    run_migrations(app)
    assert schema_of(engine) == before


@pytest.mark.parametrize("file", sorted(KEPT.glob("*.json")), ids=lambda path: path.stem)
def test_the_register_of_an_earlier_version_is_brought_up_to_date(
    app: Flask, engine: sa.Engine, evidence_folder: Path, file: Path
) -> None:
    empty(engine)
    run_migrations(app, file.stem)
    fill(engine, json.loads(file.read_text()))
    if (letters := file.with_suffix(".evidence")).exists():
        shutil.copytree(letters, evidence_folder)
    before = rows_of(engine)
    run_migrations(app)
    after = rows_of(engine)
    for table, kept in before.items():
        for row, now in zip(kept, after[table], strict=True):
            assert {column: row[column] for column in row if column in now} == {
                column: now[column] for column in row if column in now
            }
    accrediting.enter_earlier_ones()  # what `tracker migrate` does next
    assert verifying.verify() is None


@every_revision
def test_every_revision_goes_back_to_the_one_before(app: Flask, engine: sa.Engine, revision: Script) -> None:
    empty(engine)
    before = revision.down_revision
    assert before is None or isinstance(before, str)
    if before:
        run_migrations(app, before)
    schema = schema_of(engine)
    run_migrations(app, revision.revision)
    go_back(app, before or "base")
    assert schema_of(engine) == schema


def test_going_back_all_the_way_leaves_nothing_behind(app: Flask, engine: sa.Engine) -> None:
    empty(engine)
    run_migrations(app, "0001")
    fill(engine, json.loads((KEPT / "0001.json").read_text()))
    run_migrations(app)
    go_back(app, "base")
    assert schema_of(engine) == {}


def test_a_register_that_went_back_can_come_again(app: Flask, engine: sa.Engine) -> None:
    before = schema_of(engine)
    go_back(app, "base")
    run_migrations(app)
    assert schema_of(engine) == before
    assert ledger.head() == (0, ledger.GENESIS)
