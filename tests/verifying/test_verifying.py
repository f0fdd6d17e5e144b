"""``tracker verify`` against registers that somebody with the database's password has changed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import world as a
from tests.acting import act, found, in_register
from tests.announced import WHY, a_document, an_event, event_facts
from tests.test_cli import ask, run, start
from tests.world import World
from tracker import notices, publishing, standing, withdrawing
from tracker.clock import today
from tracker.extensions import Base
from tracker.models import Text
from tracker.publications import announcing, appearing, establishing, preparing
from tracker.publications.preparing import Prepared
from tracker.roll import enrolling
from tracker.vocabulary import DocumentKind, EventKind, Kind, Rendering, RevisionKind
from tracker.wordings import rewording

FIRST = "The register does not agree with itself. First difference: "
HASH = "its content does not give its hash"

PAYLOADS = {
    "null": "null",
    "a list": "[]",
    "no number": '{"a":NaN}',
    "too large a number": '{"a":9007199254740993}',
    "half a letter": r'{"a":"\ud800"}',
    "too deep": "[" * 5000 + "]" * 5000,
    "no JSON": "nonsense",
}


#: What is changed by hand, and the first difference that is named. Entries in angle brackets are looked up.
TAMPERING: dict[str, tuple[list[str], str]] = {
    "changed payload": (
        ["UPDATE ledger_entry SET payload = replace(payload, 'Arcadia', 'Freedonia')"],
        f"entry 1: {HASH}",
    ),
    "changed actor": (
        ["UPDATE ledger_entry SET actor = 'somebody' WHERE sequence = 9"],
        f"entry 9: {HASH}",
    ),
    "changed moment": (
        ["UPDATE ledger_entry SET recorded_at = '2001-01-01 00:00:00.000000' WHERE sequence = 9"],
        f"entry 9: {HASH}",
    ),
    "changed action": (
        ["UPDATE ledger_entry SET action = 'event_added' WHERE sequence = 9"],
        f"entry 9: {HASH}",
    ),
    "changed subject": (
        ["UPDATE ledger_entry SET subject = 'participant/freedonia' WHERE sequence = 9"],
        f"entry 9: {HASH}",
    ),
    "changed hash": (
        [f"UPDATE ledger_entry SET hash = '{'f' * 64}' WHERE sequence = 9"],
        f"entry 9: {HASH}",
    ),
    "changed link": (
        [f"UPDATE ledger_entry SET previous_hash = '{'f' * 64}' WHERE sequence = 9"],
        "entry 9: does not follow from the entry before it",
    ),
    "removed": (
        ["DELETE FROM ledger_entry WHERE sequence = 9"],
        "entry 9: is missing; entry 10 stands in its place",
    ),
    "removed first": (
        ["DELETE FROM ledger_entry WHERE sequence = 1"],
        "entry 1: is missing; entry 2 stands in its place",
    ),
    "removed last": (
        ["DELETE FROM ledger_entry WHERE sequence = <last>"],
        "the ledger's head: names entry <last>, but the last entry is <before>",
    ),
    "inserted": (
        [
            "UPDATE ledger_entry SET sequence = sequence + 1000 WHERE sequence > 9",
            "UPDATE ledger_entry SET sequence = sequence - 999 WHERE sequence > 1000",
            "INSERT INTO ledger_entry SELECT 10, recorded_at, actor, action, subject, payload,"
            f" '{'e' * 64}', '{'f' * 64}' FROM ledger_entry WHERE sequence = 9",
        ],
        "entry 10: does not follow from the entry before it",
    ),
    "appended": (
        [
            "INSERT INTO ledger_entry SELECT <next>, recorded_at, actor, action, subject, payload,"
            f" hash, '{'f' * 64}' FROM ledger_entry WHERE sequence = <last>",
            f"UPDATE ledger_head SET sequence = <next>, hash = '{'f' * 64}'",
        ],
        f"entry <next>: {HASH}",
    ),
    "reordered": (
        [
            "UPDATE ledger_entry SET sequence = 1009 WHERE sequence = 9",
            "UPDATE ledger_entry SET sequence = 9 WHERE sequence = 10",
            "UPDATE ledger_entry SET sequence = 10 WHERE sequence = 1009",
        ],
        "entry 9: does not follow from the entry before it",
    ),
    "head moved back": (
        [
            "UPDATE ledger_head SET sequence = <before>,"
            " hash = (SELECT hash FROM ledger_entry WHERE sequence = <before>)"
        ],
        "the ledger's head: names entry <before>, but the last entry is <last>",
    ),
    "head moved on": (
        ["UPDATE ledger_head SET sequence = <next>"],
        "the ledger's head: names entry <next>, but the last entry is <last>",
    ),
    "changed private value": (
        ["UPDATE commitment SET value = 'Another' WHERE entry_sequence = <submission>"],
        "entry <submission>: does not bind the private value kept for 'content'",
    ),
    "changed salt": (
        ["UPDATE commitment SET salt = 'pepper' WHERE entry_sequence = <submission>"],
        "entry <submission>: does not bind the private value kept for 'content'",
    ),
    "invented private value": (
        ["INSERT INTO commitment (entry_sequence, field, salt, value) VALUES (9, 'reason', 'salt', 'Invented.')"],
        "entry 9: does not bind the private value kept for 'reason'",
    ),
    "changed tally": (
        ["UPDATE set_tally SET signatories = 2 WHERE kind = 'supranational'"],
        "tally of clean-rivers as a whole, supranational, from 2023-03-27:"
        " keeps 2 signatories, 0 reserved, 0 partial,"
        " but the ledger's entries give 1 signatories, 0 reserved, 0 partial",
    ),
    "removed tally": (
        ["DELETE FROM recommendation_tally WHERE kind = 'civil_society'"],
        "tally of clean-rivers 1.1, civil_society, from 2023-03-27: keeps no row,"
        " but the ledger's entries give 1 signatories, 0 reserved",
    ),
    "added tally": (
        [
            "INSERT INTO set_tally (cohort_id, kind, day, signatories, partial, reserved)"
            " VALUES (1, 'intergovernmental', '2023-03-27', 1, 0, 0)"
        ],
        "tally of clean-rivers as a whole, intergovernmental, from 2023-03-27:"
        " keeps 1 signatories, 0 reserved, 0 partial, but the ledger's entries give no row",
    ),
}


ANOTHER = """'{"authentic": "en", "texts": {"en": "Something else."}}'"""

#: What is changed by hand in the tables that pages are read from, and what is named then.
TABLES_CHANGED = {
    "cohort": (f"UPDATE cohort SET title = {ANOTHER}", "cohort/clean-rivers"),
    "cohort's summit": ("UPDATE cohort SET summit = 'Another'", "cohort/clean-rivers"),
    "cohort's days": (
        "UPDATE cohort SET established_on = '2001-01-01'",
        "cohort/clean-rivers",
    ),
    "cohort's outcomes": ("UPDATE cohort SET expected_outcomes = '[]'", "cohort/clean-rivers"),
    "co-lead": (f"UPDATE co_lead SET name = {ANOTHER}", "cohort/clean-rivers"),
    "co-lead removed": ("DELETE FROM co_lead", "cohort/clean-rivers"),
    "source": ("UPDATE source SET publisher = 'Somebody'", "cohort/clean-rivers"),
    "heading": (f"UPDATE heading SET title = {ANOTHER} WHERE number = 2", "heading/clean-rivers/2"),
    "wording": (f"UPDATE revision SET text = {ANOTHER} WHERE id = 3", "recommendation/clean-rivers/2.1"),
    "place": ("UPDATE recommendation SET place = 9 WHERE number = '2.1'", "recommendation/clean-rivers/2.1"),
    "event": (f"UPDATE event SET title = {ANOTHER}", "event/clean-rivers/2024-01-01/the-meeting"),
    "event called off": (f"UPDATE event SET called_off = {ANOTHER}", "event/clean-rivers/2024-01-01/the-meeting"),
    "event moved": ("UPDATE event SET moved_to = '2024-01-02'", "event/clean-rivers/2024-01-01/the-meeting"),
    "event's place": (f"UPDATE event SET place = {ANOTHER}", "event/clean-rivers/2024-01-01/the-meeting"),
    "event's hour": ("UPDATE event SET begins_at = '09:00'", "event/clean-rivers/2024-01-01/the-meeting"),
    "event's clock": ("UPDATE event SET time_zone = 'Asia/Tokyo'", "event/clean-rivers/2024-01-01/the-meeting"),
    "document's language": ("UPDATE document SET language = 'fr'", "document/clean-rivers/a-report"),
    "document's rendering": ("UPDATE document SET rendering = 'authentic'", "document/clean-rivers/a-report"),
    "document removed": ("DELETE FROM document", "document/clean-rivers/a-report"),
    "document taken down": (f"UPDATE document SET taken_down = {ANOTHER}", "document/clean-rivers/a-report"),
    "event removed": ("DELETE FROM event", "event/clean-rivers/2024-01-01/the-meeting"),
    "document": ("UPDATE document SET url = 'https://evil.example/'", "document/clean-rivers/a-report"),
    "participant's name": (f"UPDATE participant_name SET name = {ANOTHER} WHERE id = 1", "participant/arcadia"),
    "participant's kind": (
        "UPDATE participant SET kind = 'country' WHERE id = 4",
        "participant/council-of-rivers",
    ),
    "participant's website": ("UPDATE participant SET website = 'https://evil.example/' WHERE id = 4", "participant/"),
    "former name": (f"UPDATE participant_name SET name = {ANOTHER} WHERE valid_until IS NOT NULL", "participant/"),
    "former name removed": ("DELETE FROM participant_name WHERE valid_until IS NOT NULL", "participant/"),
    "day of a name": (
        "UPDATE participant_name SET valid_from = '2001-01-01' WHERE valid_from IS NOT NULL",
        "participant/",
    ),
    "name of a duplicate": (
        "UPDATE participant_name SET of_duplicate = false WHERE of_duplicate",
        "participant/council-of-rivers",
    ),
    "former kind": ("UPDATE former_kind SET kind = 'country'", "participant/council-of-rivers"),
    "former kind removed": ("DELETE FROM former_kind", "participant/council-of-rivers"),
    "address of a duplicate": ("UPDATE former_address SET participant_id = 1", "participant/"),
    "address of a duplicate removed": ("DELETE FROM former_address", "participant/council-of-rivers"),
    "participant's address": ("UPDATE participant SET slug = 'freedonia' WHERE id = 4", "participant/freedonia"),
    "participant removed": ("DELETE FROM participant WHERE id = 4", "participant/council-of-rivers"),
    "status": ("UPDATE endorsement SET status = 'withdrawn', ended_on = '2024-01-01' WHERE id = 1", "endorsement/"),
    "day": ("UPDATE endorsement SET effective_on = '2001-01-01' WHERE id = 1", "endorsement/"),
    "endorser": ("UPDATE endorsement SET participant_id = 4 WHERE id = 1", "endorsement/"),
    "statement": (f"UPDATE endorsement SET statement = {ANOTHER} WHERE id = 1", "endorsement/"),
    "reservation": (f"UPDATE position SET reservation = {ANOTHER} WHERE stance = 'reserved'", "endorsement/"),
    "position removed": ("DELETE FROM position WHERE endorsement_id = 1 AND recommendation_id = 1", "endorsement/"),
    "endorsement removed": ("DELETE FROM endorsement WHERE id = 1", "endorsement/"),
    "withdrawal undone": (
        "UPDATE endorsement SET status = 'in_force', ended_on = NULL, notice_on = NULL WHERE status = 'withdrawn'",
        "endorsement/",
    ),
    "withdrawal's day": ("UPDATE endorsement SET ended_on = '2999-01-01' WHERE status = 'withdrawn'", "endorsement/"),
    "submission": ("UPDATE endorsement SET scope = 'chosen' WHERE status = 'submitted'", "endorsement/"),
    "act's day": ("UPDATE act SET effective_on = '2001-01-01' WHERE id = 1", "endorsement/"),
    "act removed": ("DELETE FROM act WHERE id = 1", "endorsement/"),
    "act of another": ("UPDATE act SET endorsement_id = 2 WHERE id = 1", "endorsement/"),
    "act's person": ("UPDATE act SET by_id = 1 WHERE action = 'endorsed' AND by_id IS NOT NULL", "endorsement/"),
    "submission's person": (
        "UPDATE endorsement SET submitted_by_id = 3 WHERE status = 'submitted'",
        "endorsement/",
    ),
    "submission undone": (
        "UPDATE endorsement SET status = 'draft', submitted_by_id = NULL WHERE status = 'submitted'",
        "endorsement/",
    ),
    "withdrawn for superseded": (
        "UPDATE endorsement SET status = 'superseded' WHERE status = 'withdrawn'",
        "endorsement/",
    ),
    "accreditation's person": ("UPDATE accreditation SET account_id = 3 WHERE id = 1", "accreditation/"),
    "accreditation's participant": ("UPDATE accreditation SET participant_id = 4 WHERE id = 1", "accreditation/"),
    "accreditation's last day": ("UPDATE accreditation SET ends_on = '2999-01-01' WHERE id = 1", "accreditation/"),
    "accreditation's head": ("UPDATE accreditation SET is_head = true WHERE id = 2", "accreditation/"),
    "accreditation's suspension": (
        "UPDATE accreditation SET suspended_on = '2999-01-01' WHERE id = 2",
        "accreditation/",
    ),
    "accreditation's name": ("UPDATE accreditation SET name = 'Somebody' WHERE id = 2", "accreditation/"),
    "accreditation's office": ("UPDATE accreditation SET office = 'Minister' WHERE id = 2", "accreditation/"),
    "accreditation removed": ("DELETE FROM accreditation WHERE id = 2", "accreditation/"),
    "accreditation added": (
        "INSERT INTO accreditation (id, account_id, participant_id, starts_on, reference, is_head, name)"
        " VALUES (99, 3, 1, '2024-01-01', 'another', false, 'Bruno')",
        "accreditation/another",
    ),
    "accreditation added without a name": (
        "INSERT INTO accreditation (id, account_id, participant_id, starts_on, is_head)"
        " VALUES (99, 3, 1, '2024-01-01', false)",
        "accreditation/None",
    ),
    "shown name": (f"UPDATE participant_name SET name = {ANOTHER} WHERE participant_id = 2", "participant/borduria"),
}


@pytest.fixture
def kept(app: Flask, world: World, database_url: str) -> str:
    """Return the address of a register: its first entries make the world, the others are acts."""
    with in_register(app):
        _, cohort = found(world.arcadia, world.cohort)
        publishing.add_event(
            cohort,
            held_on=date(2024, 1, 1),
            kind=EventKind.MEETING,
            title=Text.of("The meeting"),
            place=Text.of("Arcadia"),
            begins_at="14:30",
            time_zone="Europe/Brussels",
        )
        publishing.add_document(
            cohort,
            kind=DocumentKind.REPORT,
            title=Text.of("A report"),
            publisher="Summit of Rivers",
            language="en",
            rendering=Rendering.TRANSLATION,
        )
    with in_register(app):
        borduria, council = (found(each, world.cohort)[0] for each in (world.borduria, world.council))
        enrolling.rename(borduria, name=Text.of("North Borduria", fr="Bordurie du Nord"), since=date(2024, 1, 1))
        enrolling.change_facts(council, kind=Kind.CIVIL_SOCIETY, since=date(2024, 1, 1))
        enrolling.merge(publishing.add_participant(kind=Kind.COUNTRY, name=Text.of("River Council")), council)
    act(app, a.published, world.union, world.cohort)
    act(app, a.published, world.league, world.cohort, numbers=["1.1", "1.2"], reservations={"1.2": Text.of("In part.")})
    act(app, a.in_force, world.borduria, world.cohort, world.bruno, world.sam)
    act(app, a.in_force, world.arcadia, world.cohort, world.alice, world.sam)
    with in_register(app):
        endorsement = standing.in_force_one(*found(world.arcadia, world.cohort))
        assert endorsement is not None
        a.withdrawn(endorsement, a.account(world.alice), a.account(world.sam))
    act(app, a.a_submission, world.arcadia, world.cohort, world.alice)
    return database_url


def tamper(url: str, *statements: str) -> None:
    """Change a register by hand, where no trigger and no constraint stands in the way of whoever owns the database."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute("PRAGMA ignore_check_constraints=ON")
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement)
            connection.commit()
        return
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")  # no trigger, no foreign key
        connection.exec_driver_sql("ALTER TABLE ledger_entry DROP CONSTRAINT IF EXISTS ck_ledger_entry_action")
        for statement in statements:
            connection.exec_driver_sql(statement)


