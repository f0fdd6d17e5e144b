"""The ``tracker`` command. It reads the same settings as the server."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.exc import DatabaseError

from config import PROJECT, Settings, UnsafeSettings

BUNDLED = PROJECT / "data" / "international-cooperation.yaml"


@click.group()
def tracker() -> None:
    """Keep a register of endorsements."""


@tracker.command()
def migrate() -> None:
    """Bring the database up to date."""
    with _register() as app:
        run_migrations(app)
    click.echo("The database is up to date.")


@tracker.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Load a cohort from FILE: all of it, or nothing."""
    with _register():
        if not _load(file):
            sys.exit(1)


@tracker.command()
def verify() -> None:
    """Recompute the ledger's chain and the tallies; name the first difference."""
    from tracker import ledger, tallies

    with _register():
        difference = ledger.verify() or tallies.verify()
        sequence, digest = ledger.head()
    if difference:
        click.echo(f"The register does not agree with itself. First difference: {difference}")
        sys.exit(1)
    click.echo(f"All is well: {sequence} entries, head {digest}")


@tracker.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(port: int) -> None:
    """Set up and serve a register on this computer alone, with the bundled cohort and demo accounts."""
    from tracker import demonstration, register

    os.environ.setdefault("TRACKER_DEMO", "1")
    with _register() as app:
        click.echo(f"Database: {app.config['SQLALCHEMY_DATABASE_URI']}")
        run_migrations(app)
        click.echo("The database is up to date.")
        if register.cohorts():
            click.echo("The register has a cohort; nothing is loaded.")
        elif not _load(BUNDLED):
            sys.exit(1)
        accounts = demonstration.make()
    click.echo("\nDemo accounts, all with the password " + demonstration.PASSWORD)
    for account in accounts:
        click.echo(f"  {account.email:<34} {account.what}")
    click.echo(f"\nThe register is at http://127.0.0.1:{port}/  (stop it with Ctrl+C)\n")
    sys.stdout.flush()
    _serve("127.0.0.1", port)


@tracker.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the register."""
    try:
        Settings.from_environment().for_serving()
    except UnsafeSettings as error:
        raise click.ClickException(str(error)) from None
    _serve(host, port)


def _serve(host: str, port: int) -> None:
    """Become the server: one process with one thread for Python, which measured best (docs/decisions)."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "1", "--log-level", "warning", "wsgi:application"]
    os.chdir(PROJECT)
    os.execv(sys.executable, command)  # noqa: S606  # no shell, and every argument is our own


@contextmanager
def _register() -> Iterator[Flask]:
    """Open the register for a command; say plainly what keeps it closed."""
    from tracker import create_app
    from tracker.extensions import writing

    try:
        app = create_app(Settings.from_environment().for_commands())
    except UnsafeSettings as error:
        raise click.ClickException(str(error)) from None
    writing.set(True)
    try:
        with app.app_context():
            yield app
    except DatabaseError as error:
        raise click.ClickException(
            f"The database answers: {error.orig}. If it is new or old, run 'tracker migrate' first."
        ) from None


def run_migrations(app: Flask, revision: str = "head") -> None:
    """Bring the database of an application up to a revision."""
    from alembic import command
    from flask_migrate import Config

    config = Config(str(PROJECT / "migrations" / "alembic.ini"))
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    config.attributes["app"] = app
    command.upgrade(config, revision)


def _load(file: Path) -> bool:
    """Load a file, commit, and say what happened; return False where it was refused."""
    from tracker.cohort_file import LARGEST, BadFile
    from tracker.extensions import db
    from tracker.loading import load as load_cohort

    with file.open("rb") as opened:
        content = opened.read(LARGEST + 1)
    try:
        report = load_cohort(content)
    except BadFile as error:
        db.session.rollback()
        click.echo(f"{file} was refused; nothing was loaded.", err=True)
        for mistake in error.mistakes:
            click.echo(f"  {mistake}", err=True)
        return False
    db.session.commit()
    for note in report.notes:
        click.echo(f"  note: {note}")
    if report.changed:
        added = ", ".join(f"{count} {thing}{'' if count == 1 else 's'}" for thing, count in report.added.items())
        click.echo(f"Loaded {file.name}: {added}.")
    else:
        click.echo(f"{file.name} is in the register already; nothing changed.")
    return True
