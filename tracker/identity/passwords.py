"""Passwords: which may be chosen, how one is set, and whether one is right.

A password is brought to NFKC before it is hashed, so that it is the same from every keyboard, and is otherwise taken as
it was typed (NIST SP 800-63B-4, section 3.1.1.2). Only its hash by argon2id is kept.
"""

from __future__ import annotations

import secrets
import unicodedata

from flask import current_app
from flask_babel import LazyString, lazy_gettext
from flask_security import hash_password
from flask_security.utils import verify_password

from tracker.errors import PasswordRefused
from tracker.extensions import db, security
from tracker.identity import security_log, sessions, telling, weak_passwords
from tracker.models import Account, SignInSession
from tracker.vocabulary import SecurityAction

#: How many characters a password has, at least and at most. They are counted as code points, as it was typed and after
#: NFKC: neither letters that are put together nor one that falls apart makes a short password long.
SHORTEST = 12
LONGEST = 1_000

_NONE = lazy_gettext("Enter a password")
_TOO_SHORT = lazy_gettext(
    "Use at least %(count)d characters. A few words in a row are easy to remember", count=SHORTEST
)
_TOO_LONG = lazy_gettext("Use at most %(count)d characters", count=LONGEST)
_COMMON = lazy_gettext(
    "Many people use this password or one like it, so it is guessed first. Use a few words that do not belong together"
)
_OWN = lazy_gettext(
    "This is little more than names and words that others know of you or of the register. Add other words"
)
_REPEATED = lazy_gettext("This repeats a few characters, or one common password. Use a few words instead")
_WALK = lazy_gettext("This follows the keys of a keyboard or the alphabet. Use a few words instead")

#: Where an application keeps the hash with which a password is compared that is nobody's.
_NOBODYS = "nobodys_password"


def faults(password: str, account: Account) -> list[LazyString]:
    """Return what keeps a password from being a person's, each in a sentence; nothing where it may be."""
    if not password:
        return [_NONE]
    length = _length(password)
    if length > LONGEST or len(_normal(password)) > LONGEST:
        return [_TOO_LONG]
    own = (account.name, account.email, current_app.config["REGISTER_NAME"], current_app.config["ADDRESS"])
    weak = {
        _TOO_SHORT: length < SHORTEST,
        _COMMON: weak_passwords.is_common(password),
        _OWN: weak_passwords.is_own(password, own),
        _REPEATED: weak_passwords.is_repeated(password),
        _WALK: weak_passwords.is_walk(password),
    }
    return [sentence for sentence, is_so in weak.items() if is_so]


def set_(
    account: Account,
    password: str,
    *,
    by: Account,
    but: SignInSession | None = None,
    action: SecurityAction = SecurityAction.PASSWORD_CHANGED,
) -> None:
    """Give a person a new password. Their sessions end, and a mail tells them, unless it is what opens the account.

    Args:
        by: who sets it.
        but: the session in which the person sets it, which goes on.
        action: what the security log calls it.

    Raises:
        PasswordRefused: it is too short, too long, or easy to guess.
    """
    if faults(password, account):
        raise PasswordRefused
    opens = account.password is None and sessions.last_sign_in(account) is None
    account.password = hash_password(_normal(password))
    account.fs_uniquifier = secrets.token_hex(32)
    sessions.end_all(account, but=but)
    security_log.record(action, account=account, by=by)
    if not opens:
        telling.of_change(account, action)
    db.session.flush()


def matches(account: Account | None, password: str) -> bool:
    """Whether a password is that of an active account.

    The answer costs one comparison by argon2id in every case: also where there is no account, where it is not active or
    has no password, and where what was typed is longer than any password. What was counted before is committed first: a
    guess counts however it ends, and nobody waits for a lock while a hash is computed.
    """
    nobodys = _hash_of_nobodys()
    kept = account.password if account is not None and account.active else None
    typed = _normal(password[: LONGEST + 1])
    db.session.commit()
    is_right = verify_password(typed if len(typed) <= LONGEST else "", kept or nobodys)
    if account is None or kept is None or not is_right:
        return False
    return _stands(account, kept, typed)


def _stands(account: Account, kept: str, typed: str) -> bool:
    """Whether the hash that was compared is the account's still; one of weaker parameters is made anew."""
    if not account.active or account.password != kept:
        return False
    if security.pwd_context.needs_update(kept):
        account.password = hash_password(typed)
    return True


def _hash_of_nobodys() -> str:
    """Return a hash that costs what everybody's costs, of a password that nobody knows."""
    kept: dict[str, str] = current_app.extensions
    if _NOBODYS not in kept:
        kept[_NOBODYS] = hash_password(secrets.token_urlsafe())
    return kept[_NOBODYS]


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _length(password: str) -> int:
    return min(len(password), len(_normal(password)))
