"""Who a person is, from what they know or hold. What it costs does not tell whether there is an account."""

from __future__ import annotations

from flask import current_app
from flask_security.utils import hash_password, verify_password

from tracker import accrediting, demonstration
from tracker.identity import authenticators, recovery_codes, security_log
from tracker.models import Account
from tracker.vocabulary import SecurityAction, SignInWay

#: No password is longer, in characters; a hash of more would cost us more than the sender.
LONGEST_PASSWORD = 1_000


def by_password(email: str, password: str) -> Account | None:
    """Return the person whose address and password these are; ``None`` where they do not belong together."""
    account = accrediting.account_at(email)
    if matches(account, password) and account is not None and _may_sign_in(account):
        return account
    security_log.record(SecurityAction.SIGN_IN_FAILED, account=account, way=SignInWay.PASSWORD.value)
    return None


def by_code(account: Account, code: str) -> bool:
    """Return whether a code of the person's authenticator app is right."""
    if authenticators.check(account, code):
        return True
    security_log.record(SecurityAction.SECOND_FACTOR_FAILED, account=account)
    return False


def by_recovery_code(account: Account, code: str) -> bool:
    """Return whether a recovery code of the person is right, and use it up."""
    if recovery_codes.use(account, code):
        return True
    security_log.record(SecurityAction.SECOND_FACTOR_FAILED, account=account)
    return False


def again(account: Account, password: str) -> bool:
    """Return whether a password is that of a person who is signed in."""
    right = matches(account, password)
    if not right:
        security_log.record(SecurityAction.CONFIRMATION_FAILED, account=account, by=account)
    return right


def matches(account: Account | None, password: str) -> bool:
    """Return whether a password is an account's. Where there is none, as much is computed."""
    if len(password) > LONGEST_PASSWORD:
        password = ""  # nosec B105  # of nobody
    if account is None or not account.password:
        hash_password(password)
        return False
    return bool(verify_password(password, account.password))


def _may_sign_in(account: Account) -> bool:
    published = account.email in demonstration.EMAILS and not current_app.config["DEMO"]
    return account.active and not published
