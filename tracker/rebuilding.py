"""What migrations need to change the rules of a table that is there: SQLite knows no way but to build it anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

import sqlalchemy as sa
from alembic import op


def change_closed_list(table: str, column: str, values: Collection[str]) -> None:
    """Let a column take these values from now on, and no others."""
    change_checks(table, {f"ck_{table}_{column}": one_of(column, values)})


def extend_closed_list(table: str, column: str, more: Collection[str]) -> None:
    """Let a column take more values, beside those that it takes."""
    change_closed_list(table, column, [*_values_taken(table, column), *more])


def narrow_closed_list(table: str, column: str, fewer: Collection[str]) -> None:
    """Let a column no longer take these values; fails while a row has one."""
    change_closed_list(table, column, [value for value in _values_taken(table, column) if value not in fewer])


def one_of(column: str, values: Collection[str]) -> str:
    """Return the condition that a column has one of these values."""
    return "{} IN ({})".format(column, ", ".join(f"'{value}'" for value in values))


def change_checks(table: str, checks: Mapping[str, str | None]) -> None:
    """Give a table these CHECK constraints: by name the condition, or ``None`` for one that goes.

    Those that are there under such a name are replaced.
    """
    if op.get_bind().dialect.name == "postgresql":
        for name, condition in checks.items():
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            if condition:
                op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition})")
    else:
        _rebuild(table, lambda statement: _with_checks(statement, checks))


def allow_none(table: str, column: str, *, allowed: bool = True) -> None:
    """Let a column hold nothing from now on, or no longer."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, column, nullable=allowed)
    else:
        kept, wanted = (" NOT NULL", "") if allowed else ("", " NOT NULL")
        line = re.compile(rf"^(\s*{column} [^\s,]+){kept}(?=,?\s*$)", re.MULTILINE)
        _rebuild(table, lambda statement: line.sub(rf"\1{wanted}", statement))


def _values_taken(table: str, column: str) -> list[str]:
    checks = sa.inspect(op.get_bind()).get_check_constraints(table)
    (condition,) = (check["sqltext"] for check in checks if check["name"] == f"ck_{table}_{column}")
    return re.findall(r"'([^']+)'", condition)


def _rebuild(table: str, change: Callable[[str], str]) -> None:
    """Build an SQLite table anew from its changed statement, with its rows, indexes and triggers.

    These are SQLite's own steps (https://www.sqlite.org/lang_altertable.html, section 7). References are not enforced
    meanwhile: ``migrations/env.py`` sees to that, and checks them at the end.
    """
    connection = op.get_bind()
    kept = connection.execute(
        sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL"), {"table": table}
    ).all()
    statement = next(sql for kind, sql in kept if kind == "table")
    columns = ", ".join(row.name for row in connection.execute(sa.text(f"PRAGMA table_info({table})")))
    for each in (
        re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_anew", change(statement)),
        f"INSERT INTO {table}_anew ({columns}) SELECT {columns} FROM {table}",  # noqa: S608  # nosec B608  # names of our own
        f"DROP TABLE {table}",
        f"ALTER TABLE {table}_anew RENAME TO {table}",
        *(sql for kind, sql in kept if kind != "table"),
    ):
        connection.exec_driver_sql(each)


def _with_checks(statement: str, checks: Mapping[str, str | None]) -> str:
    for name, condition in checks.items():
        # As SQLAlchemy lays a table out, a constraint stands on a line of its own.
        statement = re.sub(rf",\s*CONSTRAINT {name} CHECK \(.*\)(?=,?\s*$)", "", statement, flags=re.MULTILINE)
        if condition:
            columns, _, tail = statement.rpartition(")")
            statement = f"{columns.rstrip()},\n\tCONSTRAINT {name} CHECK ({condition})\n){tail}"
    return statement
