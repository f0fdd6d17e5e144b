"""What a person's authenticator app would show."""

from __future__ import annotations

from datetime import datetime

from tracker import clock
from tracker.identity import authenticators
from tracker.models import Account, Authenticator


def shown_by(authenticator: Authenticator, at: datetime | None = None) -> str:
    """Return the code that an app shows at a moment."""
    return str(authenticators.source(authenticator).generate(time=at or clock.now()).token)


def with_app(person: Account) -> Authenticator:
    """Let a person set up an authenticator app, some time ago."""
    begun = authenticators.begin(person)
    begun.confirmed_at = clock.now()
    return begun
