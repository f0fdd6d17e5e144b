"""Which name a participant carries on which day, and where it is found: by its address, or by one it had before."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy import select

from tracker.extensions import db
from tracker.models import FormerAddress, Participant, ParticipantName


def carried_on(day: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    """Return the condition under which a ``ParticipantName`` is the one that its ``Participant`` carries on a day."""
    return sa.and_(
        ParticipantName.participant_id == Participant.id,
        ~ParticipantName.of_duplicate,
        sa.or_(ParticipantName.valid_from.is_(None), ParticipantName.valid_from <= day),
        sa.or_(ParticipantName.valid_until.is_(None), ParticipantName.valid_until > day),
    )


def participant_at(slug: str) -> Participant | None:
    """Return the participant at an address, or the one that was found to be the same."""
    found = db.session.scalars(select(Participant).filter_by(slug=slug)).one_or_none()
    return found or moved_from(slug)


def moved_from(slug: str) -> Participant | None:
    """Return the participant to which an address leads at which another one was found once."""
    query = select(Participant).join(FormerAddress, FormerAddress.participant_id == Participant.id)
    return db.session.scalars(query.where(FormerAddress.slug == slug)).one_or_none()
