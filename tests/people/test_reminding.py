"""What people are told of accreditations, by whom they are decided and when they end, and that each is told once."""

from __future__ import annotations

import json
from datetime import timedelta

import sqlalchemy as sa
import time_machine

from tests import world as a
from tests.mails.test_posting import facts_told, told
from tests.world import World
from tracker import accrediting, clock, i18n
from tracker.extensions import db
from tracker.mails import posting
from tracker.mails.texts import letter_of
from tracker.models import Mail, Proposal
from tracker.people import admitting, reminding, requesting
from tracker.vocabulary import Notice

DAY = timedelta(days=1)


def proposed(register: World) -> Proposal:
    return requesting.propose(register.arcadia, a.a_candidate(language="fr"), by=register.alice)


def test_staff_are_told_that_a_request_waits(register: World) -> None:
    proposed(register)
    assert told() == {("Sam", Notice.ACCREDITATION_DUE), ("Kim", Notice.ACCREDITATION_DUE)}


def test_who_proposed_it_is_not_asked_to_decide(register: World) -> None:
    requesting.propose(register.league, a.a_candidate(), by=register.sam)
    assert told() == {("Kim", Notice.ACCREDITATION_DUE)}


def test_the_person_and_the_heads_are_told_of_the_accreditation(register: World) -> None:
    proposal = proposed(register)
    told()
    admitting.confirm(proposal, by=register.sam)
    mail = db.session.scalars(sa.select(Mail).filter_by(notice=Notice.INVITATION)).one()
    assert (mail.name, mail.address, mail.language) == ("Clara", "clara@example.org", "fr")
    assert posting.still_concerns(mail)
    assert told() == {("Clara", Notice.INVITATION), ("Alice", Notice.COLLEAGUE_ACCREDITED)}


def test_the_proposer_is_told_why_it_was_returned(register: World) -> None:
    proposal = proposed(register)
    told()
    admitting.return_(proposal, reason="Which office?", by=register.sam)
    assert facts_told(Notice.ACCREDITATION_RETURNED)["reasons"] == {"overall": "Which office?"}
    assert told() == {("Alice", Notice.ACCREDITATION_RETURNED)}


def test_a_suspension_is_told_at_once_and_so_is_its_end(register: World) -> None:
    proposal = requesting.suspend(accrediting.held_by(register.adam)[0], note="Why.", by=register.sam)
    assert told() == {
        ("Kim", Notice.ACCREDITATION_DUE),
        ("Adam", Notice.ACCREDITATION_CHANGED),
        ("Alice", Notice.COLLEAGUE_CHANGED),
    }
    admitting.confirm(proposal, by=register.kim)
    db.session.flush()
    with time_machine.travel(clock.now() + DAY):
        assert {each.person.name for each in reminding.due()} & {"Adam"} == set()  # it was told
    assert told() == {("Adam", Notice.ACCREDITATION_ENDED), ("Alice", Notice.COLLEAGUE_ENDED)}


def test_what_ends_soon_is_told_once_to_the_person_and_the_heads(register: World) -> None:
    accreditation = accrediting.held_by(register.adam)[0]
    accreditation.ends_on = clock.today() + 40 * DAY
    reminding.post()
    told()
    with time_machine.travel(clock.now() + 25 * DAY):
        assert reminding.due() == []
    with time_machine.travel(clock.now() + 26 * DAY):
        assert reminding.post() == 2
        assert reminding.post() == 0
        assert told() == {("Adam", Notice.ACCREDITATION_ENDING), ("Alice", Notice.COLLEAGUE_ENDING)}


def test_what_has_ended_is_told_to_who_may_act_no_more(register: World) -> None:
    reminding.post()
    db.session.flush()
    mail = db.session.scalars(sa.select(Mail).filter_by(notice=Notice.ACCREDITATION_ENDED)).one()
    assert mail.name == "Petra"
    assert posting.still_concerns(mail)
    with time_machine.travel(clock.now() + 30 * DAY):
        assert not any(each.accreditation.account is register.petra for each in reminding.due())


def test_who_goes_on_by_another_accreditation_is_not_told(register: World) -> None:
    accrediting.accredit(register.petra, register.arcadia, starts_on=clock.today())
    accrediting.accredit(register.bruno, register.borduria, starts_on=clock.today() + DAY)
    assert reminding.due() == []


def test_a_short_accreditation_has_no_reminder(register: World) -> None:
    reminding.post()
    accrediting.accredit(register.sam, register.league, starts_on=clock.today(), ends_on=clock.today() + 9 * DAY)
    db.session.flush()
    assert reminding.due() == []


def test_who_left_is_told_nothing(register: World) -> None:
    register.petra.active = register.bruno.active = False
    assert {each.person.name for each in reminding.due()} == {"Alice"}


def test_a_colleague_who_left_is_not_sent_what_was_written(register: World) -> None:
    reminding.post()
    db.session.flush()
    mail = db.session.scalars(sa.select(Mail).filter_by(notice=Notice.COLLEAGUE_ENDED)).one()
    assert posting.still_concerns(mail)
    accrediting.held_by(register.alice)[0].suspended_on = clock.today()
    db.session.flush()
    assert not posting.still_concerns(mail)


def test_the_reason_of_a_return_reaches_staff_and_representatives_alone(register: World) -> None:
    proposal = proposed(register)
    admitting.return_(proposal, reason="Which office?", by=register.sam)
    db.session.flush()
    mail = db.session.scalars(sa.select(Mail).filter_by(notice=Notice.ACCREDITATION_RETURNED)).one()
    assert posting.still_concerns(mail)
    accrediting.held_by(register.alice)[0].suspended_on = clock.today()
    db.session.flush()
    assert not posting.still_concerns(mail)


def test_each_mail_can_be_read(register: World) -> None:
    adams = accrediting.held_by(register.adam)[0]
    admitting.confirm(proposed(register), by=register.sam)
    admitting.confirm(requesting.propose(register.arcadia, a.a_candidate("Bruno"), by=register.alice), by=register.sam)
    returned = requesting.propose_end(adams, last_day=clock.today() + DAY, by=register.alice)
    admitting.return_(returned, reason="Why?", by=register.kim)
    change = requesting.propose_change(adams, starts_on=adams.starts_on, ends_on=None, is_head=True, by=register.sam)
    admitting.confirm(change, by=register.kim)
    reminding.post()
    accrediting.of(register.borduria)[0].is_head = True
    accrediting.accredit(
        register.kim, register.borduria, starts_on=clock.today() - 20 * DAY, ends_on=clock.today() + DAY
    )
    reminding.post()
    db.session.flush()
    notices = set()
    for mail in db.session.scalars(sa.select(Mail)):
        with i18n.speaking(mail.language):
            letter = letter_of(mail)
        assert letter.subject.startswith(("Arcadi", "Borduri"))
        assert json.loads(mail.facts)["participant"]["slug"] in letter.subject.lower() or mail.language == "fr"
        notices.add(mail.notice)
    accredited = {each for each in Notice if "accredit" in each or "colleague" in each}
    assert accredited | {Notice.INVITATION} == notices
