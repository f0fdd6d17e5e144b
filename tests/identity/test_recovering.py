import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.world import PASSWORD, World
from tracker import clock
from tracker.errors import BadLink, PasswordRefused, TryLater
from tracker.extensions import db
from tracker.identity import delays, links, passwords, recovering, sessions
from tracker.models import Mail, MailedLink, Passkey, SecurityEvent
from tracker.vocabulary import DelayKind, LinkPurpose, Notice, SecurityAction, SignInWay

ALICE, NEW = "alice@example.org", "four words that do not belong"


def asked(email: str = ALICE) -> str:
    """Ask for a link, and return the token in it."""
    recovering.ask(email)
    query = select(Mail.facts).filter_by(notice=Notice.PASSWORD_LINK).order_by(Mail.id.desc())
    return links.token(json.loads(db.session.scalars(query).first() or "{}")["secret"])


def mails() -> list[Mail]:
    return list(db.session.scalars(select(Mail).filter_by(notice=Notice.PASSWORD_LINK)))


def a_passkey(world: World) -> None:
    now = clock.now()
    facts = {"public_key": b"key", "sign_count": 0, "transports": [], "name": "Key", "synced": True, "created_at": now}
    db.session.add(Passkey(reference="1", account=world.alice, credential_id=b"1", **facts))
    db.session.flush()


def test_a_link_sets_a_new_password(register: World) -> None:
    assert recovering.choose(recovering.link_of(asked()), NEW) is register.alice
    assert passwords.matches(register.alice, NEW)


def test_every_session_ends(register: World) -> None:
    key = sessions.open_(register.alice, way=SignInWay.PASSWORD)
    recovering.choose(recovering.link_of(asked()), NEW)
    assert sessions.current(key) is None


def test_it_is_logged_and_the_owner_told(register: World) -> None:
    recovering.choose(recovering.link_of(asked()), NEW)
    actions = db.session.scalars(select(SecurityEvent.action).order_by(SecurityEvent.id)).all()
    assert actions == [SecurityAction.PASSWORD_LINK_ASKED, SecurityAction.PASSWORD_RESET]
    assert db.session.scalars(select(Mail).filter_by(notice=Notice.SIGN_IN_CHANGED)).one().recipient is register.alice


def test_a_link_is_good_once(register: World) -> None:
    token = asked()
    recovering.choose(recovering.link_of(token), NEW)
    with pytest.raises(BadLink) as caught:
        recovering.link_of(token)
    assert caught.value.spent


def test_of_two_who_use_a_link_at_once_one_may(register: World) -> None:
    token = asked()
    first, second = recovering.link_of(token), recovering.link_of(token)
    recovering.choose(first, NEW)
    with pytest.raises(BadLink):
        recovering.choose(second, "another few words of mine")
    assert passwords.matches(register.alice, NEW)


def test_a_link_is_good_for_an_hour(register: World) -> None:
    token, start = asked(), clock.now()
    with clock.at(start + timedelta(minutes=59)):
        assert recovering.link_of(token)
    with clock.at(start + timedelta(minutes=61)), pytest.raises(BadLink):
        recovering.link_of(token)


def test_a_later_link_ends_the_earlier_one(register: World) -> None:
    earlier, later = asked(), asked()
    with pytest.raises(BadLink):
        recovering.link_of(earlier)
    assert recovering.link_of(later)


@pytest.mark.parametrize("token", ["", "x", "IjEi.bbbbbbbb"])
def test_what_the_register_did_not_send_is_no_link(register: World, token: str) -> None:
    with pytest.raises(BadLink) as caught:
        recovering.link_of(token)
    assert not caught.value.spent


def test_an_invitation_is_no_such_link(register: World) -> None:
    invitation = links.make(register.alice, LinkPurpose.INVITATION)
    with pytest.raises(BadLink):
        recovering.link_of(links.token(invitation.reference))


def test_a_password_that_is_refused_leaves_the_link_good(register: World) -> None:
    token = asked()
    with pytest.raises(PasswordRefused):
        recovering.choose(recovering.link_of(token), "unbelievable")
    assert recovering.link_of(token)
    assert passwords.matches(register.alice, PASSWORD)


def test_the_password_stands_until_the_link_is_used(register: World) -> None:
    recovering.link_of(asked())
    assert passwords.matches(register.alice, PASSWORD)


def test_wrong_guesses_are_forgiven(register: World) -> None:
    for _ in range(5):
        delays.check(ALICE, DelayKind.PASSWORD)
    with pytest.raises(TryLater):
        delays.check(ALICE, DelayKind.PASSWORD)
    recovering.choose(recovering.link_of(asked()), NEW)
    delays.check(ALICE, DelayKind.PASSWORD)


def test_three_are_mailed_in_an_hour(register: World) -> None:
    for _ in range(5):
        recovering.ask(ALICE)
    assert len(mails()) == 3
    recovering.ask("adam@example.org")
    with clock.at(clock.now() + timedelta(minutes=61)):
        recovering.ask(ALICE)
    assert len(mails()) == 5


def test_the_third_link_stays_good_though_a_fourth_is_asked_for(register: World) -> None:
    token = [asked() for _ in range(3)][-1]
    recovering.ask(ALICE)
    assert recovering.link_of(token)


def test_nobody_else_is_mailed(register: World) -> None:
    register.adam.active = False
    register.bruno.password = None
    for email in ("nobody@example.org", "adam@example.org", "bruno@example.org", "", "no address"):
        recovering.ask(email)
    assert mails() == []
    assert db.session.scalars(select(MailedLink)).all() == []


def test_who_has_a_passkey_alone_is_mailed(register: World) -> None:
    register.alice.password = None
    a_passkey(register)
    recovering.ask(ALICE)
    assert [each.recipient for each in mails()] == [register.alice]


def test_a_link_of_an_account_that_was_closed_meanwhile_is_good_no_more(register: World) -> None:
    token = asked()
    register.alice.active = False
    with pytest.raises(BadLink):
        recovering.link_of(token)


def test_neither_outbox_nor_database_holds_the_link(register: World) -> None:
    token = asked()
    assert token not in mails()[0].facts
