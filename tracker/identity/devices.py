"""Browsers in which a person has signed in before: each keeps a mark of it, signed, which opens nothing by itself.

Whoever serves the request says which marks the browser showed.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

from tracker.identity.keyring import keyed_hash, secret_keys

#: How long a browser is known after a person signed in there.
KNOWN_FOR = timedelta(days=180)

_shown: ContextVar[Mapping[str, str]] = ContextVar("shown", default={})  # noqa: B039  # nobody writes into it


def show(marks: Mapping[str, str]) -> None:
    """Say which marks the browser at hand shows, by their names."""
    _shown.set(marks)


def name_for(identifier: str) -> str:
    """Return the name of the mark of an account, which does not say whose it is."""
    return f"known-{_whose(identifier)[:16]}"


def mark(identifier: str) -> str:
    """Return a new mark for a browser in which the person with this address has proved who they are."""
    return _serializer(identifier).dumps(secrets.token_hex(8))


def mark_of(identifier: str) -> str | None:
    """Return which of the browsers known to an account this is; ``None`` where it is none of them."""
    shown = _shown.get().get(name_for(identifier))
    if shown is None:
        return None
    try:
        return str(_serializer(identifier).loads(shown, max_age=int(KNOWN_FOR.total_seconds())))
    except BadSignature:
        return None


def _serializer(identifier: str) -> URLSafeTimedSerializer:
    # A mark of one account is worth nothing under the name of another one.
    return URLSafeTimedSerializer(secret_keys()[::-1], salt=f"a known browser of {_whose(identifier)}")


def _whose(identifier: str) -> str:
    return keyed_hash("device", identifier.strip().lower())
