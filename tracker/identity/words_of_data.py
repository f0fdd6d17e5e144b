"""The words for what the register keeps of a person, by the names that the file for programs has."""

from __future__ import annotations

from flask_babel import lazy_gettext

_HEADINGS = {
    "account": lazy_gettext("Your account"),
    "accreditations": lazy_gettext("Your accreditations"),
    "sessions": lazy_gettext("Where you signed in"),
    "passkeys": lazy_gettext("Your passkeys"),
    "authenticators": lazy_gettext("Your authenticator app"),
    "recovery_codes": lazy_gettext("Your recovery codes, without the codes"),
    "outside_identities": lazy_gettext("Sign-in by your own organisation"),
    "links": lazy_gettext("Links that were mailed to you"),
    "mails": lazy_gettext("Mails to you, as long as they are kept"),
    "entries": lazy_gettext("What you recorded in the ledger"),
    "proposals": lazy_gettext("What you proposed"),
    "letters": lazy_gettext("Letters that you uploaded"),
    "security_events": lazy_gettext("What the security log says of you"),
}

_LABELS = {
    "name": lazy_gettext("Name"),
    "email": lazy_gettext("E-mail address"),
    "language": lazy_gettext("Language"),
    "active": lazy_gettext("In use"),
    "roles": lazy_gettext("Roles"),
    "has_password": lazy_gettext("Has a password"),
    "actor": lazy_gettext("Number in the ledger"),
    "participant": lazy_gettext("Participant"),
    "reference": lazy_gettext("Reference"),
    "office": lazy_gettext("Office"),
    "starts_on": lazy_gettext("From"),
    "ends_on": lazy_gettext("Until"),
    "suspended_on": lazy_gettext("Suspended"),
    "is_head": lazy_gettext("Head representative"),
    "way": lazy_gettext("By what"),
    "opened_at": lazy_gettext("Opened"),
    "seen_at": lazy_gettext("Last used"),
    "proved_at": lazy_gettext("Proved last"),
    "ended_at": lazy_gettext("Ended"),
    "address": lazy_gettext("Address"),
    "agent": lazy_gettext("Browser"),
    "synced": lazy_gettext("Kept by an account elsewhere"),
    "created_at": lazy_gettext("Made"),
    "used_at": lazy_gettext("Used"),
    "confirmed_at": lazy_gettext("Set up"),
    "issuer": lazy_gettext("Organisation"),
    "subject": lazy_gettext("About what"),
    "bound_at": lazy_gettext("Bound"),
    "purpose": lazy_gettext("For what"),
    "expires_at": lazy_gettext("Good until"),
    "withdrawn_at": lazy_gettext("Withdrawn"),
    "notice": lazy_gettext("What it told"),
    "state": lazy_gettext("Status"),
    "sent_at": lazy_gettext("Sent"),
    "entry": lazy_gettext("Entry"),
    "recorded_at": lazy_gettext("Recorded"),
    "action": lazy_gettext("What happened"),
    "kind": lazy_gettext("Kind"),
    "status": lazy_gettext("Status"),
    "proposed_at": lazy_gettext("Proposed"),
    "decided_at": lazy_gettext("Decided"),
    "entry_sequence": lazy_gettext("Entry"),
    "file_name": lazy_gettext("File"),
    "media_type": lazy_gettext("Type"),
    "size": lazy_gettext("Size in bytes"),
    "sha256": lazy_gettext("SHA-256"),
    "uploaded_at": lazy_gettext("Uploaded"),
    "at": lazy_gettext("Moment"),
    "by_you": lazy_gettext("By you"),
    "said": lazy_gettext("Details"),
}


def heading_of(name: str) -> str:
    """Return the words for a section."""
    return str(_HEADINGS[name])


def label_of(name: str) -> str:
    """Return the word for a value."""
    return str(_LABELS[name])
