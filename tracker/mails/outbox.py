"""The way of a mail through the outbox: who sends it now, when it is tried again, and when that ends.

A mail is claimed before it is sent, by moving its next attempt ahead: whoever claimed it has that long to send it, and
to say what became of it. Where that never happens, because the process was killed, the mail is due again. So each is
sent at least once, by one sender at a time, and no lock is held while it is sent.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from tracker import clock, ledger
from tracker.errors import NotGivenUp
from tracker.extensions import db
from tracker.models import Mail
from tracker.vocabulary import MailState

#: How long whoever claimed a mail has to send it. A mail server has longer to answer than a person to wait.
CLAIMED_FOR = timedelta(minutes=15)

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
#: The pauses before a mail is tried again. Short ones first: a server that puts strangers off for their first minutes
#: (greylisting) lets the second or third try in. Then longer ones, over four days in all: a server that is away for a
#: weekend loses nothing, and is not pressed (RFC 5321, section 4.5.4.1).
PAUSES = (
    *(_MINUTE * minutes for minutes in (1, 5, 15, 30)),
    *(_HOUR * hours for hours in (1, 2, 4, 8, 12, 24, 24, 24)),
)

LONGEST_ERROR = 500


@dataclass(frozen=True)
class Claim:
    """The right to send a mail now: which one, and which attempt it is."""

    mail_id: int
    attempt: int


def due() -> bool:
    """Whether a mail is due."""
    query = select(Mail.id).where(Mail.state == MailState.WAITING, Mail.next_attempt_at <= clock.now()).limit(1)
    return db.session.scalar(query) is not None


def claim() -> Claim | None:
    """Claim the mail that has been due longest and that nobody else is claiming; ``None`` where none is due."""
    query = (
        select(Mail)
        .where(Mail.state == MailState.WAITING, Mail.next_attempt_at <= clock.now())
        .order_by(Mail.next_attempt_at, Mail.id)
        .limit(1)
        .with_for_update(skip_locked=True)  # SQLite's one writer needs it not, and leaves it out
    )
    mail = db.session.scalars(query).first()
    if mail is None:
        return None
    mail.attempts += 1
    mail.next_attempt_at = clock.now() + CLAIMED_FOR
    db.session.flush()
    return Claim(mail.id, mail.attempts)


def sent(claimed: Claim) -> MailState:
    """Note that the server took a mail; return where the mail stands now."""
    mail = _locked(claimed)
    if mail is None:
        return MailState.SENT
    if mail.state is not MailState.SENT:
        mail.state = MailState.SENT
        mail.sent_at = clock.now()
        mail.next_attempt_at = mail.last_error = None
        mail.facts = without_secret(mail.facts)
        db.session.flush()
    return mail.state


def without_secret(facts: str) -> str:
    """Return the facts of a mail without what its recipient alone may know: a link that can be used once."""
    known = json.loads(facts)
    return ledger.canonical(known).decode() if known.pop("secret", None) else facts


def failed(claimed: Claim, why: str, *, for_good: bool) -> MailState:
    """Note that a mail was not taken, and put it off, or give it up; return where the mail stands now.

    Args:
        claimed: who sent so slowly that others tried meanwhile has nothing more to say.
        why: what the server, or the network, answered.
        for_good: whether it is of no use to try again.
    """
    mail = _locked(claimed)
    if mail is None:
        return MailState.DEAD
    if mail.state is not MailState.WAITING or mail.attempts != claimed.attempt:
        return mail.state
    mail.last_error = why[:LONGEST_ERROR]
    if for_good or mail.attempts > len(PAUSES):
        mail.state = MailState.DEAD
        mail.next_attempt_at = None
    else:
        mail.next_attempt_at = clock.now() + PAUSES[mail.attempts - 1]
    db.session.flush()
    return mail.state


def send_again(mail: Mail) -> None:
    """Put a mail that was given up back into the outbox. It keeps its Message-ID.

    Raises:
        NotGivenUp: it was sent, or waits to be sent.
    """
    db.session.refresh(mail, with_for_update=True)
    if mail.state is not MailState.DEAD:
        raise NotGivenUp
    mail.state = MailState.WAITING
    mail.attempts = 0
    mail.next_attempt_at = clock.now()
    db.session.flush()


def mail_of(reference: str) -> Mail | None:
    """Return a mail by its reference."""
    return db.session.scalars(select(Mail).filter_by(reference=reference)).one_or_none()


def counts() -> dict[MailState, int]:
    """Return how many mails stand where."""
    rows = db.session.execute(select(Mail.state, func.count()).group_by(Mail.state))
    found = {state: count for state, count in rows}  # noqa: C416  # rows are no pairs to mypy
    return {state: found.get(state, 0) for state in MailState}


def waiting(most: int) -> list[Mail]:
    """Return the mails that wait, those that are due first."""
    query = select(Mail).filter_by(state=MailState.WAITING).order_by(Mail.next_attempt_at, Mail.id)
    return list(db.session.scalars(query.limit(most)))


def given_up(most: int) -> list[Mail]:
    """Return the mails that were given up, the latest first."""
    return list(db.session.scalars(select(Mail).filter_by(state=MailState.DEAD).order_by(Mail.id.desc()).limit(most)))


def lately_sent(most: int) -> list[Mail]:
    """Return the mails that were sent last, the latest first."""
    query = select(Mail).filter_by(state=MailState.SENT).order_by(Mail.sent_at.desc(), Mail.id.desc())
    return list(db.session.scalars(query.limit(most)))


def overdue_since(patience: timedelta) -> datetime | None:
    """Return since when a mail has waited for somebody to send it, where that is longer than ``patience``."""
    query = select(func.min(Mail.next_attempt_at)).where(
        Mail.state == MailState.WAITING, Mail.next_attempt_at < clock.now() - patience
    )
    return db.session.scalar(query)


def _locked(claimed: Claim) -> Mail | None:
    """Return the mail, locked; ``None`` where it was deleted meanwhile, because its recipient was forgotten."""
    return db.session.get(Mail, claimed.mail_id, with_for_update=True, populate_existing=True)
