"""How readers report that something is wrong, and what becomes of their reports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from tests.world import World
from tracker import clock, ledger
from tracker.disputes import reporting
from tracker.errors import Incomplete, NoAddress, NotStaff, Stale, TooMany, WrongStatus
from tracker.extensions import db
from tracker.mails import mailing, outbox, posting
from tracker.models import Mail, Report
from tracker.vocabulary import Notice, ReportStatus


def a_report(**more: Any) -> Report:
    facts = {"page": "/fr/participants/arcadia", "message": "The name is misspelt.", "language": "fr", **more}
    return reporting.report(**facts)


def mails(notice: Notice) -> list[Mail]:
    return [mail for mail in outbox.waiting(100) if mail.notice is notice]


def test_a_report_waits_for_the_secretariat(register: World) -> None:
    found = a_report()
    assert reporting.reports(ReportStatus.OPEN, 10) == [found]
    assert reporting.counts() == {ReportStatus.OPEN: 1, ReportStatus.ANSWERED: 0, ReportStatus.CLOSED: 0}


def test_the_same_once_more_within_a_minute_is_the_same_report(register: World) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        found = a_report(address="reader@example.org")
        traveller.shift(timedelta(seconds=59))
        assert a_report(address="reader@example.org") is found
        reporting.close(found, by=register.sam)
        assert a_report(address="reader@example.org") is found
        assert reporting.counts()[ReportStatus.OPEN] == 0
        traveller.shift(timedelta(seconds=2))
        assert a_report(address="reader@example.org") is not found


@pytest.mark.parametrize(
    "other",
    [
        {"page": "/fr/participants/borduria"},
        {"message": "The name is misspelt twice."},
        {"name": "Rea Der"},
        {"address": "reader@example.org"},
        {"language": "en"},
    ],
)
def test_what_says_something_else_is_another_report(register: World, other: dict[str, str]) -> None:
    found = a_report()
    assert a_report(**other) is not found


def test_the_same_once_more_is_not_one_too_many(register: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "MOST_IN_AN_HOUR", 1)
    with time_machine.travel(clock.now(), tick=False):
        assert a_report() is a_report()


def test_it_is_no_part_of_the_record(register: World) -> None:
    before = ledger.head()
    reporting.close(a_report(), by=register.sam)
    assert ledger.head() == before


def test_the_reader_is_answered_in_their_language(register: World) -> None:
    found = a_report(name="Rea Der", address="reader@example.org")
    reporting.answer(found, text="It is mended.", note="See entry 9.", by=register.sam)
    (mail,) = mails(Notice.REPORT_ANSWERED)
    assert (mail.address, mail.name, mail.language, mail.recipient) == ("reader@example.org", "Rea Der", "fr", None)
    assert "See entry 9." not in mail.facts
    assert posting.still_concerns(mail)
    assert (found.status, found.closed_by) == (ReportStatus.ANSWERED, register.sam)


def test_nobody_is_answered_who_left_no_address(register: World) -> None:
    with pytest.raises(NoAddress):
        reporting.answer(a_report(), text="It is mended.", by=register.sam)


def test_an_answer_says_something_and_so_does_a_report(register: World) -> None:
    with pytest.raises(Incomplete):
        reporting.answer(a_report(address="reader@example.org"), text=" ", by=register.sam)
    with pytest.raises(Incomplete):
        a_report(message=" \n")


def test_a_report_is_closed_once_and_by_staff_alone(register: World) -> None:
    found = a_report()
    with pytest.raises(NotStaff):
        reporting.close(found, by=register.alice)
    with pytest.raises(Stale):
        reporting.close(found, by=register.sam, version=found.version + 1)
    reporting.close(found, note="Nothing is wrong.", by=register.sam)
    with pytest.raises(WrongStatus):
        reporting.close(found, by=register.kim)
    assert mails(Notice.REPORT_ANSWERED) == []


def test_staff_are_told_once_a_day(register: World) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for number in range(3):
            a_report(message=f"The name is misspelt in {number} places.")
        assert [mail.name for mail in mails(Notice.REPORT_DUE)] == ["Sam", "Kim"]
        traveller.shift(timedelta(days=1))
        a_report()
        assert len(mails(Notice.REPORT_DUE)) == 4


def test_a_flood_is_held_and_ends_after_an_hour(register: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "MOST_IN_AN_HOUR", 3)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for number in range(3):
            reporting.close(a_report(message=f"The name is misspelt in {number} places."), by=register.sam)
        with pytest.raises(TooMany):
            a_report()
        traveller.shift(timedelta(hours=1))
        assert a_report().status is ReportStatus.OPEN


def test_what_a_reader_told_is_deleted_some_time_after(register: World) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        answered, closed, still_open = (
            a_report(address="reader@example.org", message=message) for message in ("A.", "B.", "C.")
        )
        reporting.answer(answered, text="It is mended.", by=register.sam)
        traveller.shift(timedelta(days=1))
        reporting.close(closed, by=register.sam)
        db.session.commit()
        traveller.shift(reporting.KEPT_FOR)
        mailing.tidy()
        assert [each.id for each in db.session.scalars(sa.select(Report).order_by(Report.id))] == [
            closed.id,
            still_open.id,
        ]
        assert mails(Notice.REPORT_ANSWERED) == []
        assert mails(Notice.REPORT_DUE)
        assert not reporting.due()
