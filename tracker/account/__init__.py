"""The account door: how people sign in, and what they see and change of their own account."""

from tracker.account import (
    authenticator,
    confirming,
    data,
    invitations,
    organisation,
    passkey_signing,
    passkeys,
    passwords,
    recovery,
    sessions,
    signing,
    views,
)
from tracker.account.door import door

__all__ = [
    "authenticator",
    "confirming",
    "data",
    "door",
    "invitations",
    "organisation",
    "passkey_signing",
    "passkeys",
    "passwords",
    "recovery",
    "sessions",
    "signing",
    "views",
]
