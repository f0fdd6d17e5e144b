import time

import pytest

from tracker.texts import cleaned


def test_a_text_stays_as_it_was_written() -> None:
    assert cleaned("Réserve : les juges.\nDeux.") == "Réserve : les juges.\nDeux."


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("e\u0301", "é"),
        ("e\x00\u0301", "é"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("bell\x07", "bell"),
        ("half\ud800", "half"),
        ("private\ue000", "private"),
        ("none\ufdd0\U0001ffff", "none"),
        ("left\u202eright\u2066", "leftright"),
        ("نصّ عربي", "نصّ عربي"),
        ("👩\u200d⚖️", "👩\u200d⚖️"),
    ],
)
def test_it_is_kept_whole_and_clean(written: str, kept: str) -> None:
    assert cleaned(written) == kept


@pytest.mark.parametrize("blank", ["", None, " \n\t", "\u200b", "\ufeff", "\u3164 \u2800", "\0\0", "\u0301"])
def test_a_text_that_shows_nothing_is_empty(blank: str | None) -> None:
    assert cleaned(blank) == ""


def test_a_letter_carries_no_more_marks_than_any_language_needs() -> None:
    assert len(cleaned("a" + "\u0316" * 10_000)) == 31


def test_a_storm_of_marks_costs_no_more_than_a_text() -> None:
    storm = "a" + "\u0301" * 200_000 + "\u0316" * 200_000
    start = time.process_time()
    cleaned(storm)
    assert time.process_time() - start < 5  # it took minutes when it was normalised whole
