"""Finds the Chromium that browser tests drive. Where there is none, ``python -m tests.browser.chromium`` gets it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@cache
def find() -> Path | None:
    """Return a browser that starts: one on the path, else the one that Playwright installed for itself."""
    return next(filter(_starts, _candidates()), None)


def _candidates() -> Iterator[Path]:
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        yield Path(playwright.chromium.executable_path)


def _starts(browser: Path) -> bool:
    """Whether a browser is really there: Ubuntu's ``chromium-browser`` may be a script that only names a snap."""
    try:
        return subprocess.run([browser, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _as_root() -> list[str] | None:
    """Return what to put before a command so that it runs as root, or ``None`` where that is not allowed."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n"] if allowed else None


def _install() -> None:
    before = _as_root()
    if before is None or not shutil.which("apt-get"):
        return
    print("Installing Chromium for the browser tests", flush=True)
    command = [*before, "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "--yes", "--no-install-recommends", "chromium", "fonts-noto-core"]):
        subprocess.run([*command, *step], env=environment, stdout=subprocess.DEVNULL, check=False)
    find.cache_clear()


def main() -> int:
    """Make sure that there is a browser; return the exit status."""
    if find() is None:
        _install()
    if find() is None:
        print(
            "The browser tests need Chromium, and it could not be installed from here. Run one of these, then again:\n"
            "  sudo apt-get install chromium\n"
            f"  {sys.executable} -m playwright install --with-deps chromium",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
