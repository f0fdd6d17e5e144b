"""Who may change whose rights, what follows from it, and that an administrator is always left."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from tests.acting import in_register
from tests.invariants.walking import on_sqlite
from tests.world import World, account, an_administrator
from tracker import accrediting
from tracker.errors import (
    AccountClosed,
    LastAdministrator,
    NotAdministrator,
    NothingChanged,
    NotStaff,
    OwnRights,
    Refused,
    RightsStale,
)
from tracker.extensions import db, writing
from tracker.identity import accounts, erasing, links, rights, sessions, wishes
from tracker.identity.rights import Change
from tracker.mails import posting
from tracker.models import Account, Mail, SecurityEvent
from tracker.vocabulary import LinkPurpose, Notice, SecurityAction, SignInWay


@pytest.fixture
def ada(register: World) -> Account:
    return an_administrator()


def told(notice: Notice) -> list[str]:
    """Return who is told of something, in the order in which the mails were written."""
    return list(db.session.scalars(select(Mail.name).filter_by(notice=notice).order_by(Mail.id)))


def logged() -> list[tuple[SecurityAction, str | None, str | None]]:
    """Return what the security log holds: what, of whom, by whom."""
    return [
        (each.action, each.account.name if each.account else None, each.by.name if each.by else None)
        for each in db.session.scalars(select(SecurityEvent).order_by(SecurityEvent.id))
    ]


def test_an_administrator_works_for_the_secretariat(ada: Account) -> None:
    assert (ada.is_staff, ada.is_administrator) == (True, True)
    assert accrediting.administrators() == [ada]


def test_an_administrator_makes_and_ends_staff(register: World, ada: Account) -> None:
    rights.make_staff(register.alice, by=ada)
    assert register.alice in accrediting.staff()
    rights.end_staff(register.alice, by=ada)
    assert register.alice not in accrediting.staff()


def test_an_administrator_makes_and_ends_administrators(register: World, ada: Account) -> None:
    rights.make_administrator(register.alice, by=ada)
    assert (register.alice.is_staff, register.alice.is_administrator) == (True, True)
    rights.end_administrator(register.alice, by=ada)
    assert (register.alice.is_staff, register.alice.is_administrator) == (True, False)


def test_who_works_for_the_secretariat_no_more_administers_it_no_more(register: World, ada: Account) -> None:
    rights.make_administrator(register.kim, by=ada)
    rights.end_staff(register.kim, by=ada)
    assert register.kim.roles == []


@pytest.mark.parametrize("change", list(Change))
@pytest.mark.parametrize("who", ["sam", "alice"])
def test_only_administrators_manage_staff(register: World, ada: Account, change: Change, who: str) -> None:
    with pytest.raises(NotAdministrator):
        rights.VERBS[change](register.kim, by=getattr(register, who))


def test_an_administrator_who_is_deactivated_manages_nobody(register: World, ada: Account) -> None:
    rights.deactivate(ada, by=an_administrator("ben"))
    with pytest.raises(NotAdministrator):
        rights.make_administrator(register.kim, by=ada)


def test_staff_deactivate_and_reactivate_representatives(register: World) -> None:
    rights.deactivate(register.alice, by=register.sam)
    assert not register.alice.active
    rights.reactivate(register.alice, by=register.sam)
    assert register.alice.active


def test_representatives_manage_nobody(register: World) -> None:
    with pytest.raises(NotStaff):
        rights.deactivate(register.adam, by=register.alice)


@pytest.mark.parametrize("change", [Change.DEACTIVATE, Change.REACTIVATE])
def test_nobody_deactivates_or_reactivates_themselves(ada: Account, change: Change) -> None:
    an_administrator("ben")
    with pytest.raises(OwnRights):
        rights.VERBS[change](ada, by=ada)


def test_nobody_raises_their_own_rights(register: World, ada: Account) -> None:
    for verb in (rights.make_staff, rights.make_administrator):
        with pytest.raises(OwnRights):
            verb(ada, by=ada)
        with pytest.raises(NotAdministrator):
            verb(register.sam, by=register.sam)


def test_one_gives_ones_own_rights_up(ada: Account) -> None:
    an_administrator("ben")
    rights.end_administrator(ada, by=ada)
    assert (ada.is_staff, ada.is_administrator) == (True, False)


@pytest.mark.parametrize("change", [Change.END_ADMINISTRATOR, Change.END_STAFF])
def test_the_last_administrator_stays_one(ada: Account, change: Change) -> None:
    rights.deactivate(an_administrator("ben"), by=ada)  # who cannot sign in administers nothing
    with pytest.raises(LastAdministrator):
        rights.VERBS[change](ada, by=ada)


def at_once(app: Flask, verb: Callable[..., None], *pairs: tuple[str, str]) -> list[type[Refused] | None]:
    """Let people change rights at the same moment, each in a transaction of their own; return who was refused, and why.

    Args:
        pairs: the addresses of who acts and of whose rights change.
    """
    start = Barrier(len(pairs))

    def change(pair: tuple[str, str]) -> type[Refused] | None:
        with app.app_context():
            acting, other = map(account, pair)
            assert acting.is_administrator
            db.session.rollback()
            writing.set(True)
            start.wait()
            try:
                verb(other, by=acting)
            except Refused as refused:
                db.session.rollback()
                return type(refused)
            db.session.commit()
            return None

    with in_register(app):
        for name in ("ada", "ben"):
            an_administrator(name)
    with ThreadPoolExecutor(len(pairs)) as people:
        return sorted(people.map(change, pairs), key=str)


ADA, BEN = "ada@example.org", "ben@example.org"


@pytest.mark.parametrize("change", [Change.END_ADMINISTRATOR, Change.END_STAFF, Change.DEACTIVATE])
def test_of_two_administrators_who_remove_each_other_at_once_one_is_refused(
    app: Flask, world: World, change: Change
) -> None:
    assert at_once(app, rights.VERBS[change], (ADA, BEN), (BEN, ADA)) == [NotAdministrator, None]
    with app.app_context():
        assert len(accrediting.administrators()) == 1


def test_of_two_administrators_who_give_it_up_at_once_one_stays(app: Flask, world: World) -> None:
    assert at_once(app, rights.end_administrator, (ADA, ADA), (BEN, BEN)) == [LastAdministrator, None]
    with app.app_context():
        assert len(accrediting.administrators()) == 1


def test_nobody_is_given_a_right_whose_account_is_closed(register: World, ada: Account) -> None:
    rights.deactivate(register.kim, by=ada)
    with pytest.raises(AccountClosed):
        rights.make_administrator(register.kim, by=ada)


@pytest.mark.parametrize(
    ("change", "whose"),
    [
        (Change.MAKE_STAFF, "kim"),
        (Change.END_STAFF, "alice"),
        (Change.MAKE_ADMINISTRATOR, "ben"),
        (Change.END_ADMINISTRATOR, "kim"),
        (Change.REACTIVATE, "alice"),
    ],
)
def test_what_stands_so_already_changes_nothing(register: World, ada: Account, change: Change, whose: str) -> None:
    an_administrator("ben")
    with pytest.raises(NothingChanged):
        rights.VERBS[change](account(f"{whose}@example.org"), by=ada)
    assert logged() == []


def test_what_cannot_be_done_is_not_offered(register: World, ada: Account) -> None:
    assert rights.possible(ada, by=ada) == []  # the last one
    assert rights.possible(register.alice, by=register.sam) == [Change.DEACTIVATE]
    assert rights.possible(register.alice, by=ada) == [Change.MAKE_STAFF, Change.DEACTIVATE]
    assert rights.possible(register.kim, by=register.sam) == []
    assert rights.possible(register.kim, by=ada) == [Change.END_STAFF, Change.MAKE_ADMINISTRATOR, Change.DEACTIVATE]
    rights.make_administrator(register.kim, by=ada)
    assert rights.possible(ada, by=ada) == [Change.END_ADMINISTRATOR, Change.END_STAFF]
    rights.deactivate(register.kim, by=ada)
    assert rights.possible(register.kim, by=ada) == [Change.END_ADMINISTRATOR, Change.END_STAFF, Change.REACTIVATE]


@on_sqlite  # what the rules say does not depend on the database
@pytest.mark.parametrize("change", list(Change))
@pytest.mark.parametrize("whose", ["alice", "kim", "ada", "ben"])
@pytest.mark.parametrize("by", ["sam", "ada"])
def test_what_is_offered_can_be_done_and_nothing_else(
    register: World, ada: Account, change: Change, whose: str, by: str
) -> None:
    an_administrator("ben")
    person, acting = account(f"{whose}@example.org"), account(f"{by}@example.org")
    offered = change in rights.possible(person, by=acting)
    try:
        rights.VERBS[change](person, by=acting)
    except Refused:
        assert not offered
    else:
        assert offered or (change, whose) == (Change.MAKE_ADMINISTRATOR, "alice")  # offered in two steps


def test_a_form_that_was_overtaken_is_told(register: World, ada: Account) -> None:
    seen = rights.seen_of(register.kim)
    rights.make_administrator(register.kim, by=ada)
    with pytest.raises(RightsStale):
        rights.deactivate(register.kim, by=ada, seen=seen)
    assert register.kim.active


@pytest.mark.parametrize(
    ("change", "action"),
    [
        (Change.MAKE_ADMINISTRATOR, SecurityAction.MADE_ADMINISTRATOR),
        (Change.END_STAFF, SecurityAction.ENDED_STAFF),
        (Change.DEACTIVATE, SecurityAction.DEACTIVATED),
    ],
)
def test_a_change_ends_sessions_and_is_logged_and_told(
    register: World, ada: Account, change: Change, action: SecurityAction
) -> None:
    an_administrator("ben")
    key = sessions.open_(register.kim, way=SignInWay.PASSWORD)
    other = sessions.open_(register.sam, way=SignInWay.PASSWORD)
    rights.VERBS[change](register.kim, by=ada)
    db.session.expire_all()
    assert sessions.current(key) is None
    assert sessions.current(other) is not None
    assert logged() == [(action, "Kim", "Ada")]
    assert told(Notice.RIGHTS_CHANGED) == ["Kim"]
    assert told(Notice.RIGHTS_OF_SOMEBODY_CHANGED) == ["Ben"]


def test_the_account_of_somebody_who_was_forgotten_stays_closed(register: World) -> None:
    wish = wishes.ask(register.petra)
    erasing.erase(register.petra, by=register.sam, wish=wish.id)
    with pytest.raises(AccountClosed):
        rights.reactivate(register.petra, by=register.sam)
    assert rights.possible(register.petra, by=register.sam) == []
    assert accounts.account_called(register.petra.key) is None
    assert register.petra not in [each.account for each in accounts.of_others()]


def test_who_was_deactivated_is_still_told_so(register: World) -> None:
    rights.deactivate(register.alice, by=register.sam)
    mail = db.session.scalars(select(Mail).filter_by(notice=Notice.RIGHTS_CHANGED)).one()
    assert posting.still_concerns(mail)


def test_who_administers_no_more_is_told_no_more_of_others(register: World, ada: Account) -> None:
    ben = an_administrator("ben")
    rights.deactivate(register.kim, by=ada)
    mail = db.session.scalars(select(Mail).filter_by(notice=Notice.RIGHTS_OF_SOMEBODY_CHANGED)).one()
    assert posting.still_concerns(mail)
    rights.end_administrator(ben, by=ada)
    assert not posting.still_concerns(mail)


def test_mailed_links_are_good_no_more_once_an_account_was_deactivated(register: World) -> None:
    link = links.make(register.alice, LinkPurpose.NEW_PASSWORD)
    rights.deactivate(register.alice, by=register.sam)
    rights.reactivate(register.alice, by=register.sam)
    db.session.refresh(link)
    assert not links.is_good(link)
