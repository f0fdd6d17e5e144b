"""No key, password or token is committed: what `make check` finds when one is planted."""

import shutil
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from config import PROJECT
from tools import secret_scan

#: Put together here, so that this file holds none of them.
AWS_KEY = "AKIA" + "QX7ZPLNM3V5RTW2D"
TOKEN = b64encode(sha256(b"planted").digest()).decode()
PRIVATE_KEY = (
    "-----BEGIN RSA "
    + "PRIVATE KEY-----\n"
    + "MIIEow"
    + "IBAAKCAQEAx7Kq\n" * 3
    + "-----END RSA "
    + "PRIVATE KEY-----\n"
)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project, with a git of its own."""
    copy = tmp_path_factory.mktemp("project")
    told = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, told.split("\0")):
        if (PROJECT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, copy / name)
    subprocess.run(["git", "init", "--quiet"], cwd=copy, check=True)
    return copy


def added(file: Path, line: str) -> int:
    """Add a line to a file, and return its number."""
    text = file.read_text() + line + "\n"
    file.write_text(text)
    return len(text.splitlines())


def scanned(folder: Path) -> subprocess.CompletedProcess[str]:
    subprocess.run(["git", "add", "--all"], cwd=folder, check=True)
    command = [sys.executable, "-m", "tools.secret_scan"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def scanned_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, str]]:
    monkeypatch.chdir(folder)
    return [(each.file, each.line, each.kind) for each in secret_scan.scan(secret_scan.files())]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    return tmp_path


def test_planted_secrets_are_named_by_file_and_line_and_not_printed(copied: Path) -> None:
    in_readme = added(copied / "README.md", f"Use the key {AWS_KEY} for backups.")
    in_config = added(copied / "config.py", f'DEPLOY = "{TOKEN}"')
    (copied / "instance.pem").write_text(PRIVATE_KEY)
    told = scanned(copied)
    assert told.returncode == 1
    assert f"README.md:{in_readme}: AWS Access Key\n" in told.stdout
    assert f"config.py:{in_config}: Base64 High Entropy String\n" in told.stdout
    assert "instance.pem:1: Private Key\n" in told.stdout
    assert AWS_KEY not in told.stdout
    assert TOKEN not in told.stdout


def test_a_file_that_git_would_add_is_looked_into_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "notes.txt").write_text(f"{AWS_KEY}\n")
    assert scanned_here(folder, monkeypatch) == [("notes.txt", 1, "AWS Access Key")]


def test_a_file_that_git_ignores_is_not_looked_into(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".gitignore").write_text("instance/\n")
    (folder / "instance").mkdir()
    (folder / "instance" / "secret_key").write_text(f"{AWS_KEY}\n")
    assert scanned_here(folder, monkeypatch) == []


def test_a_private_key_is_found_in_a_large_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "settings.py").write_text("# A line of a long file.\n" * 1000 + f'KEY = """{PRIVATE_KEY}"""\n')
    assert ("settings.py", 1001, "Private Key") in scanned_here(folder, monkeypatch)


def test_a_secret_is_found_whatever_a_comment_in_its_line_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "settings.py").write_text(f'KEY = "{AWS_KEY}"  # pragma: allowlist secret\n')
    assert ("settings.py", 1, "AWS Access Key") in scanned_here(folder, monkeypatch)


@pytest.mark.parametrize("name", ["package-lock.json", "tracker.css", "swagger.txt"])
def test_no_file_is_passed_over_by_its_name(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / name).write_text(f"{AWS_KEY}\n")
    assert scanned_here(folder, monkeypatch) == [(name, 1, "AWS Access Key")]


def test_an_excuse_that_nothing_needs_is_named(copied: Path) -> None:
    (copied / "docs" / "ledger.md").unlink()
    told = scanned(copied)
    assert told.returncode == 1
    assert "nothing in docs/ledger.md is" in told.stdout


@pytest.mark.parametrize("entry", secret_scan.reviewed(), ids=lambda entry: entry.file)
def test_every_excuse_has_its_reason(entry: secret_scan.Reviewed) -> None:
    assert entry.reason.strip()
