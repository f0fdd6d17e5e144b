"""The ``tracker security-log`` command."""

from __future__ import annotations

import click

from tracker.opening import opened


@click.group("security-log")
def security_log() -> None:
    """Look after the security log."""


@security_log.command()
def purge() -> None:
    """Delete the security events that are older than they are kept."""
    from tracker.extensions import db
    from tracker.identity import purging_the_log

    with opened():
        purged = purging_the_log.purge()
        db.session.commit()
    click.echo(f"Deleted security events: {purged}.")
