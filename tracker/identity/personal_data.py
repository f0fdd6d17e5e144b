"""What the register keeps of a person, for them to take away: an archive with a file for programs and one to read.

Passwords, keys, codes and the secrets of apps are not in it: of what the register keeps of them nobody could read
anything, and a copy would serve whoever stole it alone.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from tracker import accrediting, clock, ledger
from tracker.extensions import db
from tracker.identity.words_of_data import heading_of, label_of
from tracker.models import (
    Account,
    Authenticator,
    Evidence,
    LedgerEntry,
    Mail,
    MailedLink,
    OutsideIdentity,
    Passkey,
    Proposal,
    RecoveryCode,
    SecurityEvent,
    SignInSession,
)

Row = dict[str, Any]
#: Sections by name, each with its rows.
Data = dict[str, list[Row]]


#: The rows that belong to a person: by what they do, and what of each is told.
_THEIRS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "sessions": (
        SignInSession.account_id,
        ("way", "opened_at", "seen_at", "proved_at", "ended_at", "address", "agent"),
    ),
    "passkeys": (Passkey.account_id, ("name", "synced", "created_at", "used_at")),
    "authenticators": (Authenticator.account_id, ("created_at", "confirmed_at")),
    "recovery_codes": (RecoveryCode.account_id, ("used_at",)),
    "outside_identities": (OutsideIdentity.account_id, ("issuer", "subject", "bound_at")),
    "links": (MailedLink.account_id, ("purpose", "created_at", "expires_at", "used_at", "withdrawn_at")),
    "mails": (Mail.recipient_id, ("notice", "name", "address", "language", "state", "created_at", "sent_at")),
    "proposals": (
        Proposal.proposed_by_id,
        ("kind", "status", "subject", "proposed_at", "decided_at", "entry_sequence"),
    ),
    "letters": (Evidence.uploaded_by_id, ("file_name", "media_type", "size", "sha256", "uploaded_at")),
}


def of(account: Account) -> Data:
    """Return all that the register keeps of a person, by what it is. A section without rows is kept too."""
    return {
        "account": [_account(account)],
        "accreditations": [_accreditation(each) for each in accrediting.held_by(account)],
        **{name: _rows(whose, account, columns) for name, (whose, columns) in _THEIRS.items()},
        "entries": [_entry(each) for each in _entries(account)],
        "security_events": [_event(each, account) for each in _events(account)],
    }


def archive(account: Account) -> bytes:
    """Return all of it as the bytes of a ZIP archive: ``data.json`` for programs, ``data.txt`` to read."""
    data, target = of(account), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", json.dumps(_plain(data), ensure_ascii=False, indent=1))
        packed.writestr("data.txt", as_text(data))
    return target.getvalue()


def as_text(data: Data) -> str:
    """Return all of it as a text in the reader's language."""
    made = gettext("Made on %(moment)s (UTC).", moment=f"{clock.now():%Y-%m-%d %H:%M}")
    lines = [gettext("What the register keeps of you"), made, ""]
    for name, rows in data.items():
        lines += [heading_of(name), "=" * len(heading_of(name)), ""]
        lines += [line for row in rows for line in _lines(row)] or [gettext("Nothing."), ""]
    return "\n".join(lines)


def _lines(row: Row) -> Iterable[str]:
    for name, value in row.items():
        if value not in (None, "", {}, []):
            yield gettext("%(label)s: %(value)s", label=label_of(name), value=_said(value))
    yield ""


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {each}" for name, each in value.items())
    return str(getattr(value, "label", value))


def _account(account: Account) -> Row:
    return {
        "name": account.name,
        "email": account.email,
        "language": account.language,
        "active": account.active,
        "roles": [role.name for role in account.roles],
        "has_password": account.password is not None,
        "actor": account.actor,
    }


def _accreditation(accreditation: Any) -> Row:
    columns = ("reference", "name", "office", "starts_on", "ends_on", "suspended_on", "is_head")
    return {"participant": accreditation.participant.slug, **{name: getattr(accreditation, name) for name in columns}}


def _entries(account: Account) -> Iterable[LedgerEntry]:
    return db.session.scalars(select(LedgerEntry).filter_by(actor=account.actor).order_by(LedgerEntry.sequence))


def _entry(entry: LedgerEntry) -> Row:
    return {
        "entry": entry.sequence,
        "recorded_at": entry.recorded_at,
        "action": entry.action,
        "subject": entry.subject,
    }


def _events(account: Account) -> Iterable[SecurityEvent]:
    theirs = (SecurityEvent.account_id == account.id) | (SecurityEvent.by_id == account.id)
    return db.session.scalars(select(SecurityEvent).where(theirs).order_by(SecurityEvent.id))


def _event(event: SecurityEvent, account: Account) -> Row:
    """Return an event. Of one that somebody else caused, it is not told from where: that is the other's."""
    own = event.by_id in (account.id, None)
    return {
        "at": event.at,
        "action": event.action,
        "by_you": event.by_id == account.id,
        "address": event.address if own else "",
        "agent": event.agent if own else "",
        "said": json.loads(event.said),
    }


def _rows(whose: Any, account: Account, columns: tuple[str, ...]) -> list[Row]:
    model = whose.class_
    found = db.session.scalars(select(model).where(whose == account.id).order_by(model.id))
    return [{name: getattr(each, name) for name in columns} for each in found]


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it: days and moments written out, labelled values by what is stored."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return ledger.moment_as_text(value)
    return value.isoformat() if isinstance(value, date) else value
