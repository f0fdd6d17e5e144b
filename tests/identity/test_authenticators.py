"""Codes that change every 30 seconds, each taken once."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta

import pytest
import time_machine
from flask import Flask, current_app

from tests.identity.codes import shown_by, with_app
from tests.world import World
from tracker import clock
from tracker.extensions import db
from tracker.identity import authenticators, security_log
from tracker.models import Authenticator, SecurityEvent
from tracker.vocabulary import SecurityAction

STEP = timedelta(seconds=30)


def test_an_app_that_gives_a_right_code_is_taken_into_use(register: World) -> None:
    begun = authenticators.begin(register.alice)
    assert authenticators.of(register.alice) is None
    assert authenticators.confirm(register.alice, shown_by(begun), by=register.alice)
    assert authenticators.of(register.alice) is begun
    assert db.session.query(SecurityEvent).filter_by(action=SecurityAction.AUTHENTICATOR_ADDED).count() == 1


def test_an_app_that_gives_a_wrong_code_is_not(register: World) -> None:
    authenticators.begin(register.alice)
    assert not authenticators.confirm(register.alice, "000000", by=register.alice)
    assert authenticators.of(register.alice) is None


def test_the_code_that_the_app_shows_now_is_right(register: World) -> None:
    assert authenticators.check(register.alice, shown_by(with_app(register.alice)))


@pytest.mark.parametrize("typed", ["{} {}", " {}{} ", "{}\u00a0{}"])
def test_spaces_in_a_code_do_not_matter(register: World, typed: str) -> None:
    code = shown_by(with_app(register.alice))
    assert authenticators.check(register.alice, typed.format(code[:3], code[3:]))


@pytest.mark.parametrize("nonsense", ["", "abcdef", "12345", "1234567", "-12345", "١٢٣٤٥٦", "\0" * 6, "9" * 5_000])
def test_what_is_no_code_is_wrong(register: World, nonsense: str) -> None:
    with_app(register.alice)
    assert not authenticators.check(register.alice, nonsense)


def test_a_code_is_taken_once(register: World) -> None:
    code = shown_by(with_app(register.alice))
    assert authenticators.check(register.alice, code)
    assert not authenticators.check(register.alice, code)


def test_the_code_that_confirmed_the_app_is_not_taken_again(register: World) -> None:
    code = shown_by(authenticators.begin(register.alice))
    authenticators.confirm(register.alice, code, by=register.alice)
    assert not authenticators.check(register.alice, code)


def test_no_code_is_taken_that_is_older_than_the_last_one(register: World) -> None:
    app = with_app(register.alice)
    earlier, now = shown_by(app, clock.now() - STEP), shown_by(app)
    assert authenticators.check(register.alice, now)
    assert not authenticators.check(register.alice, earlier)


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_the_clock_of_a_telephone_may_be_off_by_one_step(register: World, steps: int, right: bool) -> None:
    code = shown_by(with_app(register.alice), clock.now() + steps * STEP)
    assert authenticators.check(register.alice, code) is right


def test_a_code_runs_out_as_the_clock_goes_on(register: World) -> None:
    with time_machine.travel("2026-11-25T12:00:10Z", tick=False) as traveller:
        code = shown_by(with_app(register.alice))
        traveller.shift(3 * STEP)
        assert not authenticators.check(register.alice, code)
        assert authenticators.check(register.alice, shown_by(authenticators.of(register.alice)))


def test_the_app_of_somebody_else_is_worth_nothing(register: World) -> None:
    with_app(register.alice)
    assert not authenticators.check(register.alice, shown_by(with_app(register.bruno)))


def test_who_has_no_app_has_no_right_code(register: World) -> None:
    assert not authenticators.check(register.alice, "123456")


def test_the_old_app_counts_until_the_new_one_is_confirmed(register: World) -> None:
    old = with_app(register.alice)
    new = authenticators.begin(register.alice)
    assert authenticators.of(register.alice) is old
    authenticators.confirm(register.alice, shown_by(new), by=register.alice)
    assert authenticators.of(register.alice) is new
    assert db.session.query(Authenticator).filter_by(account_id=register.alice.id).count() == 1


def test_who_begins_again_gets_another_secret(register: World) -> None:
    first = shown_by(authenticators.begin(register.alice))
    authenticators.begin(register.alice)
    assert not authenticators.confirm(register.alice, first, by=register.alice)


def test_the_database_holds_no_secret_that_can_be_read(register: World) -> None:
    begun = authenticators.begin(register.alice)
    assert authenticators.key(begun).replace(" ", "") not in begun.secret


def test_a_former_secret_key_still_reads_what_it_wrote(register: World) -> None:
    app = with_app(register.alice)
    former = current_app.config["SECRET_KEY"]
    current_app.config.update(SECRET_KEY="another key, long enough: 0123456789abcdef", SECRET_KEY_FALLBACKS=[former])
    assert authenticators.check(register.alice, shown_by(app))


def test_what_a_former_secret_key_wrote_is_written_anew_when_a_code_is_taken(register: World) -> None:
    app = with_app(register.alice)
    former, present = current_app.config["SECRET_KEY"], "another key, long enough: 0123456789abcdef"
    current_app.config.update(SECRET_KEY=present, SECRET_KEY_FALLBACKS=[former])
    assert authenticators.check(register.alice, shown_by(app))
    current_app.config.update(SECRET_KEY_FALLBACKS=[])
    assert authenticators.source(app)


def test_the_secret_of_somebody_else_is_worth_nothing_in_ones_own_row(register: World) -> None:
    alice, bruno = with_app(register.alice), with_app(register.bruno)
    code = shown_by(bruno)
    alice.secret = bruno.secret
    assert not authenticators.check(register.alice, code)


@pytest.mark.parametrize("place", [0, 20, -5])
def test_a_secret_that_was_changed_in_the_database_is_worth_nothing(register: World, place: int) -> None:
    app = with_app(register.alice)
    code, whole = shown_by(app), bytearray(urlsafe_b64decode(app.secret))
    whole[place] ^= 1
    app.secret = urlsafe_b64encode(whole).decode()
    assert not authenticators.check(register.alice, code)


def test_without_the_key_that_wrote_it_no_code_is_right(register: World) -> None:
    code = shown_by(with_app(register.alice))
    current_app.config["SECRET_KEY"] = "another key, long enough: 0123456789abcdef"
    assert not authenticators.check(register.alice, code)


def test_the_app_names_the_register_and_the_person(register: World, app: Flask) -> None:
    app.config["REGISTER_NAME"] = "Register of Rivers"
    address = authenticators.address(authenticators.begin(register.alice))
    assert address.startswith("otpauth://totp/Register%20of%20Rivers:alice@example.org?")


def test_the_log_never_holds_a_code(register: World) -> None:
    code = shown_by(authenticators.begin(register.alice))
    authenticators.confirm(register.alice, code, by=register.alice)
    security_log.record(SecurityAction.SIGNED_OUT, account=register.alice)
    assert not any(code in event.said for event in db.session.query(SecurityEvent))
