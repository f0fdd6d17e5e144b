import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.exports.cells import neutralised, restored

SIGNS = "'=+-@\t\r\n＝＋－＠"  # the full-width signs are the point
#: Texts in which the signs that matter come close together.
crafted = st.text(st.sampled_from(f"{SIGNS};a "), max_size=12) | st.text()


@pytest.mark.parametrize("sign", SIGNS)
def test_a_cell_begins_with_no_sign_of_a_formula(sign: str) -> None:
    assert neutralised(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("text", ["Arcadia", "2.3", "a=b", "rock-and-roll", "it's", "", "1; 2"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert neutralised(text) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Yes;=1+1", "Yes;'=1+1"),
        ("- one\n- two", "'- one\n'- two"),
        ("'s-Gravenhage", "''s-Gravenhage"),
        ("'=", "''="),
    ],
)
def test_what_a_spreadsheet_might_cut_off_is_a_cell_of_its_own(text: str, cell: str) -> None:
    assert neutralised(text) == cell
    assert restored(cell) == text


@given(text=crafted)
@example(text=";\t=")
@example(text="''")
def test_the_way_back_loses_nothing(text: str) -> None:
    assert restored(neutralised(text)) == text


@given(text=crafted)
def test_no_part_of_a_cell_is_a_formula(text: str) -> None:
    for part in neutralised(text).replace("\r", ";").replace("\n", ";").replace("\t", ";").split(";"):
        assert not part.startswith(tuple("=+-@＝＋－＠"))
