"""Tables that staff upload: the files, how far their preview is, and what would become of each row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.extensions import Base
from tracker.models.account import Account
from tracker.models.columns import Moment, closed_list
from tracker.vocabulary import Outcome, Preview


class Load(Base):
    """Files that were uploaded together, and their preview.

    ``worker`` is the run that computes the preview, and was last seen alive at ``seen_at``. The rows that it has dealt
    with are ``done``, of ``total``. ``head`` is the ledger entry at which the register stood, and ``remarks`` are codes
    of what is to be known of the tables, with what their sentences need.
    """

    __tablename__ = "load"
    __table_args__ = (
        sa.CheckConstraint("done >= 0 AND done <= total", name="done_of_total"),
        sa.CheckConstraint("preview <> 'ready' OR head IS NOT NULL", name="ready_at_an_entry"),
        sa.Index(None, "uploaded_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(36), unique=True)
    uploaded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    preview: Mapped[Preview] = mapped_column(closed_list(Preview, "preview"))
    worker: Mapped[str] = mapped_column(sa.String(36))
    seen_at: Mapped[datetime] = mapped_column(Moment)
    total: Mapped[int]
    done: Mapped[int]
    head: Mapped[int | None]
    remarks: Mapped[list[list[str]]] = mapped_column(sa.JSON)

    uploaded_by: Mapped[Account] = relationship()
    files: Mapped[list[LoadFile]] = relationship(order_by="LoadFile.place")


class LoadFile(Base):
    """A file as it was uploaded."""

    __tablename__ = "load_file"
    __table_args__ = (
        sa.UniqueConstraint("load_id", "place"),
        sa.CheckConstraint("length(sha256) = 64", name="sha256_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    load_id: Mapped[int] = mapped_column(sa.ForeignKey("load.id"))
    place: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)


class LoadRow(Base):
    """A row of an uploaded table, and what would become of it.

    ``cells`` are what stands in it, by column. ``changes`` are column, before and after; ``mistakes`` a code, the
    column, and what the sentence about it needs.
    """

    __tablename__ = "load_row"
    __table_args__ = (
        sa.UniqueConstraint("load_id", "place"),
        sa.Index(None, "load_id", "outcome", "place"),
        sa.CheckConstraint("row_number > 0", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    load_id: Mapped[int] = mapped_column(sa.ForeignKey("load.id"))
    place: Mapped[int]
    table_name: Mapped[str] = mapped_column(sa.String(40))
    row_number: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(closed_list(Outcome, "outcome"))
    cells: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    changes: Mapped[list[list[str]]] = mapped_column(sa.JSON)
    mistakes: Mapped[list[list[Any]]] = mapped_column(sa.JSON)
