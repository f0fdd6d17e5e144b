"""Forgets a person who asked for it: every place where the register keeps their name, address or office.

What stays is an account without a name, for the acts in the ledger that refer to it, and the salted commitments, of
which nobody can try out any more what they bind. What belongs to the participant stays: its signed letters, and who
signed its endorsements.
"""

from __future__ import annotations

import json
import re
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tracker import accrediting, clock, ledger
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.identity import security_log, wishes
from tracker.models import (
    Account,
    Accreditation,
    Authenticator,
    FactorReset,
    Look,
    Mail,
    MailedLink,
    OutsideIdentity,
    Passkey,
    PasskeyChallenge,
    Proposal,
    RecoveryCode,
    Report,
    SecurityEvent,
    SignInSession,
)
from tracker.models.account import FORGOTTEN
from tracker.people import candidates, credentials
from tracker.vocabulary import Action, MailState, ReportStatus, SecurityAction

#: By what a person signs in, from where they did, and whom of others they looked after: rows that go.
_GO = (
    SignInSession,
    PasskeyChallenge,
    Passkey,
    Authenticator,
    RecoveryCode,
    MailedLink,
    OutsideIdentity,
    FactorReset,
    Look,
)

#: What proposals say of whom they are about.
_PRIVATE = ("name", "email", "office", "note")

#: What stands for a private value within a text.
GONE = "–"


@dataclass(frozen=True)
class Known:
    """Under which names and addresses a person is known, and in which offices, which others may have too."""

    names: frozenset[str]
    offices: frozenset[str]

    @property
    def addresses(self) -> list[str]:
        """Those of the names that are e-mail addresses."""
        return [each for each in self.names if "@" in each]

    @property
    def phrases(self) -> list[str]:
        """What means the person wherever it stands, the longest first: addresses, and names of several words."""
        return sorted((each for each in self.names if "@" in each or " " in each), key=len, reverse=True)


def erase(account: Account, *, by: Account, wish: int) -> SecurityEvent:
    """Forget a person; return the event that tells so, without a name.

    Args:
        wish: the number of the wish that the person who decides has seen.

    Raises:
        NotStaff: who decides does not work for the secretariat.
        WishDecided: somebody has decided on the wish.
        StillInOffice: the person may act, is going to, or works for the secretariat.
    """
    wishes.take_up(account, by=by, wish=wish)
    wishes.require_out_of_office(account)
    held = accrediting.held_by(account)
    known = _known_of(account, held)
    _forget_proposals(account, held)
    for accreditation in held:
        accrediting.forget(accreditation)
    _forget_mails(account, known)
    _forget_reports(account)
    _forget_in_log(account, known)
    for model in _GO:
        db.session.execute(sa.delete(model).where(model.account_id == account.id))
    _empty(account)
    return security_log.record(SecurityAction.ERASED, account=account, by=by)


def _known_of(account: Account, held: Collection[Accreditation]) -> Known:
    """Return under which names and addresses, and in which offices, the register knows the person."""
    bound = [ledger.bound(subject_of(each), Action.ACCREDITED) for each in held]
    names = {account.name, account.email, *(each.name or "" for each in held)}
    names |= {values.get(field, "") for values in bound for field in ("name", "email")}
    offices = {*(each.office or "" for each in held), *(values.get("office", "") for values in bound)}
    return Known(frozenset(names - {""}), frozenset(offices - {""}))


def _empty(account: Account) -> None:
    """Leave of the account what the ledger's acts refer to. Nobody signs in with it, or is written to."""
    account.name, account.password, account.active = "", None, False
    account.email = f"{uuid.uuid4().hex}@{FORGOTTEN}"
    account.fs_uniquifier = secrets.token_hex(32)
    db.session.flush()
    db.session.refresh(account)  # what is called by no name is called so when it is read


def _forget_proposals(account: Account, held: Collection[Accreditation]) -> None:
    """Forget the person in what was proposed about them. All of it is decided."""
    subjects = {subject_of(each) for each in held}
    for proposal in db.session.scalars(sa.select(Proposal).where(Proposal.kind.in_(candidates.KINDS))):
        if proposal.subject in subjects or proposal.content.get("email") == account.email:
            credentials.forget(proposal)
            proposal.content = {key: "" if key in _PRIVATE else each for key, each in proposal.content.items()}
            proposal.reason = GONE if proposal.reason else None
    db.session.flush()


def _forget_mails(account: Account, known: Known) -> None:
    """Forget to whom mails went that the person got, and them in what others were told. What waits does not go out."""
    theirs = sa.or_(Mail.recipient_id == account.id, sa.func.lower(Mail.address) == account.email)
    db.session.execute(sa.delete(Mail).where(theirs, Mail.state != MailState.SENT))
    bare = {"recipient_id": None, "name": "", "address": "", "facts": "{}", "purged_at": clock.now()}
    db.session.execute(sa.update(Mail).where(theirs, Mail.purged_at.is_(None)).values(**bare))
    for mail in db.session.scalars(sa.select(Mail).where(_names_the_person(Mail.facts, known))):
        mail.facts = ledger.canonical(_without(json.loads(mail.facts), known)).decode()
    db.session.flush()


def _forget_reports(account: Account) -> None:
    """Forget who wrote reports from the person's address; one that was answered there goes."""
    theirs = sa.func.lower(Report.address) == account.email
    db.session.execute(sa.delete(Report).where(theirs, Report.status == ReportStatus.ANSWERED))
    db.session.execute(sa.update(Report).where(theirs).values(name=None, address=None))


def _forget_in_log(account: Account, known: Known) -> None:
    """Forget what is said in events about the person, and them in what is said elsewhere."""
    db.session.execute(sa.update(SecurityEvent).where(SecurityEvent.account_id == account.id).values(said="{}"))
    for event in db.session.scalars(sa.select(SecurityEvent).where(_names_the_person(SecurityEvent.said, known))):
        said = _without(json.loads(event.said), known)
        event.said = json.dumps(said, ensure_ascii=False, sort_keys=True)
    db.session.flush()


def _names_the_person(column: Any, known: Known) -> sa.ColumnElement[bool]:
    """Return the condition that a JSON text names the person somewhere."""
    written = [column.contains(json.dumps(each, ensure_ascii=False)[1:-1], autoescape=True) for each in known.names]
    lowered = sa.func.lower(column)
    addresses = [lowered.contains(each.lower(), autoescape=True) for each in known.addresses]
    return sa.or_(*written, *addresses)


def _without(value: Any, known: Known) -> Any:
    """Return what was read from JSON without the person: names and addresses, and the office that stands beside one."""
    if isinstance(value, dict):
        texts = {name: each for name, each in value.items() if isinstance(each, str)}
        is_named = not known.names.isdisjoint(texts.values())
        offices = {name for name, each in texts.items() if is_named and each in known.offices}
        return {name: GONE if name in offices else _without(each, known) for name, each in value.items()}
    if isinstance(value, list):
        return [_without(each, known) for each in value]
    if not isinstance(value, str):
        return value
    if value in known.names:
        return GONE
    for phrase in known.phrases:
        value = re.sub(re.escape(phrase), GONE, value, flags=re.IGNORECASE)
    return value
