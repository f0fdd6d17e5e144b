"""Rights: who works for the secretariat, who administers it, and whose account is open.

Only administrators manage the secretariat's people; staff manage everybody else's accounts. Nobody raises their own
rights or deactivates themselves, and one active administrator is always left. Whatever changes ends the person's
sessions at once, is told to them and to the administrators, and stands in the security log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from flask_babel import lazy_gettext

from tracker import accrediting, ledger
from tracker.errors import AccountClosed, LastAdministrator, NotAdministrator, NothingChanged, OwnRights, RightsStale
from tracker.extensions import db
from tracker.identity import links, security_log, sessions, telling_of_rights
from tracker.models import Account
from tracker.vocabulary import LinkPurpose, Role, SecurityAction


class Change(StrEnum):
    """What can become of a person's rights, as the addresses of pages name it."""

    MAKE_STAFF = "make-staff"
    END_STAFF = "end-staff"
    MAKE_ADMINISTRATOR = "make-administrator"
    END_ADMINISTRATOR = "end-administrator"
    DEACTIVATE = "deactivate"
    REACTIVATE = "reactivate"


_AS_IT_IS = lazy_gettext("The account stands so already.")
_FORGOTTEN = lazy_gettext("The person was forgotten on request, so nobody can use this account any more.")
_DEACTIVATED = lazy_gettext("This account is deactivated. Reactivate it first.")


def make_staff(account: Account, *, by: Account | None, seen: int | None = None) -> None:
    """Let a person work for the secretariat.

    Args:
        account: whose rights change.
        by: the administrator who changes them; ``None`` for the operator.
        seen: what the administrator's form says of the rights as they were (:func:`seen_of`).

    Raises:
        NotAdministrator, OwnRights: the person may not do this, or not to themselves.
        AccountClosed: the account is deactivated.
        NothingChanged, RightsStale: it stands so already, or somebody changed it meanwhile.
    """
    _take_up(account, by, seen)
    _require_right_to_raise(account, by)
    _give(account, Role.STAFF)
    _changed(account, SecurityAction.MADE_STAFF, by)


def make_administrator(account: Account, *, by: Account | None, seen: int | None = None) -> None:
    """Let a person administer the secretariat, and so work for it.

    Args:
        account: whose rights change.
        by: the administrator who changes them; ``None`` for the operator.
        seen: as for :func:`make_staff`.

    Raises:
        NotAdministrator, OwnRights, AccountClosed, NothingChanged, RightsStale: as for :func:`make_staff`.
    """
    _take_up(account, by, seen)
    _require_right_to_raise(account, by)
    _give(account, Role.ADMINISTRATOR)
    _changed(account, SecurityAction.MADE_ADMINISTRATOR, by)


def end_administrator(account: Account, *, by: Account, seen: int | None = None) -> None:
    """Let a person administer the secretariat no more; they go on working for it. One may give it up oneself.

    Raises:
        NotAdministrator, NothingChanged, RightsStale: as for :func:`make_staff`.
        LastAdministrator: no other active administrator would be left.
    """
    _take_up(account, by, seen)
    _require_administrator(by)
    _take(account, Role.ADMINISTRATOR)
    _changed(account, SecurityAction.ENDED_ADMINISTRATOR, by)


def end_staff(account: Account, *, by: Account, seen: int | None = None) -> None:
    """Let a person work for the secretariat no more, nor administer it. One may give it up oneself.

    Raises:
        NotAdministrator, NothingChanged, RightsStale: as for :func:`make_staff`.
        LastAdministrator: no other active administrator would be left.
    """
    _take_up(account, by, seen)
    _require_administrator(by)
    _take(account, Role.STAFF)
    _changed(account, SecurityAction.ENDED_STAFF, by)


def deactivate(account: Account, *, by: Account, seen: int | None = None) -> None:
    """Close an account: from this moment on the person can do nothing.

    Raises:
        NotAdministrator, NotStaff: the person may not manage this account.
        OwnRights: it is the person's own.
        LastAdministrator: no other active administrator would be left.
        NothingChanged, RightsStale: as for :func:`make_staff`.
    """
    _take_up(account, by, seen)
    _require_right_to_manage(account, by)
    if not account.active:
        raise NothingChanged(_AS_IT_IS)
    _require_another_administrator(account)
    account.active = False
    for purpose in LinkPurpose:
        links.withdraw_all(account, purpose)
    _changed(account, SecurityAction.DEACTIVATED, by)


