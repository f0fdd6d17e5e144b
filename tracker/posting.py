"""What is told to whom: puts mails into the outbox, in the transaction of what they tell.

``TOLD`` says for each act on an endorsement who must act next or must know. A verb that tells people of anything else
calls :func:`write`.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select

from tracker import accrediting, clock, ledger
from tracker.extensions import db
from tracker.models import Account, Act, Endorsement, LedgerEntry, Mail, Participant
from tracker.vocabulary import Action, MailState, Notice, Stance

#: The rule of four eyes: whether a person has a part in an endorsement, and so may not decide on it.
HasAPart = Callable[[Endorsement, Account], bool]


class Circle(Enum):
    """Those whom an act concerns."""

    REPRESENTATIVES = "who may act for the participant today"
    STAFF = "who works for the secretariat"
    DECIDING_STAFF = "who works for the secretariat and may decide on the endorsement"


#: Who is told what of an act. Nobody is told twice of one: who is in two circles is told as the first says.
TOLD: Mapping[Action, tuple[tuple[Circle, Notice], ...]] = {
    Action.SUBMITTED: ((Circle.REPRESENTATIVES, Notice.RECEIPT), (Circle.DECIDING_STAFF, Notice.DECISION_DUE)),
    Action.TAKEN_BACK: ((Circle.DECIDING_STAFF, Notice.TAKEN_BACK),),
    Action.RETURNED: ((Circle.REPRESENTATIVES, Notice.RETURNED),),
    Action.ENDORSED: ((Circle.REPRESENTATIVES, Notice.CONFIRMED),),
    Action.POSITION_CHANGED: ((Circle.REPRESENTATIVES, Notice.CONFIRMED),),
    Action.WITHDRAWN: ((Circle.REPRESENTATIVES, Notice.WITHDRAWAL_RECEIPT), (Circle.STAFF, Notice.WITHDRAWAL)),
}

FOR_REPRESENTATIVES = frozenset(
    notice for told in TOLD.values() for circle, notice in told if circle is Circle.REPRESENTATIVES
)
FOR_STAFF = frozenset({notice for told in TOLD.values() for _, notice in told} - FOR_REPRESENTATIVES | {Notice.DIGEST})

#: Receipts say who acted, to that person's colleagues.
_NAMING = frozenset({Notice.RECEIPT, Notice.WITHDRAWAL_RECEIPT})


def tell_of(act: Act, entry: LedgerEntry, has_a_part: HasAPart) -> None:
    """Write to those whom an act concerns. What the operator loads was told long ago.

    Args:
        act: the act, among those of its endorsement.
        entry: its entry in the ledger.
        has_a_part: who may not decide on the endorsement.
    """
    if act.by is None:
        return
    facts, told = facts_of(act, entry), set()
    for circle, notice in TOLD.get(act.action, ()):
        for person in _in_circle(circle, act.endorsement, has_a_part):
            if person.id not in told:
                write(person, notice, {**facts, "by": act.by.name} if notice in _NAMING else facts)
                told.add(person.id)


def write(to: Account, notice: Notice, facts: Mapping[str, Any], *, occasion: str | None = None) -> Mail:
    """Put a mail into the outbox, in the present transaction, and return it.

    Args:
        to: the recipient, who is written to in their language.
        notice: what the mail tells.
        facts: what its text needs; dates, texts and labels may stand in it as they are.
        occasion: for what may be told this person once alone, what that is.

    Raises:
        IntegrityError: on the next flush, where the person was told of the occasion.
    """
    reference = str(uuid.uuid4())
    mail = Mail(
        reference=reference,
        message_id=f"<{reference}@{_host()}>",
        recipient=to,
        name=to.name,
        address=to.email,
        language=to.language,
        notice=notice,
        facts=ledger.canonical(ledger.plain(facts)).decode(),
        occasion=occasion,
        created_at=clock.now(),
        state=MailState.WAITING,
        attempts=0,
        next_attempt_at=clock.now(),
    )
    db.session.add(mail)
    return mail


def still_concerns(mail: Mail) -> bool:
    """Whether a mail may be sent to its recipient today: the person may have left since it was written."""
    person = mail.recipient
    if person.active and mail.notice in FOR_REPRESENTATIVES:
        slug = json.loads(mail.facts)["participant"]["slug"]
        participant = db.session.scalars(select(Participant).filter_by(slug=slug)).one_or_none()
        return participant is not None and accrediting.may_act_for(person, participant, clock.today())
    return person.active and (person.is_staff or mail.notice not in FOR_STAFF)


def facts_of(act: Act, entry: LedgerEntry) -> dict[str, Any]:
    """Return what mails about an act say: no more of a person than the reason of a return may hold."""
    endorsement = act.endorsement
    return {
        **names_of(endorsement),
        "action": act.action,
        "entry": {"sequence": entry.sequence, "hash": entry.hash},
        "scope": endorsement.scope,
        "count": len(endorsement.positions),
        "all": len(endorsement.cohort.recommendations),
        "reserved": sum(position.stance is Stance.RESERVED for position in endorsement.positions),
        "signed_on": act.signed_on,
        "received_on": act.received_on,
        "effective_on": act.effective_on,
        "reason": endorsement.return_reason if act.action is Action.RETURNED else None,
    }


def names_of(endorsement: Endorsement) -> dict[str, Any]:
    """Return what a text needs to name an endorsement and to lead to it."""
    participant, cohort = endorsement.participant, endorsement.cohort
    return {
        "endorsement": endorsement.reference,
        "participant": {"slug": participant.slug, "name": participant.name, "iso_code": participant.iso_code},
        "cohort": {"slug": cohort.slug, "title": cohort.title},
    }


def _in_circle(circle: Circle, endorsement: Endorsement, has_a_part: HasAPart) -> list[Account]:
    match circle:
        case Circle.REPRESENTATIVES:
            return accrediting.representatives_of(endorsement.participant, clock.today())
        case Circle.STAFF:
            return accrediting.staff()
        case Circle.DECIDING_STAFF:
            return [person for person in accrediting.staff() if not has_a_part(endorsement, person)]


def _host() -> str:
    """Return the register's host, in which a Message-ID is unique."""
    host = urlsplit(current_app.config["ADDRESS"]).hostname
    return "localhost" if host is None or ":" in host else host