@contextmanager
def tampered(url: str, *statements: str) -> Iterator[None]:
    """Change a register by hand, and put it back in the end."""
    tables = list(Base.metadata.tables)
    tamper(url, *(f"CREATE TABLE IF NOT EXISTS was_{table} AS SELECT * FROM {table}" for table in tables), *statements)
    try:
        yield
    finally:
        emptied = [f"DELETE FROM {table}" for table in tables]
        tamper(url, *emptied, *(f"INSERT INTO {table} SELECT * FROM was_{table}" for table in tables))


def numbered(url: str, *texts: str) -> list[str]:
    """Return texts with the numbers of the entries that they name in angle brackets."""
    [last] = ask(url, "SELECT max(sequence) FROM ledger_entry")
    [submission] = ask(url, "SELECT min(sequence) FROM ledger_entry WHERE action = 'submitted'")
    [withdrawal] = ask(url, "SELECT sequence FROM ledger_entry WHERE action = 'withdrawn'")
    numbers = {"last": last, "next": last + 1, "before": last - 1, "submission": submission, "withdrawal": withdrawal}
    return [re.sub(r"<(\w+)>", lambda found: str(numbers[found[1]]), text) for text in texts]


def first_difference(url: str) -> str:
    """Return the difference that the command names."""
    told = run(url, "verify")
    assert told.exit_code == 1, told.output
    assert told.output.startswith(FIRST)
    return told.output.removeprefix(FIRST).removesuffix("\n")


