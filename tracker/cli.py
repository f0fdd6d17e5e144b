"""The ``tracker`` command. It reads the same settings as the server."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path
from threading import Event

import click
from flask import Flask
from sqlalchemy import make_url

from config import PROJECT, SmtpServer, UnsafeSettings
from tracker.account_command import create_admin
from tracker.opening import opened as _register
from tracker.opening import read_settings as _settings
from tracker.security_log_command import security_log

#: One thread answers most; with a few, somebody who records or sends slowly keeps no reader waiting.
THREADS = 4

#: How many mistakes of a file are printed: a person who mends so many reads it again anyway.
MOST_MISTAKES = 200

BUNDLED = PROJECT / "data" / "international-cooperation.yaml"


@click.group()
def tracker() -> None:
    """Keep a register of endorsements."""


tracker.add_command(create_admin)
tracker.add_command(security_log)


@tracker.command()
def migrate() -> None:
    """Bring the database up to date."""
    with _register() as app:
        _bring_up_to_date(app)


@tracker.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Load a cohort from FILE: all of it, or nothing."""
    with _register():
        if not _load(file):
            sys.exit(1)


@tracker.command()
def verify() -> None:
    """Recompute the ledger's chain, the tallies and the tables; name the first difference."""
    from tracker import ledger, verifying

    with _register(writes=False):
        difference = verifying.verify()
        if difference:
            click.echo(f"The register does not agree with itself. First difference: {difference}")
            sys.exit(1)
        sequence, digest = ledger.head()
    click.echo(f"All is well: {sequence} entries, head {digest}")


@tracker.group("register")
def whole_register() -> None:
    """Take the whole public record away, and load it into an empty register."""


@whole_register.command("export")
@click.argument("target", type=click.Path(path_type=Path))
def export_register(target: Path) -> None:
    """Write the public record to TARGET: a workbook where it ends in .xlsx, else a folder of CSV files."""
    from tracker.extensions import db, transaction
    from tracker.identity import security_log
    from tracker.moving import moving
    from tracker.vocabulary import SecurityAction

    with _register(writes=False):
        try:
            sheets = moving.export(target)
        except OSError as error:
            raise click.ClickException(f"{target} cannot be written: {error.strerror}.") from None
        db.session.rollback()  # the moment that was read is over
        with transaction(writes=True):
            security_log.record(SecurityAction.EXPORTED, file=target.name, command="tracker register export")
    rows = ", ".join(f"{len(sheet.rows)} {sheet.name}" for sheet in sheets)
    click.echo(f"Wrote {target}: {rows}.")


@whole_register.command("load")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
def load_register(source: Path) -> None:
    """Load the public record from SOURCE, an export, into this register, which must be empty."""
    from tracker import ledger
    from tracker.extensions import db
    from tracker.moving import moving

    with _register():
        try:
            count = moving.load(source)
        except moving.NotLoadedError as error:
            db.session.rollback()
            raise click.ClickException(f"Nothing was loaded. {error}") from None
        db.session.commit()
        click.echo(f"Loaded {source.name}: {count} entries, head {ledger.head()[1]}")


@tracker.group()
def evidence() -> None:
    """Look after the files of evidence."""


@evidence.command()
def check() -> None:
    """Name files without a row, rows without a file, and files that are not what was uploaded."""
    from tracker.evidence import filing

    with _register(writes=False):
        faults = list(filing.faults())
    for fault in faults:
        click.echo(fault)
    if faults:
        sys.exit(1)
    click.echo("All is well: every file of evidence is there, and is the one that was uploaded.")


@tracker.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(port: int) -> None:
    """Set up and serve a register on this computer alone, with the bundled cohort and demo accounts."""
    from tracker import demonstration, register

    if not _settings().demo:
        raise click.ClickException("The demo is not switched on. Set TRACKER_DEMO=1, or use 'tracker serve'.")
    settings = _settings(serving=True)
    _require_free("127.0.0.1", port)
    with _register() as app:
        click.echo(f"Database: {make_url(settings.database_url).render_as_string()}")
        _bring_up_to_date(app)
        _require_evidence_folder()
        if register.cohorts():
            click.echo("The register has a cohort; nothing is loaded.")
        elif not _load(BUNDLED):
            sys.exit(1)
        accounts = demonstration.make()
    click.echo(f"\nThe register is at http://localhost:{port}/  (stop it with Ctrl+C)\n")
    click.echo(f"Demo accounts, all with the password {demonstration.PASSWORD}")
    for account in accounts:
        click.echo(f"  {account.email:<22} {account.what}")
    sys.stdout.flush()
    _say_where(port)
    _serve("127.0.0.1", port)


