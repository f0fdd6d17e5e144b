"""The roll as the ledger's entries give it, beside the roll as the tables have it: what verification compares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import joinedload, selectinload

from tracker import ledger
from tracker.facts import Facts, facts_of, subject_of
from tracker.models import LedgerEntry, Participant, ParticipantName
from tracker.roll import kinds
from tracker.vocabulary import Action, Kind

#: The entries that say who is on the roll, and what of them.
ACTIONS = (
    *(Action.PARTICIPANT_ADDED, Action.PARTICIPANT_RENAMED),
    *(Action.PARTICIPANT_CHANGED, Action.PARTICIPANT_MERGED),
)

#: What reading whole participants needs, so that each batch costs a few queries.
WITH_ALL = (
    joinedload(Participant.current_name),
    selectinload(Participant.names),
    selectinload(Participant.former_kinds),
    selectinload(Participant.former_addresses),
)

_OF_NAMES = ("name", "in_sentence", "formal_name")
_OF_THEMSELVES = ("kind", "iso_code", "seat", "acronym", "website", "footnote")


@dataclass
class _Enrolled:
    """A participant as the entries give it."""

    entry: int
    facts: Facts
    names: list[Facts]
    history: kinds.History
    addresses: list[str] = field(default_factory=list)


class RollFromEntries:
    """What entries say of the roll, taken one after the other."""

    def __init__(self) -> None:
        self._enrolled: dict[str, _Enrolled] = {}
        self._moved: dict[str, str] = {}

    def take(self, entry: LedgerEntry, facts: Facts) -> None:
        """Take an entry into account."""
        slug = entry.subject.removeprefix("participant/")
        if entry.action is Action.PARTICIPANT_ADDED:
            self._enrolled[slug] = _Enrolled(entry.sequence, dict(facts), [_name(facts)], ((_kind(facts), None),))
        elif entry.action is Action.PARTICIPANT_RENAMED:
            self._rename(self._enrolled[slug], facts)
        elif entry.action is Action.PARTICIPANT_CHANGED:
            self._change(self._enrolled[slug], facts)
        elif entry.action is Action.PARTICIPANT_MERGED:
            self._merge(slug, facts["into"], entry)
        self._enrolled[self.now_at(slug)].entry = entry.sequence

    def now_at(self, slug: str) -> str:
        """Return the address at which the participant of an address is now."""
        while slug in self._moved:
            slug = self._moved[slug]
        return slug

    def said(self) -> Iterator[tuple[str, int, Facts]]:
        """Yield all that the entries say of each participant: its subject, its last entry, the facts."""
        for slug, each in self._enrolled.items():
            yield f"participant/{slug}", each.entry, _whole(each.facts, each.names, each.history, each.addresses)

    def _rename(self, enrolled: _Enrolled, facts: Facts) -> None:
        since, present = facts.get("effective_on"), enrolled.names[-1]
        if since is None or since == present["valid_from"]:
            enrolled.names[-1] = _name(facts, present["valid_from"])
        else:
            present["valid_until"] = since
            enrolled.names.append(_name(facts, since))
        _replace(enrolled.facts, facts, (*_OF_NAMES, "name_confirmed"))

    def _change(self, enrolled: _Enrolled, facts: Facts) -> None:
        since = facts.get("effective_on")
        day = date.fromisoformat(since) if since else None
        enrolled.history = kinds.changed(enrolled.history, _kind(facts), day)
        _replace(enrolled.facts, facts, _OF_THEMSELVES)

    def _merge(self, slug: str, into: str, entry: LedgerEntry) -> None:
        duplicate, other = self._enrolled.pop(slug), self._enrolled[into]
        until = entry.recorded_at.date().isoformat()
        for name in duplicate.names:
            name.update(of_duplicate=True, valid_until=name["valid_until"] or until)
        other.names[:0] = duplicate.names  # before the name that the other carries
        other.addresses += [slug, *duplicate.addresses]
        self._moved[slug] = into


def kept(participant: Participant) -> tuple[str, Facts]:
    """Return all that the tables say of a participant, after its subject."""
    names = [_kept_name(each) for each in participant.names]
    addresses = [each.slug for each in participant.former_addresses]
    whole = _whole(facts_of(participant), names, kinds.history_of(participant), addresses)
    return subject_of(participant), whole


def _whole(facts: Facts, names: list[Facts], history: kinds.History, addresses: list[str]) -> Facts:
    said = {name: facts.get(name) for name in (*_OF_NAMES, "name_confirmed", *_OF_THEMSELVES)}
    in_order = sorted(names, key=lambda name: ledger.canonical(ledger.plain(name)))
    return {**said, "names": in_order, "kinds": [list(each) for each in history], "addresses": sorted(addresses)}


def _name(facts: Facts, since: str | None = None) -> Facts:
    of_days = {"valid_from": since, "valid_until": None, "of_duplicate": False}
    return {**{field: facts.get(field) for field in _OF_NAMES}, **of_days}


def _kept_name(name: ParticipantName) -> Facts:
    return {field: getattr(name, field) for field in (*_OF_NAMES, "valid_from", "valid_until", "of_duplicate")}


def _replace(facts: Facts, said: Facts, fields: tuple[str, ...]) -> None:
    for each in fields:
        facts[each] = said.get(each)


def _kind(facts: Facts) -> Kind:
    return next(kind for kind in Kind if kind == facts["kind"])