def test_it_says_how_many_entries_there_are_and_the_heads_hash(kept: str) -> None:
    [head] = ask(kept, "SELECT hash FROM ledger_head")
    told = run(kept, "verify")
    [last] = ask(kept, "SELECT max(sequence) FROM ledger_entry")
    assert (told.exit_code, told.output) == (0, f"All is well: {last} entries, head {head}\n")


def test_it_works_as_a_program_of_its_own(kept: str) -> None:
    tamper(kept, "UPDATE ledger_entry SET actor = 'somebody' WHERE sequence = 9")
    told = start(kept, "verify")
    assert (told.returncode, told.stdout, told.stderr) == (1, f"{FIRST}entry 9: {HASH}\n", "")


def test_it_changes_nothing(kept: str) -> None:
    everything = "SELECT hash FROM ledger_entry ORDER BY sequence"
    before = ask(kept, everything)
    run(kept, "verify")
    assert ask(kept, everything) == before


def test_the_first_difference_is_named(kept: str, subtests: pytest.Subtests) -> None:
    for what, (statements, difference) in TAMPERING.items():
        [expected, *changes] = numbered(kept, difference, *statements)
        with subtests.test(what), tampered(kept, *changes):
            assert first_difference(kept) == expected


def test_a_withdrawal_cut_off_with_its_head_is_found_by_its_tally(kept: str) -> None:
    tamper(
        kept,
        *numbered(
            kept,
            "DELETE FROM ledger_entry WHERE sequence >= <withdrawal>",
            "UPDATE ledger_head SET (sequence, hash) ="
            " (SELECT sequence, hash FROM ledger_entry WHERE sequence = <withdrawal> - 1)",
        ),
    )
    assert first_difference(kept) == (
        f"tally of clean-rivers as a whole, country, from {today()}: keeps 1 signatories, 0 reserved, 0 partial,"
        " but the ledger's entries give 2 signatories, 0 reserved, 0 partial"
    )


