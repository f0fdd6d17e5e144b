"""Security events go when they are old, and nothing else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import current_app

from tests.identity.test_reading_the_log import an_event
from tests.world import World
from tracker import clock, ledger, verifying
from tracker.extensions import db
from tracker.identity import purging_the_log, sessions
from tracker.mails import mailing
from tracker.models import SecurityEvent, SignInSession
from tracker.vocabulary import SignInWay


def test_an_old_event_is_deleted(register: World) -> None:
    an_event(account=register.alice, days=366)
    kept = an_event(account=register.alice, days=364)
    assert purging_the_log.due()
    assert purging_the_log.purge() == 1
    assert db.session.scalars(db.select(SecurityEvent.id)).all() == [kept.id]
    assert not purging_the_log.due()


def test_old_sessions_go_and_the_last_one_of_a_person_stays(register: World) -> None:
    with time_machine.travel(clock.now() - timedelta(days=366)):
        for person in (register.alice, register.alice, register.bruno):
            sessions.open_(person, way=SignInWay.PASSWORD)
    sessions.open_(register.bruno, way=SignInWay.PASSWORD)
    purging_the_log.purge()
    left = db.session.scalars(db.select(SignInSession).order_by(SignInSession.id)).all()
    assert [each.account for each in left] == [register.alice, register.bruno]
    assert sessions.last_sign_in(register.alice) is left[0]


def test_an_installation_keeps_them_for_as_long_as_it_sets(register: World, monkeypatch: pytest.MonkeyPatch) -> None:
    an_event(account=register.alice, days=31)
    assert purging_the_log.purge() == 0
    monkeypatch.setitem(current_app.config, "SECURITY_LOG_KEPT", timedelta(days=30))
    assert purging_the_log.purge() == 1


def test_a_delivery_of_mails_deletes_them(register: World) -> None:
    an_event(account=register.alice, days=366)
    db.session.commit()
    mailing.tidy()
    assert db.session.scalars(db.select(SecurityEvent.id)).all() == []


def test_the_ledger_takes_no_notice(register: World) -> None:
    before = ledger.head()
    an_event(account=register.alice, days=366)
    purging_the_log.purge()
    assert ledger.head() == before
    assert verifying.verify() is None
