"""Recovery codes: each lets a person in once who has not their second factor at hand.

They are random, with 120 bits each, so that a plain hash of them suffices (OWASP ASVS 5.0, 6.5.2).
"""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import delete, func, select, update

from tracker import clock
from tracker.extensions import db
from tracker.identity import security_log
from tracker.models import Account, RecoveryCode
from tracker.vocabulary import SecurityAction

COUNT = 10
GROUPS, LETTERS_A_GROUP = 6, 4
#: Letters and digits that cannot be taken for one another.
ALPHABET = "abcdefghjkmnpqrstuvwxyz234567890"


def make(account: Account, *, by: Account) -> list[str]:
    """Give a person new codes and return them; those from before are worth nothing any more."""
    db.session.execute(delete(RecoveryCode).filter_by(account_id=account.id))
    codes = [_code() for _ in range(COUNT)]
    db.session.add_all([RecoveryCode(account_id=account.id, code_hash=_hash(code)) for code in codes])
    security_log.record(SecurityAction.RECOVERY_CODES_MADE, account=account, by=by)
    return codes


def left(account: Account) -> int:
    """Return how many codes of a person are still unused."""
    query = select(func.count()).select_from(RecoveryCode).filter_by(account_id=account.id, used_at=None)
    return db.session.scalar(query) or 0


def use(account: Account, code: str) -> bool:
    """Use a code up; return whether it was one. Of two who send the same code at once, one is let in."""
    used = (
        update(RecoveryCode)
        .filter_by(account_id=account.id, code_hash=_hash(code), used_at=None)
        .values(used_at=clock.now())
    )
    if not db.session.execute(used).rowcount:  # type: ignore[attr-defined]
        return False
    security_log.record(SecurityAction.RECOVERY_CODE_USED, account=account, by=account, left=str(left(account)))
    return True


def forget(account: Account) -> None:
    """Take a person's codes away."""
    db.session.execute(delete(RecoveryCode).filter_by(account_id=account.id))


def _code() -> str:
    letters = [secrets.choice(ALPHABET) for _ in range(GROUPS * LETTERS_A_GROUP)]
    return "-".join(
        "".join(letters[start : start + LETTERS_A_GROUP]) for start in range(0, len(letters), LETTERS_A_GROUP)
    )


def _hash(code: str) -> str:
    """Return the hash of a code, however it was typed."""
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
