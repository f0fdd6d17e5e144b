"""Who is told what, and that it is told together with what was done, or not at all."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import IntegrityError

from tests import world as a
from tests.world import World
from tracker import accrediting, clock, endorsing, standing, withdrawing
from tracker.errors import WrongStatus
from tracker.extensions import db
from tracker.mails import digest, posting
from tracker.mails.posting import TOLD
from tracker.models import Account, Endorsement, Mail, Proposal
from tracker.vocabulary import Action, Notice, Question

Told = set[tuple[str, Notice]]


def told() -> Told:
    """Return who was told what since this was asked last."""
    db.session.flush()
    rows = {(mail.name, mail.notice) for mail in db.session.scalars(sa.select(Mail))}
    db.session.execute(sa.delete(Mail))
    return rows


def facts_told(notice: Notice) -> dict[str, object]:
    """Return the facts of the last mail with a notice."""
    query = sa.select(Mail.facts).filter_by(notice=notice).order_by(Mail.id.desc())
    found: dict[str, object] = json.loads(str(db.session.scalars(query).first()))
    return found


def submitted(world: World) -> Endorsement:
    return a.a_submission(world.arcadia, world.cohort, world.alice)


def confirmed(world: World) -> Endorsement:
    return a.in_force(world.arcadia, world.cohort, world.alice, world.sam)


def test_a_submission_is_told_to_staff_and_gives_its_representatives_a_receipt(register: World) -> None:
    submitted(register)
    assert told() == {
        ("Alice", Notice.RECEIPT),
        ("Adam", Notice.RECEIPT),
        ("Sam", Notice.DECISION_DUE),
        ("Kim", Notice.DECISION_DUE),
    }


def test_a_receipt_has_the_entry_its_hash_and_who_submitted(register: World) -> None:
    entry = submitted(register).acts[-1].entry
    facts = facts_told(Notice.RECEIPT)
    assert facts["entry"] == {"sequence": entry.sequence, "hash": entry.hash}
    assert facts["by"] == "Alice"


def test_staff_are_not_told_who_submitted(register: World) -> None:
    submitted(register)
    assert "Alice" not in json.dumps(facts_told(Notice.DECISION_DUE))


def test_what_is_taken_back_is_told_to_staff(register: World) -> None:
    endorsement = submitted(register)
    told()
    endorsing.take_back(endorsement, by=register.adam)
    assert told() == {("Sam", Notice.TAKEN_BACK), ("Kim", Notice.TAKEN_BACK)}


def test_a_return_is_told_to_representatives_with_its_reason(register: World) -> None:
    endorsement = submitted(register)
    told()
    endorsing.return_(endorsement, reasons={Question.LETTER: "It is not signed."}, by=register.sam)
    assert facts_told(Notice.RETURNED)["reasons"] == {"letter": "It is not signed."}
    assert told() == {("Alice", Notice.RETURNED), ("Adam", Notice.RETURNED)}


def test_a_rejection_is_told_to_representatives_with_its_reasons(register: World) -> None:
    endorsement = submitted(register)
    told()
    endorsing.reject(endorsement, reasons={Question.OVERALL: "It is a forgery."}, by=register.sam)
    assert facts_told(Notice.REJECTED)["reasons"] == {"overall": "It is a forgery."}
    assert told() == {("Alice", Notice.REJECTED), ("Adam", Notice.REJECTED)}


def test_a_confirmation_is_told_to_representatives(register: World) -> None:
    endorsement = submitted(register)
    told()
    endorsing.confirm(endorsement, by=register.sam)
    assert told() == {("Alice", Notice.CONFIRMED), ("Adam", Notice.CONFIRMED)}


def test_the_confirmation_of_a_change_is_told_as_one(register: World) -> None:
    confirmed(register)
    a.in_force(register.arcadia, register.cohort, register.adam, register.sam, numbers=("1.1",))
    assert facts_told(Notice.CONFIRMED)["action"] == Action.POSITION_CHANGED


def noticed(world: World) -> Proposal:
    """Return a notice of withdrawal that waits; what was told before it is forgotten."""
    endorsement = confirmed(world)
    told()
    notice = withdrawing.waiting(a.with_notice(endorsement, world.alice))
    assert notice
    return notice


def test_a_notice_of_withdrawal_is_told_to_staff_and_gives_a_receipt(register: World) -> None:
    notice = noticed(register)
    assert facts_told(Notice.WITHDRAWAL_DUE)["proposal"] == notice.reference
    assert facts_told(Notice.WITHDRAWAL_RECEIPT)["ends_on"] == str(clock.today())
    assert told() == {
        ("Alice", Notice.WITHDRAWAL_RECEIPT),
        ("Adam", Notice.WITHDRAWAL_RECEIPT),
        ("Sam", Notice.WITHDRAWAL_DUE),
        ("Kim", Notice.WITHDRAWAL_DUE),
    }


def test_a_notice_that_is_taken_back_is_told_to_staff(register: World) -> None:
    notice = noticed(register)
    told()
    withdrawing.take_back(notice, by=register.adam)
    assert told() == {("Sam", Notice.WITHDRAWAL_TAKEN_BACK), ("Kim", Notice.WITHDRAWAL_TAKEN_BACK)}


def test_the_return_of_a_notice_is_told_with_its_reason(register: World) -> None:
    notice = noticed(register)
    told()
    withdrawing.return_(notice, reason="It names another day.", by=register.sam)
    assert facts_told(Notice.WITHDRAWAL_RETURNED)["reasons"] == {"overall": "It names another day."}
    assert told() == {("Alice", Notice.WITHDRAWAL_RETURNED), ("Adam", Notice.WITHDRAWAL_RETURNED)}


def test_the_confirmation_of_a_withdrawal_is_told_to_representatives(register: World) -> None:
    notice = noticed(register)
    told()
    withdrawing.confirm(notice, by=register.sam)
    assert told() == {("Alice", Notice.WITHDRAWAL_CONFIRMED), ("Adam", Notice.WITHDRAWAL_CONFIRMED)}


def test_every_act_of_a_person_on_an_endorsement_is_told_to_somebody() -> None:
    apart = ("cohort", "heading", "recommendation", "corrigendum", "amendment", "participant", "contact", "event")
    apart += ("document", "accredit", "review", "loaded")
    of_endorsements = {each for each in Action if not each.startswith(apart)}
    assert of_endorsements == TOLD.keys()


def test_staff_who_represent_the_participant_are_told_once_as_representatives(register: World) -> None:
    accrediting.accredit(register.kim, register.arcadia, starts_on=clock.today())
    endorsement = submitted(register)
    assert {notice for name, notice in told() if name == "Kim"} == {Notice.RECEIPT}
    endorsing.confirm(endorsement, by=register.sam)
    told()
    a.with_notice(endorsement, register.alice)
    assert {notice for name, notice in told() if name == "Kim"} == {Notice.WITHDRAWAL_RECEIPT}


def test_staff_who_submitted_it_are_not_asked_to_decide(register: World) -> None:
    accrediting.accredit(register.kim, register.arcadia, starts_on=clock.today())
    a.a_submission(register.arcadia, register.cohort, register.kim)
    told()
    register.kim.accreditations[0].ends_on = register.kim.accreditations[0].starts_on
    with time_machine.travel(clock.now() + timedelta(days=1)):
        endorsement = standing.open_one(register.arcadia, register.cohort)
        assert endorsement
        endorsing.take_back(endorsement, by=register.alice)
        assert told() == {("Sam", Notice.TAKEN_BACK)}


@pytest.mark.parametrize("who", ["adam", "kim"])
def test_an_inactive_person_is_told_nothing(register: World, who: str) -> None:
    person: Account = getattr(register, who)
    person.active = False
    a.with_notice(confirmed(register), register.alice)
    assert person.name not in {name for name, _ in told()}


def test_what_the_operator_loads_is_told_nobody(register: World) -> None:
    a.published(register.arcadia, register.cohort)
    assert told() == set()


def test_a_mail_is_written_to_the_address_and_in_the_language_of_its_recipient(register: World) -> None:
    accrediting.choose_language(register.adam, "fr")
    submitted(register)
    mail = db.session.scalars(sa.select(Mail).filter_by(name="Adam")).one()
    assert (mail.address, mail.language) == ("adam@example.org", "fr")


def test_every_mail_has_a_message_id_of_its_own_at_the_registers_host(register: World) -> None:
    submitted(register)
    ids = list(db.session.scalars(sa.select(Mail.message_id)))
    assert len(set(ids)) == len(ids) == 4
    assert all(each.endswith("@register.example.org>") for each in ids)


def test_nothing_is_told_of_what_was_refused(register: World) -> None:
    endorsement = submitted(register)
    told()
    with pytest.raises(WrongStatus):
        a.with_notice(endorsement, register.alice)
    assert told() == set()


def test_what_is_undone_was_told_nobody(register: World) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice)
    db.session.commit()
    endorsing.submit(draft, by=register.alice)
    assert db.session.scalars(sa.select(Mail)).all()
    db.session.rollback()
    assert told() == set()


def test_what_cannot_be_told_is_not_done(register: World) -> None:
    draft = a.a_draft(register.arcadia, register.cohort, register.alice)
    db.session.commit()
    db.session.execute(sa.text("DROP TABLE mail"))
    with pytest.raises(sa.exc.DatabaseError):
        endorsing.submit(draft, by=register.alice)
    db.session.rollback()
    assert not draft.acts


def test_staff_who_left_since_are_not_sent_what_was_written(register: World) -> None:
    submitted(register)
    mail = db.session.scalars(sa.select(Mail).filter_by(name="Sam")).one()
    assert posting.still_concerns(mail)
    register.sam.roles = []
    assert not posting.still_concerns(mail)


def test_a_representative_whose_accreditation_ended_since_is_not_sent_what_was_written(register: World) -> None:
    a.a_submission(register.borduria, register.cohort, register.bruno)
    mail = db.session.scalars(sa.select(Mail).filter_by(name="Bruno")).one()
    assert posting.still_concerns(mail)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert not posting.still_concerns(mail)


def test_the_week_is_told_to_staff_once(register: World) -> None:
    submitted(register)
    told()
    assert digest.post() == 2
    assert digest.post() == 0
    assert told() == {("Sam", Notice.DIGEST), ("Kim", Notice.DIGEST)}


def test_the_next_week_is_told_again(register: World) -> None:
    digest.post()
    with time_machine.travel(clock.now() + timedelta(days=7)):
        assert digest.post() == 2


def test_the_database_lets_nobody_be_told_of_a_week_twice(register: World) -> None:
    posting.write(register.sam, Notice.DIGEST, {}, occasion="digest/2026-W48/one")
    db.session.flush()
    posting.write(register.sam, Notice.DIGEST, {}, occasion="digest/2026-W48/one")
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_digest_says_what_waits_how_long_and_what_was_decided(register: World) -> None:
    with time_machine.travel("2026-11-25T12:00:00Z"):
        accrediting.accredit(register.bruno, register.league, starts_on=clock.today())
        a.published(register.union, register.cohort, effective_on=clock.today())
        returned = submitted_by_alice(register)
        endorsing.return_(returned, reasons={Question.LETTER: "It is not signed."}, by=register.sam)
        a.a_submission(register.borduria, register.cohort, accredited(register, register.borduria))
        a.in_force(register.league, register.cohort, register.bruno, register.sam)
    with time_machine.travel("2026-12-01T12:00:00Z"):
        told_of = digest.facts_of_week(digest.monday_of(clock.today()))
    assert (str(told_of["from"]), str(told_of["until"])) == ("2026-11-23", "2026-11-29")
    assert [(each["participant"]["slug"], each["days"]) for each in told_of["waiting"]["listed"]] == [("borduria", 6)]
    assert [each["participant"]["slug"] for each in told_of["returned"]["listed"]] == ["arcadia"]
    assert [each["participant"]["slug"] for each in told_of["recorded"]["listed"]] == ["league-of-clean-hands"]


def submitted_by_alice(world: World) -> Endorsement:
    return a.a_submission(world.arcadia, world.cohort, accredited(world, world.arcadia))


def accredited(world: World, participant: object) -> Account:
    """Return a person who may act for a participant on this day."""
    person = a.person(f"clerk-{participant.slug}")  # type: ignore[attr-defined]
    accrediting.accredit(person, participant, starts_on=clock.today())  # type: ignore[arg-type]
    return person


def test_a_long_list_is_cut_and_says_how_many_it_leaves_out(register: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "MOST_LISTED", 1)
    submitted(register)
    a.a_submission(register.borduria, register.cohort, register.bruno)
    waiting = digest.facts_of_week(digest.monday_of(clock.today()))["waiting"]
    assert (waiting["count"], len(waiting["listed"])) == (2, 1)
