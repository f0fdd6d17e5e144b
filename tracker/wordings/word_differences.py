"""How two texts differ, word by word, in every script.

Words are told apart by the rules of Unicode (UAX #29): in scripts that write no spaces, such as Chinese, a word is a
letter. What stands between two changed words and is only a space belongs to the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal, NamedTuple

import regex

from tracker.models import Text

_WORDS = regex.compile(r"\b", regex.WORD | regex.VERSION1)

#: Up to this many words every common one is looked for; beyond, those that stand everywhere are left out of the search,
#: which would take long.
_THOROUGH = 2_000


class Part(NamedTuple):
    """A piece of a text: the same in both, removed from the one before, or added in the one after."""

    kind: Literal["same", "removed", "added"]
    text: str


@dataclass(frozen=True)
class Compared:
    """A text before and after, in one of its languages.

    Attributes:
        language: its tag.
        before, after: the whole text; ``None`` where there is none in this language.
        authentic: whether this is the authentic text afterwards.
        was_authentic: whether it was before.
        parts: the difference, in order; one alone where nothing changed.
    """

    language: str
    before: str | None
    after: str | None
    authentic: bool
    was_authentic: bool
    parts: tuple[Part, ...]

    @property
    def changed(self) -> bool:
        """Whether the words differ."""
        return self.before != self.after

    @property
    def old(self) -> list[Part]:
        """The text before, in which what was removed is marked."""
        return [part for part in self.parts if part.kind != "added"]

    @property
    def new(self) -> list[Part]:
        """The text after, in which what was added is marked."""
        return [part for part in self.parts if part.kind != "removed"]


def compared(before: Text, after: Text) -> list[Compared]:
    """Return how a text changed in each language that it has or had, the authentic one first."""
    languages = sorted(before.texts.keys() | after.texts.keys(), key=lambda tag: (tag != after.authentic, tag))
    return [
        Compared(
            language=tag,
            before=before.texts.get(tag),
            after=after.texts.get(tag),
            authentic=tag == after.authentic,
            was_authentic=tag == before.authentic,
            parts=difference(before.texts.get(tag, ""), after.texts.get(tag, "")),
        )
        for tag in languages
    ]


@lru_cache(maxsize=256)
def difference(before: str, after: str) -> tuple[Part, ...]:
    """Return how one text becomes another one, word by word: joined without what was added it is the one before."""
    old, new = _words(before), _words(after)
    parts: list[tuple[list[str], list[str]]] = []
    matcher = SequenceMatcher(None, old, new, autojunk=max(len(old), len(new)) > _THOROUGH)
    for kind, i, j, k, m in matcher.get_opcodes():
        _add(parts, old[i:j], new[k:m], same=kind == "equal")
    return tuple(_told(parts))


def _words(text: str) -> list[str]:
    return [word for word in _WORDS.split(text) if word]


def _add(parts: list[tuple[list[str], list[str]]], old: list[str], new: list[str], *, same: bool) -> None:
    """Add a step. A change goes on over a space that stands between two changes."""
    if same:
        parts.append((old, old))
    elif len(parts) > 1 and _is_space(parts[-1][0]) and parts[-2][0] != parts[-2][1]:
        space, _ = parts.pop()
        removed, added = parts.pop()
        parts.append(([*removed, *space, *old], [*added, *space, *new]))
    else:
        parts.append((old, new))


def _is_space(words: Sequence[str]) -> bool:
    return all(map(str.isspace, words))


def _told(parts: Iterable[tuple[list[str], list[str]]]) -> Iterable[Part]:
    for old, new in parts:
        if old == new:
            yield Part("same", "".join(old))
            continue
        if old:
            yield Part("removed", "".join(old))
        if new:
            yield Part("added", "".join(new))
