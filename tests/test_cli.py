from __future__ import annotations

import contextvars
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask, appcontext_tearing_down

from config import PROJECT
from tests.acting import act
from tests.conftest import KEY
from tests.invariants.test_schema import empty
from tests.post_box import SENDER, post_box
from tests.world import World, a_submission
from tracker import demonstration
from tracker.cli import tracker
from tracker.extensions import db

COMMAND = str(Path(sys.executable).parent / "tracker")

RIVERS = """
cohort: {slug: wide-rivers, title: Cohort on Wide Rivers}
headings:
  - {number: 1, title: One, items: [{number: "1.1", text: Keep them wide.}]}
endorsements: {endorsed_on: 2024-01-01}
signatories:
  civil_society:
    - {name: League of Clean Hands}
"""


def environment(database_url: str, **settings: str) -> dict[str, str]:
    """Return the environment of a command, with these settings by their short names and no other."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    return {
        **others,
        "TRACKER_DATABASE_URL": database_url,
        **{f"TRACKER_{name}": value for name, value in settings.items()},
    }


def run(database_url: str, *words: str, **settings: str) -> Result:
    """Run a command in this process as a shell would; an error that is not told to the operator fails."""
    unset = {name: None for name in os.environ if name.startswith("TRACKER_")}
    runner = CliRunner(env={**unset, **environment(database_url, **settings)})
    with appcontext_tearing_down.connected_to(_let_go):
        result: Result = contextvars.copy_context().run(runner.invoke, tracker, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def _let_go(_app: object, **_: object) -> None:
    """Close the connections of a command, whose process would end here."""
    db.engine.dispose()


def start(database_url: str, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own and wait for its end: one that could become the server."""
    return subprocess.run(
        [COMMAND, *words],
        cwd=PROJECT,
        env=environment(database_url, **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def ask(database_url: str, query: str) -> list[object]:
    """Return what a query on a database gives, the first column of it."""
    with sa.create_engine(database_url, poolclass=sa.NullPool).connect() as connection:
        return list(connection.scalars(sa.text(query)))


@pytest.fixture
def new_url(database_url: str) -> str:
    """Return the address of a database that nobody has migrated."""
    empty(sa.create_engine(database_url, poolclass=sa.NullPool))
    return database_url


@pytest.fixture
def free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


@pytest.fixture
def rivers(tmp_path: Path) -> Path:
    path = tmp_path / "rivers.yaml"
    path.write_text(RIVERS)
    return path


def test_a_file_is_loaded_and_it_says_what_was_added(database_url: str, rivers: Path) -> None:
    told = run(database_url, "load", str(rivers))
    assert told.exit_code == 0
    assert told.output == ("Loaded rivers.yaml: 1 cohort, 1 heading, 1 recommendation, 1 participant, 1 endorsement.\n")
    assert run(database_url, "verify").output.startswith("All is well: 5 entries")


def test_loading_twice_changes_nothing_and_says_so(database_url: str, rivers: Path) -> None:
    run(database_url, "load", str(rivers))
    before = run(database_url, "verify").output
    told = run(database_url, "load", str(rivers))
    assert (told.exit_code, told.output) == (0, "rivers.yaml is in the register already; nothing changed.\n")
    assert run(database_url, "verify").output == before


def test_every_mistake_of_a_bad_file_is_told_with_its_line(database_url: str, rivers: Path) -> None:
    bad = RIVERS.replace("wide-rivers", "Wide!").replace('"1.1"', "1.1").replace("2024-01-01", "2999-01-01")
    rivers.write_text(bad)
    told = run(database_url, "load", str(rivers))
    assert told.exit_code == 1
    assert told.stdout == ""
    first, *mistakes = told.stderr.splitlines()
    assert first == f"{rivers} was refused; nothing was loaded."
    assert [line.split(": ")[:2] for line in mistakes] == [
        ["  line 2", "slug"],
        ["  line 4", "number"],
        ["  line 5", "endorsed_on"],
    ]
    assert run(database_url, "verify").output.startswith("All is well: 0 entries")


def test_a_file_that_contradicts_the_register_leaves_it_as_it_was(database_url: str, rivers: Path) -> None:
    run(database_url, "load", str(rivers))
    more = RIVERS.replace("    - {name", "    - {name: Bank of Reeds}\n    - {name")
    rivers.write_text(more.replace("Keep them wide.", "Keep them narrow."))
    told = run(database_url, "load", str(rivers))
    assert told.exit_code == 1
    assert "line 4: text: the file says Keep them narrow., the register Keep them wide." in told.stderr
    assert ask(database_url, "SELECT slug FROM participant") == ["league-of-clean-hands"]


def test_what_was_understood_although_badly_written_is_noted(database_url: str, rivers: Path) -> None:
    rivers.write_text(RIVERS.replace("Keep them wide.", "Keep them wide, and deep."))
    told = run(database_url, "load", str(rivers))
    assert told.exit_code == 0
    assert told.output.startswith("  note: line 4: read 'and deep.' as the rest of 'text'")


@pytest.mark.parametrize("what", ["", "nothing.yaml"])
def test_what_is_no_file_is_refused(database_url: str, tmp_path: Path, what: str) -> None:
    told = run(database_url, "load", str(tmp_path / what))
    assert told.exit_code == 2
    assert str(tmp_path) in told.stderr


def test_a_new_database_is_migrated(new_url: str) -> None:
    told = run(new_url, "migrate")
    assert (told.exit_code, told.output) == (0, "The database is up to date.\n")
    assert run(new_url, "verify").output == f"All is well: 0 entries, head {'0' * 64}\n"


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/of/the/register/register.sqlite"
    assert run(url, "migrate").exit_code == 0
    assert run(url, "verify").exit_code == 0


def test_migrating_again_changes_nothing(database_url: str, rivers: Path) -> None:
    run(database_url, "load", str(rivers))
    before = run(database_url, "verify").output
    assert run(database_url, "migrate").output == "The database is up to date.\n"
    assert run(database_url, "verify").output == before


def test_a_database_of_a_later_version_is_left_alone_and_said_to_be(database_url: str) -> None:
    with sa.create_engine(database_url, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'later'")
    told = run(database_url, "migrate")
    assert told.exit_code == 1
    assert "later" in told.stderr


@pytest.mark.parametrize("command", ["verify", "load"])
def test_a_database_that_was_never_migrated_is_said_to_be(new_url: str, rivers: Path, command: str) -> None:
    told = run(new_url, command, *([str(rivers)] if command == "load" else []))
    assert told.exit_code == 1
    assert told.stdout == ""
    assert told.stderr.startswith("Error: The database answers: ")
    assert "run 'tracker migrate' first" in told.stderr.lower()


@pytest.mark.parametrize("command", ["verify", "migrate", "load"])
def test_a_file_that_is_no_database_is_said_to_be(tmp_path: Path, rivers: Path, command: str) -> None:
    told = run(f"sqlite:///{rivers}", command, *([str(rivers)] if command == "load" else []))
    assert told.exit_code == 1
    assert "file is not a database" in told.stderr
    assert rivers.read_text() == RIVERS


@pytest.mark.parametrize("command", ["verify", "migrate"])
def test_a_folder_that_cannot_be_made_is_said_to_be(rivers: Path, command: str) -> None:
    told = run(f"sqlite:///{rivers}/register.sqlite", command)
    assert told.exit_code == 1
    assert str(rivers) in told.stderr


@pytest.mark.parametrize("address", ["nonsense", "nothing://somewhere/register"])
def test_an_address_of_no_database_names_its_variable(address: str) -> None:
    told = run(address, "verify")
    assert told.exit_code == 1
    assert "TRACKER_DATABASE_URL" in told.stderr


def test_a_server_that_does_not_answer_is_said_not_to() -> None:
    told = run("postgresql://register@127.0.0.1:1/register", "verify")
    assert told.exit_code == 1
    assert "Connection refused" in told.stderr


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "TRACKER_SECRET_KEY is missing"),
        ({"SECRET_KEY": "changeme"}, "TRACKER_SECRET_KEY is a default"),
        ({"SECRET_KEY": KEY, "DEMO": "1", "ENVIRONMENT": "production"}, "TRACKER_DEMO is on"),
        ({"SECRET_KEY": KEY}, "TRACKER_ADDRESS is missing"),
    ],
    ids=["no key", "default key", "demo", "no address"],
)
def test_it_does_not_serve_with_unsafe_settings(
    tmp_path: Path, free_port: str, settings: dict[str, str], named: str
) -> None:
    told = start(f"sqlite:///{tmp_path}/register.sqlite", "serve", "--port", free_port, **settings)
    assert told.returncode == 1
    assert told.stderr.startswith(f"Error: {named}")
    assert "Traceback" not in told.stderr


