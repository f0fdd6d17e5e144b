"""A server killed between any two statements leaves the whole act, or nothing of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from config import PROJECT
from tests.acting import act, in_register, open_one
from tests.bulk.uploading import endorsements, proposed
from tests.letters import a_letter, an_image
from tests.world import World, a_draft, account, status_of
from tracker import clock, ledger, register, tallies, verifying
from tracker.evidence import filing
from tracker.vocabulary import Kind, Status

#: More statements than any request makes: a loop that gets here does not end.
TOO_MANY = 300

Ask = Callable[[str], str]


@pytest.fixture
def victim(app: Flask, world: World, database_url: str, evidence_folder: Path) -> Iterator[Ask]:
    """Return a function that lets the process act, to be killed before a statement, and returns how that went."""
    command = [sys.executable, "-m", "tests.stories.victim", database_url, str(evidence_folder)]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout

        def ask(what: str) -> str:
            process.stdin.write(f"{what}\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        yield ask
        process.stdin.close()


def standing(app: Flask) -> tuple[Status | None, int, int]:
    """Return the status, the ledger's length and the tally; fail where they do not agree with each other."""
    with app.app_context():
        assert verifying.verify() is None
        group = register.cohort("clean-rivers")
        assert group is not None
        count = tallies.of_set(group, clock.today()).signatories(Kind.COUNTRY)
        return status_of("arcadia", "clean-rivers"), ledger.head()[0], count


def kill_at_every_statement(app: Flask, victim: Ask, verb: str) -> int:
    """Kill the request at each of its statements until one act got through; return how often it was killed."""
    before = standing(app)
    for statement in range(1, TOO_MANY):
        outcome = victim(f"{verb} {statement}")
        after = standing(app)
        if after != before:
            return statement
        assert outcome == "killed", f"statement {statement} was {outcome} and nothing happened"
    pytest.fail("the request does not end")


def test_a_submission_and_its_confirmation_happen_whole_or_not_at_all(app: Flask, world: World, victim: Ask) -> None:
    reference = act(app, a_draft, world.arcadia, world.cohort, world.alice)
    _, entries, _ = standing(app)
    assert kill_at_every_statement(app, victim, "submit") > 10
    assert standing(app) == (Status.SUBMITTED, entries + 1, 0)
    assert kill_at_every_statement(app, victim, f"confirm:{reference}") > 10
    assert standing(app) == (Status.IN_FORCE, entries + 2, 1)


def test_a_load_is_recorded_whole_or_not_at_all(app: Flask, world: World, victim: Ask) -> None:
    with in_register(app):
        table = endorsements("arcadia,clean-rivers,2024-05-06", "borduria,clean-rivers,2024-05-06")
        reference = proposed(table, by=account(world.sam)).reference
    _, entries, _ = standing(app)
    assert kill_at_every_statement(app, victim, f"approve:{reference}") > 20
    assert standing(app) == (Status.IN_FORCE, entries + 3, 2)


def test_a_letter_is_there_with_its_row_or_nothing_refers_to_it(
    app: Flask, world: World, victim: Ask, evidence_folder: Path
) -> None:
    act(app, a_draft, world.arcadia, world.cohort, world.alice, letter=a_letter(an_image(), "scan.png"))
    left = set()
    for statement in range(1, TOO_MANY):
        outcome = victim(f"attach {statement}")
        with app.app_context():
            assert verifying.verify() is None
            left |= {fault.partition(": ")[2] for fault in filing.faults()}
            kept = open_one("arcadia", "clean-rivers").evidence
            assert kept is not None
            assert filing.is_sound(kept)
            if outcome == "answered":
                break
    assert kept.file_name == "letter.pdf"
    assert left == {"no row refers to this file"}
