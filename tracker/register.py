"""What the register says: the queries behind the pages, as named functions."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from tracker import i18n
from tracker.extensions import db
from tracker.i18n import Shown
from tracker.models import (
    Act,
    Cohort,
    Endorsement,
    Evidence,
    Participant,
    Position,
    PreparedNotice,
    Proposal,
    Recommendation,
    Revision,
)
from tracker.vocabulary import EDITABLE, PUBLIC_ACTS


def cohorts() -> list[Cohort]:
    """Return every cohort, the newest set first."""
    return list(db.session.scalars(select(Cohort).order_by(Cohort.published_on.desc(), Cohort.slug)))


def cohort(slug: str) -> Cohort | None:
    """Return a cohort by its address."""
    return db.session.scalars(select(Cohort).filter_by(slug=slug)).one_or_none()


def participant(slug: str) -> Participant | None:
    """Return a participant by its address."""
    return db.session.scalars(select(Participant).filter_by(slug=slug)).one_or_none()


def names_of(participant: Participant, language: str) -> list[str]:
    """Return every name by which a participant may be meant: in each language, as a reader sees it, abbreviated."""
    shown_name = i18n.name_in(participant.name, participant.iso_code, language).text
    return [*participant.name.texts.values(), shown_name, *filter(None, [participant.acronym])]


def recommendations(of: Cohort) -> list[Recommendation]:
    """Return a cohort's recommendations in order, with heading and wording."""
    query = (
        select(Recommendation)
        .filter_by(cohort_id=of.id)
        .options(joinedload(Recommendation.heading), selectinload(Recommendation.revisions).joinedload(Revision.source))
        .order_by(Recommendation.place)
    )
    return list(db.session.scalars(query))


def size(of: Cohort) -> int:
    """Return how many recommendations a cohort has."""
    return db.session.scalars(select(func.count()).select_from(Recommendation).filter_by(cohort_id=of.id)).one()


def recommendation(of: Cohort, number: str) -> Recommendation | None:
    """Return a cohort's recommendation by its number."""
    return db.session.scalars(select(Recommendation).filter_by(cohort_id=of.id, number=number)).one_or_none()


def neighbours(of: Recommendation) -> tuple[str | None, str | None]:
    """Return the numbers of the recommendations before and after one."""
    query = select(Recommendation.number).filter_by(cohort_id=of.cohort_id)
    before = query.where(Recommendation.place < of.place).order_by(Recommendation.place.desc()).limit(1)
    after = query.where(Recommendation.place > of.place).order_by(Recommendation.place).limit(1)
    return db.session.scalar(before), db.session.scalar(after)


def endorsements_of(of: Participant) -> list[Endorsement]:
    """Return a participant's endorsements that are or have been in force, the latest first."""
    query = (
        select(Endorsement)
        .where(Endorsement.participant_id == of.id, Endorsement.effective_on.is_not(None))
        .options(
            joinedload(Endorsement.cohort),
            selectinload(Endorsement.positions).joinedload(Position.recommendation),
            selectinload(Endorsement.positions).joinedload(Position.revision),
        )
        .order_by(Endorsement.effective_on.desc(), Endorsement.id.desc())
    )
    return list(db.session.scalars(query))


def acts_of(of: Participant) -> list[Act]:
    """Return the acts of a participant that belong to the public record, the latest first."""
    query = (
        select(Act)
        .join(Endorsement, Endorsement.id == Act.endorsement_id)
        .where(Endorsement.participant_id == of.id, Act.action.in_(PUBLIC_ACTS))
        .options(joinedload(Act.entry), joinedload(Act.by), joinedload(Act.evidence))
        .options(joinedload(Act.endorsement).joinedload(Endorsement.cohort))
        .order_by(Act.entry_sequence.desc())
    )
    return list(db.session.scalars(query))


