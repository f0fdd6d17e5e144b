"""Evidence: the signed letters and notes verbales that staff verify against. What refers to one owns it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.extensions import Base
from tracker.models.account import Account
from tracker.models.columns import Moment, closed_list
from tracker.vocabulary import MediaType

#: The largest file that is kept, in bytes.
LARGEST_FILE = 10 * 1024 * 1024


class Evidence(Base):
    """A file as it was sent. Its content is in the folder for evidence, under its key; never public."""

    __tablename__ = "evidence"
    __table_args__ = (
        sa.CheckConstraint(f"size BETWEEN 1 AND {LARGEST_FILE}", name="size"),
        sa.CheckConstraint("length(key) = 32", name="key_length"),
        sa.CheckConstraint("length(sha256) = 64", name="sha256_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    file_name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[MediaType] = mapped_column(closed_list(MediaType, "media_type"))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    uploaded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Moment)

    uploaded_by: Mapped[Account] = relationship()
