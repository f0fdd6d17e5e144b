"""Looks for keys, passwords and tokens in every file that git knows or would add: `python -m tools.secret_scan`.

What it finds is a mistake unless tools/not_secrets.toml says why it is none. It never prints what it found: what
continuous integration prints is read by many.
"""

from __future__ import annotations

import os
import re
import subprocess  # nosec B404  # asks git for the files
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

# Lines that no detector can match are passed over, which saves a third of the time. It is read at the import.
os.environ.setdefault("DETECT_SECRETS_PERF_PREGATE", "1")

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import get_filters, transient_settings

REVIEWED = Path(__file__).parent / "not_secrets.toml"

#: Left out of what the library does by itself: passing over files by their names, because any of ours may hold one; and
#: a comment in the line, because there is one place where findings are excused.
LEFT_OUT = (
    "detect_secrets.filters.allowlist.is_line_allowlisted",
    "detect_secrets.filters.common.is_invalid_file",
    "detect_secrets.filters.heuristic.is_lock_file",
    "detect_secrets.filters.heuristic.is_non_text_file",
    "detect_secrets.filters.heuristic.is_swagger_file",
)

#: The library finds a key of several lines in small files alone.
PRIVATE_KEY = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")


@dataclass(frozen=True)
class Found:
    """What looks like a secret, and where."""

    file: str
    line: int
    kind: str
    text: str


@dataclass(frozen=True)
class Reviewed:
    """What looks like a secret in some files and is none."""

    file: str
    text: str
    reason: str

    def excuses(self, found: Found) -> bool:
        """Return whether this is what was found."""
        return fnmatch(found.file, self.file) and re.fullmatch(self.text, found.text) is not None


def reviewed() -> list[Reviewed]:
    """Return what is known to be no secret."""
    return [Reviewed(**each) for each in tomllib.loads(REVIEWED.read_text())["reviewed"]]


def files() -> list[str]:
    """Return the files in the present folder that git knows, and those that it would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603  # nosec B603  # our own words
    return [name for name in os.fsdecode(listed).split("\0") if Path(name).is_file()]


def scan(names: list[str]) -> Iterator[Found]:
    """Yield what looks like a secret in files of the present folder."""
    detectors = [{"name": each.__name__} for each in get_mapping_from_secret_type_to_class().values()]
    with transient_settings({"plugins_used": detectors}) as settings:
        settings.disable_filters(*LEFT_OUT)
        get_filters.cache_clear()
        for name in names:
            yield from _private_keys(name)
            for each in scan_file(name):
                yield Found(name, each.line_number, each.type, each.secret_value or "")


def _private_keys(name: str) -> Iterator[Found]:
    for number, line in enumerate(Path(name).read_bytes().splitlines(), start=1):
        if PRIVATE_KEY.search(line):
            yield Found(name, number, "Private Key", "")


def main() -> int:
    """Name every secret, and every excuse that nothing needs; return 1 if there is one of either."""
    known = reviewed()
    found = list(scan(files()))
    secrets = {(each.file, each.line, each.kind) for each in found if not any(one.excuses(each) for one in known)}
    idle = [one for one in known if not any(one.excuses(each) for each in found)]
    for file, line, kind in sorted(secrets):
        print(f"{file}:{line}: {kind}")
    for one in idle:
        print(f"{REVIEWED.name}: nothing in {one.file} is {one.text!r} any more; take the entry out")
    if secrets:
        print("Take each out. Withdraw a real one too: what was committed stays in git's history.")
    return 1 if secrets or idle else 0


if __name__ == "__main__":
    sys.exit(main())
