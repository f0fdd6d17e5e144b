"""What can be set, run, loaded and recorded is documented, and what the documentation links to is there."""

import csv
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
from pydantic import BaseModel

from config import PROJECT
from tests.world import World
from tracker import ledger
from tracker.cli import tracker
from tracker.cohort_files.cohort_file import CohortFile, read
from tracker.exports import counts, record
from tracker.exports.columns import SECURITY_LOG, TABLES, Holds, Table
from tracker.vocabulary import Action, Kind, SecurityAction

DOCS = PROJECT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))

#: Folders that hold nothing of ours, by the start of their names.
NOT_OURS = (".", "__pycache__", "build", "htmlcov", "instance", "vendor")
OURS = {".ci"}

VARIABLE = re.compile(r"\bTRACKER_[A-Z]+(?:_[A-Z]+)*\b")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
CODE_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
FIRST_CELL = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
DEVELOPERS_PATH = re.compile(r"/work/|/home/\w+/|/root/|/Users/\w+/|\.\./shared")


@cache
def files() -> tuple[Path, ...]:
    """Return every file of the project, without what is installed, built or vendored."""
    found: list[Path] = []
    for folder, names, inside in os.walk(PROJECT):
        names[:] = [name for name in names if name in OURS or not _not_ours(name)]
        found += [Path(folder) / name for name in inside]
    return tuple(found)


def _not_ours(name: str) -> bool:
    return name.startswith(NOT_OURS) or name.endswith(".egg-info")


def pages() -> list[Path]:
    return sorted(path for path in files() if path.suffix == ".md")


def named(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def section(page: str, heading: str) -> str:
    """Return the text under a heading of a page of the documentation, up to the next heading of any level."""
    text = (DOCS / page).read_text()
    found = re.search(rf"^##+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/{page} has no heading {heading!r}"
    return found[1]


def example(page: str, language: str) -> str:
    """Return the first code block in a language on a page of the documentation."""
    found = re.search(rf"^```{language}\n(.*?)^```$", (DOCS / page).read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"docs/{page} has no example in {language}"
    return found[1]


def anchors(path: Path) -> set[str]:
    """Return the anchors that a page's headings get, as GitHub makes them."""
    headings = HEADING.findall(CODE_BLOCK.sub("", path.read_text()))
    slugs = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
    return {slug if not slugs[:at].count(slug) else f"{slug}-{slugs[:at].count(slug)}" for at, slug in enumerate(slugs)}


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from models_in(inner)


def keys_below(annotation: Any) -> set[str]:
    """Return every key that may stand somewhere below a part of a cohort file."""
    found: set[str] = set()
    for model in models_in(annotation):
        for key, field in model.model_fields.items():
            found |= {key} | keys_below(field.annotation)
    return found


def test_every_setting_is_documented_and_no_other() -> None:
    sources = [PROJECT / "config.py", PROJECT / "Makefile", *(PROJECT / "tests").glob("**/conftest.py")]
    read_somewhere = {name for source in sources for name in VARIABLE.findall(source.read_text())}
    assert set(FIRST_CELL.findall((DOCS / "settings.md").read_text())) == read_somewhere


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command by its words, those of a group by the group's too."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


COMMANDS = dict(commands(tracker))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_its_options(name: str) -> None:
    told = section("commands.md", f"`tracker {name}`")
    options = {each.opts[0] for each in COMMANDS[name].params if isinstance(each, click.Option)}
    arguments = {each.human_readable_name for each in COMMANDS[name].params if isinstance(each, click.Argument)}
    assert set(FIRST_CELL.findall(told)) == options
    assert all(f"`tracker {name} {argument}`" in told for argument in arguments)


def test_no_command_is_documented_that_is_not_there() -> None:
    headings = HEADING.findall((DOCS / "commands.md").read_text())
    told = {heading.strip("`").partition(" ")[2] for heading in headings if heading.startswith("`tracker ")}
    assert told == COMMANDS.keys()


def test_every_make_target_is_documented_and_no_other() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert targets
    assert FIRST_CELL.findall(section("commands.md", "`make`")) == [f"make {target}" for target in targets]


def test_every_action_of_the_ledger_is_documented_and_no_other() -> None:
    assert FIRST_CELL.findall(section("ledger.md", "Actions")) == [action.value for action in Action]


def test_every_action_of_the_security_log_is_documented_and_no_other() -> None:
    assert FIRST_CELL.findall(section("security-log.md", "What happens")) == [action.value for action in SecurityAction]


@pytest.mark.parametrize("part", CohortFile.model_fields)
def test_every_key_of_a_cohort_file_is_documented_and_no_other(part: str) -> None:
    documented = set(FIRST_CELL.findall(section("cohort-file.md", f"`{part}`")))
    assert documented == keys_below(CohortFile.model_fields[part].annotation)


def test_the_example_of_a_cohort_file_can_be_read() -> None:
    assert read(example("cohort-file.md", "yaml").encode()).notes == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_that_can_be_taken_away_is_documented_and_no_other(table: Table) -> None:
    told = re.findall(r"^\| `([^`]+)` \| (\w+) \|", section("exports.md", f"`{table.name}`"), re.MULTILINE)
    columns = [
        (name.replace("{kind}", kind), holds) for name, holds in told for kind in (Kind if "{kind}" in name else [""])
    ]
    expected = []
    for column in table.columns:
        if column.holds is Holds.TEXTS:
            expected += [(f"{column.name}_authentic", "text"), (f"{column.name}_{{language}}", "text")]
        else:
            expected.append((column.name, column.holds.value))
    assert columns == expected


def test_every_table_that_can_be_taken_away_is_documented_and_no_other() -> None:
    headings = re.findall(r"^### `(.+)`$", (DOCS / "exports.md").read_text(), re.MULTILINE)
    assert headings == [table.name for table in TABLES]
    assert {*record.TABLES, *counts.TABLES, SECURITY_LOG.name} == set(headings)


def test_the_example_of_a_stranger_gives_the_head_of_the_ledger(register: World) -> None:
    columns = ("sequence", "actor", "action", "subject", "payload", "previous_hash", "hash")
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow((*columns, "recorded_at"))
    for entry in ledger.entries():
        writer.writerow((*(getattr(entry, name) for name in columns), ledger.moment_as_text(entry.recorded_at)))
    command = [sys.executable, "-c", example("ledger.md", "python")]
    told = subprocess.run(command, input=rows.getvalue().encode(), capture_output=True, check=True).stdout.decode()
    sequence, digest = ledger.head()
    assert told == f"{sequence} entries, head {digest}\n"


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [path.name[:5] for path in DECISIONS] == [f"{number:04}-" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("document", [path for path in pages() if path.is_relative_to(DOCS)], ids=named)
def test_every_page_is_in_the_index(document: Path) -> None:
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in LINK.findall((DOCS / "README.md").read_text())}
    assert document == DOCS / "README.md" or document in linked


@pytest.mark.parametrize("document", pages(), ids=named)
def test_every_link_leads_somewhere(document: Path) -> None:
    lost = []
    for link in LINK.findall(CODE_BLOCK.sub("", document.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def test_no_file_names_a_path_of_a_developers_machine() -> None:
    naming = []
    for path in files():
        if path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        naming += [f"{named(path)}: {found[0]}" for found in DEVELOPERS_PATH.finditer(text)]
    assert naming == []
