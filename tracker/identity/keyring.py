"""The register's secret keys: the one in use, and those before it, which still open what they closed."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

#: How many bytes of a sealed text are its nonce (NIST SP 800-38D, 8.2.2).
_NONCE = 12


class Unsealed(NamedTuple):
    """A text that was sealed, and whether by a former key."""

    text: str
    by_former: bool


def secret_keys() -> list[str]:
    """Return the register's secret keys, the one in use first."""
    return [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]


def keyed_hash(purpose: str, text: str) -> str:
    """Return a hash of a text that nobody can make who has not the secret key, in hexadecimal digits."""
    return hmac.digest(secret_keys()[0].encode(), f"{purpose}\0{text}".encode(), "sha256").hex()


def seal(purpose: str, text: str, *, owner: str) -> str:
    """Return a text that this register alone can read again, as that of its owner alone (AES-256-GCM)."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = _cipher(purpose, secret_keys()[0]).encrypt(nonce, text.encode(), owner.encode())
    return urlsafe_b64encode(nonce + sealed).decode()


def unseal(purpose: str, sealed: str, *, owner: str) -> Unsealed:
    """Return a text that was sealed.

    Raises:
        KeyError: it was sealed with a key that this register has no more, was another owner's, or was changed.
    """
    whole = urlsafe_b64decode(sealed)
    for place, each in enumerate(secret_keys()):
        with suppress(InvalidTag):
            text = _cipher(purpose, each).decrypt(whole[:_NONCE], whole[_NONCE:], owner.encode())
            return Unsealed(text.decode(), by_former=place > 0)
    raise KeyError(purpose)


def _cipher(purpose: str, secret_key: str) -> AESGCM:
    return AESGCM(hmac.digest(secret_key.encode(), purpose.encode(), "sha256"))
