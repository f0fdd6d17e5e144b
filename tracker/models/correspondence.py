"""The outbox: the mails that tell people what was done and what they have to do."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.extensions import Base
from tracker.models.account import Account
from tracker.models.columns import Moment, closed_list
from tracker.vocabulary import MailState, Notice

_IS_WAITING = sa.text("state = 'waiting'")
_IS_BARE = (
    "purged_at IS NULL OR (state = 'sent' AND recipient_id IS NULL AND name = '' AND address = '' AND facts = '{}')"
)


class Mail(Base):
    """A mail to one person, with or without an account, written in the transaction of what it tells, and sent later.

    Attributes:
        reference: the mail's name in the register's own addresses, and the first part of its Message-ID.
        message_id: the Message-ID under which it is sent, however often that is.
        recipient: whose account it goes to; ``None`` for somebody who has none.
        name, address, language: the recipient's, as they were when the mail was written.
        facts: canonical JSON with all that the text needs, so that it can be made later from nothing else.
        occasion: for what may be told a person once alone, what that is: a week's digest.
        purged_at: since when only that it was sent is kept, and of what occasion; not to whom, nor what it said.
        attempts: how often it was tried to send it, since it was written or last put back into the outbox.
    """

    __tablename__ = "mail"
    __table_args__ = (
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_moment"),
        sa.CheckConstraint("(state = 'waiting') = (next_attempt_at IS NOT NULL)", name="waiting_has_next_attempt"),
        sa.CheckConstraint("state <> 'dead' OR last_error IS NOT NULL", name="dead_has_reason"),
        sa.CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        sa.CheckConstraint(_IS_BARE, name="purged_is_bare"),
        sa.Index("ix_mail_due", "next_attempt_at", "id", sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING),
        sa.Index(None, "state", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(36), unique=True)
    message_id: Mapped[str] = mapped_column(sa.String(320), unique=True)
    recipient_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    address: Mapped[str] = mapped_column(sa.String(255))
    language: Mapped[str] = mapped_column(sa.String(35))
    notice: Mapped[Notice] = mapped_column(closed_list(Notice, "notice"))
    facts: Mapped[str] = mapped_column(sa.Text)
    occasion: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[MailState] = mapped_column(closed_list(MailState, "state"))
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None] = mapped_column(Moment)
    last_error: Mapped[str | None] = mapped_column(sa.Text)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    purged_at: Mapped[datetime | None] = mapped_column(Moment)

    recipient: Mapped[Account | None] = relationship()
