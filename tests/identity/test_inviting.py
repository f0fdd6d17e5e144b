"""People are invited to the account that is theirs, or to join the secretariat: once, for a time, by who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import world as a
from tests.world import World
from tracker import accrediting, clock
from tracker.errors import (
    AccountClosed,
    AccountOpened,
    Incomplete,
    InvitationOver,
    InvitationStale,
    NotAdministrator,
    NothingToInviteTo,
    NotStaff,
)
from tracker.extensions import db
from tracker.identity import invitations, inviting, links
from tracker.identity.invitations import Hindrance
from tracker.models import Account, Mail, MailedLink, SecurityEvent
from tracker.people import admitting, requesting
from tracker.vocabulary import InvitationState, LinkPurpose, Notice, Role, SecurityAction

DAY = timedelta(days=1)
NEW = {"email": "nora@example.org", "name": "Nora", "language": "fr"}


def clara(register: World, **more: object) -> MailedLink:
    """Return the invitation of Clara, who was proposed by the head and approved by Sam."""
    admitting.confirm(requesting.propose(register.arcadia, a.a_candidate(**more), by=register.alice), by=register.sam)
    return invitation_of("clara@example.org")


def account(email: str) -> Account:
    found = accrediting.account_at(email)
    assert found is not None
    return found


def invitation_of(email: str) -> MailedLink:
    found = links.latest(account(email), LinkPurpose.INVITATION)
    assert found is not None
    return found


def an_administrator(of: Account) -> Account:
    """Let somebody administer the secretariat."""
    of.roles.append(accrediting.role_of(Role.ADMINISTRATOR))
    db.session.flush()
    return of


def nora(register: World, role: Role = Role.STAFF) -> MailedLink:
    """Return the invitation of Nora, whom Kim invites to join the secretariat."""
    return inviting.invite_staff(**NEW, role=role, by=an_administrator(register.kim))


def accepted(link: MailedLink) -> Account:
    """Accept an invitation, with a password."""
    return inviting.accept(link, lambda account: setattr(account, "password", "a hash"))


def logged(link: MailedLink) -> list[SecurityAction]:
    """Return what the security log tells of a person's invitations, and of their rights."""
    query = sa.select(SecurityEvent.action).filter_by(account_id=link.account_id).order_by(SecurityEvent.id)
    return [each for each in db.session.scalars(query) if each is not SecurityAction.ACCREDITATION]


def told(email: str) -> list[Notice]:
    db.session.flush()
    return list(db.session.scalars(sa.select(Mail.notice).filter_by(address=email).order_by(Mail.id)))


def test_who_is_accredited_and_cannot_sign_in_is_invited(register: World) -> None:
    link = clara(register)
    assert invitations.hindrance(link) is None
    assert (link.by, link.invited_as) == (register.sam, None)
    assert link.expires_at - link.created_at == 7 * DAY
    assert told("clara@example.org") == [Notice.INVITATION]
    assert logged(link) == [SecurityAction.INVITED]


def test_who_can_sign_in_is_told_and_not_invited(register: World) -> None:
    candidate = a.a_candidate("Bruno")
    admitting.confirm(requesting.propose(register.arcadia, candidate, by=register.alice), by=register.sam)
    assert links.latest(register.bruno, LinkPurpose.INVITATION) is None
    assert told("bruno@example.org") == [Notice.ACCREDITED]


def test_a_second_accreditation_is_told_by_a_new_invitation(register: World) -> None:
    first = clara(register)
    admitting.confirm(requesting.propose(register.league, a.a_candidate(), by=register.sam), by=register.kim)
    second = invitation_of("clara@example.org")
    assert invitations.hindrance(first) is Hindrance.REPLACED
    assert [each.participant for each in invitations.accreditations_of(second.account)] == [
        register.arcadia,
        register.league,
    ]


def test_it_is_accepted_once(register: World) -> None:
    link = clara(register)
    assert accepted(link).email == "clara@example.org"
    assert invitations.state_of(link) is InvitationState.ACCEPTED
    assert logged(link) == [SecurityAction.INVITED, SecurityAction.INVITATION_ACCEPTED]
    with pytest.raises(InvitationOver):
        accepted(link)


