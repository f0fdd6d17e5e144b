"""`make audit` fails wherever it could not ask for advisories, and wherever there is one."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from config import PROJECT
from tools import audit

Asked = list[tuple[str, str]]
Answer = Callable[[str, str], bytes | int | None]

CANARY = {
    "id": "PYSEC-2019-13",
    "aliases": ["CVE-2019-14234"],
    "summary": "SQL injection",
    "affected": [
        {
            "package": {"name": "django", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.11.23"}]}],
        }
    ],
}
HOLE = {
    "id": "GHSA-aaaa-bbbb-cccc",
    "aliases": ["CVE-2026-99999"],
    "details": "Reads\nany file.",
    "affected": [
        {
            "package": {"name": "leaky", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.1"}]}],
        }
    ],
}
PINS = """\
leaky==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
    # via sound
sound[extra]==1.0 \\
    --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
"""


def truthfully(name: str, version: str) -> bytes:
    """Answer as OSV does: nothing at all where nothing is known."""
    known = {("django", "1.11.0"): [CANARY], ("leaky", "2.0"): [HOLE]}.get((name, version))
    return json.dumps({"vulns": known} if known else {}).encode()


def unless_asked_for(name: str) -> Answer:
    return lambda asked, version: None if asked == name else truthfully(asked, version)


class Source:
    """A source of advisories on this computer, which answers as it is told and remembers for what it was asked."""

    def __init__(self) -> None:
        self.asked: Asked = []
        self.answer: Answer = truthfully
        source = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                one = (query["package"]["name"], query["version"])
                source.asked.append(one)
                answer = source.answer(*one)
                if answer is None:
                    return  # the connection closes without a word
                self.send_response(answer if isinstance(answer, int) else 200)
                self.end_headers()
                self.wfile.write(b"" if isinstance(answer, int) else answer)

            def log_message(self, *_said: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/v1/query"


@pytest.fixture
def source() -> Iterator[Source]:
    source = Source()
    thread = threading.Thread(target=source.server.serve_forever)
    thread.start()
    yield source
    source.server.shutdown()
    thread.join()
    source.server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.txt").write_text(PINS)
    return tmp_path


def audited(folder: Path, address: str) -> subprocess.CompletedProcess[str]:
    settings = {"PIP_AUDIT_OSV_URL": address, "PYTHONPATH": str(PROJECT), "NO_PROXY": "127.0.0.1"}
    command = [sys.executable, "-m", "tools.audit"]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )


def test_libraries_without_an_advisory_pass(folder: Path, source: Source) -> None:
    (folder / "requirements" / "run.txt").write_text("sound==1.0\nother==3\n")
    told = audited(folder, source.address)
    assert told.returncode == 0, told.stdout
    assert told.stdout == f"0 of 2 pinned libraries have known vulnerabilities, says {source.address}\n"


def test_a_library_with_an_advisory_is_named_though_it_is_for_another_system(folder: Path, source: Source) -> None:
    told = audited(folder, source.address)
    assert told.returncode == 1
    assert "leaky 2.0: CVE-2026-99999, GHSA-aaaa-bbbb-cccc; mended in 2.1\n  Reads any file.\n" in told.stdout
    assert "1 of 2 pinned libraries" in told.stdout
    assert "django" not in told.stdout


@pytest.mark.parametrize(
    "answer",
    [
        lambda *_: None,
        lambda *_: 500,
        lambda *_: 404,
        lambda *_: b"",
        lambda *_: b"<html>Sign in to this network</html>",
        lambda *_: b"{}",
        lambda *_: b'{"vulns": []}',
        unless_asked_for("sound"),
    ],
    ids=["nothing", "500", "404", "empty", "a page", "knows nothing", "an empty list", "stops in the middle"],
)
def test_a_source_that_does_not_answer_as_it_should_is_not_believed(
    folder: Path, source: Source, answer: Answer
) -> None:
    source.answer = answer
    told = audited(folder, source.address)
    assert told.returncode == 2
    assert told.stdout.startswith("The audit was NOT done: ")
    assert "Nothing is known about the libraries." in told.stdout
    assert source.asked


def test_a_source_that_refuses_connections_is_told(folder: Path, source: Source) -> None:
    source.server.server_close()
    told = audited(folder, source.address)
    assert told.returncode == 2
    assert f"The audit was NOT done: {source.address} was not reached" in told.stdout


def test_a_source_that_forgot_the_known_advisory_is_not_believed(folder: Path, source: Source) -> None:
    source.answer = lambda name, version: b"{}" if name == "django" else truthfully(name, version)
    told = audited(folder, source.address)
    assert told.returncode == 2
    assert "does not know CVE-2019-14234 in django 1.11.0, which has it" in told.stdout


def test_every_pin_of_the_project_is_asked_for(source: Source) -> None:
    told = audited(PROJECT, source.address)
    assert told.returncode == 0, told.stdout
    wanted = audit.pins(PROJECT / "requirements")
    assert set(source.asked) == wanted | {audit.VULNERABLE}
    assert {pin.name for pin in wanted} >= {"flask", "sqlalchemy", "pytest"}


def test_two_versions_of_a_library_are_both_asked_for(folder: Path, source: Source) -> None:
    (folder / "requirements" / "test.txt").write_text("sound==1.1\n")
    audited(folder, source.address)
    assert {("sound", "1.0"), ("sound", "1.1"), ("leaky", "2.0")} <= set(source.asked)


def test_a_line_that_is_no_pin_is_named(folder: Path, source: Source) -> None:
    (folder / "requirements" / "run.txt").write_text("sound>=1.0\n")
    told = audited(folder, source.address)
    assert told.returncode == 2
    assert "requirements/run.txt:1 is no pin: sound>=1.0" in told.stdout


def test_a_folder_without_pins_is_no_success(tmp_path: Path, source: Source) -> None:
    assert audited(tmp_path, source.address).returncode == 2
