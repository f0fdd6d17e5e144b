"""What the secretariat prepares of a cohort before anybody else sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.extensions import Base
from tracker.models.account import Account
from tracker.models.cohort import Cohort
from tracker.models.columns import Moment
from tracker.models.proposal import Proposal


class Preparation(Base):
    """A cohort that is being prepared, or the changes of one that is published; it goes when they are public.

    ``content`` is read and written by ``preparing``. ``proposal`` is the last one that was made of it.
    """

    __tablename__ = "preparation"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(36), unique=True)
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohort.id"), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    changed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposal.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    cohort: Mapped[Cohort | None] = relationship()
    changed_by: Mapped[Account] = relationship()
    proposal: Mapped[Proposal | None] = relationship()
