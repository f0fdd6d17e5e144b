"""How texts are compared, word by word."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.models import Text
from tracker.wordings.word_differences import Part, compared, difference


def told(before: str, after: str) -> str:
    marks = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(marks[part.kind].format(part.text) for part in difference(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Keep rivers clean.", "Keep rivers clean.", "Keep rivers clean."),
        ("Keep rivers clean.", "Keep all rivers clean.", "Keep[+ all+] rivers clean."),
        ("Keep rivers clean.", "Keep lakes clean.", "Keep [-rivers-][+lakes+] clean."),
        ("Keep rivers very clean.", "Keep big lakes clean.", "Keep [-rivers very-][+big lakes+] clean."),
        ("See 2.3 of it.", "See 2.4 of it.", "See [-2.3-][+2.4+] of it."),
        ("Don’t wait, act.", "Don’t wait; act.", "Don’t wait[-,-][+;+] act."),
        ("各国应当合作。", "各国必须合作。", "各国[-应当-][+必须+]合作。"),
        ("على الدول أن تتعاون.", "على كل الدول أن تتعاون.", "على[+ كل+] الدول أن تتعاون."),
        ("ประเทศร่วมมือ", "ประเทศต้องร่วมมือ", "ประเทศ[+ต้อง+]ร่วมมือ"),
        ("One.\nTwo.", "One.\nThree.", "One.\n[-Two-][+Three+]."),
        ("", "New.", "[+New.+]"),
    ],
)
def test_words_that_changed_are_marked(before: str, after: str, expected: str) -> None:
    assert told(before, after) == expected


@given(st.text(max_size=60), st.text(max_size=60))
def test_both_texts_stand_in_the_difference(before: str, after: str) -> None:
    parts = difference(before, after)
    assert "".join(part.text for part in parts if part.kind != "added") == before
    assert "".join(part.text for part in parts if part.kind != "removed") == after


def test_each_language_is_compared_the_authentic_one_first() -> None:
    before = Text.of("Rivers.", fr="Fleuves.", ro="Râuri.")
    after = Text("fr", {"en": "Rivers.", "fr": "Rivières.", "zh": "河流。"})
    found = {each.language: each for each in compared(before, after)}
    assert list(found) == ["fr", "en", "ro", "zh"]
    assert (found["fr"].authentic, found["en"].was_authentic) == (True, True)
    assert not found["en"].changed
    assert (found["ro"].after, found["zh"].before) == (None, None)
    assert found["fr"].old == [Part("removed", "Fleuves"), Part("same", ".")]
    assert found["fr"].new == [Part("added", "Rivières"), Part("same", ".")]


def test_the_longest_texts_that_share_little_are_compared_too() -> None:
    letters = random.Random(1)  # noqa: S311  # no secret
    one, other = ("".join(chr(0x4E00 + letters.randrange(300)) for _ in range(10_000)) for _ in range(2))
    parts = difference(one, other)
    assert "".join(part.text for part in parts if part.kind != "added") == one
    assert "".join(part.text for part in parts if part.kind != "removed") == other
