"""Recounts the tallies from the ledger's entries alone, and compares them with those that are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from tracker import ledger
from tracker.extensions import db
from tracker.ledger import Difference
from tracker.models import Cohort, LedgerEntry, Recommendation, RecommendationTally, SetTally
from tracker.roll import kinds
from tracker.running_totals import known
from tracker.vocabulary import Action, Kind, Scope, Stance

Totals = dict[tuple[str, str, str, date], tuple[int, ...]]


def verify() -> Difference | None:
    """Recompute the tallies from the ledger's entries; return the first difference from those kept, or ``None``."""
    expected, kept = from_entries(ledger.entries()), _kept()
    for key in sorted(expected.keys() | kept.keys()):
        if expected.get(key) != kept.get(key):
            cohort, item, kind, day = key
            return Difference(
                f"tally of {cohort} {item or 'as a whole'}, {kind}, from {day}",
                f"keeps {_words(kept.get(key))}, but the ledger's entries give {_words(expected.get(key))}",
            )
    return None


def from_entries(entries: Iterable[LedgerEntry]) -> Totals:
    """Return the running totals that the entries give, by cohort, item, kind and day.

    The item is an edition of a recommendation, or empty for the whole set. A total is signatories and reserved, and for
    the whole set partial too.
    """
    recount = _Recount()
    for entry in entries:
        recount.take(entry)
    totals: Totals = {}
    for (cohort, item, kind), by_day in recount.deltas.items():
        running = [0, 0, 0]
        for day in sorted(by_day):
            running = [total + delta for total, delta in zip(running, by_day[day], strict=True)]
            totals[cohort, item, kind, day] = tuple(running[:2] if item else running)
    return totals


class Editions:
    """Which edition each revision of each recommendation belongs to, as the entries tell it one after the other."""

    def __init__(self) -> None:
        self._editions: dict[tuple[str, int], int] = {}

    def follow(self, entry: LedgerEntry) -> None:
        """Take note of an entry that publishes a wording."""
        if entry.action is Action.RECOMMENDATION_PUBLISHED:
            self._editions[entry.subject, 1] = 1
        elif entry.action in (Action.CORRIGENDUM_PUBLISHED, Action.AMENDMENT_PUBLISHED):
            number = ledger.facts_of(entry)["revision"]
            before = self._editions[entry.subject, number - 1]
            self._editions[entry.subject, number] = before + (entry.action is Action.AMENDMENT_PUBLISHED)

    def of(self, subject: str, number: int) -> int:
        """Return the edition of a revision by its number.

        Raises:
            KeyError: no entry publishes it.
        """
        return self._editions[subject, number]


_Deltas = dict[tuple[str, str, str], dict[date, list[int]]]


def _item(number: str, edition: int) -> str:
    """Return what tells an edition of a recommendation apart from the others; the first is called by the number."""
    return number if edition == 1 else f"{number} in edition {edition}"


def _reserved_by_item(facts: dict[str, Any], editions: Editions) -> dict[str, bool]:
    """Return of which editions an endorsement speaks, and whether with a reservation."""
    return {
        _item(number, editions.of(f"recommendation/{facts['cohort']}/{number}", position["revision"])): (
            position["stance"] == Stance.RESERVED
        )
        for number, position in facts["positions"].items()
    }


@dataclass
class _Counted:
    """An endorsement as the entries give it: the editions it speaks of, whose it is, and when it counts."""

    facts: dict[str, Any]
    reserved: dict[str, bool]
    owner: str
    since: date | None
    until: date | None = None


