"""Recovery codes: each lets its owner in once."""

from __future__ import annotations

import pytest

from tests.world import World
from tracker.extensions import db
from tracker.identity import recovery_codes
from tracker.models import RecoveryCode


def test_each_code_works_once(register: World) -> None:
    codes = recovery_codes.make(register.alice, by=register.alice)
    assert len(set(codes)) == recovery_codes.COUNT
    assert [recovery_codes.use(register.alice, code) for code in codes] == [True] * recovery_codes.COUNT
    assert [recovery_codes.use(register.alice, code) for code in codes] == [False] * recovery_codes.COUNT
    assert recovery_codes.left(register.alice) == 0


@pytest.mark.parametrize("typed", [str.upper, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_how_it_is_typed_does_not_matter(register: World, typed) -> None:
    code = recovery_codes.make(register.alice, by=register.alice)[0]
    assert recovery_codes.use(register.alice, typed(code))


def test_new_codes_take_the_place_of_those_before(register: World) -> None:
    old = recovery_codes.make(register.alice, by=register.alice)
    new = recovery_codes.make(register.alice, by=register.alice)
    assert not recovery_codes.use(register.alice, old[0])
    assert recovery_codes.use(register.alice, new[0])


def test_a_code_of_somebody_else_is_worth_nothing(register: World) -> None:
    code = recovery_codes.make(register.bruno, by=register.bruno)[0]
    assert not recovery_codes.use(register.alice, code)
    assert recovery_codes.left(register.bruno) == recovery_codes.COUNT


@pytest.mark.parametrize("nonsense", ["", "-", "\0", "x" * 10_000])
def test_what_is_no_code_lets_nobody_in(register: World, nonsense: str) -> None:
    recovery_codes.make(register.alice, by=register.alice)
    assert not recovery_codes.use(register.alice, nonsense)


def test_the_database_holds_no_code_that_can_be_read(register: World) -> None:
    codes = recovery_codes.make(register.alice, by=register.alice)
    kept = {each.code_hash for each in db.session.query(RecoveryCode)}
    assert kept.isdisjoint(codes)
    assert kept.isdisjoint(code.replace("-", "") for code in codes)
