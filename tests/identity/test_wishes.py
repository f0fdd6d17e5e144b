"""Wishes to be forgotten: who may ask, who decides, and that each is decided once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.identity.test_erasing import asked
from tests.world import World, a_candidate, person
from tracker import accrediting, clock
from tracker.errors import AlreadyAsked, Incomplete, NotStaff, StillInOffice, WishDecided
from tracker.extensions import db
from tracker.identity import erasing, purging_the_log, wishes
from tracker.models import SecurityEvent
from tracker.people import requesting


@pytest.mark.parametrize("who", ["alice", "fay", "bruno"], ids=["acts", "will act", "acts today for the last time"])
def test_who_is_in_office_is_not_forgotten(register: World, who: str) -> None:
    person = getattr(register, who)
    wish = asked(person)
    with pytest.raises(StillInOffice):
        erasing.erase(person, by=register.sam, wish=wish)


def test_who_is_suspended_is_not_forgotten(register: World) -> None:
    accrediting.suspend(accrediting.held_by(register.adam)[0], by=register.sam)
    with pytest.raises(StillInOffice):
        erasing.erase(register.adam, by=register.kim, wish=asked(register.adam))


def test_who_is_proposed_again_is_not_forgotten(register: World) -> None:
    requesting.propose(register.league, a_candidate("Petra"), by=register.sam)
    with pytest.raises(StillInOffice):
        erasing.erase(register.petra, by=register.kim, wish=asked(register.petra))


def test_staff_ask_for_nothing(register: World) -> None:
    with pytest.raises(StillInOffice):
        wishes.ask(register.kim)


def test_who_became_staff_since_is_not_forgotten(register: World) -> None:
    wish = asked(register.petra)
    register.petra.roles.append(register.sam.roles[0])
    with pytest.raises(StillInOffice):
        erasing.erase(register.petra, by=register.sam, wish=wish)


def test_only_staff_decide(register: World) -> None:
    wish = asked(register.petra)
    with pytest.raises(NotStaff):
        erasing.erase(register.petra, by=register.alice, wish=wish)
    with pytest.raises(NotStaff):
        wishes.refuse(register.petra, reason="No.", by=register.alice, wish=wish)


def test_nobody_is_forgotten_who_did_not_ask(register: World) -> None:
    with pytest.raises(WishDecided):
        erasing.erase(register.petra, by=register.sam, wish=1)


def test_a_wish_is_asked_once(register: World) -> None:
    asked(register.petra)
    with pytest.raises(AlreadyAsked):
        wishes.ask(register.petra)


def test_a_wish_is_decided_once(register: World) -> None:
    wish = asked(register.petra)
    wishes.refuse(register.petra, reason="An enquiry runs.", by=register.sam, wish=wish)
    for decide in (
        lambda: erasing.erase(register.petra, by=register.kim, wish=wish),
        lambda: wishes.refuse(register.petra, reason="No.", by=register.kim, wish=wish),
    ):
        with pytest.raises(WishDecided):
            decide()


def test_a_wish_that_was_made_anew_is_not_decided_by_who_saw_the_first(register: World) -> None:
    first = asked(register.petra)
    wishes.refuse(register.petra, reason="An enquiry runs.", by=register.sam, wish=first)
    second = asked(register.petra)
    with pytest.raises(WishDecided):
        erasing.erase(register.petra, by=register.kim, wish=first)
    erasing.erase(register.petra, by=register.kim, wish=second)


def test_a_refusal_has_a_reason(register: World) -> None:
    wish = asked(register.petra)
    with pytest.raises(Incomplete):
        wishes.refuse(register.petra, reason="  ", by=register.sam, wish=wish)


def test_wishes_wait_in_their_order_until_they_are_decided(register: World) -> None:
    zed = person("zed")
    first, second = asked(register.petra, "I have left."), asked(zed)
    assert [(each.number, each.reason) for each in wishes.waiting()] == [(first, "I have left."), (second, "")]
    wishes.refuse(register.petra, reason="An enquiry runs.", by=register.sam, wish=first)
    assert [each.number for each in wishes.waiting()] == [second]
    latest = wishes.latest_of(register.petra)
    assert latest is not None
    assert (latest.waits, latest.reason) == (False, "An enquiry runs.")
    assert wishes.latest_of(register.alice) is None


def test_a_wish_that_waits_is_not_purged(register: World) -> None:
    wish = db.session.get_one(SecurityEvent, asked(register.petra))
    wish.at = clock.now() - timedelta(days=1000)
    db.session.flush()
    assert not purging_the_log.due()
    assert purging_the_log.purge() == 0
    wishes.refuse(register.petra, reason="An enquiry runs.", by=register.sam, wish=wish.id)
    assert purging_the_log.purge() == 1