class _Recount:
    """What the entries add and take away, by cohort, item and kind, and day."""

    def __init__(self) -> None:
        self.deltas: _Deltas = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
        self.editions = Editions()
        self.endorsements: dict[str, _Counted] = {}
        self.kinds: dict[str, kinds.History] = {}

    def take(self, entry: LedgerEntry) -> None:
        """Take an entry into account."""
        self.editions.follow(entry)
        if entry.action in (Action.ENDORSED, Action.POSITION_CHANGED):
            self._enter(entry.subject, ledger.facts_of(entry))
        elif entry.action is Action.WITHDRAWN:
            self._end(entry.subject, date.fromisoformat(ledger.facts_of(entry)["effective_on"]))
        elif entry.action is Action.CORRECTED:
            self._correct(entry.subject, ledger.facts_of(entry))
        elif entry.action in _OF_KINDS:
            self._take_participant(entry, entry.subject.removeprefix("participant/"), ledger.facts_of(entry))

    def _enter(self, subject: str, facts: dict[str, Any]) -> None:
        since = date.fromisoformat(facts["effective_on"])
        if superseded := facts.get("supersedes"):
            self._end(f"endorsement/{superseded}", since)
        reserved = _reserved_by_item(facts, self.editions)
        self.endorsements[subject] = _Counted(facts, reserved, facts["participant"], since)
        self._move(self.endorsements[subject], since, +1)

    def _end(self, subject: str, day: date) -> None:
        ended = self.endorsements[subject]
        ended.until = day
        self._move(ended, day, -1)

    def _correct(self, subject: str, facts: dict[str, Any]) -> None:
        wrong = self.endorsements[subject]
        if facts["action"] == Action.WITHDRAWN:
            self._go_on(wrong)
        else:
            self._move(wrong, known(wrong.since), -1)
            wrong.since = None
        if restored := facts.get("restores"):
            self._go_on(self.endorsements[f"endorsement/{restored}"])

    def _go_on(self, ended: _Counted) -> None:
        self._move(ended, known(ended.until), +1)
        ended.until = None

    def _take_participant(self, entry: LedgerEntry, slug: str, facts: dict[str, Any]) -> None:
        if entry.action is Action.PARTICIPANT_ADDED:
            self.kinds[slug] = ((Kind[facts["kind"].upper()], None),)
            return
        theirs = [each for each in self.endorsements.values() if each.owner == slug and each.since]
        for each in theirs:
            self._count(each, -1)
        if entry.action is Action.PARTICIPANT_MERGED:
            for each in theirs:
                each.owner = facts["into"]
        else:
            since = facts.get("effective_on")
            kind = Kind[facts["kind"].upper()]
            self.kinds[slug] = kinds.changed(self.kinds[slug], kind, date.fromisoformat(since) if since else None)
        for each in theirs:
            self._count(each, +1)

    def _count(self, counted: _Counted, sign: int) -> None:
        for day, change in ((counted.since, sign), (counted.until, -sign)):
            if day is not None:
                self._move(counted, day, change)

    def _move(self, counted: _Counted, day: date, sign: int) -> None:
        for kind, since, change in kinds.steps(self.kinds[counted.owner], day, sign):
            self._add(counted, kind, since, change)

    def _add(self, counted: _Counted, kind: Kind, day: date, sign: int) -> None:
        cohort, reserved = counted.facts["cohort"], counted.reserved
        whole = self.deltas[cohort, "", kind][day]
        for place, counts in enumerate((True, any(reserved.values()), counted.facts["scope"] == Scope.CHOSEN)):
            whole[place] += sign * counts
        for number, has_reservation in reserved.items():
            item = self.deltas[cohort, number, kind][day]
            item[0] += sign
            item[1] += sign * has_reservation


#: Entries that say of which kind a participant is, or whose endorsements are another's.
_OF_KINDS = (Action.PARTICIPANT_ADDED, Action.PARTICIPANT_CHANGED, Action.PARTICIPANT_MERGED)


def _kept() -> Totals:
    """Return the kept rows in the form of :func:`from_entries`."""
    whole = select(
        Cohort.slug, SetTally.kind, SetTally.day, SetTally.signatories, SetTally.reserved, SetTally.partial
    ).join(Cohort, Cohort.id == SetTally.cohort_id)
    items = (
        select(
            Cohort.slug,
            Recommendation.number,
            RecommendationTally.edition,
            RecommendationTally.kind,
            RecommendationTally.day,
            RecommendationTally.signatories,
            RecommendationTally.reserved,
        )
        .join(Recommendation, Recommendation.id == RecommendationTally.recommendation_id)
        .join(Cohort, Cohort.id == Recommendation.cohort_id)
    )
    kept: Totals = {(slug, "", kind, day): tuple(total) for slug, kind, day, *total in db.session.execute(whole)}
    kept.update(
        {
            (slug, _item(number, edition), kind, day): tuple(total)
            for slug, number, edition, kind, day, *total in db.session.execute(items)
        }
    )
    return kept


def _words(total: tuple[int, ...] | None) -> str:
    if total is None:
        return "no row"
    return ", ".join(f"{n} {name}" for n, name in zip(total, ("signatories", "reserved", "partial"), strict=False))
