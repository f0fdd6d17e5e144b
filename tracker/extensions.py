"""The parts that need an application, created here and configured in ``create_app``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_security import Security
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase

#: Whether the work at hand may write. Such work takes SQLite's write lock at its start: a transaction that reads
#: first and writes later could find its snapshot out of date, and SQLite then refuses it without waiting.
writing: ContextVar[bool] = ContextVar("writing", default=False)

#: How much of an SQLite file each connection keeps in memory, in KiB: SQLite's own 2 MB is less than the kept tallies
#: of a large register, which are then read from the file again and again.
KEPT_PAGES = 64 * 1024

#: How long a writer waits for another one, in milliseconds.
PATIENCE = 5_000


class Base(DeclarativeBase):
    """What every table shares: one rule for the names of constraints, so that migrations can address them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate()
security = Security()
csrf = CSRFProtect()
babel = Babel()
limiter = Limiter(get_remote_address, strategy="moving-window", in_memory_fallback_enabled=True)


@contextmanager
def transaction(*, writes: bool) -> Iterator[None]:
    """Open a transaction for work outside a request, and end it: what it wrote is committed."""
    before = writing.set(writes)
    try:
        yield
        if writes:
            db.session.commit()
    finally:
        db.session.rollback()
        writing.reset(before)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Make SQLite keep what it acknowledged, enforce references, wait for a lock and leave BEGIN to us."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
    for pragma in (*pragmas, f"busy_timeout={PATIENCE}", f"cache_size=-{KEPT_PAGES}"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")
