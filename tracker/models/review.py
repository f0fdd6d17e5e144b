"""Disputed endorsements: the links by which a participant disputes one, and the reviews that follow."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.extensions import Base
from tracker.models.account import Account
from tracker.models.columns import Moment, MultilingualText, Text, closed_list
from tracker.models.endorsement import Endorsement
from tracker.models.ledger import LedgerEntry
from tracker.vocabulary import ReviewOutcome

_IS_OPEN = sa.text("outcome IS NULL")


class DisputeLink(Base):
    """A link that disputes an endorsement once. Of its token only the hash is kept.

    There is a row for each link that was asked for, whether or not the participant has an address to which it was sent.
    """

    __tablename__ = "dispute_link"
    __table_args__ = (
        sa.CheckConstraint("length(token_sha256) = 64", name="token_sha256_length"),
        sa.CheckConstraint("expires_at > asked_at", name="expires_later"),
        sa.Index(None, "endorsement_id"),
        sa.Index(None, "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    endorsement_id: Mapped[int] = mapped_column(sa.ForeignKey("endorsement.id"))
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    endorsement: Mapped[Endorsement] = relationship()


class Review(Base):
    """The review of an endorsement whose participant says that it did not sign it; open until it has an outcome.

    Attributes:
        message: what the participant says; the ledger binds it, and it is not published.
        language: in which the participant is answered.
        finding: what the secretariat answers; it is published.
    """

    __tablename__ = "review"
    __table_args__ = (
        sa.Index("uq_review_open", "endorsement_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        sa.Index(None, "endorsement_id"),
        sa.CheckConstraint("(outcome IS NULL) = (finding IS NULL)", name="closed_has_finding"),
        sa.CheckConstraint("(outcome IS NULL) = (closed_entry IS NULL)", name="closed_has_entry"),
        sa.CheckConstraint("(outcome IS NULL) = (closed_by_id IS NULL)", name="closed_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(36), unique=True)
    endorsement_id: Mapped[int] = mapped_column(sa.ForeignKey("endorsement.id"))
    message: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(35))
    opened_entry: Mapped[int] = mapped_column(sa.ForeignKey("ledger_entry.sequence"), unique=True)
    outcome: Mapped[ReviewOutcome | None] = mapped_column(closed_list(ReviewOutcome, "outcome"))
    finding: Mapped[Text | None] = mapped_column(MultilingualText)
    closed_entry: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_entry.sequence"))
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    endorsement: Mapped[Endorsement] = relationship()
    opened: Mapped[LedgerEntry] = relationship(foreign_keys=[opened_entry])
    closed: Mapped[LedgerEntry | None] = relationship(foreign_keys=[closed_entry])
    closed_by: Mapped[Account | None] = relationship()
