"""docs/security.md says of each requirement of ASVS how it stands, and the tests that it names are there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from config import PROJECT

#: The requirements of both levels, as "number level".
REQUIREMENTS = Path(__file__).with_name("asvs.txt")

ROW = re.compile(r"^\| ([\d.]+) \| ([12]) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
STANDS = re.compile(r"(shown|by design|written down|the operator's|not met(?: \w+)*|does not apply): (.+)", re.DOTALL)

ROWS = ROW.findall((PROJECT / "docs" / "security.md").read_text())
by_number = pytest.mark.parametrize("how", [pytest.param(how, id=number) for number, _, _, how in ROWS])


@cache
def named_in(path: str) -> frozenset[str]:
    """Return the names of the tests of a file."""
    file = PROJECT / path
    tree = ast.parse(file.read_text()) if file.exists() else ast.Module([], [])
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_requirement_stands_in_the_table_once() -> None:
    lines = [line for line in REQUIREMENTS.read_text().splitlines() if not line.startswith("#")]
    assert [f"{number} {level}" for number, level, _, _ in ROWS] == lines


@by_number
def test_each_is_shown_or_has_a_reason(how: str) -> None:
    stands = STANDS.fullmatch(how)
    assert stands, how
    if stands[1] == "shown":
        assert TEST.match(stands[2]), how
    if stands[1] == "written down":
        assert "](" in stands[2], how


@by_number
def test_the_tests_that_it_names_are_there(how: str) -> None:
    assert [f"{path}::{name}" for path, name in TEST.findall(how) if name not in named_in(path)] == []


def test_no_test_is_named_in_another_way() -> None:
    assert all(len(TEST.findall(how)) == how.count("::") for *_, how in ROWS)
