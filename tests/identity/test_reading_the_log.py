"""Who sees which security events, what is found among them, and that pages stay what they were."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.world import World, person
from tracker import accrediting, clock
from tracker.extensions import db
from tracker.identity import reading_the_log, security_log
from tracker.identity.reading_the_log import A_PAGE, Asked
from tracker.models import Account, AccountRole, SecurityEvent
from tracker.vocabulary import Role, SecurityAction


def an_event(action: SecurityAction = SecurityAction.SIGNED_IN, **more: Any) -> SecurityEvent:
    """Return an event; ``days`` is how long ago it was, ``address`` from where it came."""
    days, address = more.pop("days", 0), more.pop("address", "192.0.2.1")
    event = security_log.record(action, **more)
    event.at, event.address = clock.now() - timedelta(days=days), address
    db.session.flush()
    return event


def an_administrator() -> Account:
    boss = person("boss", staff=True)
    boss.roles.append(AccountRole(name=Role.ADMINISTRATOR.value))
    db.session.flush()
    return boss


def seen(reader: Account, **asked: Any) -> list[int]:
    """Return the numbers of the events that somebody sees, in their order."""
    return [each.number for each in reading_the_log.events(reader, Asked(**asked))]


def test_the_newest_comes_first(register: World) -> None:
    first, second = an_event(account=register.alice), an_event(account=register.alice)
    assert seen(register.sam) == [second.id, first.id]


def test_an_event_says_whom_it_concerns_who_did_it_and_what_else(register: World) -> None:
    event = an_event(SecurityAction.INVITED, account=register.alice, by=register.sam, reason="New post")
    [told] = reading_the_log.events(register.sam, Asked())
    assert (told.number, told.at, told.action) == (event.id, event.at, SecurityAction.INVITED)
    assert told.person is not None
    assert told.by is not None
    assert (told.person.name, told.person.email, told.by.name) == ("Alice", "alice@example.org", "Sam")
    assert (told.address, told.said) == ("192.0.2.1", {"reason": "New post"})


def test_staff_see_representatives_nobody_and_themselves(register: World) -> None:
    boss = an_administrator()
    concerns_alice = an_event(account=register.alice, by=register.kim)
    concerns_nobody = an_event(SecurityAction.SIGN_IN_FAILED)
    own = an_event(account=register.sam, by=register.sam)
    of_sam = an_event(SecurityAction.MADE_STAFF, account=register.sam, by=boss)
    caused = an_event(SecurityAction.RESET_ASKED, account=register.kim, by=register.sam)
    an_event(account=register.kim, by=register.kim)
    an_event(SecurityAction.EXPORTED, by=register.kim)
    an_event(SecurityAction.ENDED_STAFF, account=register.kim, by=boss)
    assert seen(register.sam) == [each.id for each in (caused, of_sam, own, concerns_nobody, concerns_alice)]


def test_administrators_see_all(register: World) -> None:
    boss = an_administrator()
    events = [
        an_event(account=register.kim, by=register.kim),
        an_event(account=register.alice),
        an_event(SecurityAction.SIGN_IN_FAILED),
        an_event(SecurityAction.MADE_STAFF, account=register.kim, by=boss),
    ]
    assert seen(boss) == [each.id for each in reversed(events)]


@pytest.mark.parametrize("words", ["alice", "ALICE@example", "Âlice", "Ambassador A"])
def test_a_person_is_found_by_any_name_or_address(register: World, words: str) -> None:
    accrediting.held_by(register.alice)[0].name = "Ambassador Alice"
    concerned, did = an_event(account=register.alice), an_event(account=register.adam, by=register.alice)
    an_event(account=register.bruno, by=register.sam)
    assert seen(register.sam, person=words) == [did.id, concerned.id]


def test_nobody_is_found_by_a_name_that_nobody_has(register: World) -> None:
    an_event(account=register.alice)
    assert seen(register.sam, person="zoe") == []


def test_what_happened_is_found(register: World) -> None:
    an_event(account=register.alice)
    signed_out = an_event(SecurityAction.SIGNED_OUT, account=register.alice)
    assert seen(register.sam, action=SecurityAction.SIGNED_OUT) == [signed_out.id]


def test_days_are_found_and_both_are_included(register: World) -> None:
    an_event(account=register.alice, days=3)
    two = an_event(account=register.alice, days=2)
    one = an_event(account=register.alice, days=1)
    an_event(account=register.alice)
    since, until = clock.today() - timedelta(days=2), clock.today() - timedelta(days=1)
    assert seen(register.sam, since=since, until=until) == [one.id, two.id]


@pytest.mark.parametrize("address", ["198.51.100.7", "198.51.", "2001:DB8:"])
def test_an_address_is_found_by_its_beginning(register: World, address: str) -> None:
    network = "2001:db8::7" if ":" in address else "198.51.100.7"
    found = an_event(account=register.alice, address=network)
    an_event(account=register.alice, address="203.0.113.198")
    assert seen(register.sam, address=address) == [found.id]


@pytest.mark.parametrize("sign", ["%", "_"])
def test_no_sign_stands_for_any_other(register: World, sign: str) -> None:
    an_event(account=register.alice, reason="New post")
    assert seen(register.sam, address=sign) == seen(register.sam, words=(sign,)) == []


def test_every_word_has_to_stand_in_what_is_said(register: World) -> None:
    both = an_event(account=register.alice, reason="New post in Arcadia")
    an_event(account=register.alice, reason="New hat")
    assert seen(register.sam, words=("new", "ARCADIA")) == [both.id]


def test_a_page_stays_what_it_was_while_events_come_in(register: World) -> None:
    for _ in range(A_PAGE + 20):
        an_event(account=register.alice)
    first = reading_the_log.page_of(register.sam, Asked())
    assert (len(first.events), first.newer) == (A_PAGE, None)
    second = reading_the_log.page_of(register.sam, Asked(), before=first.older)
    assert (len(second.events), second.newer, second.older) == (20, 0, None)
    for _ in range(A_PAGE):
        an_event(account=register.alice)
    again = reading_the_log.page_of(register.sam, Asked(), before=first.older)
    assert again.events == second.events
    assert again.newer
    assert reading_the_log.page_of(register.sam, Asked(), before=again.newer).events == first.events


def test_a_page_of_what_is_not_there_is_empty(register: World) -> None:
    page = reading_the_log.page_of(register.sam, Asked())
    assert (page.events, page.newer, page.older) == ([], None, None)


def test_they_are_counted(register: World) -> None:
    an_event(account=register.alice)
    an_event(account=register.kim, by=register.kim)
    assert reading_the_log.count(register.sam, Asked()) == 1