@tracker.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the register."""
    if _settings(serving=True).environment == "laptop":
        _say_where(port)
    _require_free(host, port)
    with _register() as app:
        _require_migrated(app)
        _require_evidence_folder()
    _serve(host, port)


@tracker.group()
def publish() -> None:
    """Publish what was approved for a moment."""


@publish.command()
@click.option("--watch", is_flag=True, help="Go on until SIGTERM or Ctrl+C.")
def due(watch: bool) -> None:
    """Publish what is approved and whose moment has come, each in a transaction of its own."""
    from tracker.publications import punctual

    with _register():
        if watch:
            punctual.watch(stop=_told_to_stop(), say=click.echo)
        else:
            click.echo(punctual.publish_due())


@tracker.group()
def mail() -> None:
    """Send the mails in the outbox."""


@mail.command()
@click.option("--watch", is_flag=True, help="Go on until SIGTERM or Ctrl+C.")
def deliver(watch: bool) -> None:
    """Send the mails that are due, put the weekly digests into the outbox, and delete old reports."""
    from tracker.mails import mailing

    with _register():
        mailing.tidy()
        server, sender = _mail_settings()
        if watch:
            mailing.watch(server, sender, stop=_told_to_stop(), say=click.echo)
            return
        mailing.post_digests()
        mailing.post_reminders()
        mailing.post_expiries()
        mailing.post_questions()
        report = mailing.deliver(server, sender)
    click.echo(report)
    if report.trouble:
        raise click.ClickException(report.trouble)


@mail.command()
def purge() -> None:
    """Let go of the recipients and the texts of mails that were sent long ago."""
    from tracker.extensions import db
    from tracker.mails import purging

    with _register():
        purged = purging.purge()
        db.session.commit()
    click.echo(f"Purged mails: {purged}.")


def _told_to_stop() -> Event:
    """Return what is set when the process is told to stop."""
    stop = Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    return stop


def _mail_settings() -> tuple[SmtpServer, str]:
    from tracker.mails import outbox
    from tracker.vocabulary import MailState

    try:
        return _settings().for_delivering()
    except UnsafeSettings as error:
        waiting = outbox.counts()[MailState.WAITING]
        raise click.ClickException(f"Nothing was sent; mails in the outbox: {waiting}. {error}") from None


def _require_free(host: str, port: int) -> None:
    """Refuse an address at which another server listens: two would share it without a word."""
    try:
        with socket.create_server((host, port)):
            return
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise click.ClickException(
            f"Cannot listen at {host}, port {port}: {why}. Choose another with --port."
        ) from None


def _require_evidence_folder() -> None:
    """Make the folder for evidence; refuse to serve where that cannot be written to."""
    from tracker.evidence import filing

    try:
        writable = os.access(filing.prepare(), os.R_OK | os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        folder = _settings().evidence_folder
        raise click.ClickException(
            f"The folder for evidence, {folder}, cannot be written to. Set TRACKER_EVIDENCE_FOLDER to another."
        )


def _require_migrated(app: Flask) -> None:
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from tracker.extensions import db

    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_heads()
    if found != tuple(ScriptDirectory(app.extensions["migrate"].directory).get_heads()):
        raise click.ClickException("The database is new, or of another version. Run 'tracker migrate' first.")


def _say_where(port: int) -> None:
    """Tell the server on a laptop its own address: there passkeys hold, and links in mails lead."""
    os.environ.setdefault("TRACKER_ADDRESS", f"http://localhost:{port}")


def _serve(host: str, port: int) -> None:
    """Become the server: one process with a few threads for Python (docs/decisions)."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", str(THREADS), "--log-level", "warning", "wsgi:application"]
    os.chdir(PROJECT)
    os.execv(sys.executable, command)  # noqa: S606  # nosec B606  # no shell, and every argument is our own


def _bring_up_to_date(app: Flask) -> None:
    """Run the migrations, and enter in the ledger the accreditations from before it recorded any."""
    from tracker import accrediting
    from tracker.extensions import db

    run_migrations(app)
    entered = accrediting.enter_earlier_ones()
    db.session.commit()
    click.echo("The database is up to date.")
    if entered:
        click.echo(f"Accreditations from before the ledger recorded them, entered now: {entered}.")


def run_migrations(app: Flask, revision: str = "head") -> None:
    """Bring the database of an application up to a revision."""
    from alembic import command
    from alembic.util import CommandError
    from flask_migrate import Config

    config = Config(str(PROJECT / "migrations" / "alembic.ini"))
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    config.attributes["app"] = app
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise click.ClickException(f"The database is of a version that this register does not know: {error}") from None


def _load(file: Path) -> bool:
    """Load a file, commit, and say what happened; return False where it was refused."""
    from tracker.cohort_files.cohort_file import LARGEST
    from tracker.cohort_files.yaml_lines import BadFile
    from tracker.extensions import db
    from tracker.loading import load as load_cohort

    with file.open("rb") as opened:
        content = opened.read(LARGEST + 1)
    try:
        report = load_cohort(content)
    except BadFile as error:
        db.session.rollback()
        click.echo(f"{file} was refused; nothing was loaded.", err=True)
        for mistake in error.mistakes[:MOST_MISTAKES]:
            click.echo(f"  {mistake}", err=True)
        if len(error.mistakes) > MOST_MISTAKES:
            click.echo(f"  and {len(error.mistakes) - MOST_MISTAKES} more", err=True)
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