def test_it_does_not_serve_a_database_that_was_never_migrated(new_url: str, free_port: str) -> None:
    told = start(new_url, "serve", "--port", free_port, SECRET_KEY=KEY, ADDRESS="https://register.example.org")
    assert told.returncode == 1
    assert "Run 'tracker migrate' first." in told.stderr
    assert "Traceback" not in told.stderr


def test_it_does_not_serve_where_another_server_listens(database_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        told = start(database_url, "serve", "--port", port, SECRET_KEY=KEY, ADDRESS="https://register.example.org")
    assert told.returncode == 1
    assert port in told.stderr
    assert "Traceback" not in told.stderr


def test_on_a_laptop_the_server_knows_where_it_serves(
    database_url: str, free_port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: dict[str, str] = {}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_ADDRESS", "")  # so that it is as before at the end
    monkeypatch.setattr(os, "execv", lambda *_: known.update(os.environ))
    run(database_url, "serve", "--port", free_port, ENVIRONMENT="laptop", EVIDENCE_FOLDER=str(tmp_path))
    assert known["TRACKER_ADDRESS"] == f"http://localhost:{free_port}"


def test_the_demo_makes_its_accounts_and_names_them(new_url: str, free_port: str) -> None:
    words = [COMMAND, "demo", "--port", free_port]
    on = environment(new_url, DEMO="1")
    emails = sorted(account.email for account in demonstration.ACCOUNTS)
    told = ""
    with subprocess.Popen(words, cwd=PROJECT, env=on, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            told += line
            if all(email in told for email in emails):
                break
        demo.terminate()
    assert f"The register is at http://localhost:{free_port}/" in told
    assert f"Demo accounts, all with the password {demonstration.PASSWORD}" in told
    assert sorted(map(str, ask(new_url, "SELECT email FROM account"))) == emails


def test_no_demo_account_is_made_where_the_demo_is_not_on(
    database_url: str, free_port: str, subtests: pytest.Subtests
) -> None:
    production = {"SECRET_KEY": KEY, "ENVIRONMENT": "production"}
    for settings in ({}, {"DEMO": "0"}, production, {**production, "DEMO": "1"}):
        with subtests.test(settings=settings):
            told = start(database_url, "demo", "--port", free_port, **settings)
            assert told.returncode == 1
            assert ask(database_url, "SELECT email FROM account") == []
            assert "TRACKER_DEMO" in told.stderr
            assert "Traceback" not in told.stderr


def test_no_other_command_makes_demo_accounts(new_url: str, rivers: Path) -> None:
    for words in (["migrate"], ["load", str(rivers)], ["verify"]):
        assert run(new_url, *words, DEMO="1").exit_code == 0
    assert ask(new_url, "SELECT email FROM account") == []


MAIL = {"MAIL_FROM": SENDER, "ADDRESS": "https://register.example.org", "SECRET_KEY": KEY}

#: What is due beside: two digests, and reminders, to Bruno of the end of his accreditation, to Petra and Alice of hers.
BESIDE = 2 + 1 + 2


@pytest.fixture
def waiting(app: Flask, world: World) -> int:
    """Let four mails wait."""
    act(app, a_submission, world.arcadia, world.cohort, world.alice)
    return 4


def test_what_is_due_is_delivered_and_counted(database_url: str, waiting: int) -> None:
    with post_box() as box:
        told = run(database_url, "mail", "deliver", SMTP_URL=box.url, **MAIL)
    assert (told.exit_code, told.output) == (0, f"{waiting + BESIDE} sent, 0 put off, 0 given up.\n")
    assert len(box.taken) == waiting + BESIDE


def test_delivering_again_finds_nothing_to_do(database_url: str, waiting: int) -> None:
    with post_box() as box:
        run(database_url, "mail", "deliver", SMTP_URL=box.url, **MAIL)
        told = run(database_url, "mail", "deliver", SMTP_URL=box.url, **MAIL)
    assert (told.exit_code, told.output) == (0, "0 sent, 0 put off, 0 given up.\n")


def test_without_a_mail_server_it_says_so_and_mails_wait(database_url: str, waiting: int) -> None:
    told = run(database_url, "mail", "deliver", DEMO="1")
    assert told.exit_code == 1
    assert told.stderr.startswith("Error: Nothing was sent; mails in the outbox: 4. TRACKER_SMTP_URL is missing")
    assert ask(database_url, "SELECT count(*) FROM mail WHERE state = 'waiting' AND attempts = 0") == [4]


@pytest.mark.parametrize("missing", ["MAIL_FROM", "ADDRESS"])
def test_any_other_setting_that_mails_need_is_named(database_url: str, missing: str) -> None:
    told = run(database_url, "mail", "deliver", SMTP_URL="smtp://localhost", **{**MAIL, missing: ""})
    assert told.exit_code == 1
    assert f"TRACKER_{missing} is missing" in told.stderr


def test_a_mail_server_that_is_away_is_said_to_be(database_url: str, waiting: int, free_port: str) -> None:
    told = run(database_url, "mail", "deliver", SMTP_URL=f"smtp://127.0.0.1:{free_port}", **MAIL)
    assert told.exit_code == 1
    assert told.stdout == f"0 sent, {waiting + BESIDE} put off, 0 given up.\n"
    assert "Connection refused" in told.stderr


def test_mails_of_a_database_that_was_never_migrated_are_none(new_url: str) -> None:
    told = run(new_url, "mail", "deliver", SMTP_URL="smtp://localhost", **MAIL)
    assert told.exit_code == 1
    assert "Run 'tracker migrate' first." in told.stderr
