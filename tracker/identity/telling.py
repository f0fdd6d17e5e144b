"""What a person is told by mail about how they sign in: of each change, so that one they did not make is noticed."""

from __future__ import annotations

from tracker import clock
from tracker.identity import origin
from tracker.mails import posting
from tracker.models import Account
from tracker.vocabulary import Notice, SecurityAction


def of_change(account: Account, action: SecurityAction, *, left: int | None = None) -> None:
    """Write to a person that how they sign in was changed, or a recovery code used.

    Args:
        left: how many recovery codes are left.
    """
    here = origin.current()
    facts = {"action": action, "at": clock.now(), "address": here.address, "agent": here.agent, "left": left}
    posting.write(account, Notice.SIGN_IN_CHANGED, facts)
