"""Where a person is signed in, for how long, and since when they proved who they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from tests.world import World
from tracker import clock
from tracker.extensions import db
from tracker.identity import origin, sessions
from tracker.identity.origin import Origin
from tracker.models import SignInSession
from tracker.vocabulary import SignInWay


def opened(register: World) -> tuple[SignInSession, str]:
    key = sessions.open_(register.alice, way=SignInWay.PASSWORD)
    found = sessions.current(key)
    assert found is not None
    return found, key


def test_a_session_is_found_by_its_key(register: World) -> None:
    session, key = opened(register)
    assert session.account is register.alice
    assert sessions.current("rubbish") is None
    assert key not in (session.key_hash, session.reference)


def test_it_says_from_where(register: World) -> None:
    origin.set_(Origin("2001:db8::1", "Mozilla/5.0"))
    session, _ = opened(register)
    origin.set_(Origin())
    assert (session.address, session.agent) == ("2001:db8::1", "Mozilla/5.0")


def test_one_that_was_ended_lets_nobody_in(register: World) -> None:
    session, key = opened(register)
    sessions.end(session)
    assert sessions.current(key) is None


def test_one_of_a_deactivated_person_lets_nobody_in(register: World) -> None:
    _, key = opened(register)
    register.alice.active = False
    assert sessions.current(key) is None


@pytest.mark.parametrize(("minutes", "holds"), [(59, True), (60, False)])
def test_it_ends_after_an_hour_without_activity(register: World, minutes: int, holds: bool) -> None:
    _, key = opened(register)
    with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False):
        assert (sessions.current(key) is not None) is holds


def test_it_ends_after_half_a_day_whatever_is_done(register: World) -> None:
    session, key = opened(register)
    for _ in range(23):
        with time_machine.travel(session.seen_at + timedelta(minutes=30), tick=False):
            assert sessions.current(key) is session
            sessions.seen(session)
    with time_machine.travel(session.seen_at + timedelta(minutes=30), tick=False):
        assert sessions.current(key) is None


def test_that_it_is_in_use_is_written_down_every_few_minutes(register: World) -> None:
    session, _ = opened(register)
    assert not sessions.is_due_to_be_seen(session)
    with time_machine.travel(clock.now() + sessions.SEEN_EVERY, tick=False):
        assert sessions.is_due_to_be_seen(session)


def test_a_proof_is_fresh_for_a_while_and_longer_for_what_was_begun(register: World) -> None:
    session, _ = opened(register)
    assert sessions.is_fresh(session)
    with time_machine.travel(clock.now() + sessions.FRESH, tick=False):
        assert not sessions.is_fresh(session)
        assert sessions.is_fresh(session, to_send=True)
    with time_machine.travel(clock.now() + sessions.FRESH_TO_SEND, tick=False):
        assert not sessions.is_fresh(session, to_send=True)
        sessions.prove(session)
        assert sessions.is_fresh(session)


def test_a_proof_gives_the_session_another_key(register: World) -> None:
    session, before = opened(register)
    key = sessions.prove(session)
    assert sessions.current(key) is session
    assert sessions.current(before) is None


def test_all_are_ended_but_one(register: World) -> None:
    here, key = opened(register)
    _, elsewhere = opened(register)
    other = sessions.open_(register.bruno, way=SignInWay.PASSWORD)
    sessions.end_all(register.alice, but=here)
    db.session.expire_all()
    assert sessions.current(key) is here
    assert sessions.current(elsewhere) is None
    assert sessions.current(other) is not None


def test_those_that_hold_are_listed_the_latest_first(register: World) -> None:
    first, _ = opened(register)
    second, _ = opened(register)
    ended, _ = opened(register)
    sessions.end(ended)
    assert sessions.of(register.alice) == [second, first]
    assert sessions.last_sign_in(register.alice, before=second) is first
