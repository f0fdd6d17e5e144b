"""What was approved for a moment appears then: once, whole, and only if nothing stands in its way."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from tests.acting import found, in_register
from tests.announced import WHY, an_event, event_facts, proposed_event
from tests.world import World, account
from tracker import clock, ledger, proposing, verifying
from tracker.errors import ChangedMeanwhile, MomentRefused, NotStaff, NotYoursToHasten, SameMoment, Stale, WrongStatus
from tracker.extensions import db
from tracker.facts import facts_of
from tracker.models import Event, LedgerEntry, Mail, Proposal
from tracker.publications import announcing, appearing, punctual
from tracker.vocabulary import Action, Notice, ProposalStatus


def told(notice: Notice) -> list[str]:
    """Return who was told something, in the order in which they were."""
    query = select(Mail.name).filter_by(notice=notice).order_by(Mail.id)
    return list(db.session.scalars(query))


@pytest.fixture
def scheduled(register: World) -> Proposal:
    """Return an event that Sam proposed and Kim approved, to appear in two hours."""
    proposal = proposed_event(register, ahead=2)
    appearing.approve(proposal, by=register.kim)
    return proposal


@pytest.fixture
def later() -> Iterator[None]:
    """Look at the register three hours later."""
    with time_machine.travel(clock.now() + timedelta(hours=3), tick=True):
        yield


def test_what_is_approved_for_a_moment_is_not_public_before(register: World, scheduled: Proposal) -> None:
    assert scheduled.status is ProposalStatus.SCHEDULED
    assert appearing.waiting() == [scheduled]
    assert (appearing.due(), register.cohort.events) == ([], [])
    with pytest.raises(WrongStatus):
        appearing.appear(scheduled)


def test_it_appears_at_its_moment_in_the_names_of_both(register: World, scheduled: Proposal, later: None) -> None:
    assert appearing.due() == [scheduled]
    appearing.appear(scheduled)
    assert len(register.cohort.events) == 1
    entry = list(ledger.entries())[-1]
    assert (entry.action, entry.actor) == (Action.EVENT_ADDED, register.kim.actor)
    assert ledger.facts_of(entry)["proposed_by"] == register.sam.actor
    assert (scheduled.status, scheduled.entry_sequence) == (ProposalStatus.APPROVED, entry.sequence)
    assert (appearing.due(), appearing.waiting()) == ([], [])
    assert verifying.verify() is None


def test_it_appears_once(register: World, scheduled: Proposal, later: None) -> None:
    appearing.appear(scheduled)
    with pytest.raises(WrongStatus):
        appearing.appear(scheduled)


def test_those_who_had_a_hand_in_it_are_told(register: World, scheduled: Proposal, later: None) -> None:
    assert told(Notice.PUBLICATION_DUE) == ["Kim"]
    assert told(Notice.PUBLICATION_SCHEDULED) == ["Sam"]
    appearing.appear(scheduled)
    assert told(Notice.PUBLISHED) == ["Sam"]


def test_a_moment_must_be_to_come(register: World) -> None:
    for moment in (clock.now() - timedelta(seconds=1), clock.now() + timedelta(days=400)):
        with pytest.raises(MomentRefused):
            announcing.propose_event(register.cohort, event_facts(), by=register.sam, due_at=moment)


def test_what_is_approved_after_its_moment_appears_at_once(register: World) -> None:
    proposal = proposed_event(register, ahead=2)
    with time_machine.travel(clock.now() + timedelta(hours=3), tick=True):
        appearing.approve(proposal, by=register.kim)
    assert proposal.status is ProposalStatus.APPROVED


def test_anybody_of_the_secretariat_calls_it_off(register: World, scheduled: Proposal, later: None) -> None:
    appearing.call_off(scheduled, by=register.sam)
    assert (scheduled.status, appearing.due()) == (ProposalStatus.CALLED_OFF, [])
    assert told(Notice.PUBLICATION_CALLED_OFF) == ["Kim"]
    with pytest.raises(WrongStatus):
        appearing.appear(scheduled)
    with pytest.raises(WrongStatus):
        appearing.call_off(scheduled, by=register.kim)


def test_putting_it_off_needs_no_approval(register: World, scheduled: Proposal, later: None) -> None:
    appearing.move(scheduled, clock.now() + timedelta(days=1), by=register.kim)
    assert (scheduled.status, appearing.due()) == (ProposalStatus.SCHEDULED, [])
    assert told(Notice.PUBLICATION_PUT_OFF) == ["Sam"]


def test_bringing_it_forward_needs_approval_again(register: World, scheduled: Proposal) -> None:
    sooner = clock.now() + timedelta(hours=1)
    with pytest.raises(NotYoursToHasten):
        appearing.move(scheduled, sooner, by=register.kim)
    appearing.move(scheduled, sooner, by=register.sam)
    assert (scheduled.status, scheduled.decided_by) == (ProposalStatus.OPEN, None)
    assert told(Notice.PUBLICATION_DUE) == ["Kim", "Kim"]
    appearing.approve(scheduled, by=register.kim)
    assert (scheduled.status, scheduled.due_at) == (ProposalStatus.SCHEDULED, sooner)


def test_it_may_be_brought_forward_to_its_approval(register: World, scheduled: Proposal) -> None:
    appearing.move(scheduled, None, by=register.sam)
    appearing.approve(scheduled, by=register.kim)
    assert scheduled.status is ProposalStatus.APPROVED


def test_a_moment_is_not_moved_into_the_past_nor_to_where_it_is(register: World, scheduled: Proposal) -> None:
    with pytest.raises(MomentRefused):
        appearing.move(scheduled, clock.now() - timedelta(hours=1), by=register.sam)
    with pytest.raises(SameMoment):
        appearing.move(scheduled, scheduled.due_at, by=register.sam)


def test_nobody_else_moves_or_calls_off(register: World, scheduled: Proposal) -> None:
    for act in (appearing.call_off, lambda proposal, by: appearing.move(proposal, None, by=by)):
        with pytest.raises(NotStaff):
            act(scheduled, by=register.alice)


def test_what_was_moved_meanwhile_is_not_called_off_unseen(register: World, scheduled: Proposal) -> None:
    seen = scheduled.version
    appearing.move(scheduled, clock.now() + timedelta(days=1), by=register.kim)
    with pytest.raises(Stale):
        appearing.call_off(scheduled, by=register.sam, version=seen)


def test_while_it_waits_nothing_else_is_proposed_of_it(register: World) -> None:
    event = an_event(register)
    change = announcing.propose_change(
        event, event_facts("Later"), why=WHY, by=register.sam, due_at=clock.now() + timedelta(hours=2)
    )
    appearing.approve(change, by=register.kim)
    assert proposing.pending_one(change.kind, change.subject) is change


@pytest.fixture
def overtaken(app: Flask, world: World) -> None:
    """A change waits for its moment, which comes, and its event was changed since by another entry."""
    with in_register(app):
        cohort = found(world.arcadia, world.cohort)[1]
        sam, kim = account(world.sam), account(world.kim)
        appearing.approve(announcing.propose_event(cohort, event_facts(), by=sam), by=kim)
        (event,) = cohort.events
        due_at = clock.now() + timedelta(hours=2)
        change = announcing.propose_change(event, event_facts("Too late"), why=WHY, by=sam, due_at=due_at)
        appearing.approve(change, by=kim)
        proposal = announcing.propose_event(cohort, event_facts("Another"), by=sam, due_at=due_at)
        appearing.approve(proposal, by=kim)
        ledger.append(by=None, action=Action.EVENT_CHANGED, subject=change.subject, payload=facts_of(event))


def test_what_was_overtaken_stops_and_all_staff_are_told(app: Flask, overtaken: None, later: None) -> None:
    with app.app_context():
        report = punctual.publish_due()
        assert (report.published, report.stopped) == (1, 1)
        stopped = db.session.scalars(select(Proposal).filter_by(status=ProposalStatus.STOPPED)).one()
        assert stopped.reason == ChangedMeanwhile.__name__
        assert told(Notice.PUBLICATION_STOPPED) == ["Sam", "Kim"]
        assert "Too late" not in [str(event.title) for event in db.session.scalars(select(Event))]
        assert verifying.verify() is None
        assert str(punctual.publish_due()) == "0 published, 0 could not appear."


def test_what_stopped_may_be_left_be(app: Flask, overtaken: None, later: None) -> None:
    with app.app_context():
        punctual.publish_due()
    with in_register(app):
        stopped = db.session.scalars(select(Proposal).filter_by(status=ProposalStatus.STOPPED)).one()
        appearing.call_off(stopped, by=account("sam@example.org"))
        assert stopped.status is ProposalStatus.CALLED_OFF


@pytest.fixture
def due(app: Flask, world: World) -> None:
    """An event's moment has come."""
    with in_register(app):
        cohort = found(world.arcadia, world.cohort)[1]
        moment = clock.now() + timedelta(hours=2)
        proposal = announcing.propose_event(cohort, event_facts(), by=account(world.sam), due_at=moment)
        appearing.approve(proposal, by=account(world.kim))


def added(app: Flask) -> int:
    """Return how many events the ledger records; fail where the register does not agree with itself."""
    with app.app_context():
        assert verifying.verify() is None
        query = select(func.count()).select_from(LedgerEntry).filter_by(action=Action.EVENT_ADDED)
        return db.session.scalars(query).one()


def test_two_at_once_publish_it_once(app: Flask, due: None, later: None) -> None:
    start, reports = Barrier(2), []

    def publish() -> None:
        with app.app_context():
            start.wait()
            reports.append(punctual.publish_due().published)

    threads = [Thread(target=publish) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(reports) == [0, 1]
    assert added(app) == 1


def test_killed_in_the_middle_it_is_whole_or_not_at_all(app: Flask, due: None, database_url: str) -> None:
    for statement in range(1, 60):
        command = [sys.executable, "-m", "tests.publisher", database_url, str(statement)]
        outcome = subprocess.run(command, capture_output=True, text=True, check=False)
        assert outcome.returncode in (0, -9), outcome.stderr
        if outcome.returncode == 0:
            break
        assert added(app) in (0, 1)
    assert statement > 3
    assert added(app) == 1
