"""The roll: participants and the names they carry."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.extensions import Base
from tracker.models.columns import MultilingualText, Text, closed_list
from tracker.vocabulary import Kind


class Participant(Base):
    """A country, institution or organisation on the roll, whether or not it has endorsed anything.

    ``contact_address`` is what is published for it elsewhere, to which links are sent that dispute an endorsement.
    ``kind`` is what it is now; ``former_kinds`` what it was before.
    """

    __tablename__ = "participant"
    __table_args__ = (sa.Index(None, "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    kind: Mapped[Kind] = mapped_column(closed_list(Kind, "kind"))
    iso_code: Mapped[str | None] = mapped_column(sa.String(2))
    seat: Mapped[str | None] = mapped_column(sa.String(2))
    acronym: Mapped[str | None] = mapped_column(sa.String(40))
    website: Mapped[str | None] = mapped_column(sa.String(400))
    footnote: Mapped[Text | None] = mapped_column(MultilingualText)
    name_confirmed: Mapped[bool]
    contact_address: Mapped[str | None] = mapped_column(sa.String(255))

    names: Mapped[list[ParticipantName]] = relationship(order_by="ParticipantName.id")
    former_kinds: Mapped[list[FormerKind]] = relationship(order_by="FormerKind.until", cascade="all, delete-orphan")
    former_addresses: Mapped[list[FormerAddress]] = relationship(
        order_by="FormerAddress.slug", back_populates="participant"
    )
    current_name: Mapped[ParticipantName] = relationship(
        primaryjoin="and_(ParticipantName.participant_id == Participant.id, ParticipantName.valid_until.is_(None))",
        viewonly=True,
        lazy="joined",
        innerjoin=True,
    )

    @property
    def name(self) -> Text:
        """The official short name that the participant carries now."""
        return self.current_name.name


class ParticipantName(Base):
    """An official short name, with the formal one, from a day on. CLDR fills the languages in which none is given.

    The first name has no first day. ``valid_until`` is the day from which on the participant carries the next one.
    A name ``of_duplicate`` was carried by another participant that turned out to be this one: it is found, but shown
    for no day.
    """

    __tablename__ = "participant_name"
    __table_args__ = (
        sa.CheckConstraint("valid_until >= valid_from", name="dates_in_order"),
        sa.CheckConstraint("NOT of_duplicate OR valid_until IS NOT NULL", name="of_duplicate_has_ended"),
        sa.Index(None, "participant_id"),
        sa.Index(
            "uq_participant_name_current",
            "participant_id",
            unique=True,
            sqlite_where=sa.text("valid_until IS NULL"),
            postgresql_where=sa.text("valid_until IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"))
    name: Mapped[Text] = mapped_column(MultilingualText)
    in_sentence: Mapped[Text | None] = mapped_column(MultilingualText)
    formal_name: Mapped[Text | None] = mapped_column(MultilingualText)
    of_duplicate: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class FormerKind(Base):
    """What a participant was before a day, from which on it is something else."""

    __tablename__ = "former_kind"

    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), primary_key=True)
    until: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(closed_list(Kind, "kind"))


class FormerAddress(Base):
    """The address of a participant that was found to be another one, to whose page it leads now."""

    __tablename__ = "former_address"
    __table_args__ = (sa.Index(None, "participant_id"),)

    slug: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"))

    participant: Mapped[Participant] = relationship(back_populates="former_addresses")
