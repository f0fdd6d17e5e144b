"""The weekly digest for staff: what waits and how long, and what was decided in the week before.

It is put into the outbox by whoever delivers, on the first delivery of a week; the database lets nobody have two of one
week.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from tracker import accrediting, awaiting, clock
from tracker.awaiting import Waiting
from tracker.extensions import db
from tracker.mails.posting import names_in, names_of, write
from tracker.models import Account, Act, LedgerEntry, Mail
from tracker.vocabulary import PUBLIC_ACTS, Action, Notice

#: The most that one list of a digest names; it says how many more there are.
MOST_LISTED = 25


def due() -> list[Account]:
    """Return the staff who have not been told yet of the week before this one."""
    occasions = {_occasion(person): person for person in accrediting.staff()}
    told = set(db.session.scalars(select(Mail.occasion).where(Mail.occasion.in_(occasions))))
    return [person for occasion, person in occasions.items() if occasion not in told]


def post() -> int:
    """Put this week's digest into the outbox for those who have none yet; return for how many."""
    people = due()
    if not people:
        return 0
    posted, facts = 0, facts_of_week(monday_of(clock.today()))
    for person in people:
        try:
            with db.session.begin_nested():
                write(person, Notice.DIGEST, facts, occasion=_occasion(person))
        except IntegrityError:  # another deliverer was faster
            continue
        posted += 1
    return posted


def facts_of_week(monday: date) -> dict[str, Any]:
    """Return what the digest of a Monday says: what waits on that day, and what happened in the week before it."""
    return {
        "from": monday - timedelta(days=7),
        "until": monday - timedelta(days=1),
        "waiting": _waiting(),
        "returned": _happened((Action.RETURNED,), monday),
        "recorded": _happened(PUBLIC_ACTS, monday),
    }


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _occasion(person: Account) -> str:
    year, week, _ = clock.today().isocalendar()
    return f"digest/{year}-W{week:02}/{person.actor}"


def _waiting() -> dict[str, Any]:
    """Return what waits for a decision, the oldest first."""
    found = awaiting.for_decision()
    return {"count": len(found), "listed": [_waits(each) for each in found[:MOST_LISTED]]}


def _waits(each: Waiting) -> dict[str, Any]:
    return {
        **names_in(each.participant, each.cohort),
        each.place: each.reference,
        "matter": each.matter,
        "subject": each.subject or None,
        "title": each.title,
        "person": each.person or None,
        "days": each.days,
    }


def _happened(actions: Collection[Action], monday: date) -> dict[str, Any]:
    """Return the acts that people recorded in the week before a Monday; what the operator loaded is no news."""
    end = datetime.combine(monday, time(), UTC)
    query = (
        select(Act)
        .join(LedgerEntry, LedgerEntry.sequence == Act.entry_sequence)
        .where(Act.action.in_(actions), Act.by_id.is_not(None))
        .where(LedgerEntry.recorded_at >= end - timedelta(days=7), LedgerEntry.recorded_at < end)
    )
    listed = query.order_by(Act.entry_sequence.desc()).limit(MOST_LISTED)
    return {
        "count": _size(query),
        "listed": [
            {**names_of(each.endorsement), "action": each.action, "recorded_on": each.entry.recorded_at.date()}
            for each in db.session.scalars(listed)
        ],
    }


def _size(query: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
