"""Notices of withdrawal that are being prepared: the answers so far, and the letter."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.extensions import Base
from tracker.models.columns import Moment, MultilingualText, Text
from tracker.models.endorsement import Endorsement
from tracker.models.evidence import Evidence


class PreparedNotice(Base):
    """A notice of withdrawal that was not given yet, of which the ledger knows nothing.

    An endorsement has two at most: one that its representatives prepare, and one that the secretariat records from a
    letter that came on paper.
    """

    __tablename__ = "prepared_notice"
    __table_args__ = (
        sa.UniqueConstraint("endorsement_id", "on_paper"),
        sa.CheckConstraint("on_paper OR (received_on IS NULL AND provenance IS NULL)", name="receipt_of_paper"),
        sa.CheckConstraint("signed_on <= received_on", name="signed_before_received"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    endorsement_id: Mapped[int] = mapped_column(sa.ForeignKey("endorsement.id"))
    on_paper: Mapped[bool]
    signed_on: Mapped[date | None]
    received_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    provenance: Mapped[str | None] = mapped_column(sa.String(400))
    reason: Mapped[Text | None] = mapped_column(MultilingualText)
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment)

    endorsement: Mapped[Endorsement] = relationship()
    evidence: Mapped[Evidence | None] = relationship()
