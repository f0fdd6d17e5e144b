"""Who may speak for whom: accounts, and accreditations, each with its entries in the ledger.

What is proposed about accreditations, and what a second person decides, is the matter of ``requesting``.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from flask_security import hash_password
from sqlalchemy import ColumnElement, select

from tracker import clock, ledger
from tracker.errors import DateRefused, NotAccredited, NotStaff
from tracker.extensions import db
from tracker.facts import facts_of, subject_of
from tracker.identity import security_log
from tracker.models import Account, AccountRole, Accreditation, LedgerEntry, Participant
from tracker.vocabulary import Action, Role, SecurityAction


def open_account(
    *,
    email: str,
    name: str,
    password: str | None,
    staff: bool = False,
    administrator: bool = False,
    language: str = "en",
) -> Account:
    """Make an account and return it. The address is kept in lower case.

    Args:
        email: the address with which the person signs in.
        name: the person's name, shown at the desk; never in the ledger.
        password: in clear; only its argon2id hash is kept. Without one nobody can sign in yet.
        staff: whether the person works for the secretariat.
        administrator: whether the person administers it, and so works for it.
        language: that of the mails which the person gets, by its tag.
    """
    account = Account(
        email=email.lower(),
        name=name,
        password=hash_password(password) if password else None,
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        actor=f"person/{uuid.uuid4().hex[:16]}",
        language=language,
        roles=[
            *([role_of(Role.STAFF)] if staff or administrator else []),
            *([role_of(Role.ADMINISTRATOR)] if administrator else []),
        ],
    )
    db.session.add(account)
    db.session.flush()
    return account


def account_at(email: str) -> Account | None:
    """Return the account with an address, if there is one."""
    return db.session.scalars(select(Account).filter_by(email=email.lower())).one_or_none()


def accredit(
    account: Account,
    participant: Participant,
    *,
    starts_on: date,
    ends_on: date | None = None,
    is_head: bool = False,
    name: str | None = None,
    office: str | None = None,
    reference: str | None = None,
    letter: str | None = None,
    by: Account | None = None,
    proposed_by: Account | None = None,
) -> LedgerEntry:
    """Let a person act for a participant, from a day, until a day, both included; return the entry.

    Args:
        is_head: whether the person may propose colleagues.
        name: the name under which the person is accredited, where it is not that of the account.
        office: what the person is at the participant, where it is known.
        reference: its name in the ledger, where that was promised already.
        letter: the SHA-256 of the credentials letter, where one names the person.
        by: who approved it; ``None`` for the operator.
        proposed_by: who proposed it.

    Raises:
        DateRefused: the last day comes before the first.
    """
    if ends_on is not None and ends_on < starts_on:
        raise DateRefused
    accreditation = Accreditation(
        account=account,
        participant=participant,
        starts_on=starts_on,
        ends_on=ends_on,
        reference=reference or str(uuid.uuid4()),
        is_head=is_head,
        name=name or account.name,
        office=office or None,
    )
    db.session.add(accreditation)
    db.session.flush()
    bound = _private(accreditation) | ({"credentials": letter} if letter else {})
    return _enter(accreditation, Action.ACCREDITED, by, proposed_by, bound)


def change(
    accreditation: Accreditation,
    *,
    starts_on: date,
    ends_on: date | None,
    is_head: bool,
    by: Account,
    proposed_by: Account,
) -> LedgerEntry:
    """Change the days of an accreditation, or whether the person is a head representative; return the entry."""
    accreditation.starts_on, accreditation.ends_on, accreditation.is_head = starts_on, ends_on, is_head
    return _enter(accreditation, Action.ACCREDITATION_CHANGED, by, proposed_by)


def end(accreditation: Accreditation, *, last_day: date, by: Account, proposed_by: Account) -> LedgerEntry:
    """End an accreditation with a day, on which it holds for the last time unless it is suspended; return the entry."""
    accreditation.ends_on = last_day
    return _enter(accreditation, Action.ACCREDITATION_ENDED, by, proposed_by)


def suspend(accreditation: Accreditation, *, by: Account) -> LedgerEntry:
    """Let an accreditation hold no more from this moment on, until somebody else decides; return the entry."""
    accreditation.suspended_on = max(clock.today(), accreditation.starts_on)
    return _enter(accreditation, Action.ACCREDITATION_SUSPENDED, by, None)


def restore(accreditation: Accreditation, *, by: Account, proposed_by: Account) -> LedgerEntry:
    """Let an accreditation hold again that was suspended; return the entry."""
    accreditation.suspended_on = None
    return _enter(accreditation, Action.ACCREDITATION_RESTORED, by, proposed_by)


def forget(accreditation: Accreditation) -> None:
    """Forget the name, address and office under which a person was accredited. The entries stand.

    The letter goes with the request that it came with.
    """
    ledger.lock()
    accreditation.name = accreditation.office = None
    ledger.forget(subject_of(accreditation), "name", "email", "office", "credentials")
    db.session.flush()


def enter_earlier_ones() -> int:
    """Enter in the ledger the accreditations from before it recorded any; return how many there were."""
    ledger.lock()
    earlier = list(db.session.scalars(select(Accreditation).filter_by(reference=None).order_by(Accreditation.id)))
    for accreditation in earlier:
        accreditation.reference = str(uuid.uuid4())
        accreditation.name = accreditation.account.name
        _enter(accreditation, Action.ACCREDITED, None, None, _private(accreditation))
    return len(earlier)


def of(participant: Participant) -> list[Accreditation]:
    """Return every accreditation of a participant, the earliest first."""
    query = select(Accreditation).filter_by(participant_id=participant.id)
    return list(db.session.scalars(query.order_by(Accreditation.starts_on, Accreditation.id)))


def accreditation(reference: str) -> Accreditation | None:
    """Return an accreditation by its name in the ledger."""
    return db.session.scalars(select(Accreditation).filter_by(reference=reference)).one_or_none()


def is_head(account: Account, participant: Participant) -> bool:
    """Whether a person is a head representative of a participant today."""
    return account in heads_of(participant)


def heads_of(participant: Participant) -> list[Account]:
    """Return the head representatives of a participant today, in the order in which their accounts were made."""
    return _people(participant, clock.today(), Accreditation.is_head.is_(True))


def is_last_head(accreditation: Accreditation) -> bool:
    """Whether the participant would have no head representative today without this accreditation."""
    heads = heads_of(accreditation.participant)
    return accreditation.is_head and heads == [accreditation.account]


def may_act_for(account: Account, participant: Participant, day: date) -> bool:
    """Whether a person is accredited to act for a participant on a day."""
    held = select(Accreditation).filter_by(account_id=account.id, participant_id=participant.id)
    return any(accreditation.holds_on(day) for accreditation in db.session.scalars(held))


def representatives_of(participant: Participant, day: date) -> list[Account]:
    """Return the people who may act for a participant on a day, in the order in which their accounts were made."""
    return _people(participant, day)


def staff() -> list[Account]:
    """Return the people who work for the secretariat, in the order in which their accounts were made."""
    return _active_with(Role.STAFF)


def administrators() -> list[Account]:
    """Return the people who administer the secretariat, in the order in which their accounts were made."""
    return _active_with(Role.ADMINISTRATOR)


def role_of(role: Role) -> AccountRole:
    """Return a role as Flask-Security keeps it; it is made where nobody has had it yet."""
    return db.session.scalars(select(AccountRole).filter_by(name=role.value)).first() or AccountRole(name=role.value)


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


def holds_on(day: date) -> ColumnElement[bool]:
    """Return the condition that an accreditation holds on a day, as ``Accreditation.holds_on`` has it."""
    return sa.and_(
        Accreditation.starts_on <= day,
        sa.or_(Accreditation.ends_on.is_(None), Accreditation.ends_on >= day),
        sa.or_(Accreditation.suspended_on.is_(None), Accreditation.suspended_on > day),
    )


def _people(participant: Participant, day: date, *conditions: ColumnElement[bool]) -> list[Account]:
    held = sa.exists().where(
        Accreditation.account_id == Account.id,
        Accreditation.participant_id == participant.id,
        holds_on(day),
        *conditions,
    )
    return list(db.session.scalars(select(Account).where(Account.active, held).order_by(Account.id)))


def _enter(
    accreditation: Accreditation,
    action: Action,
    by: Account | None,
    proposed_by: Account | None,
    private: Mapping[str, str] | None = None,
) -> LedgerEntry:
    db.session.flush()
    if by is not None:  # what the operator does stands in the ledger alone
        said = {"act": action.value, "participant": accreditation.participant.slug}
        security_log.record(SecurityAction.ACCREDITATION, account=accreditation.account, by=by, **said)
    payload = {**facts_of(accreditation), "proposed_by": proposed_by.actor if proposed_by else None}
    return ledger.append(by=by, action=action, subject=subject_of(accreditation), payload=payload, private=private)


def _private(accreditation: Accreditation) -> dict[str, str]:
    """Return what the ledger binds of a person without saying it."""
    said = {"name": accreditation.name, "email": accreditation.account.email, "office": accreditation.office}
    return {field: value for field, value in said.items() if value}


def _active_with(role: Role) -> list[Account]:
    query = select(Account).where(Account.active, Account.roles.any(AccountRole.name == role.value))
    return list(db.session.scalars(query.order_by(Account.id)))
