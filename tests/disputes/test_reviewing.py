"""How a participant disputes an endorsement in its name, and how the secretariat answers."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import world as a
from tests.world import World
from tracker import accrediting, awaiting, clock, correcting, ledger, proposing, signatory_lists, tallies, verifying
from tracker import register as queries
from tracker.disputes import PRESSED_TWICE, contacting, reviewing
from tracker.errors import (
    AlreadyProposed,
    BadLink,
    Incomplete,
    NothingChanged,
    NotStaff,
    NotYourProposal,
    OwnSubmission,
    Stale,
    TooMany,
    UnderReview,
    WrongStatus,
)
from tracker.extensions import db
from tracker.mails import mailing, outbox, posting
from tracker.models import DisputeLink, Endorsement, Mail, Text
from tracker.vocabulary import Action, Kind, Matter, Notice, ReviewOutcome, Status

OFFICE = "office@example.org"
ANOTHER = """'{"authentic": "en", "texts": {"en": "Another."}}'"""
FINDING = Text.of("The minister signed it on 2 March.")


@pytest.fixture
def endorsement(register: World) -> Endorsement:
    a.with_contact(register.arcadia, register.sam, register.kim)
    return a.in_force(register.arcadia, register.cohort, register.alice, register.kim)


def mails(notice: Notice) -> list[Mail]:
    return [mail for mail in outbox.waiting(100) if mail.notice is notice]


def test_whoever_has_the_link_puts_the_endorsement_under_review(register: World, endorsement: Endorsement) -> None:
    review = a.disputed(endorsement)
    assert reviewing.open_one(endorsement) is review
    act = endorsement.acts[-1]
    assert (act.action, act.by, act.entry.actor) == (Action.REVIEW_OPENED, None, ledger.CONTACT)
    assert "Nobody of ours" not in act.entry.payload
    assert verifying.verify() is None


def test_it_counts_until_it_is_corrected(register: World, endorsement: Endorsement) -> None:
    a.disputed(endorsement)
    assert endorsement.status is Status.IN_FORCE
    assert tallies.of_set(register.cohort, clock.today()).signatories(Kind.COUNTRY) == 1


def test_the_lists_say_since_when_it_is_under_review(register: World, endorsement: Endorsement) -> None:
    today = clock.today()
    a.disputed(endorsement)
    first = queries.recommendations(register.cohort)[0]
    (row,) = signatory_lists.of_set(register.cohort, today, "en")
    (endorser,) = signatory_lists.of_recommendation(first, today, "en")
    assert row.under_review_since == endorser.under_review_since == today
    assert reviewing.open_since(register.arcadia) == {endorsement.id: today}


def test_the_link_goes_to_the_address_that_is_published(register: World, endorsement: Endorsement) -> None:
    token = a.a_link(endorsement, "fr")
    (mail,) = mails(Notice.DISPUTE_LINK)
    assert (mail.address, mail.language, mail.recipient) == (OFFICE, "fr", None)
    assert len(token) == 64
    assert token not in str(db.session.execute(sa.select(DisputeLink.__table__)).all())


def test_nobody_is_told_whether_an_address_is_known(register: World) -> None:
    published = a.published(register.league, register.cohort)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(reviewing.MOST_FOR_ONE):
            reviewing.ask_for_link(published, language="en")
            traveller.shift(PRESSED_TWICE)
        assert mails(Notice.DISPUTE_LINK) == []
        with pytest.raises(TooMany):
            reviewing.ask_for_link(published, language="en")


def test_who_asks_once_more_within_a_minute_is_sent_one_link(register: World, endorsement: Endorsement) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        token = a.a_link(endorsement)
        traveller.shift(timedelta(seconds=59))
        assert a.a_link(endorsement) == token
        assert len(mails(Notice.DISPUTE_LINK)) == 1
        traveller.shift(timedelta(seconds=1))
        assert a.a_link(endorsement) != token


def test_who_asks_once_more_with_another_address_is_sent_a_link_there(
    register: World, endorsement: Endorsement
) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        a.a_link(endorsement)
        traveller.shift(timedelta(seconds=10))
        a.with_contact(register.arcadia, register.sam, register.kim, "new@example.org")
        a.a_link(endorsement)
        assert [mail.address for mail in mails(Notice.DISPUTE_LINK)] == [OFFICE, "new@example.org"]


def test_no_more_links_are_sent_in_a_day_for_one_participant(register: World, endorsement: Endorsement) -> None:
    other = a.published(a.with_contact(register.union, register.sam, register.kim), register.cohort)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(reviewing.MOST_FOR_ONE):
            a.a_link(endorsement)
            traveller.shift(PRESSED_TWICE)
        with pytest.raises(TooMany):
            a.a_link(endorsement)
        a.a_link(other)
        traveller.shift(timedelta(days=1))
        a.a_link(endorsement)


def test_no_more_links_are_sent_in_an_hour_for_all(
    register: World, endorsement: Endorsement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviewing, "MOST_FOR_ALL", 1)
    a.a_link(endorsement)
    with pytest.raises(TooMany):
        reviewing.ask_for_link(a.published(register.league, register.cohort), language="en")


def test_a_link_that_is_none_is_told_apart(register: World, endorsement: Endorsement) -> None:
    other = a.published(a.with_contact(register.union, register.sam, register.kim), register.cohort)
    told = {}
    with time_machine.travel(clock.now(), tick=False) as traveller:
        used = a.a_link(endorsement)
        traveller.shift(PRESSED_TWICE)
        late = a.a_link(endorsement)
        reviewing.uphold(
            reviewing.dispute(endorsement, token=used, message="No.", language="en"), finding=FINDING, by=register.sam
        )
        for name, of, token in (("wrong", endorsement, "0" * 64), ("other", other, late), ("used", endorsement, used)):
            with pytest.raises(BadLink) as refusal:
                reviewing.dispute(of, token=token, message="No.", language="en")
            told[name] = str(refusal.value.sentence)
        traveller.shift(reviewing.LINK_LASTS)
        with pytest.raises(BadLink) as refusal:
            reviewing.link_of(endorsement, late)
        told["expired"] = str(refusal.value.sentence)
    assert told == {
        "wrong": "This link is not one that the register sent. Check that it is complete.",
        "other": "This link is for another endorsement.",
        "used": "This link was used already.",
        "expired": "This link has expired.",
    }


def test_looking_at_a_link_does_not_use_it(register: World, endorsement: Endorsement) -> None:
    token = a.a_link(endorsement)
    for _ in range(3):
        reviewing.link_of(endorsement, token)
    assert reviewing.dispute(endorsement, token=token, message="No.", language="en").outcome is None


def test_a_dispute_says_something(register: World, endorsement: Endorsement) -> None:
    token = a.a_link(endorsement)
    with pytest.raises(Incomplete):
        reviewing.dispute(endorsement, token=token, message=" \n", language="en")


def test_an_endorsement_is_disputed_once_at_a_time(register: World, endorsement: Endorsement) -> None:
    with time_machine.travel(clock.now() - PRESSED_TWICE):
        spare = a.a_link(endorsement)
    a.disputed(endorsement)
    with pytest.raises(UnderReview):
        reviewing.dispute(endorsement, token=spare, message="No.", language="en")
    with pytest.raises(UnderReview):
        reviewing.ask_for_link(endorsement, language="en")


def test_only_what_is_public_is_disputed(register: World) -> None:
    submission = a.a_submission(register.borduria, register.cohort, register.bruno)
    with pytest.raises(WrongStatus):
        reviewing.ask_for_link(submission, language="en")


def test_staff_and_representatives_are_told(register: World, endorsement: Endorsement) -> None:
    a.disputed(endorsement)
    assert [mail.name for mail in mails(Notice.REVIEW_DUE)] == ["Sam", "Kim"]
    assert [mail.name for mail in mails(Notice.REVIEW_OPENED)] == ["Alice", "Adam"]
    assert all(posting.still_concerns(mail) for mail in outbox.waiting(100))
    (waits,) = (each for each in awaiting.for_decision() if each.matter is Matter.REVIEW)
    assert (waits.place, waits.participant) == ("review", register.arcadia)


def test_it_stands_and_the_answer_is_published_and_sent(register: World, endorsement: Endorsement) -> None:
    review = a.disputed(endorsement)
    reviewing.uphold(review, finding=FINDING, by=register.sam)
    act = endorsement.acts[-1]
    assert reviewing.findings_in(endorsement.acts)[act.entry_sequence].text == FINDING
    assert ledger.facts_of(act.entry)["opened"] == review.opened_entry
    assert [mail.address for mail in mails(Notice.REVIEW_ANSWERED)] == [OFFICE]
    assert [mail.name for mail in mails(Notice.REVIEW_CLOSED)] == ["Alice", "Adam"]
    assert reviewing.open_one(endorsement) is None
    assert verifying.verify() is None


def test_it_may_be_disputed_again(register: World, endorsement: Endorsement) -> None:
    reviewing.uphold(a.disputed(endorsement), finding=FINDING, by=register.sam)
    a.disputed(endorsement, "It was still not us.")
    assert verifying.verify() is None


def test_who_confirmed_it_does_not_answer_alone(register: World, endorsement: Endorsement) -> None:
    review = a.disputed(endorsement)
    with pytest.raises(OwnSubmission) as refusal:
        reviewing.uphold(review, finding=FINDING, by=register.kim)
    assert "You confirmed this endorsement" in str(refusal.value.sentence)


def test_neither_strangers_nor_representatives_answer(register: World, endorsement: Endorsement) -> None:
    review = a.disputed(endorsement)
    with pytest.raises(NotStaff):
        reviewing.uphold(review, finding=FINDING, by=register.alice)
    accrediting.accredit(register.sam, register.arcadia, starts_on=clock.today())
    with pytest.raises(OwnSubmission):
        reviewing.uphold(review, finding=FINDING, by=register.sam)


def test_a_review_is_closed_once(register: World, endorsement: Endorsement) -> None:
    review = a.disputed(endorsement)
    with pytest.raises(Stale):
        reviewing.uphold(review, finding=FINDING, by=register.sam, version=review.version + 1)
    reviewing.uphold(review, finding=FINDING, by=register.sam)
    with pytest.raises(WrongStatus):
        reviewing.uphold(review, finding=FINDING, by=register.sam)


def test_the_correction_closes_it(register: World, endorsement: Endorsement) -> None:
    review, reason = a.disputed(endorsement), Text.of("The letter was forged.")
    proposal = correcting.propose(endorsement, reason=reason, by=register.kim)
    with pytest.raises(WrongStatus) as refusal:
        reviewing.uphold(review, finding=FINDING, by=register.sam)
    assert "A correction of this endorsement waits" in str(refusal.value.sentence)
    correcting.confirm(proposal, by=register.sam)
    assert (review.outcome, review.finding) == (ReviewOutcome.CORRECTED, reason)
    assert endorsement.status is Status.ANNULLED
    assert [act.action for act in endorsement.acts[-2:]] == [Action.CORRECTED, Action.REVIEW_CLOSED]
    assert [mail.address for mail in mails(Notice.REVIEW_ANSWERED)] == [OFFICE]
    assert verifying.verify() is None


def test_a_withdrawal_that_is_annulled_leaves_the_review_open(register: World, endorsement: Endorsement) -> None:
    a.disputed(a.withdrawn(endorsement, register.alice, register.sam))
    correcting.confirm(
        correcting.propose(endorsement, reason=Text.of("It was another’s."), by=register.sam), by=register.kim
    )
    assert reviewing.open_one(endorsement) is not None
    assert verifying.verify() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE review SET message = 'Another.'",
        "UPDATE review SET outcome = NULL, finding = NULL, closed_entry = NULL, closed_by_id = NULL",
        f"UPDATE review SET finding = {ANOTHER}",
        "UPDATE review SET outcome = 'corrected'",
        "DELETE FROM review",
        "UPDATE participant SET contact_address = 'evil@example.org' WHERE contact_address IS NOT NULL",
        "UPDATE participant SET contact_address = 'evil@example.org' WHERE contact_address IS NULL",
        "UPDATE act SET by_id = 1 WHERE action = 'review_opened'",
        "DELETE FROM act WHERE action = 'review_closed'",
        f"UPDATE endorsement SET date_note = {ANOTHER} WHERE status = 'annulled'",
        "UPDATE endorsement SET status = 'rejected', reasons = '{}' WHERE status = 'annulled'",
    ],
)
def test_what_is_changed_by_hand_is_named(register: World, endorsement: Endorsement, statement: str) -> None:
    reviewing.uphold(a.disputed(endorsement), finding=FINDING, by=register.sam)
    wrong = a.published(register.league, register.cohort)
    correcting.confirm(correcting.propose(wrong, reason=Text.of("Twice."), by=register.sam), by=register.kim)
    assert verifying.verify() is None
    db.session.execute(sa.text(statement))
    db.session.expire_all()
    assert verifying.verify() is not None


def test_the_link_is_forgotten_once_it_was_sent(register: World, endorsement: Endorsement) -> None:
    token = a.a_link(endorsement)
    db.session.commit()
    while claim := outbox.claim():
        outbox.sent(claim)
    assert token not in str(db.session.execute(sa.select(Mail.__table__)).all())


def test_nothing_of_a_link_is_kept_for_ever(register: World, endorsement: Endorsement) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        a.a_link(endorsement)
        db.session.commit()
        traveller.shift(reviewing.LINK_LASTS + timedelta(minutes=1))
        mailing.tidy()
        assert mails(Notice.DISPUTE_LINK) == []
        assert db.session.scalars(sa.select(DisputeLink)).all()
        traveller.shift(reviewing.LINK_KEPT)
        mailing.tidy()
        assert db.session.scalars(sa.select(DisputeLink)).all() == []
        assert not reviewing.due()


# The address itself.


def test_an_address_is_changed_by_two_people(register: World) -> None:
    proposal = contacting.propose(register.league, OFFICE, by=register.sam)
    assert register.league.contact_address is None
    with pytest.raises(OwnSubmission):
        contacting.change(proposal, by=register.sam)
    contacting.change(proposal, by=register.kim)
    assert register.league.contact_address == OFFICE
    assert verifying.verify() is None


def test_the_ledger_binds_the_address_without_telling_it(register: World) -> None:
    a.with_contact(register.league, register.sam, register.kim)
    (entry,) = (each for each in ledger.entries() if each.action is Action.CONTACT_CHANGED)
    assert OFFICE not in entry.payload
    assert set(json.loads(entry.payload)) == {"proposed_by", "commitments"}
    assert ledger.bound(entry.subject, entry.action) == {"contact_address": OFFICE}


def test_an_address_is_removed_and_the_earlier_one_forgotten(register: World) -> None:
    a.with_contact(register.league, register.sam, register.kim)
    a.with_contact(register.league, register.sam, register.kim, address="")
    assert register.league.contact_address is None
    assert ledger.bound("participant/league-of-clean-hands", Action.CONTACT_CHANGED) == {}
    assert verifying.verify() is None


def test_links_to_an_earlier_address_end_with_it(register: World, endorsement: Endorsement) -> None:
    token = a.a_link(endorsement)
    a.with_contact(register.arcadia, register.sam, register.kim, address="new@example.org")
    with pytest.raises(BadLink):
        reviewing.link_of(endorsement, token)
    (mail,) = mails(Notice.DISPUTE_LINK)
    assert not posting.still_concerns(mail)


def test_what_is_proposed_of_an_address_may_be_refused(register: World) -> None:
    with pytest.raises(NothingChanged):
        contacting.propose(register.league, " ", by=register.sam)
    with pytest.raises(NotStaff):
        contacting.propose(register.league, OFFICE, by=register.alice)
    proposal = contacting.propose(register.league, OFFICE, by=register.sam)
    with pytest.raises(AlreadyProposed):
        contacting.propose(register.league, "other@example.org", by=register.kim)
    with pytest.raises(NotYourProposal):
        proposing.take_back(proposal, by=register.kim)
    proposing.take_back(proposal, by=register.sam)
    again = contacting.propose(register.league, OFFICE, by=register.sam)
    contacting.return_(again, reason="It is a person’s.", by=register.kim)
    assert contacting.waiting(register.league) is None
    assert [mail.name for mail in mails(Notice.CONTACT_RETURNED)] == ["Sam"]
