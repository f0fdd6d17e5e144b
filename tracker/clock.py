"""The register's clock: moments and days, both in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present day in UTC."""
    return now().date()
