"""Endorsements, what they say of each recommendation, and the acts in their life."""

from __future__ import annotations

import json
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.extensions import Base
from tracker.models.account import Account
from tracker.models.cohort import Cohort, Recommendation, Revision, Source
from tracker.models.columns import Moment, MultilingualText, Reasons, Text, closed_list
from tracker.models.evidence import Evidence
from tracker.models.ledger import LedgerEntry
from tracker.models.participant import Participant
from tracker.vocabulary import OPEN, Action, Question, Scope, Stance, Status

_IS_OPEN = "status IN ({})".format(", ".join(f"'{status}'" for status in OPEN))
_HAS_BEEN_IN_FORCE = "status IN ('in_force', 'withdrawn', 'superseded')"


class Endorsement(Base):
    """The instrument by which a participant endorses a cohort's recommendations."""

    __tablename__ = "endorsement"
    __table_args__ = (
        sa.Index(
            "uq_endorsement_open",
            "participant_id",
            "cohort_id",
            unique=True,
            sqlite_where=sa.text(_IS_OPEN),
            postgresql_where=sa.text(_IS_OPEN),
        ),
        sa.Index(
            "uq_endorsement_in_force",
            "participant_id",
            "cohort_id",
            unique=True,
            sqlite_where=sa.text("status = 'in_force'"),
            postgresql_where=sa.text("status = 'in_force'"),
        ),
        sa.Index(None, "cohort_id", "status"),
        sa.Index(None, "participant_id"),
        sa.CheckConstraint("status = 'draft' OR scope IS NOT NULL", name="has_scope"),
        sa.CheckConstraint(f"({_HAS_BEEN_IN_FORCE}) = (effective_on IS NOT NULL)", name="effective_once_in_force"),
        sa.CheckConstraint("(status IN ('withdrawn', 'superseded')) = (ended_on IS NOT NULL)", name="ended_has_day"),
        sa.CheckConstraint("status NOT IN ('returned', 'rejected') OR reasons IS NOT NULL", name="refused_has_reasons"),
        sa.CheckConstraint("submitted_by_id <> confirmed_by_id", name="four_eyes"),
        sa.CheckConstraint(
            f"submitted_by_id IS NULL OR NOT ({_HAS_BEEN_IN_FORCE}) OR confirmed_by_id IS NOT NULL",
            name="confirmed_by_somebody",
        ),
        sa.CheckConstraint("on_paper OR provenance IS NULL", name="provenance_of_paper"),
        sa.CheckConstraint("signed_on <= received_on", name="signed_before_received"),
        sa.CheckConstraint("received_on <= effective_on", name="received_before_effective"),
        sa.CheckConstraint("effective_on <= ended_on", name="effective_before_ended"),
        sa.CheckConstraint("notice_on <= ended_on", name="notice_before_ended"),
        sa.CheckConstraint("notice_signed_on <= notice_on", name="notice_signed_before_notice"),
        sa.CheckConstraint("notice_on_paper OR notice_provenance IS NULL", name="notice_provenance_of_paper"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(36), unique=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"))
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"))
    status: Mapped[Status] = mapped_column(closed_list(Status, "status"))
    scope: Mapped[Scope | None] = mapped_column(closed_list(Scope, "scope"))
    statement: Mapped[Text | None] = mapped_column(MultilingualText)
    reasons: Mapped[dict[Question, str] | None] = mapped_column(Reasons)

    signed_on: Mapped[date | None]
    signatory_name: Mapped[str | None] = mapped_column(sa.String(200))
    signatory_office: Mapped[str | None] = mapped_column(sa.String(200))
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence.id"))
    on_paper: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    provenance: Mapped[str | None] = mapped_column(sa.String(400))
    received_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    notice_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    notice_signed_on: Mapped[date | None]
    notice_on_paper: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    notice_provenance: Mapped[str | None] = mapped_column(sa.String(400))
    withdrawal_reason: Mapped[Text | None] = mapped_column(MultilingualText)
    date_note: Mapped[Text | None] = mapped_column(MultilingualText)
    source_id: Mapped[int | None] = mapped_column(sa.ForeignKey("source.id"))

    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    cohort: Mapped[Cohort] = relationship()
    participant: Mapped[Participant] = relationship()
    source: Mapped[Source | None] = relationship()
    evidence: Mapped[Evidence | None] = relationship()
    submitted_by: Mapped[Account | None] = relationship(foreign_keys=[submitted_by_id])
    changed_by: Mapped[Account | None] = relationship(foreign_keys=[changed_by_id])
    positions: Mapped[list[Position]] = relationship(back_populates="endorsement", cascade="all, delete-orphan")
    acts: Mapped[list[Act]] = relationship(back_populates="endorsement", order_by="Act.entry_sequence")

    @property
    def reservations(self) -> list[Position]:
        """The positions that carry a reservation, in the order of the set."""
        return [position for position in self.ordered_positions if position.stance is Stance.RESERVED]

    @property
    def ordered_positions(self) -> list[Position]:
        """The positions in the order of the set."""
        return sorted(self.positions, key=lambda position: position.recommendation.place)


class Position(Base):
    """What an endorsement says of one recommendation's revision."""

    __tablename__ = "position"
    __table_args__ = (
        sa.ForeignKeyConstraint(["revision_id", "recommendation_id"], ["revision.id", "revision.recommendation_id"]),
        sa.CheckConstraint("(stance = 'reserved') = (reservation IS NOT NULL)", name="reservation_has_text"),
        sa.Index(None, "recommendation_id", "endorsement_id"),
    )

    endorsement_id: Mapped[int] = mapped_column(sa.ForeignKey("endorsement.id"), primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True)
    revision_id: Mapped[int]
    stance: Mapped[Stance] = mapped_column(closed_list(Stance, "stance"))
    reservation: Mapped[Text | None] = mapped_column(MultilingualText)

    endorsement: Mapped[Endorsement] = relationship(back_populates="positions")
    recommendation: Mapped[Recommendation] = relationship(foreign_keys="Position.recommendation_id")
    revision: Mapped[Revision] = relationship(
        primaryjoin="Revision.id == Position.revision_id", foreign_keys="Position.revision_id", viewonly=True
    )

    @property
    def says(self) -> tuple[int, Text | None]:
        """What it says, to be compared with another position: the wording that it is on, and the reservation."""
        return self.revision_id, self.reservation


class Act(Base):
    """One dated step in an endorsement's life. Its day of recording is that of its ledger entry.

    ``evidence`` is the file that came with it, which is kept for as long as the act is.
    """

    __tablename__ = "act"
    __table_args__ = (
        sa.CheckConstraint("signed_on <= received_on", name="signed_before_received"),
        sa.Index(None, "endorsement_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    endorsement_id: Mapped[int] = mapped_column(sa.ForeignKey("endorsement.id"))
    entry_sequence: Mapped[int] = mapped_column(sa.ForeignKey("ledger_entry.sequence"), unique=True)
    action: Mapped[Action] = mapped_column(closed_list(Action, "action"))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    signed_on: Mapped[date | None]
    received_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence.id"))

    @property
    def correction(self) -> tuple[int, Text] | None:
        """The number of the entry that the act corrects, and the reason, where it corrects one."""
        if self.action is not Action.CORRECTED:
            return None
        facts = json.loads(self.entry.payload)
        return facts["corrects"], Text.from_json(facts["reason"])

    endorsement: Mapped[Endorsement] = relationship(back_populates="acts")
    evidence: Mapped[Evidence | None] = relationship()
    by: Mapped[Account | None] = relationship()
    entry: Mapped[LedgerEntry] = relationship()
