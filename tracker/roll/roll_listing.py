"""The roll as the secretariat looks through it: who is on it, by every name, and what was recorded of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, select

from tracker import clock, i18n, ledger
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.i18n import Shown
from tracker.models import Endorsement, FormerAddress, LedgerEntry, Participant, ParticipantName, Text
from tracker.tallies import in_force_on
from tracker.texts import comparable
from tracker.verifying.roll_from_entries import ACTIONS
from tracker.vocabulary import Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Enrolled:
    """A participant in the list: what it is called, what it was called before, and whether it has endorsed anything.

    Attributes:
        words: every name and the acronym, to be searched.
        former: the names that it carried before, or under which it stood on the roll twice.
    """

    slug: str
    kind: Kind
    name: Shown
    acronym: str | None
    words: str
    former: tuple[str, ...]
    has_endorsed: bool


@dataclass(frozen=True)
class Step:
    """What was recorded about a participant: the entry, the day from which on it holds, why, and the source."""

    entry: LedgerEntry
    since: date | None
    reason: Text | None
    source: str | None
    slug: str
    into: str | None


def enrolled(language: str) -> list[Enrolled]:
    """Return everybody on the roll, sorted by name in a language."""
    in_force = exists().where(Endorsement.participant_id == Participant.id, in_force_on(clock.today()))
    columns: list[Any] = [Participant.slug, Participant.kind, Participant.iso_code, Participant.acronym]
    carried: list[Any] = [ParticipantName.name, ParticipantName.formal_name, ParticipantName.valid_until]
    names: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(select(ParticipantName.participant_id, *carried).order_by(ParticipantName.id)):
        names[row.participant_id].append(row)
    people = db.session.execute(select(Participant.id, *columns, in_force.label("has_endorsed")))
    found = [_enrolled(row, names[row.id], language) for row in people]
    return sorted(found, key=lambda each: i18n.sort_key(each.name.text))


def only(
    found: Iterable[Enrolled], *, search: str | None = "", kind: str | None = "", without: bool = False
) -> list[Enrolled]:
    """Return those that are looked for; nothing asked leaves them all.

    Args:
        search: a part of any name that it carries or carried, whatever its case and accents.
        without: those alone that have no endorsement in force.
    """
    sought = comparable(search or "")
    return [
        each
        for each in found
        if sought in each.words and (not kind or each.kind == kind) and not (without and each.has_endorsed)
    ]


def history_of(participant: Participant) -> list[Step]:
    """Return what was recorded about a participant on the roll, and about those that were merged into it."""
    moved = select("participant/" + FormerAddress.slug).where(FormerAddress.participant_id == participant.id)
    query = (
        select(LedgerEntry)
        .where(
            LedgerEntry.action.in_(ACTIONS),
            (LedgerEntry.subject == subject_of(participant)) | LedgerEntry.subject.in_(moved),
        )
        .order_by(LedgerEntry.sequence.desc())
    )
    return [_step(entry) for entry in db.session.scalars(query)]


def _enrolled(row: Any, names: list[Any], language: str) -> Enrolled:
    [present] = [each.name for each in names if each.valid_until is None]
    former = [text for each in names if each.valid_until for text in each.name.texts.values()]
    every = [text for each in names for said in (each.name, each.formal_name) if said for text in said.texts.values()]
    shown = i18n.name_in(present, row.iso_code, language)
    return Enrolled(
        slug=row.slug,
        kind=row.kind,
        name=shown,
        acronym=row.acronym,
        words=" ".join(map(comparable, (*every, row.acronym or "", shown.text))),
        former=tuple(dict.fromkeys(each for each in former if each != shown.text)),
        has_endorsed=row.has_endorsed,
    )


def _step(entry: LedgerEntry) -> Step:
    facts = ledger.facts_of(entry)
    since, reason = facts.get("effective_on"), facts.get("reason")
    return Step(
        entry,
        date.fromisoformat(since) if since else None,
        Text.from_json(reason) if reason else None,
        facts.get("source"),
        entry.subject.removeprefix("participant/"),
        facts.get("into"),
    )
