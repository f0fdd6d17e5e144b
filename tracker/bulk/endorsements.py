"""Rows of endorsements: what becomes of each beside the register as it stands, and how it is recorded.

What was endorsed once is not changed by a row: a participant's next endorsement is a row of its own, which supersedes
the one before. A row changes an endorsement by its end alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from tracker import clock, endorsing, standing, withdrawing
from tracker.bulk.positions import Group, Key, Said, judged
from tracker.bulk.tables import Row
from tracker.exports import record
from tracker.exports.columns import ENDORSEMENTS
from tracker.extensions import db
from tracker.models import Account, Cohort, Endorsement, Participant, Proposal, Recommendation, Revision, Source
from tracker.vocabulary import OPEN, Outcome, ProposalKind, ProposalStatus, Scope, Status

#: What says how it was withdrawn.
_OF_NOTICE = ("notice_signed_on", "notice_on", "withdrawal_reason", "notice_on_paper", "notice_provenance")
#: What says how an endorsement ended; nothing else of one that is on record is changed by a row.
_END = ("status", "ended_on", *_OF_NOTICE)
#: What belongs to the register in which it is, and is not read.
_OWN = ("participant", "cohort", "time", "recorded_on", "entry")
_STATUSES = (Status.IN_FORCE, Status.WITHDRAWN, Status.SUPERSEDED)
#: Days that follow each other.
_IN_ORDER = (
    ("signed_on", "received_on"),
    ("received_on", "effective_on"),
    ("signed_on", "effective_on"),
    ("effective_on", "ended_on"),
    ("notice_signed_on", "notice_on"),
    ("notice_on", "ended_on"),
)
_PAST = ("signed_on", "received_on", "notice_signed_on", "notice_on")
#: What came on paper or not, and how it came then.
_ON_PAPER = (("on_paper", "provenance"), ("notice_on_paper", "notice_provenance"))
_LONGEST_PROVENANCE = 400


@dataclass
class Known:
    """What the register says that rows are held to."""

    groups: dict[str, Group]
    endorsements: dict[Key, dict[str, Any]]
    positions: dict[Key, list[Said]]
    prepared: set[tuple[str, str]]
    proposed: set[tuple[str, str]]
    times: dict[tuple[str, str], int] = field(default_factory=dict)

    def time_of(self, row: Row) -> Key:
        """Return the key of a row; where it does not say which endorsement it is of, the last, or the first to come."""
        pair = str(row.get("participant") or ""), str(row.get("cohort") or "")
        return (*pair, row.get("time") or self.times.get(pair, 1))


def in_the_register() -> Known:
    """Return what the register says now."""
    known = Known(_groups(), {}, defaultdict(list), set(), set())
    names = [column.name for column in ENDORSEMENTS.columns]
    for values in record.endorsement_rows():
        row = dict(zip(names, values, strict=True))
        known.endorsements[row["participant"], row["cohort"], row["time"]] = row
        known.times[row["participant"], row["cohort"]] = row["time"]
    for participant, cohort, time, number, revision, _, reservation in record.position_rows():
        known.positions[participant, cohort, time].append(Said(number, revision, reservation))
    pair: Any = select(Participant.slug, Cohort.slug).select_from(Participant)
    prepared = pair.join(Endorsement, Endorsement.participant_id == Participant.id)
    prepared = prepared.join(Cohort, Cohort.id == Endorsement.cohort_id).where(Endorsement.status.in_(OPEN))
    known.prepared = {(each[0], each[1]) for each in db.session.execute(prepared)}
    waiting = (ProposalKind.WITHDRAWAL, ProposalKind.CORRECTION)
    proposed = pair.join(Proposal, Proposal.participant_id == Participant.id)
    proposed = proposed.join(Cohort, Cohort.id == Proposal.cohort_id)
    proposed = proposed.where(Proposal.status == ProposalStatus.OPEN, Proposal.kind.in_(waiting))
    known.proposed = {(each[0], each[1]) for each in db.session.execute(proposed)}
    return known


def _groups() -> dict[str, Group]:
    wordings: dict[str, dict[str, list[int]]] = {slug: {} for slug in db.session.scalars(select(Cohort.slug))}
    query = (
        select(Cohort.slug, Recommendation.number, Revision.number)
        .join(Recommendation, Recommendation.cohort_id == Cohort.id)
        .join(Revision, Revision.recommendation_id == Recommendation.id)
        .order_by(Recommendation.place, Revision.number)
    )
    for cohort, number, revision in db.session.execute(query):
        wordings[cohort].setdefault(number, []).append(revision)
    sources: dict[str, set[str]] = defaultdict(set)
    for cohort, key in db.session.execute(select(Cohort.slug, Source.key).join(Source, Source.cohort_id == Cohort.id)):
        sources[cohort].add(key)
    return {slug: Group(each, frozenset(sources[slug])) for slug, each in wordings.items()}


#: What rows say of each recommendation, by the row's number.
AllSaid = dict[int, list[Said]]


def judge(
    rows: Iterable[Row], position_rows: Iterable[Row], known: Known, *, participants: Callable[[str], bool]
) -> AllSaid:
    """Say what becomes of each row, everything that is wrong with it at once; return what the rows say.

    Args:
        participants: whether somebody is on the roll, or will be by a row that is right.
    """
    positions: dict[Key, list[Row]] = defaultdict(list)
    for row in position_rows:
        positions[known.time_of(row)].append(row)
    said: AllSaid = {}
    by_key: dict[Key, Row] = {}
    for row in rows:
        key = known.time_of(row)
        _judge_key(row, key, known, participants)
        _judge_values(row)
        if key in by_key:
            row.wrong("twice", "participant", by_key[key].number)
            continue
        by_key[key] = row
        group = known.groups.get(key[1])
        if group:
            _judge_source(row, group)
            found = judged(row, positions[key], group, is_new=key not in known.endorsements)
            if found is not None:
                said[row.number] = found
    lives: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for key in sorted(by_key):
        lives[key[:2]].append(by_key[key])
    for pair, life in lives.items():
        _Life(pair, known, said, positions).judge(life)
    _judge_positions(positions, known, by_key)
    return said


def carry_out(row: Row, said: list[Said], *, by: Account | None) -> None:
    """Record what a row says that is new or changed. What a next one supersedes ends by that one's act."""
    participant = db.session.scalars(select(Participant).filter_by(slug=row.get("participant"))).one()
    cohort = db.session.scalars(select(Cohort).filter_by(slug=row.get("cohort"))).one()
    if row.outcome is Outcome.NEW:
        source = next((each for each in cohort.sources if each.key == row.get("source")), None)
        facts = ("effective_on", "signed_on", "received_on", "statement", "date_note", "provenance")
        endorsement = endorsing.record_published(
            participant,
            cohort,
            numbers=[each.number for each in said],
            reservations={each.number: each.reservation for each in said if each.reservation},
            revisions={each.number: each.revision for each in said if each.revision is not None},
            source=source,
            on_paper=bool(row.get("on_paper")),
            supersedes=True,
            by=by,
            **{name: row.get(name) for name in facts},
        )
    elif row.get("status") == Status.WITHDRAWN:
        found = standing.in_force_one(participant, cohort)
        assert found is not None  # noqa: S101  # nosec B101  # the row was judged under the same lock
        endorsement = found
    else:
        return
    if row.get("status") == Status.WITHDRAWN:
        withdrawing.record_withdrawal(
            endorsement,
            signed_on=row.get("notice_signed_on"),
            notice_on=row.get("notice_on"),
            ended_on=row.get("ended_on"),
            reason=row.get("withdrawal_reason"),
            on_paper=bool(row.get("notice_on_paper")),
            provenance=row.get("notice_provenance"),
            by=by,
        )


