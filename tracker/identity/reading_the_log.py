"""The security log as it is read: whose events somebody sees, what they look for, and a page at a time.

Administrators see every event. Other staff see those about people who do not work for the secretariat, those about
nobody who has an account, and those about themselves or that they caused. What an administrator does to another one of
the staff, and what a colleague does with their own account, is not theirs to see: whoever is looked into is not to be
warned by a colleague, and nobody looks over a colleague's shoulder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.extensions import db
from tracker.models import Account, AccountRole, Accreditation, SecurityEvent
from tracker.models.account import FORGOTTEN, account_role
from tracker.texts import comparable
from tracker.vocabulary import Role, SecurityAction

#: How many events stand on a page.
A_PAGE = 100


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is looked for; nothing asked leaves every event.

    Attributes:
        person: a part of the name or of the address of whom an event concerns, or of who caused it.
        since, until: days in UTC, both included.
        address: how the network address begins.
        words: each of them stands somewhere in what is said.
    """

    person: str = ""
    action: SecurityAction | None = None
    since: date | None = None
    until: date | None = None
    address: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody in an event, as they are called now; who was forgotten has no address."""

    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """An event, read.

    Attributes:
        person: whom it concerns; ``None`` where that is nobody with an account.
        by: who caused it; ``None`` where that is nobody with an account, or nobody who had proved who they are.
        said: what else is known of it, by name.
    """

    number: int
    at: datetime
    action: SecurityAction
    person: Person | None
    by: Person | None
    address: str
    agent: str
    said: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Page:
    """The events of a page, the newest first, and before which number those of its neighbours begin.

    Attributes:
        newer: ``0`` where the newer page is the first one, which has no number; ``None`` where there is none.
        older: ``None`` where there is none.
    """

    events: list[Told]
    newer: int | None
    older: int | None


def page_of(reader: Account, asked: Asked, *, before: int | None = None) -> Page:
    """Return the events before a number, and so the same ones however many come in; without one the newest."""
    shown = [SecurityEvent.id < before] if before else []
    found = _told(reader, asked, *shown, most=A_PAGE + 1)
    events = found[:A_PAGE]
    older = events[-1].number if len(found) > A_PAGE else None
    return Page(events=events, newer=_newer(reader, asked, before) if before else None, older=older)


def count(reader: Account, asked: Asked) -> int:
    """Return how many events there are."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(SecurityEvent).where(*_which(reader, asked))) or 0


def events(reader: Account, asked: Asked) -> Iterator[Told]:
    """Return every event, the newest first."""
    return iter(_told(reader, asked))


def _newer(reader: Account, asked: Asked, before: int) -> int:
    """Return before which number the next newer page begins; 0 where it is the first one."""
    query = sa.select(SecurityEvent.id).where(*_which(reader, asked), SecurityEvent.id >= before)
    later = list(db.session.scalars(query.order_by(SecurityEvent.id).limit(A_PAGE + 1)))
    return later[A_PAGE] if len(later) > A_PAGE else 0


def _told(reader: Account, asked: Asked, *conditions: sa.ColumnElement[bool], most: int | None = None) -> list[Told]:
    person, actor = aliased(Account), aliased(Account)
    names: list[Any] = [person.name.label("name"), person.email.label("email")]
    names += [actor.name.label("by_name"), actor.email.label("by_email")]
    query = (
        sa.select(SecurityEvent, *names)
        .outerjoin(person, person.id == SecurityEvent.account_id)
        .outerjoin(actor, actor.id == SecurityEvent.by_id)
        .where(*_which(reader, asked), *conditions)
        .order_by(SecurityEvent.id.desc())
        .limit(most)
    )
    return [_read(*row) for row in db.session.execute(query)]


def _read(event: SecurityEvent, name: str, email: str, by_name: str, by_email: str) -> Told:
    return Told(
        number=event.id,
        at=event.at,
        action=event.action,
        person=_person(name, email) if event.account_id else None,
        by=_person(by_name, by_email) if event.by_id else None,
        address=event.address,
        agent=event.agent,
        said=json.loads(event.said),
    )


def _person(name: str, email: str) -> Person:
    return Person(name=name, email="" if email.endswith(f"@{FORGOTTEN}") else email)


def _which(reader: Account, asked: Asked) -> list[sa.ColumnElement[bool]]:
    conditions = [] if reader.is_administrator else [_may_be_seen_by(reader)]
    if asked.person:
        people = _people_called(asked.person)
        conditions.append(sa.or_(SecurityEvent.account_id.in_(people), SecurityEvent.by_id.in_(people)))
    if asked.action:
        conditions.append(SecurityEvent.action == asked.action)
    if asked.since:
        conditions.append(SecurityEvent.at >= _beginning(asked.since))
    if asked.until:
        conditions.append(SecurityEvent.at < _beginning(asked.until) + timedelta(days=1))
    if asked.address:
        conditions.append(SecurityEvent.address.startswith(asked.address.lower(), autoescape=True))
    said = sa.func.lower(SecurityEvent.said)
    return conditions + [said.contains(word.lower(), autoescape=True) for word in asked.words]


def _may_be_seen_by(staff: Account) -> sa.ColumnElement[bool]:
    roles = (Role.STAFF.value, Role.ADMINISTRATOR.value)
    secretariat = (
        sa.select(account_role.c.account_id)
        .join(AccountRole, AccountRole.id == account_role.c.role_id)
        .where(AccountRole.name.in_(roles))
    )
    about = sa.func.coalesce(SecurityEvent.account_id, SecurityEvent.by_id)
    return sa.or_(
        about.is_(None),
        about.not_in(secretariat),
        SecurityEvent.account_id == staff.id,
        SecurityEvent.by_id == staff.id,
    )


def _people_called(words: str) -> list[int]:
    """Return whose name or address has these words in it, whatever their case and accents."""
    sought = comparable(words)
    accredited = sa.select(Accreditation.account_id, Accreditation.name).where(Accreditation.name.is_not(None))
    names = [
        *db.session.execute(sa.select(Account.id, Account.name)),
        *db.session.execute(sa.select(Account.id, Account.email)),
        *db.session.execute(accredited),
    ]
    return sorted({whose for whose, name in names if sought in comparable(name)})


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
