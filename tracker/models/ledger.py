"""The ledger's tables, and the triggers by which the database itself keeps them append-only."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import DDL, event
from sqlalchemy.orm import Mapped, mapped_column

from tracker.extensions import Base
from tracker.models.columns import Moment, closed_list
from tracker.vocabulary import Action


class LedgerEntry(Base):
    """One change to the public record, chained to the one before it by its hash."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        sa.CheckConstraint("sequence > 0", name="sequence_positive"),
        sa.CheckConstraint("length(hash) = 64 AND length(previous_hash) = 64", name="hash_length"),
        sa.Index(None, "subject"),
    )

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(sa.String(60))
    action: Mapped[Action] = mapped_column(closed_list(Action, "action"))
    subject: Mapped[str] = mapped_column(sa.String(200))
    payload: Mapped[str] = mapped_column(sa.Text)
    previous_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)


class LedgerHead(Base):
    """The last entry: one row, locked by whoever appends. Its number is the version of the public record."""

    __tablename__ = "ledger_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))


class Commitment(Base):
    """A private value that an entry binds by a salted hash. Deleting the row forgets the value; the chain stands."""

    __tablename__ = "commitment"

    entry_sequence: Mapped[int] = mapped_column(sa.ForeignKey("ledger_entry.sequence"), primary_key=True)
    field: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    salt: Mapped[str] = mapped_column(sa.String(64))
    value: Mapped[str] = mapped_column(sa.Text)


class Transfer(Base):
    """The register was loaded from another database's ledger, up to an entry. What was private there stayed there."""

    __tablename__ = "transfer"

    entry_sequence: Mapped[int] = mapped_column(
        sa.ForeignKey("ledger_entry.sequence"), primary_key=True, autoincrement=False
    )
    loaded_at: Mapped[datetime] = mapped_column(Moment)


#: Statements that make the tables append-only, by dialect. The initial migration runs the same ones.
APPEND_ONLY = {
    "sqlite": (
        """
        CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
        """,
        """
        CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
        """,
        """
        CREATE TRIGGER ledger_entry_in_order BEFORE INSERT ON ledger_entry
        WHEN NOT EXISTS (
            SELECT 1 FROM ledger_head WHERE NEW.sequence = sequence + 1 AND NEW.previous_hash = hash
        )
        BEGIN SELECT RAISE(ABORT, 'an entry follows the head of the ledger'); END
        """,
        """
        CREATE TRIGGER ledger_entry_no_replace BEFORE INSERT ON ledger_entry
        WHEN EXISTS (
            SELECT 1 FROM ledger_entry
            WHERE sequence = NEW.sequence OR hash = NEW.hash OR previous_hash = NEW.previous_hash
        )
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
        """,
        """
        CREATE TRIGGER ledger_head_no_replace BEFORE INSERT ON ledger_head
        WHEN EXISTS (SELECT 1 FROM ledger_head)
        BEGIN SELECT RAISE(ABORT, 'the ledger has one head'); END
        """,
        """
        CREATE TRIGGER ledger_head_forward BEFORE UPDATE ON ledger_head
        WHEN NEW.sequence <> OLD.sequence + 1
        BEGIN SELECT RAISE(ABORT, 'the head of the ledger moves forward by one'); END
        """,
        """
        CREATE TRIGGER ledger_head_no_delete BEFORE DELETE ON ledger_head
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$
        """,
        """
        CREATE TRIGGER ledger_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()
        """,
        """
        CREATE FUNCTION refuse_ledger_disorder() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (
                SELECT 1 FROM ledger_head WHERE NEW.sequence = sequence + 1 AND NEW.previous_hash = hash
            ) THEN RAISE EXCEPTION 'an entry follows the head of the ledger'; END IF;
            RETURN NEW;
        END $$
        """,
        """
        CREATE TRIGGER ledger_entry_in_order BEFORE INSERT ON ledger_entry
        FOR EACH ROW EXECUTE FUNCTION refuse_ledger_disorder()
        """,
        """
        CREATE FUNCTION refuse_ledger_jump() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.sequence <> OLD.sequence + 1
            THEN RAISE EXCEPTION 'the head of the ledger moves forward by one'; END IF;
            RETURN NEW;
        END $$
        """,
        """
        CREATE TRIGGER ledger_head_forward BEFORE UPDATE ON ledger_head
        FOR EACH ROW EXECUTE FUNCTION refuse_ledger_jump()
        """,
        """
        CREATE TRIGGER ledger_head_no_delete BEFORE DELETE OR TRUNCATE ON ledger_head
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()
        """,
    ),
}

for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        # DDL() formats its text with %; none of these statements holds one.
        event.listen(Base.metadata, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