def test_a_head_with_another_hash_is_named_as_such(kept: str) -> None:
    tamper(kept, f"UPDATE ledger_head SET hash = '{'f' * 64}'")
    told = first_difference(kept)
    assert told.startswith("the ledger's head: ")
    assert "hash" in told


def test_a_head_that_was_removed_is_named(kept: str) -> None:
    tamper(kept, "DELETE FROM ledger_head")
    assert first_difference(kept).startswith("the ledger's head: ")


def test_whatever_stands_in_an_entry_the_entry_is_named(kept: str, subtests: pytest.Subtests) -> None:
    for what, payload in PAYLOADS.items():
        with subtests.test(what):
            tamper(kept, f"UPDATE ledger_entry SET payload = '{payload}' WHERE sequence = 9")
            assert first_difference(kept).startswith("entry 9: ")


def test_an_action_that_the_register_does_not_know_is_named_with_its_entry(kept: str) -> None:
    tamper(kept, "UPDATE ledger_entry SET action = 'rumoured' WHERE sequence = 9")
    assert first_difference(kept).startswith("entry 9: ")


def test_what_is_changed_behind_the_ledgers_back_is_found(kept: str, subtests: pytest.Subtests) -> None:
    for what, (statement, expected) in TABLES_CHANGED.items():
        with subtests.test(what), tampered(kept, statement):
            assert first_difference(kept).startswith(expected)