def test_an_administrator_invites_who_joins_when_it_is_accepted(register: World) -> None:
    link = nora(register)
    assert not link.account.is_staff
    assert accrediting.staff() == [register.sam, register.kim]
    accepted(link)
    assert accrediting.staff() == [register.sam, register.kim, link.account]
    assert not link.account.is_administrator
    assert SecurityAction.MADE_STAFF in logged(link)
    assert (link.account.name, link.account.language) == ("Nora", "fr")


def test_an_administrator_invites_another_one(register: World) -> None:
    link = nora(register, Role.ADMINISTRATOR)
    accepted(link)
    assert link.account.is_staff
    assert link.account.is_administrator
    assert SecurityAction.MADE_ADMINISTRATOR in logged(link)


def test_the_operator_invites_the_first_administrator(register: World) -> None:
    link = inviting.invite_staff(**NEW, role=Role.ADMINISTRATOR, by=None)
    accepted(link)
    assert link.account.is_administrator


@pytest.mark.parametrize("who", ["sam", "alice"])
def test_nobody_else_invites_to_join(register: World, who: str) -> None:
    with pytest.raises(NotAdministrator):
        inviting.invite_staff(**NEW, role=Role.STAFF, by=getattr(register, who))


@pytest.mark.parametrize("missing", [{"name": " "}, {"email": "nobody"}])
def test_a_name_and_an_address_are_needed(register: World, missing: dict[str, str]) -> None:
    with pytest.raises(Incomplete):
        inviting.invite_staff(**{**NEW, **missing}, role=Role.STAFF, by=None)


def test_who_can_sign_in_is_not_invited_to_join(register: World) -> None:
    with pytest.raises(AccountOpened):
        inviting.invite_staff(**{**NEW, "email": "ALICE@example.org"}, role=Role.STAFF, by=None)
    register.bruno.active = False
    with pytest.raises(AccountClosed):
        inviting.invite_staff(**{**NEW, "email": "bruno@example.org"}, role=Role.STAFF, by=None)


def test_an_invitation_to_join_is_worth_what_the_one_who_sent_it_may(register: World) -> None:
    link = nora(register)
    register.kim.roles = [each for each in register.kim.roles if each.name != Role.ADMINISTRATOR]
    assert invitations.hindrance(link) is Hindrance.WITHDRAWN
    with pytest.raises(InvitationOver):
        accepted(link)


def test_who_is_invited_to_join_and_then_accredited_keeps_the_invitation(register: World) -> None:
    link = nora(register)
    admitting.confirm(requesting.propose(register.arcadia, a.a_candidate("Nora"), by=register.alice), by=register.sam)
    assert invitation_of("nora@example.org") is link
    assert told("nora@example.org") == [Notice.INVITATION, Notice.ACCREDITED]


def test_who_was_invited_to_act_can_be_invited_to_join(register: World) -> None:
    first = clara(register)
    facts = {**NEW, "email": "clara@example.org"}
    link = inviting.invite_staff(**facts, role=Role.STAFF, by=an_administrator(register.kim))
    assert invitations.hindrance(first) is Hindrance.REPLACED
    accepted(link)
    assert link.account.name == "Clara"
    assert link.account.is_staff


def test_it_expires(register: World) -> None:
    link = clara(register)
    with time_machine.travel(clock.now() + 7 * DAY):
        assert invitations.hindrance(link) is Hindrance.EXPIRED
        with pytest.raises(InvitationOver):
            accepted(link)


def test_it_is_withdrawn(register: World) -> None:
    link = clara(register)
    inviting.withdraw(link, by=register.kim)
    assert invitations.hindrance(link) is Hindrance.WITHDRAWN
    assert accrediting.may_act_for(link.account, register.arcadia, clock.today())
    with pytest.raises(InvitationOver):
        accepted(link)
    with pytest.raises(InvitationStale):
        inviting.withdraw(link, by=register.kim)


def test_it_is_sent_again_with_new_days_and_the_earlier_one_is_good_no_more(register: World) -> None:
    link = clara(register)
    with time_machine.travel(clock.now() + 8 * DAY):
        again = inviting.send_again(link, by=register.kim)
        assert invitations.hindrance(again) is None
        assert invitations.hindrance(link) is Hindrance.REPLACED
        assert told("clara@example.org") == [Notice.INVITATION, Notice.INVITATION]
    assert logged(link) == [SecurityAction.INVITED, SecurityAction.INVITATION_SENT_AGAIN]


