import pytest

from tests.letters import REFUSED, a_letter, a_pdf, an_image
from tracker.errors import Unfit
from tracker.vocabulary import MediaType


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (a_pdf(pages=3), "Letter.pdf", MediaType.PDF),
        (an_image("PNG"), "scan.PNG", MediaType.PNG),
        (an_image("JPEG"), "photo.jpeg", MediaType.JPEG),
    ],
)
def test_it_works(content: bytes, name: str, media_type: MediaType) -> None:
    letter = a_letter(content, name)
    assert (letter.media_type, letter.name, letter.size) == (media_type, name, len(content))
    assert letter.file.read() == content


@pytest.mark.parametrize("what", REFUSED)
def test_it_refuses_what_is_no_letter_and_says_why(what: str) -> None:
    content, why = REFUSED[what]
    with pytest.raises(Unfit) as refusal:
        a_letter(content)
    assert why in str(refusal.value.sentence)
