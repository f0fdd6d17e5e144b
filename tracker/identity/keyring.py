"""The register's secret keys: the one in use, and those before it, which still open what they closed."""

from __future__ import annotations

import hmac

from flask import current_app


def secret_keys() -> list[str]:
    """Return the register's secret keys, the one in use first."""
    return [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]


def keyed_hash(purpose: str, text: str) -> str:
    """Return a hash of a text that nobody can make who has not the secret key, in hexadecimal digits."""
    return hmac.digest(secret_keys()[0].encode(), f"{purpose}\0{text}".encode(), "sha256").hex()