def reactivate(account: Account, *, by: Account, seen: int | None = None) -> None:
    """Open an account again, with the rights that it had.

    Raises:
        AccountClosed: the person was forgotten on request.
        NotAdministrator, NotStaff, OwnRights, NothingChanged, RightsStale: as for :func:`deactivate`.
    """
    _take_up(account, by, seen)
    _require_right_to_manage(account, by)
    if account.is_forgotten:
        raise AccountClosed(_FORGOTTEN)
    if account.active:
        raise NothingChanged(_AS_IT_IS)
    account.active = True
    _changed(account, SecurityAction.REACTIVATED, by)


VERBS: Mapping[Change, Callable[..., None]] = {
    Change.MAKE_STAFF: make_staff,
    Change.END_STAFF: end_staff,
    Change.MAKE_ADMINISTRATOR: make_administrator,
    Change.END_ADMINISTRATOR: end_administrator,
    Change.DEACTIVATE: deactivate,
    Change.REACTIVATE: reactivate,
}


def possible(account: Account, *, by: Account) -> list[Change]:
    """Return what a person may do with the rights of an account as they stand."""
    may = []
    if by.is_administrator:
        if account.is_staff and not is_last_administrator(account):
            may += [Change.END_ADMINISTRATOR] if account.is_administrator else []
            may += [Change.END_STAFF]
        if account.active and by.id != account.id and not account.is_administrator:
            may += [Change.MAKE_ADMINISTRATOR] if account.is_staff else [Change.MAKE_STAFF]
    manages = by.is_administrator if account.is_staff else by.is_staff
    if manages and by.id != account.id and not account.is_forgotten:
        may += [Change.DEACTIVATE] if account.active else [Change.REACTIVATE]
    return may


def is_last_administrator(account: Account) -> bool:
    """Whether no other active administrator would be left without this one."""
    return account.is_administrator and account.active and accrediting.administrators() == [account]


def seen_of(account: Account) -> int:
    """Return what a form remembers of an account's rights, to tell whether somebody changed them meanwhile."""
    return 1 + account.active + 2 * account.is_staff + 4 * account.is_administrator  # forms take 0 for nothing


def _take_up(account: Account, by: Account | None, seen: int | None) -> None:
    """Take the register's one lock, so that two who change rights do so one after the other, and look again."""
    ledger.lock()
    for person in filter(None, (account, by)):
        db.session.refresh(person)
    if seen is not None and seen != seen_of(account):
        raise RightsStale


def _require_administrator(by: Account | None) -> None:
    """Refuse everybody but administrators, and the operator."""
    if by and not (by.active and by.is_administrator):
        raise NotAdministrator


def _require_right_to_raise(account: Account, by: Account | None) -> None:
    _require_administrator(by)
    if by and by.id == account.id:
        raise OwnRights
    if not account.active:
        raise AccountClosed(_DEACTIVATED)


def _require_right_to_manage(account: Account, by: Account) -> None:
    if account.is_staff:
        _require_administrator(by)
    accrediting.require_staff(by)
    if by.id == account.id:
        raise OwnRights


def _require_another_administrator(account: Account) -> None:
    if is_last_administrator(account):
        raise LastAdministrator


def _give(account: Account, role: Role) -> None:
    """Give somebody a role; an administrator works for the secretariat."""
    held = {each.name for each in account.roles}
    if role in held:
        raise NothingChanged(_AS_IT_IS)
    account.roles += [accrediting.role_of(each) for each in {Role.STAFF, role} if each not in held]


def _take(account: Account, role: Role) -> None:
    """Take a role from somebody; who works for the secretariat no more administers it no more."""
    if role not in {each.name for each in account.roles}:
        raise NothingChanged(_AS_IT_IS)
    _require_another_administrator(account)
    account.roles = [each for each in account.roles if role is not Role.STAFF and each.name != role]


def _changed(account: Account, action: SecurityAction, by: Account | None) -> None:
    """End the person's sessions, and say what was done: in the security log, to them, to the administrators."""
    db.session.flush()
    sessions.end_all(account)
    security_log.record(action, account=account, by=by)
    telling_of_rights.of_change(account, action, by)