def _judge_key(row: Row, key: Key, known: Known, participants: Callable[[str], bool]) -> None:
    participant, cohort, time = key
    if not participant:
        row.wrong("missing", "participant")
    elif not participants(participant):
        row.wrong("unknown_participant", "participant", participant)
    if not cohort:
        row.wrong("missing", "cohort")
    elif cohort not in known.groups:
        row.wrong("unknown_cohort", "cohort", cohort)
    if time < 1:
        row.wrong("no_number", "time", time)


def _judge_values(row: Row) -> None:
    row.given["status"] = status = row.get("status") or Status.IN_FORCE.value
    if status not in _STATUSES:
        row.wrong("no_choice", "status", status, choices=", ".join(_STATUSES))
    if row.get("scope") is not None and row.get("scope") not in set(Scope):
        row.wrong("no_choice", "scope", row.get("scope"), choices=", ".join(Scope))
    told = {mistake.column for mistake in row.mistakes}
    if row.get("effective_on") is None and "effective_on" not in told:
        row.wrong("missing", "effective_on")
    _judge_days(row)
    _judge_end(row, status, told)
    for on_paper, provenance in _ON_PAPER:
        _judge_provenance(row, on_paper, provenance)


def _judge_days(row: Row) -> None:
    for column in _PAST:
        if row.get(column) and row.get(column) > clock.today():
            row.wrong("future", column)
    for first, second in _IN_ORDER:
        if row.get(first) and row.get(second) and row.get(second) < row.get(first):
            row.wrong("before", second, row.get(first))


