"""A lost second factor: two people of the secretariat take it away, and its owner knows of it at every step."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import func, select

from tests.acting import in_register
from tests.world import World, account, an_administrator
from tracker import awaiting, clock
from tracker.errors import (
    AccountClosed,
    AlreadyProposed,
    AskerGone,
    Incomplete,
    NotAdministrator,
    NothingToReset,
    NotStaff,
    NotYourProposal,
    OwnReset,
    Refused,
    ResetStale,
)
from tracker.extensions import db, writing
from tracker.identity import authenticators, links, recovery_codes, resetting, rights, sessions
from tracker.models import Account, Authenticator, FactorReset, Mail, Passkey, RecoveryCode, SecurityEvent
from tracker.vocabulary import LinkPurpose, Matter, Notice, ResetStatus, SecurityAction, SignInWay

NOTE = "I called her back at the ministry’s number."


def told(notice: Notice) -> list[str]:
    """Return who is told of something, in the order in which the mails were written."""
    return list(db.session.scalars(select(Mail.name).filter_by(notice=notice).order_by(Mail.id)))


def logged() -> list[SecurityAction]:
    return list(db.session.scalars(select(SecurityEvent.action).order_by(SecurityEvent.id)))


def factors_of(person: Account) -> int:
    """Return how many second factors and recovery codes a person has."""
    tables: tuple[Any, ...] = (Passkey, Authenticator, RecoveryCode)
    held = (select(func.count()).select_from(table).where(table.account_id == person.id) for table in tables)
    return sum(db.session.scalars(each).one() for each in held)


def with_factors(person: Account) -> str:
    """Give a person one of each kind, and return the key of a session of theirs."""
    passkey = {"credential_id": b"one", "public_key": b"key", "sign_count": 0, "transports": [], "synced": False}
    db.session.add(Passkey(reference="one", account_id=person.id, name="Laptop", created_at=clock.now(), **passkey))
    authenticators.begin(person).confirmed_at = clock.now()
    authenticators.begin(person)
    recovery_codes.make(person, by=person)
    return sessions.open_(person, way=SignInWay.PASSWORD_AND_PASSKEY)


def test_one_asks_and_a_second_one_takes_everything_away(register: World) -> None:
    key = with_factors(register.alice)
    old = links.make(register.alice, LinkPurpose.NEW_PASSWORD)
    assert factors_of(register.alice) == 13
    reset = resetting.ask(register.alice, note=NOTE, by=register.sam)
    assert factors_of(register.alice) == 13
    resetting.approve(reset, by=register.kim)
    db.session.expire_all()
    assert factors_of(register.alice) == 0
    assert register.alice.password is None
    assert sessions.current(key) is None
    assert not links.is_good(old)
    fresh = links.latest(register.alice, LinkPurpose.INVITATION)
    assert fresh is not None
    assert links.is_good(fresh)
    assert (fresh.expires_at - fresh.created_at).days == 7
    assert reset.status is ResetStatus.APPROVED


def test_nothing_of_anybody_else_goes(register: World) -> None:
    key = with_factors(register.adam)
    resetting.approve(resetting.ask(register.alice, note=NOTE, by=register.sam), by=register.kim)
    db.session.expire_all()
    assert factors_of(register.adam) == 13
    assert register.adam.password is not None
    assert sessions.current(key) is not None


def test_the_owner_is_told_at_the_wish_and_at_the_approval(register: World) -> None:
    reset = resetting.ask(register.alice, note=NOTE, by=register.sam)
    assert told(Notice.RESET_ASKED) == ["Alice"]
    assert told(Notice.RESET_DUE) == ["Kim"]
    resetting.approve(reset, by=register.kim)
    assert told(Notice.RESET_APPROVED) == ["Alice"]
    assert db.session.scalars(select(func.min(Mail.next_attempt_at))).one() <= clock.now()
    assert logged() == [SecurityAction.RESET_ASKED, SecurityAction.RESET_APPROVED, SecurityAction.INVITED]


def test_who_asked_does_not_decide(register: World) -> None:
    reset = resetting.ask(register.alice, note=NOTE, by=register.sam)
    with pytest.raises(OwnReset):
        resetting.approve(reset, by=register.sam)
    with pytest.raises(OwnReset):
        resetting.return_(reset, reason="No.", by=register.sam)


def test_nobody_asks_for_their_own_or_decides_on_it(register: World) -> None:
    ada = an_administrator()
    with pytest.raises(OwnReset):
        resetting.ask(ada, note=NOTE, by=ada)
    reset = resetting.ask(ada, note=NOTE, by=register.sam)
    with pytest.raises(OwnReset):
        resetting.approve(reset, by=ada)


def test_an_administrator_decides_on_that_of_the_secretariats_people(register: World) -> None:
    ada = an_administrator()
    reset = resetting.ask(register.kim, note=NOTE, by=register.sam)
    assert told(Notice.RESET_DUE) == ["Ada"]
    max_ = an_administrator("max")
    rights.end_administrator(max_, by=ada)
    with pytest.raises(NotAdministrator):
        resetting.approve(reset, by=max_)
    resetting.approve(reset, by=ada)
    assert register.kim.password is None


def test_who_works_for_the_secretariat_since_it_was_asked_needs_an_administrator(register: World) -> None:
    reset = resetting.ask(register.alice, note=NOTE, by=register.sam)
    rights.make_staff(register.alice, by=an_administrator())
    with pytest.raises(NotAdministrator):
        resetting.approve(reset, by=register.kim)


def test_only_the_secretariat_asks_and_decides(register: World) -> None:
    with pytest.raises(NotStaff):
        resetting.ask(register.adam, note=NOTE, by=register.alice)
    reset = resetting.ask(register.alice, note=NOTE, by=register.sam)
    with pytest.raises(NotStaff):
        resetting.approve(reset, by=register.adam)


def test_four_eyes_need_that_who_asked_still_works_for_the_secretariat(register: World) -> None:
    reset = resetting.ask(register.alice, note=NOTE, by=register.sam)
    rights.deactivate(register.sam, by=an_administrator())
    with pytest.raises(AskerGone):
        resetting.approve(reset, by=register.kim)
    resetting.return_(reset, reason="Ask anew.", by=register.kim)


def test_it_is_said_how_the_person_was_recognised(register: World) -> None:
    with pytest.raises(Incomplete):
        resetting.ask(register.alice, note=" ", by=register.sam)


def test_one_wish_waits_at_a_time(register: World) -> None:
    resetting.ask(register.alice, note=NOTE, by=register.sam)
    with pytest.raises(AlreadyProposed):
        resetting.ask(register.alice, note=NOTE, by=register.kim)


def test_a_closed_account_is_left_alone(register: World) -> None:
    reset = resetting.ask(register.alice, note=NOTE, by=register.sam)
    rights.deactivate(register.alice, by=register.kim)
    with pytest.raises(AccountClosed):
        resetting.approve(reset, by=register.kim)
    with pytest.raises(AccountClosed):
        resetting.ask(register.alice, note=NOTE, by=register.sam)


def test_who_set_nothing_up_has_lost_nothing(register: World) -> None:
    register.alice.password = None
    db.session.flush()
    with pytest.raises(NothingToReset):
        resetting.ask(register.alice, note=NOTE, by=register.sam)


def test_it_is_refused_with_a_reason_and_everybody_is_told(register: World) -> None:
    reset = resetting.ask(register.alice, note=NOTE, by=register.sam)
    with pytest.raises(Incomplete):
        resetting.return_(reset, reason=" ", by=register.kim)
    resetting.return_(reset, reason="She says that she did not call.", by=register.kim)
    assert register.alice.password is not None
    assert told(Notice.RESET_RETURNED) == ["Sam"]
    assert told(Notice.RESET_ENDED) == ["Alice"]
    assert logged() == [SecurityAction.RESET_ASKED, SecurityAction.RESET_RETURNED]


def test_who_asked_takes_it_back(register: World) -> None:
    reset = resetting.ask(register.alice, note=NOTE, by=register.sam)
    with pytest.raises(NotYourProposal):
        resetting.take_back(reset, by=register.kim)
    resetting.take_back(reset, by=register.sam)
    assert told(Notice.RESET_ENDED) == ["Alice"]
    with pytest.raises(ResetStale):
        resetting.approve(reset, by=register.kim)
    assert resetting.ask(register.alice, note=NOTE, by=register.sam).status is ResetStatus.OPEN


def test_a_page_that_was_overtaken_is_told(register: World) -> None:
    reset = resetting.ask(register.alice, note=NOTE, by=register.sam)
    with pytest.raises(ResetStale):
        resetting.approve(reset, by=register.kim, version=reset.version + 1)


def test_it_waits_in_the_queue(register: World) -> None:
    reset = resetting.ask(register.alice, note=NOTE, by=register.sam)
    (waiting,) = awaiting.for_decision()
    assert (waiting.matter, waiting.person, waiting.place) == (Matter.SECOND_FACTOR, "Alice", "reset")
    resetting.approve(reset, by=register.kim)
    assert awaiting.for_decision() == []


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"status": "approved", "decided_by_id": FactorReset.asked_by_id}, "four_eyes"),
        ({"status": "approved", "decided_by_id": FactorReset.account_id}, "not_decided_by_oneself"),
        ({"asked_by_id": FactorReset.account_id}, "not_for_oneself"),
    ],
)
def test_the_database_keeps_four_eyes(register: World, values: dict[str, Any], rule: str) -> None:
    resetting.ask(register.alice, note=NOTE, by=register.sam)
    decided = {"decided_at": clock.now()} if "decided_by_id" in values else {}
    with pytest.raises(sa.exc.IntegrityError, match=rule):
        db.session.execute(sa.update(FactorReset).values(**values, **decided))


def at_once(app: Flask, *verbs: tuple[str, str]) -> list[str]:
    """Let people do something with the one wish at the same moment; return what became of each, sorted.

    Args:
        verbs: who, and what: ``approve``, ``return_`` or ``take_back``.
    """
    start = Barrier(len(verbs))

    def act(one: tuple[str, str]) -> str:
        with app.app_context():
            person, reset = account(one[0]), db.session.scalars(select(FactorReset)).one()
            version, more = reset.version, {"reason": "No."} if one[1] == "return_" else {}
            db.session.rollback()
            writing.set(True)
            start.wait()
            try:
                getattr(resetting, one[1])(reset, by=person, version=version, **more)
            except Refused as refused:
                db.session.rollback()
                return type(refused).__name__
            db.session.commit()
            return "done"

    with ThreadPoolExecutor(len(verbs)) as people:
        return sorted(people.map(act, verbs))


@pytest.mark.parametrize(
    "other", [("max@example.org", "approve"), ("max@example.org", "return_"), ("sam@example.org", "take_back")]
)
def test_two_who_decide_at_once(app: Flask, world: World, other: tuple[str, str]) -> None:
    with in_register(app):
        an_administrator("max")
        resetting.ask(account(world.alice), note=NOTE, by=account(world.sam))
    assert at_once(app, (world.kim, "approve"), other) == ["ResetStale", "done"]
    with app.app_context():
        status = db.session.scalars(select(FactorReset.status)).one()
        assert (account(world.alice).password is None) == (status is ResetStatus.APPROVED)
        assert len(logged()) == (3 if status is ResetStatus.APPROVED else 2)  # the person is invited anew


def test_two_who_ask_at_once(app: Flask, world: World) -> None:
    start = Barrier(2)

    def ask(email: str) -> str:
        with app.app_context():
            person, alice = account(email), account(world.alice)
            db.session.rollback()
            writing.set(True)
            start.wait()
            try:
                resetting.ask(alice, note=NOTE, by=person)
            except AlreadyProposed:
                db.session.rollback()
                return "refused"
            db.session.commit()
            return "done"

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(ask, (world.sam, world.kim))) == ["done", "refused"]
