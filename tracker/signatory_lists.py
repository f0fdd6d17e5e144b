"""Who has endorsed: the lists of signatories, as a reader of a language sorts and sees them, with their footnotes.

They may be long, so they are read as plain rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select

from tracker import i18n
from tracker.extensions import db
from tracker.i18n import Shown
from tracker.models import (
    Cohort,
    Endorsement,
    LedgerEntry,
    Participant,
    ParticipantName,
    Position,
    Recommendation,
    Review,
    Revision,
    Text,
)
from tracker.roll.kinds import kind_on
from tracker.roll.naming import carried_on
from tracker.tallies import in_force_on
from tracker.vocabulary import Kind, Scope, Stance, Status


@dataclass(kw_only=True, slots=True)
class Signatory:
    """A participant in a list of signatories: of a cohort, with its days, or of one recommendation, without.

    Attributes:
        endorsed: how many recommendations it endorses.
        reserved: how many of them with a reservation.
        ended_on: the day on which its withdrawal takes effect, where it withdrew.
        withdrawn: whether that day has come.
        reservation: in a recommendation's list, what it reserved there.
        under_review_since: since when the participant has disputed it, where that is not settled.
        wording: there, the number of the revision that it endorsed, where that is of an earlier edition.
        mark: the number of its name's footnote in the list, where it has one.
        date_mark: the number of the footnote to its day.
    """

    slug: str
    kind: Kind
    name: Shown
    acronym: str | None
    name_confirmed: bool
    footnote: Shown | None
    effective_on: date | None = None
    notice_on: date | None = None
    ended_on: date | None = None
    date_note: Shown | None = None
    scope: Scope | None = None
    endorsed: int = 0
    reserved: int = 0
    reservation: Shown | None = None
    under_review_since: date | None = None
    wording: int | None = None
    withdrawn: bool = False
    mark: int | None = None
    date_mark: int | None = None


@dataclass(frozen=True)
class Footnote:
    """A footnote of a list: its number, its text, and the place of its first mark."""

    mark: int
    text: Shown
    back: str


def of_set(of: Cohort, as_at: date, language: str) -> list[Signatory]:
    """Return who has endorsed a cohort's recommendations on a day, and who withdrew, sorted by name in a language."""
    positions = select(func.count()).where(Position.endorsement_id == Endorsement.id)
    query = (
        _signatory_rows(
            as_at,
            Endorsement.effective_on,
            Endorsement.notice_on,
            Endorsement.ended_on,
            Endorsement.date_note,
            Endorsement.scope,
            positions.scalar_subquery().label("endorsed"),
            positions.where(Position.stance == Stance.RESERVED).scalar_subquery().label("reserved"),
        )
        .where(
            Endorsement.cohort_id == of.id,
            Endorsement.status.in_((Status.IN_FORCE, Status.WITHDRAWN)),
            Endorsement.effective_on <= as_at,
        )
        .order_by(Endorsement.effective_on, Endorsement.id)
    )
    latest: dict[str, Any] = {row.slug: row for row in db.session.execute(query)}
    return _sorted(
        _signatory(
            row,
            language,
            effective_on=row.effective_on,
            notice_on=row.notice_on,
            ended_on=row.ended_on,
            withdrawn=row.ended_on is not None and row.ended_on <= as_at,
            date_note=_shown(row.date_note, language),
            scope=row.scope,
            endorsed=row.endorsed,
            reserved=row.reserved,
        )
        for row in latest.values()
    )


def of_recommendation(of: Recommendation, as_at: date, language: str) -> list[Signatory]:
    """Return whose endorsement of a recommendation is in force on a day, sorted by name in a language."""
    standing = of.revision_on(as_at).edition
    query = (
        _signatory_rows(as_at, Position.reservation, Revision.number, Revision.edition)
        .join(Position, Position.endorsement_id == Endorsement.id)
        .join(Revision, Revision.id == Position.revision_id)
        .where(Position.recommendation_id == of.id, in_force_on(as_at))
    )
    return _sorted(
        _signatory(
            row,
            language,
            reservation=_shown(row.reservation, language),
            wording=row.number if row.edition < standing else None,
        )
        for row in db.session.execute(query)
    )


def not_endorsing(of: Recommendation, as_at: date, language: str) -> list[Signatory]:
    """Return the cohort's signatories on a day that do not endorse a recommendation, sorted by name in a language."""
    endorsed = sa.exists().where(Position.endorsement_id == Endorsement.id, Position.recommendation_id == of.id)
    query = _signatory_rows(as_at).where(Endorsement.cohort_id == of.cohort_id, in_force_on(as_at), ~endorsed)
    return _sorted(_signatory(row, language) for row in db.session.execute(query))


def by_kind(rows: Iterable[Signatory]) -> list[tuple[Kind, list[Signatory]]]:
    """Return the rows of each kind that has any, in the order of the published tally."""
    grouped: dict[Kind, list[Signatory]] = {kind: [] for kind in Kind}
    for row in rows:
        grouped[row.kind].append(row)
    return [(kind, found) for kind, found in grouped.items() if found]


def with_footnotes(
    groups: Iterable[tuple[Kind, list[Signatory]]],
) -> tuple[list[tuple[Kind, list[Signatory]]], list[Footnote]]:
    """Number the footnotes of a list in the order in which they appear; the same text keeps its number."""
    notes: dict[str, Footnote] = {}

    def mark(text: Shown | None, back: str) -> int | None:
        return notes.setdefault(text.text, Footnote(len(notes) + 1, text, back)).mark if text else None

    numbered = [
        (
            kind,
            [
                replace(
                    row, mark=mark(row.footnote, f"mark-{row.slug}"), date_mark=mark(row.date_note, f"date-{row.slug}")
                )
                if row.footnote or row.date_note
                else row
                for row in rows
            ],
        )
        for kind, rows in groups
    ]
    return numbered, list(notes.values())


def _signatory_rows(as_at: date, *more: Any) -> sa.Select[Any]:
    """Return the query for endorsements with their participants, to which callers add conditions and columns.

    Participants carry the name, and are of the kind, of the day.
    """
    columns: list[Any] = [
        Participant.slug,
        kind_on(as_at).label("kind"),
        Participant.iso_code,
        Participant.acronym,
        Participant.name_confirmed,
        Participant.footnote,
        ParticipantName.name,
        LedgerEntry.recorded_at.label("disputed_at"),
        *more,
    ]
    return (
        select(*columns)
        .select_from(Endorsement)
        .join(Participant, Participant.id == Endorsement.participant_id)
        .join(ParticipantName, carried_on(as_at))
        .outerjoin(Review, sa.and_(Review.endorsement_id == Endorsement.id, Review.outcome.is_(None)))
        .outerjoin(LedgerEntry, LedgerEntry.sequence == Review.opened_entry)
    )


def _signatory(row: Any, language: str, **more: Any) -> Signatory:
    return Signatory(
        slug=row.slug,
        kind=row.kind,
        name=i18n.name_in(row.name, row.iso_code, language),
        acronym=row.acronym,
        name_confirmed=row.name_confirmed,
        footnote=_shown(row.footnote, language),
        under_review_since=row.disputed_at.date() if row.disputed_at else None,
        **more,
    )


def _shown(text: Text | None, language: str) -> Shown | None:
    return i18n.shown(text, language) if text else None


def _sorted(rows: Iterable[Signatory]) -> list[Signatory]:
    return sorted(rows, key=lambda row: i18n.sort_key(row.name.text))
