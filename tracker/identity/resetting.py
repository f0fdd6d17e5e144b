"""A lost second factor: one member of the secretariat asks that it be taken away, and a second one decides.

Whoever asks has recognised the person by another channel than the mails of this register, and says how. With the second
factor everything else goes by which the person signed in: they set their account up anew by a mailed link. They are
told of the wish when it is made, and of what became of it, so that they can object to what they did not ask for.
"""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from flask_babel import lazy_gettext
from sqlalchemy import select

from tracker import accrediting, clock, ledger
from tracker.errors import (
    AccountClosed,
    AlreadyProposed,
    AskerGone,
    Incomplete,
    NotAdministrator,
    NothingToReset,
    NotYourProposal,
    OwnReset,
    ResetStale,
)
from tracker.extensions import db
from tracker.identity import inviting, links, security_log, sessions, telling_of_resets
from tracker.models import Account, Authenticator, FactorReset, Passkey, RecoveryCode
from tracker.vocabulary import LinkPurpose, ResetStatus, SecurityAction

_DEACTIVATED = lazy_gettext("This account is deactivated. Reactivate it first.")
_NOT_YOURS = lazy_gettext("Only who asked for this can take it back. You can refuse it, with a reason.")


def ask(account: Account, *, note: str, by: Account) -> FactorReset:
    """Ask that a person's second factor be taken away, and return the wish.

    Args:
        account: whose second factor is lost.
        note: how the person was recognised.
        by: who recognised them.

    Raises:
        NotStaff: the person who asks does not work for the secretariat.
        OwnReset: it is their own account.
        Incomplete: it is not said how the person was recognised.
        AccountClosed: the account is deactivated.
        NothingToReset: the person has not set up any way to sign in.
        AlreadyProposed: somebody asked for it already.
    """
    ledger.lock()
    accrediting.require_staff(by)
    _require_somebody_else(account, by)
    if not note.strip():
        raise Incomplete
    _require_active(account)
    if not can_be_reset(account):
        raise NothingToReset
    if open_one(account):
        raise AlreadyProposed
    reset = FactorReset(
        reference=str(uuid.uuid4()),
        account=account,
        status=ResetStatus.OPEN,
        note=note.strip(),
        asked_by=by,
        asked_at=clock.now(),
    )
    db.session.add(reset)
    db.session.flush()
    security_log.record(SecurityAction.RESET_ASKED, account=account, by=by)
    telling_of_resets.of_wish(reset, [each for each in accrediting.staff() if may_decide(reset, each)])
    return reset


def approve(reset: FactorReset, *, by: Account, version: int | None = None) -> None:
    """Take away all by which a person signs in, and mail them a link by which they set it up anew.

    Raises:
        NotStaff: the person who decides does not work for the secretariat.
        OwnReset: they asked for it, or it is their own account.
        NotAdministrator: it is the account of somebody of the secretariat, and they do not administer it.
        AskerGone: who asked for it works for the secretariat no more.
        AccountClosed: the account is deactivated.
        ResetStale: somebody decided meanwhile.
    """
    _take_up_to_decide(reset, by, version)
    if not (reset.asked_by.active and reset.asked_by.is_staff):
        raise AskerGone
    _require_active(reset.account)
    _decided(reset, ResetStatus.APPROVED, by)
    _take_everything(reset.account)
    security_log.record(SecurityAction.RESET_APPROVED, account=reset.account, by=by)
    telling_of_resets.of_approval(reset)
    inviting.invite_anew(reset.account, by=by)


def return_(reset: FactorReset, *, reason: str, by: Account, version: int | None = None) -> None:
    """Refuse to take a second factor away, with the reason, which is told to who asked for it.

    Raises:
        Incomplete: no reason is given.
        NotStaff, OwnReset, NotAdministrator, ResetStale: as for :func:`approve`.
    """
    _take_up_to_decide(reset, by, version)
    if not reason.strip():
        raise Incomplete
    reset.reason = reason.strip()
    _decided(reset, ResetStatus.RETURNED, by)
    security_log.record(SecurityAction.RESET_RETURNED, account=reset.account, by=by)
    telling_of_resets.of_return(reset)


def take_back(reset: FactorReset, *, by: Account, version: int | None = None) -> None:
    """Take the wish back, before anybody decided on it.

    Raises:
        NotYourProposal: somebody else asked for it.
        ResetStale: somebody decided meanwhile.
    """
    _take_up(reset, version)
    accrediting.require_staff(by)
    if reset.asked_by_id != by.id:
        raise NotYourProposal(_NOT_YOURS)
    _decided(reset, ResetStatus.TAKEN_BACK, by)
    security_log.record(SecurityAction.RESET_TAKEN_BACK, account=reset.account, by=by)
    telling_of_resets.of_end(reset)


def may_decide(reset: FactorReset, person: Account) -> bool:
    """Whether a person may decide on a wish: another one of the secretariat; for its own people, an administrator."""
    is_second = person.id not in (reset.asked_by_id, reset.account_id)
    return is_second and (person.is_administrator if reset.account.is_staff else person.is_staff)


def can_be_reset(account: Account) -> bool:
    """Whether a person has any way to sign in that could be taken away."""
    held = (select(table.account_id).filter_by(account_id=account.id) for table in (Passkey, Authenticator))
    return account.password is not None or db.session.scalar(sa.union_all(*held).limit(1)) is not None


def open_one(account: Account) -> FactorReset | None:
    """Return the wish about a person's second factor that waits for a decision, if there is one."""
    query = select(FactorReset).filter_by(account_id=account.id, status=ResetStatus.OPEN)
    return db.session.scalars(query).one_or_none()


def reset_at(reference: str) -> FactorReset | None:
    """Return a wish by its reference."""
    return db.session.scalars(select(FactorReset).filter_by(reference=reference)).one_or_none()


def _take_up(reset: FactorReset, version: int | None) -> None:
    """Take the register's one lock, and look at a wish again on which nobody has decided yet."""
    ledger.lock()
    for each in (reset, reset.account, reset.asked_by):
        db.session.refresh(each)
    if reset.status is not ResetStatus.OPEN or (version is not None and version != reset.version):
        raise ResetStale


def _take_up_to_decide(reset: FactorReset, by: Account, version: int | None) -> None:
    _take_up(reset, version)
    db.session.refresh(by)
    accrediting.require_staff(by)
    _require_somebody_else(reset.account, by)
    if by.id == reset.asked_by_id:
        raise OwnReset
    if not may_decide(reset, by):
        raise NotAdministrator


def _require_somebody_else(account: Account, by: Account) -> None:
    if account.id == by.id:
        raise OwnReset


def _require_active(account: Account) -> None:
    if not account.active:
        raise AccountClosed(_DEACTIVATED)


def _decided(reset: FactorReset, status: ResetStatus, by: Account) -> None:
    reset.status = status
    reset.decided_by = by
    reset.decided_at = clock.now()
    db.session.flush()


def _take_everything(account: Account) -> None:
    """Take away all by which a person signs in, and sign them out everywhere."""
    for table in (Passkey, Authenticator, RecoveryCode):
        db.session.execute(sa.delete(table).where(table.account_id == account.id))
    account.password = None
    for purpose in LinkPurpose:
        links.withdraw_all(account, purpose)
    sessions.end_all(account)
