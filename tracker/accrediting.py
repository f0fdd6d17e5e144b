"""Who may speak for whom."""

from __future__ import annotations

import secrets
import uuid
from datetime import date

import sqlalchemy as sa
from flask_security import hash_password
from sqlalchemy import select

from tracker import clock
from tracker.errors import DateRefused, NotAccredited, NotStaff
from tracker.extensions import db
from tracker.models import Account, AccountRole, Accreditation, Participant
from tracker.vocabulary import Role


def open_account(*, email: str, name: str, password: str, staff: bool = False, language: str = "en") -> Account:
    """Make an account and return it. The address is kept in lower case.

    Args:
        email: the address with which the person signs in.
        name: the person's name, shown at the desk; never in the ledger.
        password: in clear; only its argon2id hash is kept.
        staff: whether the person works for the secretariat.
        language: that of the mails which the person gets, by its tag.
    """
    account = Account(
        email=email.lower(),
        name=name,
        password=hash_password(password),
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        actor=f"person/{uuid.uuid4().hex[:16]}",
        language=language,
        roles=[_role(Role.STAFF)] if staff else [],
    )
    db.session.add(account)
    db.session.flush()
    return account


def accredit(account: Account, participant: Participant, *, starts_on: date, ends_on: date | None = None) -> None:
    """Let a person act for a participant, from a day, until a day; both are included.

    Raises:
        DateRefused: the last day comes before the first.
    """
    if ends_on is not None and ends_on < starts_on:
        raise DateRefused
    db.session.add(Accreditation(account=account, participant=participant, starts_on=starts_on, ends_on=ends_on))
    db.session.flush()


def may_act_for(account: Account, participant: Participant, day: date) -> bool:
    """Whether a person is accredited to act for a participant on a day."""
    held = select(Accreditation).filter_by(account_id=account.id, participant_id=participant.id)
    return any(accreditation.holds_on(day) for accreditation in db.session.scalars(held))


def representatives_of(participant: Participant, day: date) -> list[Account]:
    """Return the people who may act for a participant on a day, in the order in which their accounts were made."""
    holds = sa.and_(
        Accreditation.account_id == Account.id,
        Accreditation.participant_id == participant.id,
        Accreditation.starts_on <= day,
        sa.or_(Accreditation.ends_on.is_(None), Accreditation.ends_on >= day),
    )
    query = select(Account).where(Account.active, sa.exists().where(holds)).order_by(Account.id)
    return list(db.session.scalars(query))


def staff() -> list[Account]:
    """Return the people who work for the secretariat, in the order in which their accounts were made."""
    query = select(Account).where(Account.active, Account.roles.any(AccountRole.name == Role.STAFF.value))
    return list(db.session.scalars(query.order_by(Account.id)))


def choose_language(account: Account, language: str) -> None:
    """Write to a person in a language from now on, by its tag."""
    account.language = language
    db.session.flush()


def held_by(account: Account) -> list[Accreditation]:
    """Return a person's accreditations, those that ended and those to come among them."""
    query = select(Accreditation).filter_by(account_id=account.id).join(Accreditation.participant)
    return list(db.session.scalars(query.order_by(Participant.slug, Accreditation.starts_on)))


def require_accredited(account: Account, participant: Participant) -> None:
    """Refuse somebody who may not act for the participant today.

    Raises:
        NotAccredited: no accreditation of the person holds today.
    """
    if not account.active or not may_act_for(account, participant, clock.today()):
        raise NotAccredited


def require_staff(account: Account) -> None:
    """Refuse somebody who does not work for the secretariat.

    Raises:
        NotStaff: the person has no such role.
    """
    if not account.active or not account.is_staff:
        raise NotStaff


def _role(role: Role) -> AccountRole:
    return db.session.scalars(select(AccountRole).filter_by(name=role.value)).first() or AccountRole(name=role.value)
