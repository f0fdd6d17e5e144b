"""Asks for known vulnerabilities of every pinned library, and says so where it could not ask: `python -m tools.audit`.

Left alone, pip-audit reports "no known vulnerabilities" where its source of advisories knows no package, answers
nothing in particular, or was not asked because a pin is for another system. So every pin is asked for, and beside them
a library that is known to be vulnerable: an answer that does not name its advisory is not believed.
"""

from __future__ import annotations

import json
import os
import re
import subprocess  # nosec B404  # starts pip-audit
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

#: pip-audit reads the same variable. OSV holds PyPA's advisories and GitHub's.
SOURCE = os.environ.get("PIP_AUDIT_OSV_URL", "https://api.osv.dev/v1/query")

PIN = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)(?:\s*;.*)?\s*\\?")
NO_PIN = re.compile(r"\s.*|#.*|")

FOUND, NOT_DONE = 1, 2


class Pin(NamedTuple):
    """A library in one version, by its normalised name."""

    name: str
    version: str


class NotDoneError(Exception):
    """Nothing is known about the libraries, for a reason that its sentence gives."""


#: It has had this advisory since 2019, and no register ever uses it.
VULNERABLE, ADVISORY = Pin("django", "1.11.0"), "CVE-2019-14234"


def pins(folder: Path) -> set[Pin]:
    """Return every pin in the requirements of a folder, whichever system it is for."""
    found = set()
    for file in sorted(folder.glob("*.txt")):
        for number, line in enumerate(file.read_text().splitlines(), start=1):
            if pinned := PIN.fullmatch(line):
                found.add(Pin(re.sub(r"[-_.]+", "-", pinned["name"]).lower(), pinned["version"]))
            elif not NO_PIN.fullmatch(line):
                raise NotDoneError(f"{file}:{number} is no pin: {line}")
    if not found:
        raise NotDoneError(f"there is no pin in {folder}/*.txt.")
    return found


def rounds(wanted: set[Pin]) -> Iterator[set[Pin]]:
    """Yield all pins in as few rounds as hold no library in two versions, which pip-audit refuses."""
    versions: dict[str, list[Pin]] = defaultdict(list)
    for pin in sorted(wanted):
        versions[pin.name].append(pin)
    for together in zip_longest(*versions.values()):
        yield {pin for pin in together if pin is not None}


def vulnerabilities(wanted: set[Pin]) -> dict[Pin, list[Any]]:
    """Return what the source of advisories knows of some pins, each library once; raise where it cannot be believed."""
    answered = _asked(wanted | {VULNERABLE})
    known = {name for each in answered.pop(VULNERABLE, []) for name in (each["id"], *each["aliases"])}
    if ADVISORY not in known:
        raise NotDoneError(
            f"{SOURCE} does not know {ADVISORY} in {VULNERABLE.name} {VULNERABLE.version}, which has it,"
            " so that what it says of other libraries is not to be believed."
        )
    if missing := wanted - answered.keys():
        raise NotDoneError(f"pip-audit passed over {', '.join(pin.name for pin in sorted(missing))}.")
    return {pin: each for pin, each in answered.items() if each}


def _asked(wanted: set[Pin]) -> dict[Pin, list[Any]]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "pins.txt"
        file.write_text("".join(f"{pin.name}=={pin.version}\n" for pin in sorted(wanted)))
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(file), "--no-deps", "--disable-pip"]
        command += ["--vulnerability-service", "osv", "--osv-url", SOURCE, "--cache-dir", folder]
        command += ["--strict", "--format", "json", "--progress-spinner", "off"]
        told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # nosec B603  # no shell
    try:
        answered = json.loads(told.stdout)["dependencies"]
        return {Pin(each["name"], each["version"]): each["vulns"] for each in answered}
    except (ValueError, KeyError) as error:
        said = [line for line in told.stderr.splitlines() if line.strip()] or ["pip-audit said nothing."]
        raise NotDoneError(f"{SOURCE} was not reached, or did not answer as it should.\n  {said[-1]}") from error


def main() -> int:
    """Print what is known; return 0 where nothing is, 1 where something is, 2 where it could not be asked."""
    try:
        wanted = pins(Path("requirements"))
        found = {pin: known for some in rounds(wanted) for pin, known in vulnerabilities(some).items()}
    except NotDoneError as error:
        print(f"The audit was NOT done: {error}\nNothing is known about the libraries. Run it again where it can ask.")
        return NOT_DONE
    for pin, known in sorted(found.items()):
        for each in known:
            names = ", ".join((each["id"], *each["aliases"]))
            mended = ", ".join(each["fix_versions"]) or "no version"
            print(f"{pin.name} {pin.version}: {names}; mended in {mended}\n  {each['description'][:300]}")
    print(f"{len(found)} of {len(wanted)} pinned libraries have known vulnerabilities, says {SOURCE}")
    return FOUND if found else 0


if __name__ == "__main__":
    sys.exit(main())
