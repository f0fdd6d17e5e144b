"""Purges mails that were sent long ago: to whom they went and what they said is not kept for ever.

What stays says that a mail was sent, when, and on what occasion, so that nobody is told of the same twice.
"""

from __future__ import annotations

import sqlalchemy as sa
from flask import current_app

from tracker import clock
from tracker.extensions import db
from tracker.models import Mail
from tracker.vocabulary import MailState


def due() -> bool:
    """Whether there is a mail that was sent longer ago than mails are kept, and not purged yet."""
    return db.session.scalar(sa.select(Mail.id).where(_is_old()).limit(1)) is not None


def purge() -> int:
    """Let go of the recipients and the texts of mails that were sent longer ago; return of how many."""
    bare = {"recipient_id": None, "name": "", "address": "", "facts": "{}", "purged_at": clock.now()}
    purged = db.session.execute(sa.update(Mail).where(_is_old()).values(**bare).returning(Mail.id)).all()
    db.session.flush()
    return len(purged)


def _is_old() -> sa.ColumnElement[bool]:
    before = clock.now() - current_app.config["MAIL_KEPT"]
    return sa.and_(Mail.state == MailState.SENT, Mail.sent_at < before, Mail.purged_at.is_(None))