#: What is changed by hand of wordings that follow others, and what is named then.
WORDINGS_CHANGED = {
    "text": f"UPDATE revision SET text = {ANOTHER} WHERE number = 2",
    "reason": f"UPDATE revision SET reason = {ANOTHER} WHERE number = 2",
    "source": "UPDATE revision SET provenance = 'Hearsay' WHERE number = 2",
    "day": "UPDATE revision SET effective_on = '2099-01-01' WHERE number = 2",
    "status": "UPDATE revision SET text_status = 'authoritative' WHERE number = 2",
    "kind": "UPDATE revision SET kind = 'corrigendum' WHERE number = 2",
    "edition": "UPDATE revision SET kind = 'corrigendum', edition = 1 WHERE number = 2",
    "removed": "DELETE FROM revision WHERE number = 2",
    "added": (
        "INSERT INTO revision"
        " (id, recommendation_id, number, kind, edition, text, text_status, effective_on, provenance, reason)"
        " SELECT 99, recommendation_id, 3, 'corrigendum', edition, text, text_status, effective_on, provenance, reason"
        " FROM revision WHERE number = 2"
    ),
}


def test_a_wording_that_the_ledger_does_not_account_for_is_named(
    app: Flask, kept: str, subtests: pytest.Subtests
) -> None:
    with in_register(app):
        _, cohort = found("arcadia", "clean-rivers")
        a.amended(a.item(cohort, "2.1"), a.account("sam@example.org"), a.account("kim@example.org"), "Do more.")
    assert run(kept, "verify").exit_code == 0
    for what, statement in WORDINGS_CHANGED.items():
        with subtests.test(what), tampered(kept, statement):
            assert first_difference(kept).startswith("recommendation/clean-rivers/2.1, revision ")
    with tampered(kept, "UPDATE recommendation_tally SET edition = 2 WHERE kind = 'supranational'"):
        assert first_difference(kept).startswith("tally of clean-rivers 1.1")


