"""The operator's commands of the security log, and what the log says of the operator."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.acting import in_register
from tests.identity.test_reading_the_log import an_event
from tests.test_cli import ask, run
from tests.world import World, account


@pytest.fixture
def old(app: Flask, world: World) -> None:
    """Let somebody have signed in 40 days ago, and 400."""
    with in_register(app):
        for days in (40, 400):
            an_event(account=account(world.alice), days=days)


@pytest.mark.usefixtures("old")
def test_old_events_are_deleted_and_counted(database_url: str) -> None:
    told = run(database_url, "security-log", "purge")
    assert (told.exit_code, told.output) == (0, "Deleted security events: 1.\n")
    assert ask(database_url, "SELECT count(*) FROM security_event") == [1]


@pytest.mark.usefixtures("old")
def test_they_are_kept_for_as_long_as_is_set(database_url: str) -> None:
    told = run(database_url, "security-log", "purge", SECURITY_LOG_KEPT_DAYS="30")
    assert (told.exit_code, told.output) == (0, "Deleted security events: 2.\n")


@pytest.mark.usefixtures("world")
def test_an_export_by_the_operator_is_written_down(database_url: str, tmp_path: Path) -> None:
    assert run(database_url, "register", "export", str(tmp_path / "record.xlsx")).exit_code == 0
    assert ask(database_url, "SELECT action FROM security_event WHERE by_id IS NULL AND address = ''") == ["exported"]
    said = '{"command": "tracker register export", "file": "record.xlsx"}'
    assert ask(database_url, "SELECT said FROM security_event") == [said]


@pytest.mark.usefixtures("world")
def test_an_export_that_could_not_be_written_is_none(database_url: str) -> None:
    assert run(database_url, "register", "export", "/proc/nowhere/record.xlsx").exit_code == 1
    assert ask(database_url, "SELECT count(*) FROM security_event") == [0]
