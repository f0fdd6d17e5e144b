"""Verifies the register against its own ledger: the chain, the tallies, and what the tables say of each thing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlalchemy as sa

from tracker import ledger
from tracker.extensions import db
from tracker.ledger import Difference
from tracker.models.ledger import APPEND_ONLY
from tracker.models.permanent import PERMANENT
from tracker.verifying import bound, from_entries, from_tables, recount
from tracker.verifying.digests import Published


def verify() -> Difference | None:
    """Return the first point at which the register does not agree with itself, or ``None`` where all is well."""
    return ledger.verify() or recount.verify() or _verify_tables() or _verify_triggers()


def _verify_tables() -> Difference | None:
    try:
        said = from_entries.read()
        return (
            _compare(said.on_the_roll(), from_tables.roll())
            or _compare(said.things, from_tables.things())
            or _compare(said.whose(), from_tables.owners())
            or _compare(said.acts, from_tables.acts())
            or _compare(said.standings, from_tables.standings())
            or _compare(said.notices, from_tables.notices())
            or _compare(said.reviews, from_tables.reviews())
            or next(iter(said.strays), None)
            or _compare(said.loads, from_tables.loads())
            or bound.contacts(said.contacts)
            or bound.submissions()
            or bound.people()
            or bound.evidence()
        )
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        # Somebody wrote into the tables what the register cannot have written, and cannot read.
        return Difference("the tables", f"hold what cannot be read: {error}")


def _compare(published: Published, kept: Iterator[tuple[str, bytes]]) -> Difference | None:
    for subject, digest in kept:
        entry, expected = published.pop(subject, (None, None))
        if entry is None:
            return Difference(subject, "stands in the tables, but no entry of the ledger publishes it")
        if digest != expected:
            return Difference(subject, f"the tables say something else than entry {entry}")
    for subject, (entry, _) in published.items():
        return Difference(subject, f"entry {entry} publishes it, but it is not in the tables")
    return None


def _verify_triggers() -> Difference | None:
    """Look whether the database itself still keeps the ledger append-only, and what was published permanent."""
    dialect = db.engine.dialect.name
    there = set(db.session.scalars(sa.text(_TRIGGERS[dialect])))
    expected = re.findall(r"CREATE TRIGGER (\w+)", " ".join((*APPEND_ONLY[dialect], *PERMANENT[dialect])))
    missing = [name for name in expected if name not in there]
    return Difference("the database", f"lacks the trigger {missing[0]}") if missing else None


_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}