def endorsement(reference: str) -> Endorsement | None:
    """Return an endorsement by its reference."""
    return db.session.scalars(select(Endorsement).filter_by(reference=reference)).one_or_none()


def latest_one(participant: str, cohort: str) -> Endorsement | None:
    """Return the last endorsement of a cohort by a participant that is or was in force, by their addresses."""
    query = (
        select(Endorsement)
        .join(Endorsement.participant)
        .join(Endorsement.cohort)
        .where(Participant.slug == participant, Cohort.slug == cohort, Endorsement.effective_on.is_not(None))
        .order_by(Endorsement.effective_on.desc(), Endorsement.id.desc())
    )
    return db.session.scalars(query).first()


def latest_ones(of: Participant) -> list[Endorsement]:
    """Return the last endorsement of each cohort by a participant that is or was in force."""
    latest: dict[int, Endorsement] = {}
    for each in endorsements_of(of):
        latest.setdefault(each.cohort_id, each)
    return list(latest.values())


def being_recorded() -> list[Endorsement]:
    """Return the endorsements that the secretariat is recording from letters, the one changed last first."""
    query = (
        select(Endorsement)
        .where(Endorsement.on_paper, Endorsement.status.in_(EDITABLE))
        .options(joinedload(Endorsement.participant), joinedload(Endorsement.cohort))
        .order_by(Endorsement.changed_at.desc())
    )
    return list(db.session.scalars(query))


def roll(language: str) -> list[tuple[Participant, Shown]]:
    """Return every participant with its name in a language, sorted by it."""
    named = [(each, i18n.name_of(each, language)) for each in db.session.scalars(select(Participant))]
    return sorted(named, key=lambda pair: i18n.sort_key(pair[1].text))


def proposal(reference: str) -> Proposal | None:
    """Return a proposal by its reference."""
    return db.session.scalars(select(Proposal).filter_by(reference=reference)).one_or_none()


def evidence_of(of: Participant, key: str, *, on_paper_alone: bool = False) -> Evidence | None:
    """Return evidence that a participant's endorsements or acts refer to, by its key.

    Args:
        on_paper_alone: whether only that of endorsements counts that came on paper.
    """
    which = [Endorsement.participant_id == of.id, *([Endorsement.on_paper] if on_paper_alone else [])]
    now = select(Endorsement.evidence_id).where(*which)
    prepared = select(PreparedNotice.evidence_id).join(PreparedNotice.endorsement)
    of_notices = prepared.where(
        Endorsement.participant_id == of.id, *([PreparedNotice.on_paper] if on_paper_alone else [])
    )
    ever = select(Act.evidence_id).join(Act.endorsement).where(*which)
    refers = sa.or_(*(Evidence.id.in_(each) for each in (now, ever, of_notices)))
    query = select(Evidence).where(Evidence.key == key, refers)
    return db.session.scalars(query).one_or_none()


def submitted_evidence(key: str) -> Evidence | None:
    """Return evidence that came with an act, or with a notice on paper that the secretariat records, by its key."""
    came = sa.exists().where(Act.evidence_id == Evidence.id)
    recorded = sa.exists().where(PreparedNotice.on_paper, PreparedNotice.evidence_id == Evidence.id)
    query = select(Evidence).where(Evidence.key == key, sa.or_(came, recorded))
    return db.session.scalars(query).one_or_none()


@dataclass(frozen=True)
class Difference:
    """A recommendation of which a change says something else than the endorsement in force."""

    recommendation: Recommendation
    before: Position | None
    after: Position | None


def differences(before: Endorsement, after: Endorsement) -> list[Difference]:
    """Return the recommendations of which two endorsements say different things, in the order of the set."""
    old = {each.recommendation_id: each for each in before.positions}
    new = {each.recommendation_id: each for each in after.positions}
    pairs = [Difference(each, old.get(each.id), new.get(each.id)) for each in recommendations(after.cohort)]
    return [each for each in pairs if (each.before and each.before.says) != (each.after and each.after.says)]
