"""Writes into the security log that somebody who is signed in tried what they may not."""

from __future__ import annotations

from flask import current_app, request
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from tracker.access import me
from tracker.extensions import db, writing
from tracker.identity import security_log
from tracker.vocabulary import SecurityAction

#: How much of an address is written down, in characters.
LONGEST_ADDRESS = 300


def write_down(why: str) -> None:
    """Write it down in a transaction of its own: what the request itself began is undone first.

    Where somebody else writes for so long that it cannot be written down, the operator's log tells of it.
    """
    if not current_user.is_authenticated:
        return
    db.session.rollback()
    before = writing.set(True)
    asked = f"{request.method} {request.path[:LONGEST_ADDRESS]}"
    try:
        security_log.record(SecurityAction.ACCESS_REFUSED, account=me(), by=me(), why=why, asked=asked)
        db.session.commit()
    except OperationalError:
        db.session.rollback()
        current_app.logger.warning("refused, and not written down: %r, because of %s", asked, why)
    finally:
        writing.reset(before)
