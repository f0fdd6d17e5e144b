"""Every notice that the register knows is sent by something that people do, and its mail leads to the register."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from tests.acting import found, in_register
from tests.announced import event_facts
from tests.bulk.uploading import endorsements, recorded
from tests.bulk.uploading import proposed as proposed_load
from tests.post_box import SENDER, post_box, text_of
from tests.world import (
    World,
    a_candidate,
    a_submission,
    account,
    amended,
    an_administrator,
    corrected,
    disputed,
    in_force,
    proposed,
    published,
    with_contact,
    with_notice,
)
from tracker import accrediting, clock, correcting, drafting, endorsing, withdrawing
from tracker.bulk import loads
from tracker.disputes import contacting, reporting, reviewing
from tracker.errors import ChangedMeanwhile
from tracker.extensions import db
from tracker.identity import delays, links, passwords, recovering, resetting, rights
from tracker.mails import mailing
from tracker.models import Account, Cohort, Endorsement, Mail, Participant, Proposal, Text
from tracker.people import admitting, requesting
from tracker.publications import announcing, appearing
from tracker.roll import roll_proposals
from tracker.roll.roll_proposals import Why
from tracker.vocabulary import DelayKind, LinkPurpose, Notice, Question, ReportStatus, RevisionKind, Scope
from tracker.wordings import rewording


def endorse(participant: Participant, cohort: Cohort, alice: Account, sam: Account) -> None:
    """Let an endorsement be submitted, taken back, returned and rejected."""
    endorsement = a_submission(participant, cohort, alice)
    endorsing.take_back(endorsement, by=alice)
    endorsing.submit(endorsement, by=alice)
    endorsing.return_(endorsement, reasons={Question.LETTER: "It is not signed."}, by=sam)
    endorsing.submit(endorsement, by=alice)
    endorsing.reject(endorsement, reasons={Question.LETTER: "It is a forgery."}, by=sam)


def reword(cohort: Cohort, sam: Account, kim: Account) -> None:
    """Let wordings be proposed, returned, corrected and amended, now and for a day to come."""
    first, second = cohort.recommendations[:2]
    returned = proposed(first, sam, "Do more.", kind=RevisionKind.AMENDMENT)
    rewording.return_(returned, reason="It says too little.", by=kim)
    corrected(first, sam, kim, "Do what 1.1 said.")
    amended(first, sam, kim, Text.of("على الدول أن تتعاون.", "ar"))
    amended(second, sam, kim, "Do more.", effective_on=clock.today() + timedelta(days=9))


def noticed(endorsement: Endorsement, by: Account) -> Proposal:
    notice = withdrawing.waiting(with_notice(endorsement, by))
    assert notice
    return notice


def withdraw(present: Endorsement, alice: Account, sam: Account, kim: Account) -> None:
    """Let notices be given, taken back, returned, recorded from a letter, and confirmed; and the end be corrected."""
    withdrawing.take_back(noticed(present, alice), by=alice)
    withdrawing.return_(noticed(present, alice), reason="It names another day.", by=sam)
    today = clock.today()
    on_paper = withdrawing.give_notice(present, signed_on=today, received_on=today, effective_on=today, by=sam)
    withdrawing.take_back(on_paper, by=sam)
    withdrawing.confirm(noticed(present, alice), by=sam)
    correcting.return_(correcting.propose(present, reason=Text.of("In error."), by=sam), reason="No.", by=kim)
    correcting.confirm(correcting.propose(present, reason=Text.of("In error."), by=sam), by=kim)


def record_a_letter(participant: Participant, cohort: Cohort, sam: Account, kim: Account) -> None:
    """Let a letter that came on paper be recorded and sent back; somebody represents the participant."""
    letter = drafting.begin(participant, cohort, on_paper=True, by=sam)
    drafting.choose(letter, scope=Scope.ALL, by=sam)
    drafting.sign(letter, signed_on=clock.today(), received_on=clock.today(), by=sam)
    accrediting.accredit(account("bruno@example.org"), participant, starts_on=clock.today())
    endorsing.submit(letter, by=sam)
    endorsing.return_(letter, reasons={Question.LETTER: "It is not signed."}, by=kim)


def report_and_dispute(endorsement: Endorsement, sam: Account, kim: Account) -> None:
    """Let a reader be answered, and a participant dispute what was published for it; somebody represents it."""
    reporting.report(page="/en/", message="Wrong.", address="reader@example.org", language="en")
    reporting.answer(reporting.reports(ReportStatus.OPEN, 1)[0], text="Thank you.", by=sam)
    participant = endorsement.participant
    contacting.return_(contacting.propose(participant, "wrong@example.org", by=sam), reason="It is old.", by=kim)
    with_contact(participant, sam, kim)
    accrediting.accredit(account("bruno@example.org"), participant, starts_on=clock.today())
    reviewing.uphold(disputed(endorsement), finding=Text.of("They did sign it."), by=sam)


def rename(participant: Participant, sam: Account, kim: Account) -> None:
    """Let another name be proposed, returned, and proposed again with its day."""
    why, facts = Why(reason=Text.of("By its constitution.")), {"name": Text.of("Free Arcadia")}
    since = clock.today()
    first = roll_proposals.propose_rename(participant, facts, since=since, why=why, by=sam)
    roll_proposals.return_(first, reason="Since when?", by=kim)
    roll_proposals.carry_out(roll_proposals.propose_rename(participant, facts, since=since, why=why, by=sam), by=kim)


def accredit(participant: Participant, alice: Account, sam: Account, kim: Account) -> None:
    """Let a colleague be proposed, returned and accredited; change an accreditation, suspend it, and let one end."""
    today = clock.today()
    admitting.return_(requesting.propose(participant, a_candidate(), by=alice), reason="Who is it?", by=sam)
    admitting.confirm(requesting.propose(participant, a_candidate(), by=alice), by=sam)
    accreditation = accrediting.held_by(account(a_candidate().email))[0]
    days = {"starts_on": accreditation.starts_on, "ends_on": today + timedelta(days=5)}
    admitting.confirm(requesting.propose_change(accreditation, **days, is_head=False, by=sam), by=kim)
    admitting.confirm(requesting.suspend(accreditation, note="The post is abolished.", by=sam), by=kim)
    for_a_while = {"starts_on": today - timedelta(days=30), "ends_on": today + timedelta(days=5)}
    accrediting.accredit(account("bruno@example.org"), participant, **for_a_while)


def invite(participant: Participant, alice: Account, sam: Account) -> None:
    """Accredit somebody who can sign in already, and let the invitation of somebody who cannot expire."""
    admitting.confirm(requesting.propose(participant, a_candidate("Petra"), by=alice), by=sam)
    olga = accrediting.open_account(email="olga@example.org", name="Olga", password=None)
    accrediting.accredit(olga, participant, starts_on=clock.today())
    link = links.make(olga, LinkPurpose.INVITATION, by=sam)
    link.created_at, link.expires_at = clock.now() - timedelta(days=7), clock.now()


def load(sam: Account, kim: Account) -> None:
    """Let a load be proposed, returned, and recorded."""
    theirs = endorsements("borduria,clean-rivers,2024-05-06")
    loads.return_(proposed_load(theirs, by=sam), reason="From where?", by=kim)
    recorded(theirs, by=sam, other=kim)


def publish(cohort: Cohort, sam: Account, kim: Account) -> None:
    """Let events be proposed, returned, approved for a moment, moved, called off, stopped and published."""

    def event(title: str, *, hours: int | None = None) -> Proposal:
        due_at = clock.now() + timedelta(hours=hours) if hours else None
        return announcing.propose_event(cohort, event_facts(title), by=sam, due_at=due_at)

    appearing.return_(event("One without a place"), reason="Where?", by=kim)
    appearing.approve(event("One at once"), by=kim)
    later = event("One for later", hours=2)
    appearing.approve(later, by=kim)
    appearing.move(later, clock.now() + timedelta(hours=9), by=kim)
    appearing.call_off(later, by=kim)
    overtaken = event("One that is overtaken", hours=2)
    appearing.approve(overtaken, by=kim)
    appearing.stop(overtaken, ChangedMeanwhile())


def guess_and_recover(email: str) -> None:
    """Let somebody guess at a password and a second factor until they have to wait; ask for a new password, set one."""
    for kind in (DelayKind.PASSWORD, DelayKind.SECOND_FACTOR):
        for _ in range(5):
            delays.check(email, kind)
            delays.failed(email, kind)
    recovering.ask(email)
    passwords.set_(account(email), "four words that do not belong", by=account(email))


def manage_accounts(petra: Account, sam: Account, kim: Account) -> None:
    """Let an account be deactivated and reactivated, and a lost second factor be told of, refused, and taken away."""
    an_administrator()
    rights.deactivate(petra, by=sam)
    rights.reactivate(petra, by=sam)
    resetting.return_(resetting.ask(petra, note="She called.", by=sam), reason="It was not she.", by=kim)
    resetting.approve(resetting.ask(petra, note="She came to us.", by=sam), by=kim)


def test_every_notice_makes_a_mail(app: Flask, world: World) -> None:
    with in_register(app):
        participant, cohort = found(world.arcadia, world.cohort)
        alice, sam, kim = account(world.alice), account(world.sam), account(world.kim)
        endorse(participant, cohort, alice, sam)
        present = in_force(participant, cohort, alice, sam)
        reword(cohort, sam, kim)
        withdraw(present, alice, sam, kim)
        rename(participant, sam, kim)
        accredit(participant, alice, sam, kim)
        invite(participant, alice, sam)
        record_a_letter(*found(world.council, world.cohort), sam, kim)
        report_and_dispute(published(*found(world.league, world.cohort)), sam, kim)
        load(sam, kim)
        publish(cohort, sam, kim)
        guess_and_recover(world.alice)
        manage_accounts(account(world.petra), sam, kim)
    with post_box() as box, app.app_context():
        mailing.post_digests()
        mailing.post_reminders()
        mailing.post_expiries()
        report = mailing.deliver(box.server, SENDER)
        notices = set(db.session.scalars(sa.select(Mail.notice)))
    assert notices == set(Notice)
    assert (report.put_off, report.given_up) == (0, 0)
    for _, mail in box.taken:
        assert "https://register.example.org/en/" in text_of(mail)
        assert "https://register.example.org/en/" in text_of(mail, "html")
