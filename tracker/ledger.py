"""The ledger: the append-only, hash-chained record of every change to the public record.

An entry's hash is SHA-256 over the canonical JSON form (RFC 8785) of its sequence, moment, actor, action, subject,
payload and the hash of the entry before it. This module is the only writer of entries.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import rfc8785
import sqlalchemy as sa
from sqlalchemy import select

from tracker import clock
from tracker.extensions import db
from tracker.models import Account, Commitment, LedgerEntry, LedgerHead, Text
from tracker.vocabulary import Action

#: The hash before the first entry.
GENESIS = "0" * 64

#: The actor of entries that an operator makes at the command line.
OPERATOR = "operator"

#: The actor of entries that somebody makes who has a link that was sent to a participant's contact address.
CONTACT = "contact"


#: What each entry says beside its own facts, while a load is carried out: of which load it is, and who proposed that.
_of_load: ContextVar[Mapping[str, Any] | None] = ContextVar("of_load", default=None)


@contextmanager
def part_of(load: LedgerEntry, *, proposed_by: str) -> Iterator[None]:
    """Have every entry that is appended meanwhile name the entry of the load that it is a part of."""
    before = _of_load.set({"load": load.sequence, "proposed_by": proposed_by})
    try:
        yield
    finally:
        _of_load.reset(before)


def is_loading() -> bool:
    """Whether a load is being carried out: those whom its acts concern are told of all of them at once."""
    return _of_load.get() is not None


@dataclass(frozen=True)
class Difference:
    """The first point at which the register does not agree with itself."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class Given:
    """An entry as it stands in the ledger of another database, from which this register is loaded."""

    sequence: int
    recorded_at: datetime
    actor: str
    action: Action
    subject: str
    payload: str
    previous_hash: str
    hash: str


class NotThatEntryError(Exception):
    """What is replayed appends another entry than the one that is given, or none."""


_given: ContextVar[Given | None] = ContextVar("given", default=None)


@contextmanager
def entering(given: Given) -> Iterator[None]:
    """Have the one entry that is appended meanwhile be the given one, to the letter.

    Raises:
        NotThatEntryError: something else is appended, or nothing.
    """
    before = _given.set(given)
    try:
        with clock.at(given.recorded_at):
            yield
        if _given.get() is not None:
            raise NotThatEntryError
    finally:
        _given.reset(before)


