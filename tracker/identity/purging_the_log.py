"""Deletes security events that are older than the log is kept: who signed in from where is not kept for ever.

A wish to be forgotten stays until it is decided. Sessions of that age, which are long over, go with the events; the
last one of each person stays, and with it when they last signed in.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from tracker import clock
from tracker.extensions import db
from tracker.identity import wishes
from tracker.models import SecurityEvent, SignInSession


def due() -> bool:
    """Whether there is an event that is older than events are kept."""
    return db.session.scalar(sa.select(SecurityEvent.id).where(_is_old()).limit(1)) is not None


def purge() -> int:
    """Delete the events that are older, and the sessions; return how many events there were."""
    db.session.execute(sa.delete(SignInSession).where(_is_long_over()))
    purged = db.session.execute(sa.delete(SecurityEvent).where(_is_old()).returning(SecurityEvent.id)).all()
    db.session.flush()
    return len(purged)


def _is_old() -> sa.ColumnElement[bool]:
    return sa.and_(SecurityEvent.at < _earliest(), ~wishes.waits())


def _is_long_over() -> sa.ColumnElement[bool]:
    last_ones = sa.select(sa.func.max(SignInSession.id)).group_by(SignInSession.account_id)
    return sa.and_(SignInSession.seen_at < _earliest(), SignInSession.id.not_in(last_ones))


def _earliest() -> datetime:
    kept: timedelta = current_app.config["SECURITY_LOG_KEPT"]
    return clock.now() - kept
