"""Rows of participants: what becomes of each beside the roll as it stands, and how it is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from tracker import clock, publishing
from tracker.bulk.tables import Row
from tracker.exports import record
from tracker.exports.columns import PARTICIPANTS
from tracker.extensions import db
from tracker.facts import of_itself, of_name
from tracker.models import Account, Participant, Text
from tracker.roll import enrolling
from tracker.texts import comparable
from tracker.vocabulary import Kind, Outcome

Known = Mapping[str, Mapping[str, Any]]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COUNTRY = re.compile("[A-Z]{2}")
_LONGEST = {"participant": 120, "acronym": 40, "website": 400}
#: What is said of a participant's name, and not of itself.
_OF_NAME = ("name", "in_sentence", "formal_name")
_COLUMNS = tuple(column.name for column in PARTICIPANTS.columns[1:])


def on_the_roll() -> Known:
    """Return what the roll says of everybody, by address and column."""
    names = [column.name for column in PARTICIPANTS.columns]
    rows = (dict(zip(names, row, strict=True)) for row in record.participant_rows())
    return {row["participant"]: row for row in rows}


def judge(rows: Iterable[Row], known: Known) -> None:
    """Say what becomes of each row: everything that is wrong with it at once.

    Args:
        known: what the roll says, as :func:`on_the_roll` returns it.
    """
    seen: dict[str, int] = {}
    names = {(row["kind"], comparable(str(row["name"]))): slug for slug, row in known.items()}
    codes = {row["iso_code"]: slug for slug, row in known.items() if row["iso_code"]}
    for row in rows:
        slug = _judge_key(row, seen)
        _judge_values(row)
        before = known.get(slug)
        if before is None:
            _judge_new(row)
        else:
            _judge_known(row, before)
        _judge_unique(row, slug, names, codes)


def carry_out(row: Row, *, by: Account | None) -> None:
    """Record what a row says that is new or changed.

    Another authentic name is carried from today on, and the former one is kept; a name in a further language takes the
    place of what is there.
    """
    slug, given = row.get("participant"), {name: row.given[name] for name in _COLUMNS if name in row.given}
    if row.outcome is Outcome.NEW:
        facts = {name: value for name, value in given.items() if value is not None}
        publishing.add_participant(slug=slug, by=by, **facts)
    elif row.outcome is Outcome.CHANGED:
        participant = db.session.scalars(select(Participant).filter_by(slug=slug)).one()
        changed = {name for name, _, _ in row.changes}
        before = participant.name
        if any(name.startswith(_OF_NAME) for name in changed):
            carried = {
                **of_name(participant),
                **{name: given[name] for name in (*_OF_NAME, "name_confirmed") if name in given},
            }
            is_other = str(carried["name"]) != str(before)
            enrolling.rename(participant, since=clock.today() if is_other else None, by=by, **carried)
        if any(not name.startswith(_OF_NAME) for name in changed):
            said = {
                **of_itself(participant),
                **{name: value for name, value in given.items() if not name.startswith(_OF_NAME)},
            }
            enrolling.change_facts(participant, by=by, **said)


def _judge_key(row: Row, seen: dict[str, int]) -> str:
    slug = row.get("participant") or ""
    if not slug:
        row.wrong("missing", "participant")
    elif not _SLUG.fullmatch(slug):
        row.wrong("no_slug", "participant", slug)
    elif slug in seen:
        row.wrong("twice", "participant", seen[slug])
    else:
        seen[slug] = row.number
    return str(slug)


def _judge_values(row: Row) -> None:
    kind = row.get("kind")
    if kind is not None and kind not in set(Kind):
        row.wrong("no_choice", "kind", kind, choices=", ".join(Kind))
    elif kind is not None:
        row.given["kind"] = kind = Kind[kind.upper()]
    for column in ("iso_code", "seat"):
        code = row.get(column)
        if code is not None and not _COUNTRY.fullmatch(code):
            row.wrong("no_code", column, code)
    if row.get("iso_code") and kind in set(Kind) - {Kind.COUNTRY}:
        row.wrong("of_a_country", "iso_code")
    if row.get("seat") and kind is Kind.COUNTRY:
        row.wrong("no_seat_of_country", "seat")
    for column, longest in _LONGEST.items():
        if len(row.get(column) or "") > longest:
            row.wrong("too_long", column, longest)
    if row.given.get("name_confirmed", ...) is None:
        row.given["name_confirmed"] = True


def _judge_new(row: Row) -> None:
    for column in ("kind", "name"):
        if row.get(column) is None and not _is_told(row, column):
            row.wrong("missing", column)
    if row.outcome is not Outcome.WRONG:
        row.outcome = Outcome.NEW


def _is_told(row: Row, column: str) -> bool:
    return any(mistake.column.startswith(column) for mistake in row.mistakes)


def _judge_known(row: Row, before: Mapping[str, Any]) -> None:
    for column in _COLUMNS:
        if row.compare(column, before[column]):
            if column == "kind":
                row.wrong("not_by_load", column, before[column])
            elif column == "name" and row.get(column) is None and not _is_told(row, column):
                row.wrong("missing", column)
    if row.outcome is Outcome.SAME and row.changes:
        row.outcome = Outcome.CHANGED


def _judge_unique(row: Row, slug: str, names: dict[Any, str], codes: dict[str, str]) -> None:
    """Refuse a name or a code that somebody else has, on the roll or in a row before."""
    name, code = row.get("name"), row.get("iso_code")
    if isinstance(name, Text):
        holder = names.setdefault((row.get("kind"), comparable(str(name))), slug)
        if holder != slug:
            row.wrong("name_taken", "name", holder)
    if code:
        holder = codes.setdefault(code, slug)
        if holder != slug:
            row.wrong("code_taken", "iso_code", holder)
