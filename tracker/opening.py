"""Opens the register for a command at the command line, and says plainly what keeps it closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy.exc import DatabaseError

from config import Settings, UnsafeSettings


def read_settings(*, serving: bool = False) -> Settings:
    """Return the settings of the environment."""
    try:
        settings = Settings.from_environment()
        return settings.for_serving() if serving else settings
    except UnsafeSettings as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def opened(*, writes: bool = True) -> Iterator[Flask]:
    """Open the register for a command; say plainly what keeps it closed.

    Args:
        writes: False for a command that only reads; it sees one moment of the register, and holds nobody up.
    """
    from tracker import create_app
    from tracker.extensions import db, writing

    try:
        app = create_app(read_settings().for_commands())
    except OSError as error:
        raise click.ClickException(f"The folder of the database cannot be made: {error}.") from None
    writing.set(writes)
    try:
        with app.app_context():
            if not writes and db.engine.dialect.name == "postgresql":  # SQLite reads one moment in any transaction
                db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield app
    except DatabaseError as error:
        new = ("no such table", "does not exist")
        hint = " Run 'tracker migrate' first." if any(each in str(error.orig) for each in new) else ""
        raise click.ClickException(f"The database answers: {str(error.orig).strip()}.{hint}") from None
