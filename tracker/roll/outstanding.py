"""Who on the roll has not endorsed a cohort's recommendations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from tracker import clock, i18n
from tracker.extensions import db
from tracker.i18n import Shown
from tracker.models import Cohort, Endorsement, Participant, ParticipantName
from tracker.roll.kinds import kind_on
from tracker.roll.naming import carried_on
from tracker.tallies import in_force_on
from tracker.vocabulary import Kind, Status

#: What the secretariat knows of an endorsement that is not in force. A draft is its representatives' own.
_KNOWN = (Status.SUBMITTED, Status.RETURNED)


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A participant with no endorsement in force on a day.

    Attributes:
        withdrawn_on: the day on which its latest withdrawal took effect.
        submission: submitted or returned, where that is so now and the day is today.
    """

    slug: str
    kind: Kind
    name: Shown
    acronym: str | None
    name_confirmed: bool
    withdrawn_on: date | None
    submission: Status | None


def participants(cohort: Cohort, as_at: date, language: str, kind: Kind | None = None) -> list[Outstanding]:
    """Return who on today's roll has no endorsement in force on a day, sorted by name in a language.

    Args:
        kind: one kind alone.
    """
    own = select(Endorsement).where(Endorsement.participant_id == Participant.id, Endorsement.cohort_id == cohort.id)
    withdrawn = own.where(Endorsement.status == Status.WITHDRAWN, Endorsement.ended_on <= as_at)
    submission = own.where(Endorsement.status.in_(_KNOWN))
    query = (
        select(
            Participant.slug,
            kind_on(as_at).label("kind"),
            Participant.iso_code,
            Participant.acronym,
            Participant.name_confirmed,
            ParticipantName.name,
            withdrawn.with_only_columns(func.max(Endorsement.ended_on)).scalar_subquery().label("withdrawn_on"),
            submission.with_only_columns(Endorsement.status).scalar_subquery().label("submission"),
        )
        .join(ParticipantName, carried_on(as_at))
        .where(~own.where(in_force_on(as_at)).exists())
    )
    if kind:
        query = query.where(kind_on(as_at) == kind)
    now = as_at == clock.today()
    found = [
        Outstanding(
            slug=row.slug,
            kind=row.kind,
            name=i18n.name_in(row.name, row.iso_code, language),
            acronym=row.acronym,
            name_confirmed=row.name_confirmed,
            withdrawn_on=row.withdrawn_on,
            submission=row.submission if now else None,
        )
        for row in db.session.execute(query)
    ]
    return sorted(found, key=lambda each: i18n.sort_key(each.name.text))