def test_an_invitation_to_join_is_sent_again_as_what_it_was(register: World) -> None:
    link = nora(register, Role.ADMINISTRATOR)
    inviting.withdraw(link, by=register.kim)
    assert inviting.send_again(link, by=register.kim).invited_as is Role.ADMINISTRATOR


def test_a_button_that_is_pressed_twice_sends_one_mail(register: World) -> None:
    link = clara(register)
    again = inviting.send_again(link, by=register.kim)
    assert inviting.send_again(link, by=register.kim) is again
    assert len(told("clara@example.org")) == 2


def test_what_was_sent_again_or_accepted_meanwhile_is_not_sent_again(register: World) -> None:
    link = clara(register)
    again = inviting.send_again(link, by=register.kim)
    with pytest.raises(InvitationStale):
        inviting.send_again(link, by=register.sam)
    accepted(again)
    with pytest.raises(InvitationStale):
        inviting.send_again(again, by=register.sam)


@pytest.mark.parametrize("verb", [inviting.withdraw, inviting.send_again])
def test_staff_manage_the_invitations_of_representatives_alone(register: World, verb: Callable[..., object]) -> None:
    to_join, to_act = nora(register), clara(register)
    with pytest.raises(NotAdministrator):
        verb(to_join, by=register.sam)
    with pytest.raises(NotStaff):
        verb(to_act, by=register.alice)
    assert [each.link for each in invitations.latest_ones(with_secretariat=False)] == [to_act]
    assert [each.link for each in invitations.latest_ones(with_secretariat=True)] == [to_act, to_join]


def test_they_are_listed_by_their_state(register: World) -> None:
    link = clara(register)
    inviting.withdraw(link, by=register.sam)
    again = inviting.send_again(link, by=register.kim)
    found = {state: invitations.latest_ones(with_secretariat=True, state=state) for state in InvitationState}
    assert [each.link for each in found.pop(InvitationState.WAITING)] == [again]
    assert not any(found.values())


def test_who_is_accredited_from_before_is_invited(register: World) -> None:
    olga = accrediting.open_account(email="olga@example.org", name="Olga", password=None)
    with pytest.raises(NothingToInviteTo):
        inviting.send_to_representative(olga, by=register.sam)
    accrediting.accredit(olga, register.league, starts_on=clock.today())
    assert invitations.hindrance(inviting.send_to_representative(olga, by=register.sam)) is None
    with pytest.raises(AccountOpened):
        inviting.send_to_representative(register.alice, by=register.sam)


def test_an_invitation_holds_no_longer_than_the_accreditation(register: World) -> None:
    link = clara(register)
    accreditation = accrediting.held_by(link.account)[0]
    suspension = requesting.suspend(accreditation, note="A rumour.", by=register.sam)
    assert invitations.hindrance(link) is Hindrance.NOT_ACCREDITED
    with pytest.raises(InvitationOver):
        accepted(link)
    admitting.return_(suspension, reason="It is none.", by=register.kim)
    assert invitations.hindrance(link) is None
    end = requesting.propose_end(accreditation, last_day=clock.today(), by=register.alice)
    admitting.confirm(end, by=register.kim)
    with time_machine.travel(clock.now() + DAY):
        assert invitations.hindrance(link) is Hindrance.NOT_ACCREDITED


def test_one_that_is_to_come_can_be_accepted_before(register: World) -> None:
    link = clara(register, starts_on=clock.today() + 30 * DAY)
    assert accepted(link).email == "clara@example.org"


def test_a_closed_account_is_not_opened(register: World) -> None:
    link = clara(register)
    link.account.active = False
    assert invitations.hindrance(link) is Hindrance.WITHDRAWN
    with pytest.raises(InvitationOver):
        accepted(link)
    with pytest.raises(AccountClosed):
        inviting.send_again(link, by=register.sam)


def test_who_can_sign_in_meanwhile_accepts_nothing(register: World) -> None:
    link = clara(register)
    link.account.password = "a hash"
    assert invitations.hindrance(link) is Hindrance.OPENED
    with pytest.raises(AccountOpened):
        inviting.send_again(link, by=register.kim)


def test_the_people_of_a_participant_have_their_invitations(register: World) -> None:
    link = clara(register)
    assert {key: each.link for key, each in invitations.of_people(register.arcadia).items()} == {link.account_id: link}
    assert invitations.of_people(register.league) == {}
    assert invitations.unopened([link.account, register.alice]) == {link.account_id}
