"""Measures served pages: a page from the page cache against the same bytes as a static file from nginx.

The server has one core and the client another. Servers take turns, round after round, so that a disturbance falls on
all alike.
"""

from __future__ import annotations

import http.client
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess  # nosec B404  # starts nginx and wrk
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import median

from benchmarks import filling, report
from config import PROJECT
from tracker.cli import BUNDLED, THREADS
from tracker.loading import load

PAGE = "/en/international-cooperation"
GOAL = 0.5
ROUNDS = 5
SECONDS = 3
CONNECTIONS = 32

#: What has to be installed, by the package that holds it.
PROGRAMS = {"nginx": "nginx-light", "wrk": "wrk", "taskset": "util-linux"}

NGINX, TRACKER, BARE = "nginx, static file", "tracker, from the page cache", "granian, trivial application"


class NotServed(Exception):  # noqa: N818  # named for what is wrong
    """A server did not start, or did not answer as it should."""


def measure(folder: Path) -> report.Table | str:
    """Return how many answers a second each server gives, or say why that cannot be measured here."""
    programs = {name: find(name) for name in PROGRAMS}
    missing = [name for name, path in programs.items() if path is None]
    if missing:
        packages = " ".join(PROGRAMS[name] for name in missing)
        return f"\nServed pages: not measured, {' and '.join(missing)} missing: sudo apt-get install {packages}"
    cores = two_cores()
    if cores is None:
        return "\nServed pages: not measured, for want of a second core: server and client need one each."
    print("\nServing pages", flush=True)
    with ExitStack() as running:
        addresses = _start_servers(folder, cores[0], running)
        rates: dict[str, list[float]] = {name: [] for name in addresses}
        for round_ in range(ROUNDS + 1):
            for name, port in addresses.items():
                rate = _drive(port, cores[1], SECONDS if round_ else 1)
                if round_:  # the first one warms up
                    rates[name].append(rate)
    medians = {name: median(each) for name, each in rates.items()}
    ratios = {name: value / medians[NGINX] for name, value in medians.items()}
    return report.Table(
        f"Served pages, a core each for server and client (median of {ROUNDS} rounds of {SECONDS} s)",
        ("server", "answers a second", "of nginx", "goal", ""),
        [
            (NGINX, f"{medians[NGINX]:.0f}", "", "", ""),
            (TRACKER, f"{medians[TRACKER]:.0f}", f"{ratios[TRACKER]:.2f}", *report.at_least(GOAL, ratios[TRACKER])),
            (BARE, f"{medians[BARE]:.0f}", f"{ratios[BARE]:.2f}", "", ""),
        ],
    )


def _start_servers(folder: Path, core: int, running: ExitStack) -> dict[str, int]:
    """Start every server on a core; return their ports, once they are seen to send the same bytes."""
    ports = {NGINX: free_port(), TRACKER: free_port(), BARE: free_port()}
    database = folder / "serving.sqlite"
    with filling.filled(filling.new_register(database)):
        load(BUNDLED.read_bytes())
    settings = {
        "TRACKER_DATABASE_URL": f"sqlite:///{database}",
        "TRACKER_SECRET_KEY": secrets.token_hex(32),
        "TRACKER_ENVIRONMENT": "production",
        "TRACKER_ADDRESS": "https://register.example.org",
        "TRACKER_HOSTS": f"127.0.0.1:{ports[TRACKER]}",
        "TRACKER_DEMO": "",
    }
    serve = [sys.executable, "-c", "from tracker.cli import tracker; tracker()", "serve", "--port", str(ports[TRACKER])]
    running.enter_context(server(serve, core, ports[TRACKER], folder, settings))
    # The page names its own address, so the bytes that all send are those that the tracker sends.
    body = _fetch(ports[TRACKER])

    file = folder / "page.gz"
    file.write_bytes(body)
    granian = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(ports[BARE]),
    ]
    # As tracker/cli.py starts it.
    granian += ["--workers", "1", "--blocking-threads", str(THREADS), "--log-level", "warning"]
    granian.append("benchmarks.bare:application")
    running.enter_context(server(granian, core, ports[BARE], folder, {"BENCHMARKS_BODY": str(file)}))

    configuration = folder / "nginx.conf"
    configuration.write_text(_nginx_configuration(folder, file, ports[NGINX]))
    nginx = [find("nginx") or "nginx", "-p", str(folder), "-c", str(configuration)]
    running.enter_context(server(nginx, core, ports[NGINX], folder, {}))

    for name, port in ports.items():
        if _fetch(port) != body:
            raise NotServed(f"{name} does not send the bytes of the page")
    return ports


