from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.world import World
from tracker import clock
from tracker.errors import TryLater
from tracker.extensions import db
from tracker.identity import delays, devices, origin
from tracker.identity.origin import Origin
from tracker.mails import mailing
from tracker.models import Delay, Mail, SecurityEvent
from tracker.vocabulary import DelayKind, Notice, SecurityAction

ALICE, NOBODY = "alice@example.org", "nobody@example.org"
PASSWORD, CODE = DelayKind.PASSWORD, DelayKind.SECOND_FACTOR
START = clock.now()


@pytest.fixture(autouse=True)
def an_unmarked_browser():
    origin.set_(Origin("192.0.2.1"))
    devices.show({})
    yield
    origin.set_(Origin())
    devices.show({})


def guess(identifier: str = ALICE, kind: DelayKind = PASSWORD, *, minutes: float = 0) -> float:
    """Guess wrongly, some minutes after the start; return how many minutes one has to wait instead, if one has."""
    with clock.at(START + timedelta(minutes=minutes)):
        try:
            delays.check(identifier, kind)
        except TryLater as error:
            return error.wait.total_seconds() / 60
        delays.failed(identifier, kind)
        return 0


def guesses(number: int, identifier: str = ALICE, kind: DelayKind = PASSWORD) -> list[float]:
    return [guess(identifier, kind) for _ in range(number)]


def mails() -> list[Notice]:
    return list(db.session.scalars(select(Mail.notice).order_by(Mail.id)))


@pytest.mark.parametrize("identifier", [ALICE, NOBODY])
def test_five_are_free_and_then_one_waits(register: World, identifier: str) -> None:
    assert guesses(7, identifier) == [0, 0, 0, 0, 0, 1, 1]


def test_the_wait_grows_to_a_quarter_of_an_hour(register: World) -> None:
    guesses(5)
    minute, waits = 0.0, []
    for _ in range(7):
        waits.append(guess(minutes=minute))
        minute += waits[-1]
        assert guess(minutes=minute) == 0
    assert waits == [1, 2, 4, 8, 15, 15, 15]


def test_what_is_not_looked_at_does_not_lengthen_the_wait(register: World) -> None:
    guesses(50)
    assert guess(minutes=1) == 0
    assert guess(minutes=1) == 2


def test_how_the_address_is_written_does_not_matter(register: World) -> None:
    for written in (ALICE, "Alice@Example.org", " ALICE@example.org ", ALICE, ALICE):
        guess(written)
    assert guess() == 1


def test_a_right_one_forgets_those_before(register: World) -> None:
    guesses(4)
    delays.check(ALICE, PASSWORD)
    delays.succeeded(ALICE, PASSWORD)
    assert guesses(6) == [0, 0, 0, 0, 0, 1]


def test_a_day_without_one_forgets_those_before(register: World) -> None:
    guesses(9)
    assert guess(minutes=24 * 60 - 1) == 0
    assert guess(minutes=24 * 60) > 0
    later = 2 * 24 * 60
    assert [guess(minutes=later) for _ in range(6)] == [0, 0, 0, 0, 0, 1]


def test_codes_and_passwords_are_counted_apart(register: World) -> None:
    guesses(5, kind=CODE)
    assert guess(kind=CODE) == 1
    assert guess() == 0


def test_one_address_does_not_make_another_one_wait(register: World) -> None:
    guesses(6)
    assert guess("bruno@example.org") == 0


def test_from_one_network_thirty_are_free(register: World) -> None:
    assert [guess(f"{number}@example.org") for number in range(31)] == [0] * 30 + [1]
    origin.set_(Origin("192.0.2.2"))
    assert guess("31@example.org") == 0


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.9", "192.0.2.9", True),
        ("192.0.2.9", "192.0.2.10", False),
    ],
)
def test_a_network_of_ipv6_is_its_first_half(register: World, first: str, second: str, same: bool) -> None:
    origin.set_(Origin(first))
    for number in range(30):
        guess(f"{number}@example.org")
    origin.set_(Origin(second))
    assert guess() == (1 if same else 0)


def test_a_right_one_gives_the_network_no_more_than_itself_back(register: World) -> None:
    for number in range(29):
        guess(f"{number}@example.org")
    for _ in range(3):
        delays.check(ALICE, PASSWORD)
        delays.succeeded(ALICE, PASSWORD)
    assert guess() == 0
    assert guess() == 1


def test_a_command_comes_from_no_network(register: World) -> None:
    origin.set_(Origin())
    assert [guess(f"{number}@example.org") for number in range(31)] == [0] * 31


def test_a_known_browser_is_counted_for_itself(register: World) -> None:
    name, mark = devices.name_for(ALICE), devices.mark(ALICE)
    guesses(6)
    devices.show({name: mark})
    assert guesses(6) == [0, 0, 0, 0, 0, 1]
    devices.show({name: devices.mark(ALICE)})
    assert guess() == 0


def test_a_known_browser_does_not_wait_for_its_network(register: World) -> None:
    for number in range(31):
        guess(f"{number}@example.org")
    devices.show({devices.name_for(ALICE): devices.mark(ALICE)})
    assert guess() == 0
    assert guess("adam@example.org") == 1


def test_the_owner_is_told_once_a_day(register: World) -> None:
    guesses(4)
    assert mails() == []
    for minute in (0, 1, 3, 7, 15):
        guess(minutes=minute)
    assert mails() == [Notice.PASSWORD_GUESSED]
    assert db.session.scalars(select(Mail)).one().recipient is register.alice
    guess(minutes=24 * 60 + 10)
    assert mails() == [Notice.PASSWORD_GUESSED] * 2


def test_of_codes_the_owner_is_told_apart(register: World) -> None:
    guesses(5)
    guesses(5, kind=CODE)
    assert mails() == [Notice.PASSWORD_GUESSED, Notice.SECOND_FACTOR_GUESSED]


@pytest.mark.parametrize("closed", [True, False])
def test_nobody_else_is_told(register: World, closed: bool) -> None:
    register.alice.active = not closed
    guesses(7, ALICE if closed else NOBODY)
    assert mails() == []


def test_a_wait_is_logged_whether_or_not_there_is_an_account(register: World) -> None:
    guesses(7)
    guesses(7, NOBODY)
    query = select(SecurityEvent).filter_by(action=SecurityAction.DELAYED).order_by(SecurityEvent.id)
    events = db.session.scalars(query).all()
    assert [event.account for event in events] == [register.alice, None]
    assert not any("nobody" in event.said for event in events)


def test_what_is_kept_does_not_say_whose_it_is(register: World) -> None:
    guess()
    kept = db.session.scalars(select(Delay)).all()
    assert len(kept) == 2
    assert not any("alice" in each.key_hash or "192" in each.key_hash for each in kept)


def test_a_new_password_forgives_those_at_the_old_one_alone(register: World) -> None:
    guesses(5)
    guesses(5, kind=CODE)
    delays.forgive(register.alice)
    assert guess() == 0
    assert guess(kind=CODE) == 1


def test_the_delivery_of_mails_deletes_old_ones(register: World) -> None:
    guess()
    db.session.commit()
    with clock.at(START + timedelta(hours=25)):
        mailing.tidy()
    assert db.session.scalars(select(Delay)).all() == []


def test_old_ones_are_deleted(register: World) -> None:
    guess()
    with clock.at(START + timedelta(hours=23)):
        assert not delays.due()
    with clock.at(START + timedelta(hours=25)):
        assert delays.due()
        delays.forget()
    assert db.session.scalars(select(Delay)).all() == []