def _judge_end(row: Row, status: str, told: set[str]) -> None:
    refused = {Status.IN_FORCE: ("ended_on", *_OF_NOTICE), Status.SUPERSEDED: _OF_NOTICE}
    for column in refused.get(status, ()):  # type: ignore[call-overload]
        if row.get(column):
            row.wrong("not_with_status", column, status)
    ended = status in (Status.WITHDRAWN, Status.SUPERSEDED)
    if ended and row.get("ended_on") is None and "ended_on" not in told:
        row.wrong("needed_with_status", "ended_on", status)


def _judge_provenance(row: Row, on_paper: str, provenance: str) -> None:
    if row.given.get(on_paper, ...) is None:
        row.given[on_paper] = False
    if row.get(provenance):
        if not row.get(on_paper):
            row.wrong("only_on_paper", provenance)
        if len(row.get(provenance)) > _LONGEST_PROVENANCE:
            row.wrong("too_long", provenance, _LONGEST_PROVENANCE)


def _judge_source(row: Row, group: Group) -> None:
    if row.get("source") is not None and row.get("source") not in group.sources:
        row.wrong("unknown_source", "source", row.get("source"))


class _Life:
    """The endorsements of a cohort by one participant, in order: those of the register, and those of the rows."""

    def __init__(self, pair: tuple[str, str], known: Known, said: AllSaid, positions: Mapping[Key, list[Row]]) -> None:
        self.pair, self.known, self.said, self.positions = pair, known, said, positions
        self.last = known.times.get(pair, 0)
        self.superseded: set[int] = set()

    def judge(self, rows: list[Row]) -> None:
        """Judge the rows, which are in order of time."""
        before: Row | None = None
        for row in rows:
            key = self.known.time_of(row)
            if key in self.known.endorsements:
                self._judge_known(row, key)
            else:
                self._judge_new(row, key, before)
            before = row
        for row in rows:
            ends = row.get("status") == Status.SUPERSEDED and row.outcome in (Outcome.NEW, Outcome.CHANGED)
            if ends and row.number not in self.superseded:
                row.wrong("superseded_by_none", "status")

    def _judge_known(self, row: Row, key: Key) -> None:
        before = self.known.endorsements[key]
        changed = [column.name for column in ENDORSEMENTS.columns if column.name not in _OWN]
        changed = [column for column in changed if row.compare(column, before[column])]
        said, on_record = self.said.get(row.number), self.known.positions[key]
        if said is not None and "recommendations" not in changed:
            agree = len(said) == len(on_record) and all(map(Said.agrees, said, on_record))
            changed += [] if agree else ["recommendations"]
        for column in changed:
            if column not in _END or before["status"] is not Status.IN_FORCE:
                row.wrong("not_changed_by_load", column, before[column])
        if changed and row.outcome is not Outcome.WRONG:
            self._refuse_waiting(row)
        if changed and row.outcome is not Outcome.WRONG:
            row.outcome = Outcome.CHANGED

    def _judge_new(self, row: Row, key: Key, before: Row | None) -> None:
        if key[2] != self.last + 1:
            row.wrong("time_skipped", "time", self.last + 1)
        self.last = max(self.last, key[2])
        self._refuse_waiting(row)
        if before is not None and before.outcome is Outcome.WRONG:
            row.wrong("wrong_before", "time", before.number)
        elif row.get("effective_on"):
            self._judge_follows(row, key, before)
        if row.outcome is not Outcome.WRONG:
            row.outcome = Outcome.NEW

    def _judge_follows(self, row: Row, key: Key, before: Row | None) -> None:
        """Hold the day from which a new one is in force to the end of the one before."""
        starts = row.get("effective_on")
        present: dict[str, Any] = dict(self.known.endorsements.get((*self.pair, key[2] - 1), {}))
        if before is not None:
            present |= before.given
        ended_on, from_its_end = present.get("ended_on"), False
        if present and present["status"] == Status.WITHDRAWN:
            from_its_end = starts == ended_on
            if ended_on and starts < ended_on:
                row.wrong("before", "effective_on", ended_on)
        elif present and ended_on not in (None, starts):
            row.wrong("in_force_before", "effective_on", ended_on)
        elif present and present.get("effective_on") and starts < present["effective_on"]:
            row.wrong("before", "effective_on", present["effective_on"])
        elif before is not None and row.outcome is not Outcome.WRONG:
            self._supersede(before, starts)
        if starts > clock.today() and not from_its_end:
            row.wrong("future", "effective_on")

    def _supersede(self, before: Row, on: date) -> None:
        """Note that a row's endorsement ends by the next one, whether or not the row says so."""
        self.superseded.add(before.number)
        if before.outcome is Outcome.SAME:
            before.outcome = Outcome.CHANGED
            before.changes = [
                ["status", Status.IN_FORCE.value, Status.SUPERSEDED.value],
                ["ended_on", "", on.isoformat()],
            ]

    def _refuse_waiting(self, row: Row) -> None:
        if self.pair in self.known.proposed:
            row.wrong("proposal_waits", "status")
        if self.pair in self.known.prepared:
            row.wrong("being_prepared", "participant")


def _judge_positions(positions: Mapping[Key, list[Row]], known: Known, by_key: Mapping[Key, Row]) -> None:
    """Say what becomes of the rows of positions: what becomes of their endorsement."""
    for key, rows in positions.items():
        whole = by_key.get(key)
        on_record = {each.number: each for each in known.positions.get(key, ())}
        for row in rows:
            if whole is None and key not in known.endorsements:
                row.wrong("no_endorsement", "participant")
            elif key in known.endorsements:
                _compare_position(row, on_record.get(str(row.get("recommendation"))))
            elif row.outcome is not Outcome.WRONG and whole is not None and whole.outcome is Outcome.NEW:
                row.outcome = Outcome.NEW


def _compare_position(row: Row, before: Said | None) -> None:
    if before is None:
        if row.outcome is not Outcome.WRONG:
            row.wrong("not_changed_by_load", "recommendation")
        return
    for column in ("revision", "stance", "reservation"):
        if row.compare(column, getattr(before, column)):
            row.wrong("not_changed_by_load", column, getattr(before, column))