def _nginx_configuration(folder: Path, file: Path, port: int) -> str:
    """Return a configuration under which nginx needs nothing outside a folder, whoever runs it."""
    built = subprocess.run([find("nginx") or "nginx", "-V"], capture_output=True, text=True, check=True).stderr  # nosec B603  # no shell
    kinds = ["proxy", "fastcgi", "uwsgi", "scgi"]
    temporary = ["client_body", *(kind for kind in kinds if f"--without-http_{kind}_module" not in built)]
    return "\n".join(
        (
            "user root;" if os.geteuid() == 0 else "",
            "daemon off;",
            "worker_processes 1;",
            f'pid "{folder}/nginx.pid";',
            f'error_log "{folder}/nginx.log";',
            "events {}",
            "http {",
            *(f'{kind}_temp_path "{folder}/{kind}";' for kind in temporary),
            "access_log off;",
            "sendfile on;",
            "tcp_nopush on;",
            "keepalive_requests 1000000000;",
            f"server {{ listen 127.0.0.1:{port}; location = {PAGE} {{",
            f'alias "{file}"; default_type "text/html; charset=utf-8"; add_header Content-Encoding gzip;',
            "} } }",
        )
    )


@contextmanager
def server(command: list[str], core: int, port: int, folder: Path, settings: Mapping[str, str]) -> Iterator[None]:
    """Run a server on a core until the work inside is done or interrupted."""
    log = folder / f"{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # nosec B603 B607  # no shell; taskset is the one on the path
            ["taskset", "-c", str(core), *command],
            cwd=PROJECT,
            env={**os.environ, **settings},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl+C is for us, and we stop the server and all that it started
        )
    try:
        _await(process, port, log)
        yield
    finally:
        _stop(process)


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(1_200):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise NotServed(f"a server did not start: {' '.join(map(str, process.args))}\n{log.read_text()}")  # type: ignore[arg-type]


def _stop(process: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue
        return


def _fetch(port: int) -> bytes:
    """Return the compressed bytes of the page as a server sends them."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        # The page names the host that it was asked for, so all are asked for the same.
        connection.request("GET", PAGE, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != http.HTTPStatus.OK or answer.headers["Content-Encoding"] != "gzip":
        raise NotServed(f"{PAGE} was answered with {answer.status}, encoded as {answer.headers['Content-Encoding']}")
    return body


def _drive(port: int, core: int, seconds: int) -> float:
    """Return how many answers a second wrk gets."""
    command = ["taskset", "-c", str(core), "wrk", "--threads", "1", "--connections", str(CONNECTIONS)]
    command += ["--duration", f"{seconds}s", "--header", "Accept-Encoding: gzip", f"http://127.0.0.1:{port}{PAGE}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # nosec B603  # no shell
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if rate is None or "Non-2xx" in said or "Socket errors" in said:
        raise NotServed(f"wrk met errors:\n{said}")
    return float(rate[1])


def find(program: str) -> str | None:
    """Return the path of a program; Debian keeps nginx where only root looks."""
    return shutil.which(program, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")


def two_cores() -> tuple[int, int] | None:
    """Return a core for the server and one for the client, not two halves of the same where that can be had."""
    first, *others = sorted(os.sched_getaffinity(0))
    siblings = Path(f"/sys/devices/system/cpu/cpu{first}/topology/thread_siblings_list")
    halves = set(map(int, re.findall(r"\d+", siblings.read_text()))) if siblings.exists() else set()
    apart = [core for core in others if core not in halves]
    return (first, (apart or others)[0]) if others else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
