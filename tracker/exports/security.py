"""The security log as a table. It holds names and addresses of people, and is no part of the record."""

from __future__ import annotations

import json
from collections.abc import Iterable

from tracker import ledger
from tracker.exports.columns import SECURITY_LOG, Sheet, filled
from tracker.identity.reading_the_log import Person, Told


def log(events: Iterable[Told]) -> Sheet:
    """Return events as a table, in their order."""
    return filled(
        SECURITY_LOG,
        (
            (
                event.number,
                ledger.moment_as_text(event.at),
                event.action.value,
                *_whose(event.person),
                *_whose(event.by),
                event.address,
                event.agent,
                json.dumps(event.said, ensure_ascii=False, sort_keys=True),
            )
            for event in events
        ),
    )


def _whose(person: Person | None) -> tuple[str | None, str | None]:
    return (person.name, person.email) if person else (None, None)
