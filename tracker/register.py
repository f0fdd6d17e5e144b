"""What the register says: the queries behind the pages, as named functions.

Lists that may be long are read as plain rows; single things are read as objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from tracker import i18n, withdrawing
from tracker.extensions import db
from tracker.i18n import Shown
from tracker.models import (
    Act,
    Cohort,
    Endorsement,
    Evidence,
    LedgerEntry,
    Participant,
    ParticipantName,
    Position,
    PreparedNotice,
    Proposal,
    Recommendation,
    Review,
    Revision,
    Text,
)
from tracker.roll.kinds import kind_on
from tracker.roll.naming import carried_on
from tracker.tallies import in_force_on
from tracker.vocabulary import EDITABLE, OPEN, PUBLIC_ACTS, Kind, Scope, Stance, Status
from tracker.wordings import endorsed_wordings
from tracker.wordings.endorsed_wordings import Behind


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


def signatories(of: Cohort, as_at: date, language: str) -> list[Signatory]:
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


def endorsers(of: Recommendation, as_at: date, language: str) -> list[Signatory]:
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


@dataclass(frozen=True)
class Standing:
    """Where a participant stands with a cohort.

    Attributes:
        open: what is being prepared or decided.
        latest: what is or was last in force.
        amended: what it endorses of wordings that were amended since.
        rejected: what was rejected, where nothing followed.
        notice: the notice of withdrawal that waits for the secretariat.
        returned_notice: the one that it returned, where nothing followed.
    """

    cohort: Cohort
    open: Endorsement | None = None
    latest: Endorsement | None = None
    amended: list[Behind] = field(default_factory=list)
    rejected: Endorsement | None = None
    notice: Proposal | None = None
    returned_notice: Proposal | None = None

    @property
    def status(self) -> Status | None:
        """The status to show first: what needs somebody's attention before what is settled."""
        shown = self.open or self.latest or self.rejected
        return shown.status if shown else None


def standings(of: Participant) -> list[Standing]:
    """Return where a participant stands with every cohort."""
    query = select(Endorsement).filter_by(participant_id=of.id).order_by(Endorsement.id)
    open_ones: dict[int, Endorsement] = {}
    settled: dict[int, Endorsement] = {}
    rejected: dict[int, Endorsement] = {}
    for each in db.session.scalars(query):
        rejected.pop(each.cohort_id, None)
        kept = open_ones if each.status in OPEN else rejected if each.status is Status.REJECTED else settled
        if each.ended_on and each.cohort_id in kept and not _ended_before(kept[each.cohort_id], each):
            continue  # a duplicate endorsed earlier, and was recorded later
        kept[each.cohort_id] = each
    return [
        Standing(
            group,
            open=open_ones.get(group.id),
            latest=settled.get(group.id),
            amended=_amended(settled.get(group.id)),
            rejected=rejected.get(group.id),
            notice=_notice(withdrawing.waiting, settled.get(group.id)),
            returned_notice=_notice(withdrawing.returned, settled.get(group.id)),
        )
        for group in cohorts()
    ]


def _amended(latest: Endorsement | None) -> list[Behind]:
    return endorsed_wordings.amended_since(latest) if latest else []


def _ended_before(one: Endorsement, other: Endorsement) -> bool:
    return one.ended_on is not None and other.ended_on is not None and one.ended_on <= other.ended_on


def _notice(find: Callable[[Endorsement], Proposal | None], of: Endorsement | None) -> Proposal | None:
    return find(of) if of and of.status is Status.IN_FORCE else None
