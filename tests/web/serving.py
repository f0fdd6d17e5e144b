"""A real server with settings of its own, and requests to it that no browser would send."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config import PROJECT
from tests.conftest import KEY
from tests.live import wait_for
from tracker.cli import THREADS

ADDRESS, HOST = "https://register.example.org", "register.example.org"

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Told:
    """What a server answered."""

    status: int
    headers: http.client.HTTPMessage
    text: str = field(repr=False)


@dataclass(frozen=True)
class Server:
    """A server at a port of this computer."""

    port: int
    log: Path

    def ask(
        self, path: str, *headers: tuple[str, str], host: str | None = HOST, method: str = "GET", body: str = ""
    ) -> Told:
        """Send a request with these headers alone, as often and in the order in which they are given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in (*((("Host", host),) if host is not None else ()), *headers):
                connection.putheader(name, value)
            if body:
                connection.putheader("Content-Type", "application/x-www-form-urlencoded")
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body.encode() or None)
            answer = connection.getresponse()
            return Told(answer.status, answer.headers, answer.read().decode())
        finally:
            connection.close()

    def send(self, request: bytes) -> str:
        """Send bytes that need be no request; return all that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(request)
            chunks = iter(lambda: connection.recv(65536), b"")
            return b"".join(chunks).decode("latin-1")


@contextmanager
def serving(folder: Path, database: Path, application: str = "wsgi:application", **settings: str) -> Iterator[Server]:
    """Serve a copy of a database in production, as ``tracker serve`` does, with more settings."""
    copied, log = folder / "served.sqlite", folder / "server.log"
    shutil.copy(database, copied)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ours = {
        "DATABASE_URL": f"sqlite:///{copied}",
        "EVIDENCE_FOLDER": str(folder / "evidence"),
        "SECRET_KEY": KEY,
        "ADDRESS": ADDRESS,
        "CONTACT": "secretariat@example.org",
        **settings,
    }
    others = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", str(THREADS), "--log-level", "warning", application]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**others, **{f"TRACKER_{name}": value for name, value in ours.items()}},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(port, process, log)
            yield Server(port, log)
        finally:
            process.terminate()
            process.wait(timeout=30)
