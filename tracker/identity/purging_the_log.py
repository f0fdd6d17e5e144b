"""Deletes security events that are older than the log is kept: who signed in from where is not kept for ever.

A wish to be forgotten stays until it is decided.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from tracker import clock
from tracker.extensions import db
from tracker.identity import wishes
from tracker.models import SecurityEvent


def due() -> bool:
    """Whether there is an event that is older than events are kept."""
    return db.session.scalar(sa.select(SecurityEvent.id).where(_is_old()).limit(1)) is not None


def purge() -> int:
    """Delete the events that are older; return how many there were."""
    purged = db.session.execute(sa.delete(SecurityEvent).where(_is_old()).returning(SecurityEvent.id)).all()
    db.session.flush()
    return len(purged)


def _is_old() -> sa.ColumnElement[bool]:
    kept: timedelta = current_app.config["SECURITY_LOG_KEPT"]
    return sa.and_(SecurityEvent.at < clock.now() - kept, ~wishes.waits())
