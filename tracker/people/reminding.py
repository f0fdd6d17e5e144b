"""Reminders: that an accreditation ends soon, and that it has ended. Who delivers mail puts them into the outbox.

Each is told once; the database sees to that, as it does for the weekly digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from tracker import accrediting, clock
from tracker.extensions import db
from tracker.mails import posting
from tracker.models import Account, Accreditation
from tracker.people import telling
from tracker.vocabulary import Notice, Tenure

#: How long before its last day people are reminded of it; as long after it, they are still told that it was.
AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Reminder:
    """What a person is to be told of an accreditation."""

    person: Account
    notice: Notice
    accreditation: Accreditation

    @property
    def occasion(self) -> str:
        """What can be told once alone."""
        return telling.occasion(self.accreditation, self.person, self.notice)


def due() -> list[Reminder]:
    """Return the reminders that are to be written and were not yet."""
    every = list(_every())
    told = telling.told([each.occasion for each in every])
    return [each for each in every if each.occasion not in told]


def post() -> int:
    """Put the reminders into the outbox that are not there yet; return how many."""
    posted = 0
    for each in due():
        try:
            with db.session.begin_nested():
                posting.write(each.person, each.notice, telling.facts_of(each.accreditation), occasion=each.occasion)
        except IntegrityError:  # another deliverer was faster
            continue
        posted += 1
    return posted


def _every() -> Iterator[Reminder]:
    today = clock.today()
    query = (
        select(Accreditation)
        .where(Accreditation.ends_on.between(today - AHEAD, today + AHEAD))
        .options(joinedload(Accreditation.account), joinedload(Accreditation.participant))
        .order_by(Accreditation.ends_on, Accreditation.id)
    )
    for accreditation in db.session.scalars(query):
        notices = _notices(accreditation)
        for person, notice in telling.circle(accreditation, notices) if notices else ():
            yield Reminder(person, notice, accreditation)


def _notices(accreditation: Accreditation) -> tuple[Notice, Notice] | None:
    """Return what is to be told of an accreditation; nothing where it goes on by another one, or was as short."""
    today, last = clock.today(), accreditation.ends_on
    if last is None or _goes_on(accreditation, max(today, last + timedelta(days=1))):
        return None
    if accreditation.tenure(today) is Tenure.ENDED:
        return telling.ENDED
    longer = last - accreditation.starts_on > AHEAD
    return telling.ENDING if longer and accreditation.holds_on(today) else None


def _goes_on(accreditation: Accreditation, day: date) -> bool:
    return accrediting.may_act_for(accreditation.account, accreditation.participant, day)
