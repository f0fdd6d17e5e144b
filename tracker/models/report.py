"""What readers report as wrong, and what became of it. None of it is part of the public record."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.extensions import Base
from tracker.models.account import Account
from tracker.models.columns import Moment, closed_list
from tracker.vocabulary import ReportStatus


class Report(Base):
    """Somebody reports that something is wrong on a public page. It is deleted some time after it was closed.

    Attributes:
        reference: how the reader and the secretariat name it.
        page: the address of the page on this register.
        name, address: the reader's, where the reader left them.
        answer: what was written to the reader; ``note`` is for the secretariat alone.
    """

    __tablename__ = "report"
    __table_args__ = (
        sa.CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed_at_a_moment"),
        sa.CheckConstraint("(status = 'open') = (closed_by_id IS NULL)", name="closed_by_somebody"),
        sa.CheckConstraint("(status = 'answered') = (answer IS NOT NULL)", name="answered_has_answer"),
        sa.CheckConstraint("answer IS NULL OR address IS NOT NULL", name="answered_at_an_address"),
        sa.Index(None, "written_at"),
        sa.Index(None, "closed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(36), unique=True)
    page: Mapped[str] = mapped_column(sa.String(400))
    language: Mapped[str] = mapped_column(sa.String(35))
    message: Mapped[str] = mapped_column(sa.Text)
    name: Mapped[str | None] = mapped_column(sa.String(200))
    address: Mapped[str | None] = mapped_column(sa.String(255))
    written_at: Mapped[datetime] = mapped_column(Moment)
    status: Mapped[ReportStatus] = mapped_column(closed_list(ReportStatus, "status"))
    answer: Mapped[str | None] = mapped_column(sa.Text)
    note: Mapped[str | None] = mapped_column(sa.Text)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    closed_by: Mapped[Account | None] = relationship()
