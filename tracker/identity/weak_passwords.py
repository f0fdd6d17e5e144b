"""What makes a password easy to guess, whatever it is made of: that many people have it, whose it is, how it is typed.

No kind of letter, digit or sign is asked for, and none is refused (NIST SP 800-63B-4, section 3.1.1.2; OWASP ASVS 5.0,
6.2.4, 6.2.5 and 6.2.11).
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from config import PROJECT
from tracker.texts import comparable

COMMON = PROJECT / "data" / "common-passwords.txt.gz"

#: Words that say where a password is for: they make none harder to guess.
OF_THE_REGISTER = (
    *("register", "endorsement", "endorse", "tracker", "recommendation", "secretariat", "representative"),
    *("registre", "approbation", "recommandation", "password", "passphrase", "motdepasse"),
)
#: The shortest of a person's own words that counts as one, and how much a password must hold besides such words.
SHORTEST_WORD = 4
LEAST_BESIDES = 8

#: The longest block whose repetition is nothing but a repetition.
LONGEST_BLOCK = 6

#: Rows and columns of keyboards, the alphabet and the digits, in the order in which fingers walk along them.
_WALKS = (
    *("12345678901234567890", "!@#$%^&*()_+", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm"),
    *("azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop", "yxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
    *("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "1qay", "1aqw", "2zsx"),
)
_SHORTEST_WALK = 3
#: With fewer walks and single letters than these, a password is one way along the keyboard.
_FEWEST_PIECES = 7

#: Signs that people write for letters.
_SIGNS = str.maketrans("@4831!0$57", "aabeiiosst")


def is_common(password: str) -> bool:
    """Whether many people have this password, perhaps with other signs in it, or with digits or signs around it."""
    plain = _plain(password)
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    forms = {plain, comparable(plain), core}
    return not {*forms, *(each.translate(_SIGNS) for each in forms)}.isdisjoint(common_passwords())


def is_own(password: str, words: Iterable[str]) -> bool:
    """Whether a password is little more than words that are known of the person, or of the register.

    Args:
        words: a name, an address, and the like; each is taken apart into its words.
    """
    own = {comparable(part) for each in words for part in re.split(r"[\W_]+", each)} | set(OF_THE_REGISTER)
    whole = rest = comparable(password)
    for word in sorted((each for each in own if len(each) >= SHORTEST_WORD), key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != whole and len(rest) < LEAST_BESIDES


def is_repeated(password: str) -> bool:
    """Whether a password is one character, a short block, or a common password, again and again."""
    plain = _plain(password)
    block = plain[: _period(plain)]
    return len(block) <= len(plain) // 2 and (len(block) <= LONGEST_BLOCK or is_common(block))


def is_walk(password: str) -> bool:
    """Whether a password is a few walks along rows and columns of a keyboard, or through the alphabet."""
    letters = "".join(_plain(password).split())
    place = pieces = 0
    while place < len(letters) and pieces < _FEWEST_PIECES:
        place += _walk_at(letters, place)
        pieces += 1
    return pieces < min(_FEWEST_PIECES, len(letters))


@cache
def common_passwords() -> frozenset[str]:
    """Return the most common passwords, in lower case; data/common-passwords.md says whence."""
    with gzip.open(COMMON, "rt", encoding="utf-8") as lines:
        return frozenset(lines.read().splitlines())


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password).casefold()


def _period(text: str) -> int:
    """Return after how many characters a text begins again, for the rest of its length."""
    return next((at for at in range(1, len(text)) if text.startswith(text[at:])), len(text))


def _walk_at(letters: str, place: int) -> int:
    """Return how many letters from a place on are one walk; one where none is."""
    length = _SHORTEST_WALK
    while place + length <= len(letters) and any(letters[place : place + length] in way for way in _ways()):
        length += 1
    return length - 1 if length > _SHORTEST_WALK else 1


@cache
def _ways() -> tuple[str, ...]:
    return tuple(way for walk in _WALKS for way in (walk, walk[::-1]))