def lock() -> LedgerHead:
    """Take the lock that puts appenders in order, and return the head as it is now.

    Every verb that changes the public record takes it first, so that what the verb then reads cannot change under it.
    SQLite holds the lock since the transaction's start (``extensions.writing``).
    """
    return db.session.execute(
        select(LedgerHead).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()


def head() -> tuple[int, str]:
    """Return the number of the last entry and its hash; ``(0, GENESIS)`` where there is none."""
    sequence, digest = db.session.execute(select(LedgerHead.sequence, LedgerHead.hash)).one()
    return sequence, digest


def append(
    *,
    by: Account | None,
    action: Action,
    subject: str,
    payload: Mapping[str, Any],
    private: Mapping[str, str] | None = None,
    actor: str = OPERATOR,
) -> LedgerEntry:
    """Add an entry in the present transaction and return it.

    Args:
        by: who acts; ``None`` for somebody without an account. The entry names an opaque id.
        action: what was done.
        subject: the permanent address of what it was done to, such as ``recommendation/slug/2.3``.
        payload: the facts, free of personal data; dates, texts and labels may stand in it as they are.
        private: values that the entry only binds, by field: it holds their salted hashes under ``commitments``.
        actor: what the entry names where nobody with an account acts: the operator at the command line, if nobody else.
    """
    if given := _given.get():
        return _append_given(given, action, subject)
    last = lock()
    commitments = [
        Commitment(entry_sequence=last.sequence + 1, field=field, salt=secrets.token_hex(16), value=value)
        for field, value in (private or {}).items()
    ]
    facts: dict[str, Any] = plain({**payload, **(_of_load.get() or {})})
    if commitments:
        facts["commitments"] = {each.field: commitment_hash(each.field, each.salt, each.value) for each in commitments}
    entry = LedgerEntry(
        sequence=last.sequence + 1,
        recorded_at=clock.now(),
        actor=by.actor if by else actor,
        action=action,
        subject=subject,
        payload=canonical(facts).decode(),
        previous_hash=last.hash,
    )
    entry.hash = _hash_of(entry, facts)
    db.session.add(entry)
    db.session.flush()
    db.session.add_all(commitments)
    last.sequence, last.hash = entry.sequence, entry.hash
    db.session.flush()
    return entry


def _append_given(given: Given, action: Action, subject: str) -> LedgerEntry:
    """Add an entry as it is given. Whether it follows, the database sees; whether it is true, ``verify``."""
    if (given.action, given.subject) != (action, subject):
        raise NotThatEntryError
    entry = LedgerEntry(**given.__dict__)
    db.session.add(entry)
    db.session.flush()
    last = lock()
    last.sequence, last.hash = entry.sequence, entry.hash
    db.session.flush()
    _given.set(None)
    return entry


def bound(subject: str, action: Action, *, before: int | None = None) -> dict[str, str]:
    """Return the private values that the latest entry of an action binds for a subject and that are still kept.

    Args:
        before: the number of an entry, to ask for the latest one before that.
    """
    latest = select(sa.func.max(LedgerEntry.sequence)).filter_by(subject=subject, action=action)
    if before is not None:
        latest = latest.where(LedgerEntry.sequence < before)
    query = select(Commitment).where(Commitment.entry_sequence == latest.scalar_subquery())
    return {each.field: each.value for each in db.session.scalars(query)}


def latest_of(subject: str) -> int:
    """Return the number of the last entry about a subject: it tells whether the subject changed; 0 where none is."""
    return db.session.scalar(select(sa.func.max(LedgerEntry.sequence)).filter_by(subject=subject)) or 0


def entries_of(subject: str, *, after: int = 0) -> list[LedgerEntry]:
    """Return every entry about a subject that comes after an entry, in order."""
    query = select(LedgerEntry).filter_by(subject=subject).where(LedgerEntry.sequence > after)
    return list(db.session.scalars(query.order_by(LedgerEntry.sequence)))


def forget(subject: str, *fields: str) -> None:
    """Delete the private values that entries bind for a subject under these fields, with their salts.

    The entries stand as they are; nobody can try out any more what they bind.
    """
    entries_of_it = select(LedgerEntry.sequence).filter_by(subject=subject)
    db.session.execute(
        sa.delete(Commitment).where(Commitment.entry_sequence.in_(entries_of_it), Commitment.field.in_(fields))
    )


def canonical(value: Any) -> bytes:
    """Return the canonical JSON form of a value (RFC 8785)."""
    return rfc8785.dumps(value)


def commitment_hash(field: str, salt: str, value: str) -> str:
    """Return the salted hash that stands in an entry for a private value."""
    return hashlib.sha256(canonical({"field": field, "salt": salt, "value": value})).hexdigest()


def moment_as_text(moment: datetime) -> str:
    """Return a UTC moment as it stands in a hashed entry: ISO 8601 with microseconds and ``Z``."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entries() -> Iterator[LedgerEntry]:
    """Yield every entry in order, in batches: a ledger may be larger than memory."""
    query = select(LedgerEntry).order_by(LedgerEntry.sequence).execution_options(yield_per=1000)
    found = db.session.scalars(query)
    try:
        yield from found
    finally:
        found.close()


def facts_of(entry: LedgerEntry) -> dict[str, Any]:
    """Return an entry's payload, read."""
    facts: dict[str, Any] = json.loads(entry.payload)
    return facts


def verify() -> Difference | None:
    """Recompute the chain and return the first difference, or ``None`` where all is well.

    It takes nothing for granted: whatever somebody wrote into an entry, that entry is named.
    """
    expected, previous = 1, GENESIS
    for entry in _entries_as_they_stand():
        where = f"entry {entry.sequence}"
        if entry.sequence != expected:
            return Difference(f"entry {expected}", f"is missing; entry {entry.sequence} stands in its place")
        if entry.previous_hash != previous:
            return Difference(where, "does not follow from the entry before it")
        try:
            facts = json.loads(entry.payload)
            sound = canonical(facts).decode() == entry.payload and _hash_of(entry, facts) == entry.hash
        except (ValueError, TypeError, RecursionError):
            return Difference(where, "its payload is no canonical JSON")
        if not sound:
            return Difference(where, "its content does not give its hash")
        if not isinstance(facts, dict) or entry.action not in set(Action):
            return Difference(where, "records something that this register does not know")
        expected, previous = expected + 1, entry.hash
    return _verify_head(expected - 1, previous) or _verify_commitments()


def _entries_as_they_stand() -> Iterator[Any]:
    """Yield every entry in order as plain values, whether or not they are values of ours."""
    columns: list[Any] = [column for column in LedgerEntry.__table__.columns if column.name != "action"]
    query = select(*columns, sa.type_coerce(LedgerEntry.action, sa.String).label("action"))
    found = db.session.execute(query.order_by(LedgerEntry.sequence).execution_options(yield_per=1000))
    try:
        yield from found
    finally:
        found.close()


def _verify_head(last: int, digest: str) -> Difference | None:
    found = db.session.execute(select(LedgerHead.sequence, LedgerHead.hash)).one_or_none()
    if found is None:
        return Difference("the ledger's head", f"is missing; the last entry is {last}")
    if found.sequence != last:
        return Difference("the ledger's head", f"names entry {found.sequence}, but the last entry is {last}")
    if found.hash != digest:
        return Difference("the ledger's head", f"names entry {last} by another hash than it has")
    return None


def _verify_commitments() -> Difference | None:
    query = select(Commitment, LedgerEntry).join(LedgerEntry, LedgerEntry.sequence == Commitment.entry_sequence)
    for kept, entry in db.session.execute(query.order_by(Commitment.entry_sequence)):
        bound = facts_of(entry).get("commitments", {}).get(kept.field)
        if bound != commitment_hash(kept.field, kept.salt, kept.value):
            return Difference(f"entry {entry.sequence}", f"does not bind the private value kept for {kept.field!r}")
    return None


def _hash_of(entry: Any, facts: dict[str, Any]) -> str:
    return hashlib.sha256(
        canonical(
            {
                "sequence": entry.sequence,
                "recorded_at": moment_as_text(entry.recorded_at),
                "actor": entry.actor,
                "action": str(entry.action),
                "subject": entry.subject,
                "payload": facts,
                "previous_hash": entry.previous_hash,
            }
        )
    ).hexdigest()


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: dates and texts written out, labelled values by what is stored."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Text):
        return value.as_json()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str.__str__(value)
    return value
