"""The register's clock: moments and days, both in UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present day in UTC."""
    return now().date()


def read_day(text: str) -> date | None:
    """Return the day that is written as ``2023-03-27``; ``None`` where none is."""
    try:
        return date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None
