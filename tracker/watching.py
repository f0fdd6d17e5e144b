"""Watches: looks again and again for what is due, until it is told to stop."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from sqlalchemy.exc import DBAPIError

from tracker.extensions import db

#: How long it waits before it looks again, in seconds.
LOOK_AGAIN = 5.0


def watch(look: Callable[[], str], *, stop: Event, say: Callable[[str], None]) -> None:
    """Look again and again, until it is told to stop. It outlives a database that is away.

    Args:
        look: does what is due, and returns what keeps it from doing so; nothing where all is well.
        stop: set, for example by a signal, to look no more.
        say: takes what the operator should read. What keeps it from its work is said once.
    """
    trouble = ""
    while not stop.is_set():
        before = trouble
        try:
            trouble = look()
        except DBAPIError as error:
            trouble = f"The database does not answer: {str(error.orig).strip()}"
        db.session.remove()
        if trouble and trouble != before:
            say(trouble)
        stop.wait(LOOK_AGAIN)
