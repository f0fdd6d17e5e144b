import hashlib
import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from tests import world as a
from tests.world import World
from tracker import ledger
from tracker.extensions import db
from tracker.models import Commitment, LedgerEntry
from tracker.vocabulary import Action


def disarm() -> None:
    """Take the triggers away, as somebody with the database's password could."""
    if db.session.connection().dialect.name == "sqlite":
        for name in db.session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            db.session.execute(sa.text(f"DROP TRIGGER {name}"))
    else:
        for table in ("ledger_entry", "ledger_head", "heading", "recommendation", "revision"):
            db.session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def run(statement: str) -> None:
    db.session.execute(sa.text(statement))
    db.session.expire_all()


def test_a_chain_that_nobody_touched_verifies(register: World) -> None:
    a.in_force(register.arcadia, register.cohort, register.alice, register.sam)
    assert ledger.verify() is None


def test_an_empty_ledger_verifies(app) -> None:
    with app.app_context():
        assert ledger.verify() is None
        assert ledger.head() == (0, ledger.GENESIS)


def test_entries_are_numbered_without_a_gap(register: World) -> None:
    sequences = [entry.sequence for entry in ledger.entries()]
    assert sequences == list(range(1, ledger.head()[0] + 1))


def test_each_entry_names_the_one_before(register: World) -> None:
    entries = list(ledger.entries())
    assert [entry.previous_hash for entry in entries] == [ledger.GENESIS, *(entry.hash for entry in entries[:-1])]


def test_an_address_of_a_file_can_be_checked_by_hand(register: World) -> None:
    entry = next(ledger.entries())
    told = {
        "sequence": 1,
        "recorded_at": ledger.moment_as_text(entry.recorded_at),
        "actor": "operator",
        "action": "cohort_published",
        "subject": "cohort/clean-rivers",
        "payload": json.loads(entry.payload),
        "previous_hash": "0" * 64,
    }
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == entry.hash


def test_a_private_value_is_bound_and_not_told(register: World) -> None:
    entry = ledger.append(
        by=register.alice, action=Action.RETURNED, subject="endorsement/x", payload={}, private={"reason": "Secret"}
    )
    assert "Secret" not in entry.payload
    assert ledger.verify() is None


def test_a_private_value_can_be_forgotten(register: World) -> None:
    ledger.append(by=None, action=Action.RETURNED, subject="endorsement/x", payload={}, private={"reason": "Secret"})
    db.session.execute(sa.delete(Commitment))
    assert ledger.verify() is None


def test_a_changed_private_value_is_found(register: World) -> None:
    entry = ledger.append(
        by=None, action=Action.RETURNED, subject="endorsement/x", payload={}, private={"reason": "Secret"}
    )
    its = Commitment.entry_sequence == entry.sequence
    db.session.execute(sa.update(Commitment).where(its).values(value="Another"))
    db.session.expire_all()
    assert str(ledger.verify()) == f"entry {entry.sequence}: does not bind the private value kept for 'reason'"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET actor = 'somebody'",
        "DELETE FROM ledger_entry WHERE sequence = 3",
        "DELETE FROM ledger_head",
        "UPDATE ledger_head SET sequence = 3",
        "UPDATE ledger_head SET sequence = sequence + 2",
        "INSERT INTO ledger_entry SELECT sequence + 100, recorded_at, actor, action, subject, payload,"
        " 'x' || substr(previous_hash, 2), 'x' || substr(hash, 2) FROM ledger_entry WHERE sequence = 3",
    ],
)
def test_the_database_itself_refuses_changes(register: World, statement: str) -> None:
    with pytest.raises(DatabaseError, match="ledger"):
        run(statement)


def test_postgresql_refuses_to_empty_the_ledger(register: World, dialect: str) -> None:
    statement = "TRUNCATE ledger_entry CASCADE" if dialect == "postgresql" else "DELETE FROM ledger_entry"
    with pytest.raises(DatabaseError, match="append-only"):
        run(statement)


def changed() -> None:
    run("UPDATE ledger_entry SET payload = replace(payload, 'Arcadia', 'Freedonia') WHERE payload LIKE '%Arcadia%'")


def reworded() -> None:
    run("UPDATE ledger_entry SET payload = replace(payload, ',', ', ') WHERE sequence = 2")


def redated() -> None:
    run("UPDATE ledger_entry SET recorded_at = '2001-01-01 00:00:00' WHERE sequence = 3")


def removed() -> None:
    run("DELETE FROM ledger_entry WHERE sequence = 3")


def cut_off() -> None:
    run("DELETE FROM commitment WHERE entry_sequence = (SELECT max(sequence) FROM ledger_entry)")
    run("DELETE FROM ledger_entry WHERE sequence = (SELECT max(sequence) FROM ledger_entry)")


def inserted() -> None:
    last = ledger.head()
    run(
        "INSERT INTO ledger_entry SELECT sequence + 1, recorded_at, actor, action, subject, payload,"
        f" hash, '{'f' * 64}' FROM ledger_entry WHERE sequence = {last[0]}"
    )


def reordered() -> None:
    run("UPDATE ledger_entry SET sequence = 1000 WHERE sequence = 3")
    run("UPDATE ledger_entry SET sequence = 3 WHERE sequence = 4")
    run("UPDATE ledger_entry SET sequence = 4 WHERE sequence = 1000")


def not_json() -> None:
    run("UPDATE ledger_entry SET payload = 'nonsense' WHERE sequence = 3")


@pytest.mark.parametrize(
    "tamper", [changed, reworded, redated, removed, cut_off, inserted, reordered, not_json], ids=lambda f: f.__name__
)
def test_tampering_is_found(register: World, tamper: Callable[[], None]) -> None:
    disarm()
    tamper()
    assert ledger.verify() is not None


def test_the_first_difference_is_named(register: World) -> None:
    disarm()
    run("UPDATE ledger_entry SET actor = 'somebody' WHERE sequence IN (4, 6)")
    assert str(ledger.verify()) == "entry 4: its content does not give its hash"


def test_a_chain_written_anew_from_the_middle_is_found_by_its_head(register: World) -> None:
    before = ledger.head()
    disarm()
    previous = db.session.get_one(LedgerEntry, 3)
    run(f"UPDATE ledger_entry SET hash = '{'e' * 64}' WHERE sequence = {before[0]}")
    assert previous.sequence == 3
    assert ledger.verify() is not None


@pytest.mark.parametrize(
    "statement",
    [
        "REPLACE INTO ledger_head (id, sequence, hash) VALUES (1, 3, '{0}')",
        "REPLACE INTO ledger_entry SELECT 14, recorded_at, actor, action, subject, payload, '{0}', hash "
        "FROM ledger_entry WHERE sequence = 3",
    ],
    ids=["head", "entry"],
)
def test_sqlite_replaces_nothing_in_the_ledger(register: World, dialect: str, statement: str) -> None:
    if dialect != "sqlite":
        return  # PostgreSQL knows no REPLACE
    with pytest.raises(sa.exc.IntegrityError, match="the ledger"):
        db.session.execute(sa.text(statement.format(ledger.head()[1])))
