"""A cohort and what it publishes: headings, recommendations and their revisions, events, documents, sources."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker import clock
from tracker.extensions import Base
from tracker.models.columns import MultilingualText, MultilingualTexts, Text, closed_list
from tracker.vocabulary import DocumentKind, EventKind, Rendering, RevisionKind, TextStatus


class Cohort(Base):
    """A group of states and organisations that publishes one set of recommendations."""

    __tablename__ = "cohort"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    title: Mapped[Text] = mapped_column(MultilingualText)
    summit: Mapped[str | None] = mapped_column(sa.String(200))
    established_on: Mapped[date | None]
    published_on: Mapped[date | None]
    expected_outcomes: Mapped[list[Text]] = mapped_column(MultilingualTexts)
    priority_areas: Mapped[list[Text]] = mapped_column(MultilingualTexts)

    sources: Mapped[list[Source]] = relationship(order_by="Source.id")
    co_leads: Mapped[list[CoLead]] = relationship(order_by="CoLead.place")
    headings: Mapped[list[Heading]] = relationship(order_by="Heading.number", back_populates="cohort")
    recommendations: Mapped[list[Recommendation]] = relationship(order_by="Recommendation.place", viewonly=True)
    events: Mapped[list[Event]] = relationship(
        order_by="func.coalesce(Event.moved_to, Event.held_on), Event.id", back_populates="cohort"
    )
    documents: Mapped[list[Document]] = relationship(
        order_by="Document.published_on.desc(), Document.id", back_populates="cohort"
    )


class Source(Base):
    """Where facts come from. A fact of the register names its source."""

    __tablename__ = "source"
    __table_args__ = (sa.UniqueConstraint("cohort_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"))
    key: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(400))
    publisher: Mapped[str] = mapped_column(sa.String(200))
    url: Mapped[str | None] = mapped_column(sa.String(2000))
    published_on: Mapped[date | None]
    describes_cohort: Mapped[bool]


class CoLead(Base):
    """A state or organisation that leads a cohort, as the cohort names it."""

    __tablename__ = "co_lead"
    __table_args__ = (sa.UniqueConstraint("cohort_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"))
    place: Mapped[int]
    name: Mapped[Text] = mapped_column(MultilingualText)


class Heading(Base):
    """A numbered part of the set, under which recommendations stand."""

    __tablename__ = "heading"
    __table_args__ = (
        sa.UniqueConstraint("cohort_id", "number"),
        sa.UniqueConstraint("id", "cohort_id"),
        sa.CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"))
    number: Mapped[int]
    title: Mapped[Text] = mapped_column(MultilingualText)

    cohort: Mapped[Cohort] = relationship(back_populates="headings")
    recommendations: Mapped[list[Recommendation]] = relationship(
        order_by="Recommendation.place", back_populates="heading"
    )


class Recommendation(Base):
    """An item of the set, addressed by its number for ever."""

    __tablename__ = "recommendation"
    __table_args__ = (
        sa.UniqueConstraint("cohort_id", "number"),
        sa.UniqueConstraint("cohort_id", "place"),
        sa.ForeignKeyConstraint(["heading_id", "cohort_id"], ["heading.id", "heading.cohort_id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"))
    heading_id: Mapped[int]
    number: Mapped[str] = mapped_column(sa.String(20))
    place: Mapped[int]

    cohort: Mapped[Cohort] = relationship(viewonly=True)
    heading: Mapped[Heading] = relationship(back_populates="recommendations")
    revisions: Mapped[list[Revision]] = relationship(order_by="Revision.number", back_populates="recommendation")

    @property
    def revision(self) -> Revision:
        """The wording that stands now."""
        return self.revision_on(clock.today())

    def revision_on(self, day: date) -> Revision:
        """Return the wording that stands on a day: an amendment may be published before it takes effect."""
        standing = [each for each in self.revisions if each.effective_on is None or each.effective_on <= day]
        return standing[-1] if standing else self.revisions[0]


class Revision(Base):
    """One wording of a recommendation. Revisions follow one another, by number and by day of effect.

    ``edition`` counts the wordings that have to be endorsed anew: the original is the first, each amendment the next
    one, and a corrigendum belongs to the edition that it corrects. Who endorsed a revision endorses its edition.
    """

    __tablename__ = "revision"
    __table_args__ = (
        sa.UniqueConstraint("recommendation_id", "number"),
        sa.UniqueConstraint("id", "recommendation_id"),
        sa.Index(
            "uq_revision_edition",
            "recommendation_id",
            "edition",
            unique=True,
            sqlite_where=sa.text("kind <> 'corrigendum'"),
            postgresql_where=sa.text("kind <> 'corrigendum'"),
        ),
        sa.CheckConstraint("(number = 1) = (kind = 'original')", name="first_is_original"),
        sa.CheckConstraint("edition BETWEEN 1 AND number", name="edition_in_order"),
        sa.CheckConstraint(
            "kind = 'original' OR (reason IS NOT NULL AND effective_on IS NOT NULL)", name="change_has_reason"
        ),
        sa.CheckConstraint(
            "kind = 'original' OR (source_id IS NULL) <> (provenance IS NULL)", name="change_has_one_source"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"))
    number: Mapped[int]
    kind: Mapped[RevisionKind] = mapped_column(closed_list(RevisionKind, "kind"))
    edition: Mapped[int] = mapped_column(default=1, server_default="1")
    text: Mapped[Text] = mapped_column(MultilingualText)
    text_status: Mapped[TextStatus] = mapped_column(closed_list(TextStatus, "text_status"))
    effective_on: Mapped[date | None]
    source_id: Mapped[int | None] = mapped_column(sa.ForeignKey("source.id"))
    provenance: Mapped[str | None] = mapped_column(sa.String(400))
    reason: Mapped[Text | None] = mapped_column(MultilingualText)

    recommendation: Mapped[Recommendation] = relationship(back_populates="revisions")
    source: Mapped[Source | None] = relationship()


class Event(Base):
    """A meeting of the cohort.

    ``held_on`` is the day for which it was announced, and part of its address for ever; where it was moved to another
    day, ``moved_to`` is that. ``begins_at`` is the hour in its ``time_zone``, such as 14:30. ``called_off`` says why it
    is not held.
    """

    __tablename__ = "event"
    __table_args__ = (
        sa.UniqueConstraint("cohort_id", "held_on", "reference"),
        sa.CheckConstraint("(begins_at IS NULL) = (time_zone IS NULL)", name="hour_has_zone"),
        sa.CheckConstraint("length(begins_at) = 5", name="hour_length"),
        sa.CheckConstraint("moved_to <> held_on", name="moved_to_another_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"))
    reference: Mapped[str] = mapped_column(sa.String(80))
    held_on: Mapped[date]
    kind: Mapped[EventKind] = mapped_column(closed_list(EventKind, "kind"))
    title: Mapped[Text] = mapped_column(MultilingualText)
    description: Mapped[Text | None] = mapped_column(MultilingualText)
    link_label: Mapped[Text | None] = mapped_column(MultilingualText)
    url: Mapped[str | None] = mapped_column(sa.String(2000))
    place: Mapped[Text | None] = mapped_column(MultilingualText)
    begins_at: Mapped[str | None] = mapped_column(sa.String(5))
    time_zone: Mapped[str | None] = mapped_column(sa.String(40))
    moved_to: Mapped[date | None]
    called_off: Mapped[Text | None] = mapped_column(MultilingualText)

    cohort: Mapped[Cohort] = relationship(back_populates="events")

    @property
    def day(self) -> date:
        """The day on which it is held, as things stand."""
        return self.moved_to or self.held_on


class Document(Base):
    """A document that the cohort or its co-leads released. ``taken_down`` says why it is not to be had any more."""

    __tablename__ = "document"
    __table_args__ = (sa.UniqueConstraint("cohort_id", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"))
    reference: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[DocumentKind] = mapped_column(closed_list(DocumentKind, "kind"))
    title: Mapped[Text] = mapped_column(MultilingualText)
    publisher: Mapped[str] = mapped_column(sa.String(200))
    published_on: Mapped[date | None]
    note: Mapped[Text | None] = mapped_column(MultilingualText)
    url: Mapped[str | None] = mapped_column(sa.String(2000))
    language: Mapped[str | None] = mapped_column(sa.String(35))
    rendering: Mapped[Rendering | None] = mapped_column(closed_list(Rendering, "rendering"))
    taken_down: Mapped[Text | None] = mapped_column(MultilingualText)

    cohort: Mapped[Cohort] = relationship(back_populates="documents")
