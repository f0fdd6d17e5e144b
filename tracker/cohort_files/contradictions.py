"""What the parts of a cohort file may each say alone, but not together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tracker.cohort_files.yaml_lines import Path

#: The lists of signatories, each of one kind.
KINDS = ("countries", "supranational", "civil_society", "intergovernmental")


def contradictions_in(value: Any) -> Iterator[tuple[Path, str]]:
    """Yield what each part may say alone but not together with the others.

    It reads the bare values, so that these mistakes are told beside those of form.
    """
    items = [
        (("headings", h, "items", i), item)
        for h, heading in _parts(value, "headings")
        for i, item in _parts(heading, "items")
    ]
    yield from _repeated(
        [(("headings", at, "number"), heading.get("number")) for at, heading in _parts(value, "headings")]
    )
    yield from _repeated([((*path, "number"), item.get("number")) for path, item in items])
    yield from _unknown_sources(value, items)
    numbers = {str(item.get("number")) for _, item in items}
    general = _part(value, "endorsements").get("scope", "all")
    yield from _unknown_numbers(("endorsements", "scope"), general, numbers)
    yield from _signatory_contradictions(value, numbers, general)
    for part in ("events", "documents"):
        yield from _repeated(
            [((part, at, "title"), (each.get("title"), each.get("date"))) for at, each in _parts(value, part)]
        )


def _unknown_sources(value: Any, items: Sequence[tuple[Path, dict[str, Any]]]) -> Iterator[tuple[Path, str]]:
    known = _part(value, "sources")
    of_cohort = _part(value, "cohort").get("sources")
    cited: list[tuple[Path, Any]] = [((*path, "source"), item.get("source")) for path, item in items]
    cited.append((("endorsements", "source"), _part(value, "endorsements").get("source")))
    cited += [
        (("cohort", "sources", at), key) for at, key in enumerate(of_cohort if isinstance(of_cohort, list) else [])
    ]
    for path, key in cited:
        if key is not None and str(key) not in known:
            yield path, f"source: {key!r} is not among the sources; expected one of {', '.join(known) or 'none'}"


def _signatory_contradictions(value: Any, numbers: set[str], general: Any) -> Iterator[tuple[Path, str]]:
    names: list[tuple[Path, Any]] = []
    codes: list[tuple[Path, Any]] = []
    for kind in KINDS:
        for at, signatory in _parts(_part(value, "signatories"), kind):
            path = ("signatories", kind, at)
            names.append(((*path, "name"), signatory.get("name")))
            codes.append(((*path, "code"), signatory.get("code")))
            if "endorsed_on" not in signatory and "endorsements" not in value:
                yield path, "endorsed_on: is missing, and no part 'endorsements' says it for all"
            scope = signatory.get("scope", general)
            yield from _unknown_numbers((*path, "scope"), signatory.get("scope"), numbers)
            for number in _part(signatory, "reservations"):
                if number not in (scope if isinstance(scope, list) else numbers):
                    yield (*path, "reservations", number), f"reservations: {number!r} is not endorsed here"
    yield from _repeated(names)
    yield from _repeated(codes)


def _unknown_numbers(path: Path, scope: Any, numbers: set[str]) -> Iterator[tuple[Path, str]]:
    if scope == []:
        yield path, "scope: names no recommendation"
    for at, number in enumerate(scope if isinstance(scope, list) else []):
        if str(number) not in numbers:
            yield (*path, at), f"scope: there is no recommendation {number!r}"


def _repeated(places: list[tuple[Path, Any]]) -> Iterator[tuple[Path, str]]:
    seen: set[str] = set()
    for path, value in places:
        if repr(value) in seen:
            said = value[0] if isinstance(value, tuple) else value
            yield path, f"{path[-1]}: {said!r} stands in the file twice"
        if value not in (None, (None, None)):
            seen.add(repr(value))


def _part(value: Any, key: str) -> dict[str, Any]:
    """Return the mapping under a key, empty where the file has something else there."""
    part = value.get(key) if isinstance(value, dict) else None
    return part if isinstance(part, dict) else {}


def _parts(value: Any, key: str) -> list[tuple[int, dict[str, Any]]]:
    """Return the mappings in the list under a key with their places, without what is no mapping."""
    parts = value.get(key) if isinstance(value, dict) else None
    return [(at, each) for at, each in enumerate(parts if isinstance(parts, list) else []) if isinstance(each, dict)]
