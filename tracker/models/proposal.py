"""What is proposed and waits for a second person, and who of the secretariat is looking at what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.extensions import Base
from tracker.models.account import Account
from tracker.models.cohort import Cohort
from tracker.models.columns import Moment, closed_list
from tracker.models.participant import Participant
from tracker.vocabulary import PENDING, ProposalKind, ProposalStatus

_IS_PENDING = "status IN ({})".format(", ".join(f"'{status}'" for status in PENDING))


class Proposal(Base):
    """A change of the record that one person proposed and another one has to approve: four eyes.

    ``content`` is what was proposed, as the room that carries it out reads it. ``subject`` is the ledger's address of
    what would change; of each one proposal of a kind at most waits for a decision or for its moment.

    ``due_at`` is the moment from which what was approved is public; without one, it is so at once.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        sa.Index(
            "uq_proposal_open",
            "kind",
            "subject",
            unique=True,
            sqlite_where=sa.text(_IS_PENDING),
            postgresql_where=sa.text(_IS_PENDING),
        ),
        sa.Index(None, "status"),
        sa.Index(None, "participant_id"),
        sa.CheckConstraint(
            "decided_by_id <> proposed_by_id OR status IN ('taken_back', 'called_off')", name="four_eyes"
        ),
        sa.CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_at_a_moment"),
        sa.CheckConstraint("(status = 'open') = (decided_by_id IS NULL)", name="decided_by_somebody"),
        sa.CheckConstraint("status <> 'returned' OR reason IS NOT NULL", name="returned_has_reason"),
        sa.CheckConstraint("status <> 'stopped' OR reason IS NOT NULL", name="stopped_has_reason"),
        sa.CheckConstraint("status <> 'scheduled' OR due_at IS NOT NULL", name="scheduled_has_moment"),
        sa.CheckConstraint("(status = 'approved') = (entry_sequence IS NOT NULL)", name="approved_has_entry"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(36), unique=True)
    kind: Mapped[ProposalKind] = mapped_column(closed_list(ProposalKind, "kind"))
    status: Mapped[ProposalStatus] = mapped_column(closed_list(ProposalStatus, "status"))
    subject: Mapped[str] = mapped_column(sa.String(200))
    participant_id: Mapped[int | None] = mapped_column(sa.ForeignKey("participant.id"))
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohort.id"))
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(sa.Text)
    entry_sequence: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_entry.sequence"))
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    participant: Mapped[Participant | None] = relationship()
    cohort: Mapped[Cohort | None] = relationship()
    proposed_by: Mapped[Account] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])


class Look(Base):
    """Somebody of the secretariat looks at an endorsement or a proposal, and did so last at a moment."""

    __tablename__ = "look"

    reference: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    looked_at: Mapped[datetime] = mapped_column(Moment)

    account: Mapped[Account] = relationship()
