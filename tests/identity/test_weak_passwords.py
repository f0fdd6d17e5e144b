import pytest

from tracker.identity import weak_passwords

ALICE = ("Alice Liddell", "alice.liddell@ministry.example.org", "Register of Rivers", "https://rivers.example.org")


def test_there_are_as_many_common_passwords_of_our_length_as_asvs_asks_for() -> None:
    assert sum(len(each) >= 12 for each in weak_passwords.common_passwords()) >= 3_000


@pytest.mark.parametrize(
    "password",
    [
        "1qaz2wsx3edc4rfv",
        "unbelievable",
        "UNBELIEVABLE",
        "un-believ-able",
        "P@ssw0rd!!!!",
        "elephant-2024!",
        "2024 elephant 2024",
        "Ｕnbelievable",  # a letter of full width
    ],
)
def test_common_ones_are_found_however_they_are_decorated(password: str) -> None:
    assert weak_passwords.is_common(password)


@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "treaty-oak-lantern-42", "x7#Kq2!vLp0z", "le chat boit du lait"]
)
def test_others_are_not(password: str) -> None:
    assert not weak_passwords.is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "alice.liddell.1985",
        "ALICELIDDELL",
        "Liddell-Liddell",
        "ministry-2024",
        "Register of Rivers",
        "endorsement1",
        "mot de passe 1",
        "Álice Liddéll!",
    ],
)
def test_little_more_than_known_words_is_found(password: str) -> None:
    assert weak_passwords.is_own(password, ALICE)


@pytest.mark.parametrize("password", ["Alice likes green tea", "green tea and milk", "the rivers run both ways"])
def test_known_words_among_others_are_not(password: str) -> None:
    assert not weak_passwords.is_own(password, ALICE)


@pytest.mark.parametrize(
    "password", ["aaaaaaaaaaaa", "abcabcabcabca", "é" * 12, "😀" * 12, "12ab!?12ab!?", "elephantelephant"]
)
def test_repetitions_are_found(password: str) -> None:
    assert weak_passwords.is_repeated(password)


@pytest.mark.parametrize("password", ["rivers rivers and rivers", "x7#Kq2!vx7#Kq2!v", "aaaa bbbb cccc"])
def test_what_only_holds_repetitions_is_not_one(password: str) -> None:
    assert not weak_passwords.is_repeated(password)


@pytest.mark.parametrize(
    "password",
    [
        "qwertyuiop12",
        "poiuytrewq09",
        "azertyuiopqs",
        "qwertzuiop12",
        "abcdefghijkl",
        "zyxwvutsrqpo",
        "123456789012",
        "987654321098",
        "qwe asd zxc 123",
        "1qaz2wsx3edc",
        "!@#$%^&*()_+",
        "йцукенгшщзхъ",
    ],
)
def test_walks_along_a_keyboard_are_found(password: str) -> None:
    assert weak_passwords.is_walk(password)


@pytest.mark.parametrize(
    "password", ["treaty-oak-lantern-42", "x7#Kq2!vLp0z", "кошка пьёт молоко", "日本語の文字列です"]
)
def test_others_are_no_walk(password: str) -> None:
    assert not weak_passwords.is_walk(password)
