"""The demo: accounts with a published password, for a register on one's own computer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from tracker import accrediting, clock, publishing
from tracker.extensions import db
from tracker.models import Account, Participant, ParticipantName, Text
from tracker.vocabulary import Kind

PASSWORD = "treaty-oak-lantern-42"  # noqa: S105  # nosec B105  # published on purpose; refused in production


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demo."""

    email: str
    name: str
    what: str
    country: str | None = None


ACCOUNTS = (
    DemoAccount("romania@example.org", "Ioana Radu", "represents Romania, which has not endorsed", "Romania"),
    DemoAccount("romania2@example.org", "Mihai Stan", "represents Romania too", "Romania"),
    DemoAccount("moldova@example.org", "Ana Rusu", "represents Moldova, whose endorsement is in force", "Moldova"),
    DemoAccount("staff@example.org", "Sam Ortega", "works for the secretariat"),
    DemoAccount("staff2@example.org", "Kim Berg", "works for the secretariat too"),
)
EMAILS = frozenset(account.email for account in ACCOUNTS)


def make() -> tuple[DemoAccount, ...]:
    """Make the demo's accounts and the country that has not endorsed yet, where they are missing; commit.

    Raises:
        RuntimeError: the demo is not switched on.
    """
    if not current_app.config["DEMO"]:
        raise RuntimeError("Demo accounts are made only where TRACKER_DEMO is on.")
    present = set(db.session.scalars(select(Account.email)))
    for demo in ACCOUNTS:
        if demo.email in present:
            continue
        account = accrediting.open_account(
            email=demo.email, name=demo.name, password=PASSWORD, staff=demo.country is None
        )
        if demo.country:
            accrediting.accredit(
                account, _country(demo.country), starts_on=clock.today() - timedelta(days=1), ends_on=None
            )
    db.session.commit()
    return ACCOUNTS


def _country(name: str) -> Participant:
    query = (
        select(Participant, ParticipantName)
        .join(ParticipantName, ParticipantName.participant_id == Participant.id)
        .where(Participant.kind == Kind.COUNTRY)
    )
    for participant, carried in db.session.execute(query):
        if str(carried.name) == name:
            return participant
    return publishing.add_participant(kind=Kind.COUNTRY, name=Text.of(name, fr="Roumanie"), iso_code="RO")