def test_a_corrected_title_is_accounted_for(app: Flask, kept: str) -> None:
    with in_register(app):
        _, cohort = found("arcadia", "clean-rivers")
        title = a.proposed(cohort.headings[1], a.account("sam@example.org"), "Rivers", kind=RevisionKind.CORRIGENDUM)
        rewording.publish(title, by=a.account("kim@example.org"))
    assert run(kept, "verify").exit_code == 0
    tamper(kept, f"UPDATE heading SET title = {ANOTHER} WHERE number = 2")
    assert first_difference(kept).startswith("heading/clean-rivers/2")


#: What is changed by hand of what two people changed, and what is named then.
CHANGES_CHANGED = {
    "cohort's title": (f"UPDATE cohort SET title = {ANOTHER}", "cohort/clean-rivers"),
    "cohort's summit undone": ("UPDATE cohort SET summit = 'Summit of Rivers'", "cohort/clean-rivers"),
    "day of an event undone": ("UPDATE event SET moved_to = NULL", "event/clean-rivers/2031-05-20/"),
    "event held after all": ("UPDATE event SET called_off = NULL", "event/clean-rivers/2031-05-20/"),
    "document back": ("UPDATE document SET taken_down = NULL", "document/clean-rivers/the-second-report"),
}


def test_what_two_people_changed_is_accounted_for(
    app: Flask, world: World, kept: str, subtests: pytest.Subtests
) -> None:
    with in_register(app):
        people = {name: a.account(getattr(world, name)) for name in ("sam", "kim")}
        staffed = replace(world, cohort=found(world.arcadia, world.cohort)[1], **people)
        sam, kim = staffed.sam, staffed.kim
        preparation = preparing.begin_change(staffed.cohort, by=sam)
        preparing.keep(preparation, replace(Prepared.of(preparation), summit="Summit of Seas"), by=sam)
        event, document = an_event(staffed), a_document(staffed)
        appearing.approve(establishing.propose(preparation, why=WHY, by=sam), by=kim)
        moved = event_facts(held_on=date(2031, 6, 1))
        appearing.approve(announcing.propose_change(event, moved, why=WHY, by=sam), by=kim)
        for thing in (event, document):
            appearing.approve(announcing.propose_end(thing, why=WHY, by=sam), by=kim)
    assert run(kept, "verify").exit_code == 0
    for what, (statement, expected) in CHANGES_CHANGED.items():
        with subtests.test(what), tampered(kept, statement):
            assert first_difference(kept).startswith(expected)


