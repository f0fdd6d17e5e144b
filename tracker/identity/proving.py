"""Who a person is, from what they know or hold. What it costs does not tell whether there is an account."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app

from tracker import accrediting, demonstration
from tracker.identity import authenticators, delays, passwords, recovery_codes, security_log
from tracker.models import Account
from tracker.vocabulary import DelayKind, SecurityAction, SignInWay


def by_password(email: str, password: str) -> Account | None:
    """Return the person whose address and password these are; ``None`` where they do not belong together.

    Raises:
        TryLater: too many wrong ones were entered; this one was not looked at.
    """
    delays.check(email, DelayKind.PASSWORD)
    account = accrediting.account_at(email)
    if passwords.matches(account, password) and account is not None and may_sign_in(account):
        delays.succeeded(email, DelayKind.PASSWORD)
        return account
    security_log.record(SecurityAction.SIGN_IN_FAILED, account=account, way=SignInWay.PASSWORD.value)
    delays.failed(email, DelayKind.PASSWORD)
    return None


def by_code(account: Account, code: str) -> bool:
    """Return whether a code of the person's authenticator app is right.

    Raises:
        TryLater: as for :func:`by_password`.
    """
    return _second_factor(account, code, authenticators.check)


def by_recovery_code(account: Account, code: str) -> bool:
    """Return whether a recovery code of the person is right, and use it up.

    Raises:
        TryLater: as for :func:`by_password`.
    """
    return _second_factor(account, code, recovery_codes.use)


def again(account: Account, password: str) -> bool:
    """Return whether a password is that of a person who is signed in.

    Raises:
        TryLater: as for :func:`by_password`.
    """
    email = account.email
    delays.check(email, DelayKind.PASSWORD)
    if passwords.matches(account, password):
        delays.succeeded(email, DelayKind.PASSWORD)
        return True
    security_log.record(SecurityAction.CONFIRMATION_FAILED, account=account, by=account)
    delays.failed(email, DelayKind.PASSWORD)
    return False


def _second_factor(account: Account, code: str, is_right: Callable[[Account, str], bool]) -> bool:
    delays.check(account.email, DelayKind.SECOND_FACTOR)
    if is_right(account, code):
        delays.succeeded(account.email, DelayKind.SECOND_FACTOR)
        return True
    security_log.record(SecurityAction.SECOND_FACTOR_FAILED, account=account)
    delays.failed(account.email, DelayKind.SECOND_FACTOR)
    return False


def may_sign_in(account: Account) -> bool:
    """Whether an account lets anybody in: it is active, and its password not published where this is no demo."""
    published = account.email in demonstration.EMAILS and not current_app.config["DEMO"]
    return account.active and not published
