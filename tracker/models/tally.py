"""The kept tallies: running totals by day of effect, so that any day's count is one look-up."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.extensions import Base
from tracker.models.columns import closed_list
from tracker.vocabulary import Kind


class SetTally(Base):
    """How many participants of a kind endorse the set, from ``day`` until the next row's day."""

    __tablename__ = "set_tally"
    __table_args__ = (
        sa.CheckConstraint("signatories >= 0 AND partial >= 0 AND reserved >= 0", name="not_negative"),
        sa.CheckConstraint("partial <= signatories AND reserved <= signatories", name="parts_of_signatories"),
        {"sqlite_with_rowid": False},  # a row is found in its key, without a second look-up
    )

    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"), primary_key=True)
    kind: Mapped[Kind] = mapped_column(closed_list(Kind, "kind"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    signatories: Mapped[int]
    partial: Mapped[int]
    reserved: Mapped[int]


class RecommendationTally(Base):
    """How many participants of a kind endorse an edition of a recommendation, from ``day`` until the next row's day."""

    __tablename__ = "recommendation_tally"
    __table_args__ = (
        sa.CheckConstraint("signatories >= 0 AND reserved >= 0", name="not_negative"),
        sa.CheckConstraint("reserved <= signatories", name="parts_of_signatories"),
        {"sqlite_with_rowid": False},  # a row is found in its key, without a second look-up
    )

    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Kind] = mapped_column(closed_list(Kind, "kind"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    signatories: Mapped[int]
    reserved: Mapped[int]