#: What is changed by hand of notices that came on paper.
NOTICES_CHANGED = {
    "on paper": "UPDATE endorsement SET notice_on_paper = false, notice_provenance = NULL WHERE notice_on_paper",
    "provenance": "UPDATE endorsement SET notice_provenance = 'By hand' WHERE notice_on_paper",
    "another": "UPDATE endorsement SET notice_on_paper = true WHERE status = 'withdrawn' AND NOT notice_on_paper",
}


def test_a_notice_on_paper_is_accounted_for(app: Flask, world: World, kept: str, subtests: pytest.Subtests) -> None:
    with in_register(app):
        sam, kim = a.account(world.sam), a.account(world.kim)
        freedonia = publishing.add_participant(kind=Kind.COUNTRY, name=Text.of("Freedonia"))
        endorsement = a.a_notice_on_paper(a.published(freedonia, found(world.arcadia, world.cohort)[1]), sam)
        withdrawing.confirm(notices.submit(endorsement, by=sam), by=kim)
    assert run(kept, "verify").exit_code == 0
    for what, statement in NOTICES_CHANGED.items():
        with subtests.test(what), tampered(kept, statement):
            assert first_difference(kept).startswith("endorsement/")


def test_a_trigger_that_was_taken_away_is_named(kept: str) -> None:
    tamper(kept, *([] if kept.startswith("sqlite") else ["DROP TRIGGER ledger_head_forward ON ledger_head"]))
    assert first_difference(kept).startswith("the database: lacks the trigger ledger_")


def test_what_the_register_cannot_read_is_named(kept: str) -> None:
    tamper(kept, "UPDATE participant SET footnote = '[]' WHERE id = 2")
    assert first_difference(kept).startswith("the tables: hold what cannot be read")


def test_what_is_recorded_while_it_reads_is_no_difference(app: Flask, kept: str) -> None:
    recorded = []

    def record() -> None:
        with in_register(app):
            publishing.add_participant(kind=Kind.COUNTRY, name=Text.of("Freedonia"))

    def meanwhile(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM ledger_head" in statement and not recorded:
            recorded.append(statement)
            with ThreadPoolExecutor(1) as somebody:
                somebody.submit(record).result()

    sa.event.listen(sa.Engine, "before_cursor_execute", meanwhile)
    try:
        told = run(kept, "verify")
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", meanwhile)
    assert recorded
    assert told.exit_code == 0, told.output
