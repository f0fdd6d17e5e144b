"""The security log: who signed in, who failed to, who was given which right, who took what away.

It stands apart from the public ledger, is kept a set time, and never holds a password, a code, a key or a link.
"""

from __future__ import annotations

import json

from tracker import clock
from tracker.extensions import db
from tracker.identity import origin
from tracker.models import Account, SecurityEvent
from tracker.vocabulary import SecurityAction


def record(
    action: SecurityAction, *, account: Account | None = None, by: Account | None = None, **said: str
) -> SecurityEvent:
    """Write a line into the security log, in the transaction of what it tells; return it.

    Args:
        account: whom it concerns.
        by: who did it; ``None`` where nobody is signed in, and for the operator.
        said: what else is to be known.
    """
    here = origin.current()
    event = SecurityEvent(
        at=clock.now(),
        action=action,
        account=account,
        by=by,
        address=here.address,
        agent=here.agent,
        said=json.dumps(said, ensure_ascii=False, sort_keys=True),
    )
    db.session.add(event)
    db.session.flush()
    return event
