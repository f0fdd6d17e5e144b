"""The register's clock: moments and days, both in UTC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

#: No day of the register is of an earlier year: who names one left digits out.
EARLIEST_YEAR = 1900

_replayed: ContextVar[datetime | None] = ContextVar("replayed", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC; while something is replayed, the moment at which it was done."""
    return _replayed.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be a moment again, for what was done then and is replayed."""
    before = _replayed.set(moment)
    try:
        yield
    finally:
        _replayed.reset(before)


def today() -> date:
    """Return the present day in UTC."""
    return now().date()


def read_day(text: str) -> date | None:
    """Return the day that is written as ``2023-03-27``; ``None`` where none is."""
    try:
        return date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None
