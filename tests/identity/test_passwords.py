import argon2
import pytest
from sqlalchemy import select

from tests import hashes
from tests.world import PASSWORD, World
from tracker.errors import PasswordRefused
from tracker.extensions import db
from tracker.identity import passwords, sessions
from tracker.models import Account, Mail, SecurityEvent
from tracker.vocabulary import Notice, SecurityAction, SignInWay

NEW = "four words that do not belong"


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: no query of it is more than a look at a row."""
    return "sqlite"


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return hashes.counted(monkeypatch)


def test_a_passphrase_is_taken(register: World) -> None:
    for password in (
        NEW,
        "treaty-oak-lantern-42",
        "le chat boit du lait",
        "кошка пьёт молоко",
        " " + NEW + " ",
        "x" * 5 + NEW * 20,
    ):
        assert passwords.faults(password, register.alice) == []


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "Enter a password"),
        ("elevenchars", "Use at least 12 characters"),
        ("e\u0301" * 11, "Use at least 12 characters"),  # eleven letters, each of two code points
        ("\ufdfa", "Use at least 12 characters"),  # one letter, of eighteen code points after NFKC
        ("y z" * 334, "Use at most 1000 characters"),
        ("\ufdfa" * 100, "Use at most 1000 characters"),
        ("unbelievable", "Many people use this password"),
        ("alice@example.org", "This is little more than names"),
        ("abcabcabcabc", "This repeats"),
        ("qwertyuiop[]", "This follows the keys"),
    ],
)
def test_what_is_easy_to_guess_is_refused(register: World, password: str, said: str) -> None:
    assert any(str(each).startswith(said) for each in passwords.faults(password, register.alice))
    with pytest.raises(PasswordRefused):
        passwords.set_(register.alice, password, by=register.alice)


def test_every_fault_is_said(register: World) -> None:
    assert len(passwords.faults("aaaa", register.alice)) > 1


def test_a_new_password_is_the_one_that_matches(register: World) -> None:
    passwords.set_(register.alice, NEW, by=register.alice)
    assert passwords.matches(register.alice, NEW)
    assert not passwords.matches(register.alice, PASSWORD)
    assert str(register.alice.password).startswith("$argon2id$")


def test_it_is_the_same_from_every_keyboard(register: World) -> None:
    passwords.set_(register.alice, "Cafe\u0301 au lait, sans sucre", by=register.alice)
    assert passwords.matches(register.alice, "Caf\u00e9 au lait, sans sucre")


def test_nothing_else_about_it_is_changed(register: World) -> None:
    passwords.set_(register.alice, f" {NEW} ", by=register.alice)
    assert not passwords.matches(register.alice, NEW)
    assert not passwords.matches(register.alice, f" {NEW} ".upper())


def test_every_other_session_ends(register: World) -> None:
    here, there = (sessions.open_(register.alice, way=SignInWay.PASSWORD) for _ in range(2))
    before = register.alice.fs_uniquifier
    passwords.set_(register.alice, NEW, by=register.alice, but=sessions.current(here))
    assert sessions.current(here)
    assert sessions.current(there) is None
    assert register.alice.fs_uniquifier != before


def test_the_owner_is_told_and_it_is_logged_without_the_password(register: World) -> None:
    passwords.set_(register.alice, NEW, by=register.alice)
    mail = db.session.scalars(select(Mail).filter_by(notice=Notice.SIGN_IN_CHANGED)).one()
    assert mail.recipient is register.alice
    event = db.session.scalars(select(SecurityEvent).filter_by(action=SecurityAction.PASSWORD_CHANGED)).one()
    assert (event.account, event.by) == (register.alice, register.alice)
    assert NEW not in event.said + mail.facts


def test_of_the_first_password_of_an_account_nobody_is_told(register: World) -> None:
    register.alice.password = None
    passwords.set_(register.alice, NEW, by=register.alice)
    assert db.session.scalars(select(Mail)).all() == []


def test_of_a_first_password_beside_a_passkey_the_owner_is_told(register: World) -> None:
    register.alice.password = None
    sessions.open_(register.alice, way=SignInWay.PASSKEY)
    passwords.set_(register.alice, NEW, by=register.alice)
    assert db.session.scalars(select(Mail)).one().recipient is register.alice


@pytest.mark.parametrize("password", [PASSWORD, "wrong", "", "x" * 1_001, "x" * 100_000, "\ufdfa" * 900])
@pytest.mark.parametrize("who", ["there", "closed", "without a password", "not there"])
def test_each_look_at_a_password_computes_one_hash(
    register: World, compared: list[str], password: str, who: str
) -> None:
    account: Account | None = register.alice
    if who == "closed":
        register.alice.active = False
    elif who == "without a password":
        register.alice.password = None
    elif who == "not there":
        account = None
    passwords.matches(None, "the first look makes the hash that is nobody's")
    compared.clear()
    assert passwords.matches(account, password) is (who == "there" and password == PASSWORD)
    assert compared == ["verify"]


def test_a_hash_of_weaker_parameters_is_made_anew(register: World, compared: list[str]) -> None:
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=32, parallelism=1).hash(PASSWORD)
    register.alice.password = weak
    assert passwords.matches(register.alice, PASSWORD)
    assert register.alice.password != weak
    assert passwords.matches(register.alice, PASSWORD)


def test_what_was_counted_before_is_kept_whatever_follows(register: World) -> None:
    register.alice.name = "Alicia"
    passwords.matches(register.alice, "wrong")
    db.session.rollback()
    assert register.alice.name == "Alicia"
