"""Reads YAML with the line of each part, and refuses what YAML lets pass silently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

DEEPEST = 30

Path = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake in a file: the line, counted from 1, and what is wrong there."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}"


class BadFile(Exception):  # noqa: N818  # named for what it reports
    """A file was refused, with all its mistakes."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = sorted(set(mistakes))
        super().__init__("\n".join(map(str, self.mistakes)))


class LineReader:
    """Turns YAML nodes into values, noting the line of each and refusing what YAML lets pass silently."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.mistakes: list[Mistake] = []
        self.notes: list[Mistake] = []
        self.constructor = yaml.constructor.SafeConstructor()
        self.seen: set[int] = set()

    def read(self, node: yaml.Node, path: Path) -> Any:
        """Return the value of a node that stands at a path of the file; note its line and its mistakes."""
        line = node.start_mark.line + 1
        self.lines[path] = line
        if id(node) in self.seen or len(path) > DEEPEST:
            self.mistakes.append(Mistake(line, "repeats or nests parts in a way that a cohort file does not"))
            return None
        if isinstance(node, yaml.MappingNode):
            self.seen.add(id(node))
            return self._read_mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            self.seen.add(id(node))
            return [self.read(each, (*path, place)) for place, each in enumerate(node.value)]
        try:
            return self.constructor.construct_object(node)
        except (yaml.YAMLError, ValueError, LookupError, AttributeError) as error:  # PyYAML lets these through
            self.mistakes.append(Mistake(line, f"cannot be read: {str(error).splitlines()[0]}"))
            return None

    def _read_mapping(self, node: yaml.MappingNode, path: Path) -> dict[Any, Any]:
        mapping: dict[Any, Any] = {}
        previous: str | None = None
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.mistakes.append(Mistake(line, "expected a name before the colon"))
                continue
            key = str(key_node.value)
            if previous is not None and _is_bare(value_node, empty=True):
                # In {text: one, two} YAML reads "two" as a name. No name of this form goes without a value, so it is
                # the rest of a text whose comma is not in quotes.
                mapping[previous] = f"{mapping[previous]}, {key}"
                self.notes.append(
                    Mistake(line, f"read {key!r} as the rest of {previous!r}: put a text that has a comma in quotes")
                )
                continue
            previous = key if node.flow_style and _is_bare(value_node) else None
            if key in mapping:
                self.mistakes.append(Mistake(line, f"{key!r} stands here a second time"))
            mapping[key] = self.read(value_node, (*path, key))
            self.lines[(*path, key)] = line
        return mapping


def _is_bare(node: yaml.Node, *, empty: bool = False) -> bool:
    """Whether a value stands without quotes, and whether nothing at all stands there."""
    return isinstance(node, yaml.ScalarNode) and node.style is None and (node.value == "") is empty
