"""Which participants on the roll may be the one of which somebody speaks: names that are alike, or abbreviated.

How alike two texts are is rapidfuzz's matter. This room knows what the roll compares: every name that a participant
carries or carried, in each language, and its acronym, which may stand for words in another one's name.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz, process
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from tracker.extensions import db
from tracker.models import Participant, Text

#: From which likeness on, of 100, a name may be another participant's.
ALIKE = 82
#: Words which are no sign of likeness, because very many names have them.
COMMON = 60
#: How many participants are named as similar at most.
MOST = 8
#: Words that tell no name from another one: what links words, and what very many states are.
_LINKING = {"and", "da", "de", "des", "du", "et", "for", "in", "la", "le", "les", "of", "on", "pentru", "pour", "the"}
_OF_STATES = {"kingdom", "republic", "republica", "republique", "royaume"}
_SHORTEST_ACRONYM = 2
_WITHIN_WORDS = "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}'\N{RIGHT SINGLE QUOTATION MARK}"


@dataclass(frozen=True)
class Similar:
    """A participant that may be meant, the name by which it was found, and how alike that is, of 100."""

    participant: Participant
    name: str
    likeness: float


def similar_to(
    names: Iterable[Text | str | None], *, iso_code: str | None = None, but: Participant | None = None
) -> list[Similar]:
    """Return who on the roll has a name like one of these, the likest first.

    Args:
        names: names and acronyms of the one that is to be added or named.
        iso_code: the country code that it is to have; who has the same is similar whatever its name.
        but: whom not to compare with: the participant itself.
    """
    asked = [each for each in map(_words, _said(names)) if each]
    found: dict[int, Similar] = {}
    for participant in db.session.scalars(_everybody()):
        if but is None or participant.id != but.id:
            similar = _likest(asked, participant, _by_words(participant))
            if iso_code and participant.iso_code == iso_code:
                similar = Similar(participant, str(participant.name), 100)
            if similar:
                found[participant.id] = similar
    return sorted(found.values(), key=lambda each: -each.likeness)[:MOST]


def pairs() -> list[tuple[Similar, Similar]]:
    """Return the pairs on the roll that may be one participant, the likest first."""
    everybody = {each.id: each for each in db.session.scalars(_everybody())}
    names = {number: _by_words(each) for number, each in everybody.items()}
    found = []
    for one, other in _candidates(names):
        similar = _likest(names[one], everybody[other], names[other])
        if similar:
            found.append((Similar(everybody[one], str(everybody[one].name), similar.likeness), similar))
    return sorted(found, key=lambda pair: -pair[1].likeness)


def names_of(participant: Participant) -> list[str]:
    """Return every name that a participant carries or carried, in each language, and its acronym."""
    texts = [text for each in participant.names for text in (each.name, each.formal_name)]
    return list(dict.fromkeys(_said([*texts, participant.acronym])))


def _said(names: Iterable[Text | str | None]) -> Iterator[str]:
    for name in names:
        if isinstance(name, Text):
            yield from name.texts.values()
        elif name:
            yield name


def _by_words(participant: Participant) -> dict[str, str]:
    """Return the names of a participant by the words that tell each apart."""
    return {words: name for name in names_of(participant) if (words := _words(name))}


def _likest(asked: Collection[str], participant: Participant, names: Mapping[str, str]) -> Similar | None:
    """Return a participant with that of its names which is likest to one of those asked for, if one is like enough."""
    best: Similar | None = None
    for words in asked:
        match = process.extractOne(words, names.keys(), scorer=_likeness, score_cutoff=ALIKE)
        if match and (best is None or match[1] > best.likeness):
            best = Similar(participant, names[match[0]], match[1])
    return best


def _likeness(one: str, other: str, **_: object) -> float:
    """Return how alike two names are, of 100, in whatever order their words stand, abbreviated or not."""
    plain = fuzz.token_sort_ratio(one, other)
    return max(plain, fuzz.token_sort_ratio(*_abbreviated_alike(one, other)), _shortened(one, other))


def _shortened(one: str, other: str) -> float:
    """Return how alike two names are of which one may write words shorter: Inst. for Institute."""
    ours, theirs = one.split(), other.split()
    if len(ours) != len(theirs) or len(ours) < 2:  # noqa: PLR2004  # one word is no name written shorter
        return 0
    likeness = [
        100.0 if a.startswith(b) or b.startswith(a) else fuzz.ratio(a, b) for a, b in zip(ours, theirs, strict=True)
    ]
    return min(likeness)


def _abbreviated_alike(one: str, other: str) -> tuple[str, str]:
    """Return two names in which words are replaced by the acronym that the other one has for them."""
    return _with_acronyms_of(one, other), _with_acronyms_of(other, one)


def _with_acronyms_of(name: str, other: str) -> str:
    words = name.split()
    for acronym in other.split():
        size = len(acronym)
        if size >= _SHORTEST_ACRONYM:
            for at in range(len(words) - size + 1):
                if "".join(word[0] for word in words[at : at + size]) == acronym:
                    words[at : at + size] = [acronym]
                    break
    return " ".join(words)


def _words(name: str) -> str:
    """Return the words of a name that tell it apart, without case, accents and signs."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = (each for each in letters if not unicodedata.combining(each) and each not in _WITHIN_WORDS)
    plain = "".join(each if each.isalnum() else " " for each in kept).split()
    return " ".join([each for each in plain if each not in _LINKING | _OF_STATES] or plain)


def _candidates(names: Mapping[int, Collection[str]]) -> set[tuple[int, int]]:
    """Return the pairs that share the beginning of a word, or of which one has the other's acronym.

    Args:
        names: the words of each name, by participant.
    """
    by_word: dict[str, set[int]] = defaultdict(set)
    for participant, theirs in names.items():
        for words in map(str.split, theirs):
            initials = {"".join(word[0] for word in words)} if len(words) > 1 else set()
            for word in {each[:4] for each in words} | {each[:4] for each in initials}:
                by_word[word].add(participant)
    return {pair for ids in by_word.values() if len(ids) <= COMMON for pair in combinations(sorted(ids), 2)}


def _everybody() -> Select[Participant]:
    return select(Participant).options(selectinload(Participant.names)).order_by(Participant.id)
