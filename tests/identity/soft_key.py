"""A security key in software: it answers as a browser with a real one does, and can lie as a thief's would."""

from __future__ import annotations

import json
import secrets
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

ORIGIN = "https://register.example.org"
HOST = "register.example.org"

PRESENT, VERIFIED, BACKUP_ELIGIBLE, BACKED_UP, WITH_KEY = 1, 4, 8, 16, 64
KNOWN = PRESENT | VERIFIED


class SoftKey:
    """One passkey on a device: a private key, and whose it is.

    Attributes:
        person: whom it was made for, as the register said.
        count: how often it was used, as it says itself; one that counts goes up by one each time.
    """

    def __init__(self, *, counts: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.person = b""
        self.counts = counts
        self.count = 0

    def make(self, options: str, *, public_key: dict[int, Any] | None = None, fmt: str = "none", **lies: Any) -> str:
        """Answer a register that asked for a new passkey. ``public_key``: the one to tell."""
        asked = json.loads(options)
        self.person = base64url_to_bytes(asked["user"]["id"])
        told = cbor2.dumps(self._public_key() if public_key is None else public_key)
        told = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + told
        data = self._data(lies, WITH_KEY) + told
        attestation = {"fmt": fmt, "attStmt": lies.pop("statement", {}), "authData": data}
        response = {
            "attestationObject": bytes_to_base64url(cbor2.dumps(attestation)),
            "clientDataJSON": self._client_data("webauthn.create", asked, lies),
            "transports": lies.pop("transports", ["internal", "hybrid"]),
        }
        return self._credential(response, lies)

    def answer(self, options: str, **lies: Any) -> str:
        """Answer a register that asked who somebody is."""
        asked = json.loads(options)
        self.count += 1 if self.counts else 0
        data = self._data(lies)
        client_data = self._client_data("webauthn.get", asked, lies)
        signed = data + sha256(base64url_to_bytes(client_data)).digest()
        signer: ec.EllipticCurvePrivateKey = lies.pop("signer", self.key)
        person = lies.pop("person", self.person)
        response = {
            "authenticatorData": bytes_to_base64url(data),
            "clientDataJSON": client_data,
            "signature": bytes_to_base64url(signer.sign(signed, ec.ECDSA(SHA256()))),
            "userHandle": bytes_to_base64url(person) if person is not None else None,
        }
        return self._credential(response, lies)

    def _public_key(self) -> dict[int, Any]:
        numbers = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}

    def _data(self, lies: dict[str, Any], more_flags: int = 0) -> bytes:
        host, flags = lies.pop("host", HOST), lies.pop("flags", KNOWN) | more_flags
        count: int = lies.pop("count", self.count)
        return sha256(host.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")

    def _client_data(self, kind: str, asked: dict[str, Any], lies: dict[str, Any]) -> str:
        said = {"type": lies.pop("kind", kind), "challenge": lies.pop("challenge", asked["challenge"])}
        said |= {"origin": lies.pop("origin", ORIGIN), "crossOrigin": lies.pop("framed", False)}
        return bytes_to_base64url(json.dumps(said).encode())

    def _credential(self, response: dict[str, Any], lies: dict[str, Any]) -> str:
        name = bytes_to_base64url(lies.pop("credential_id", self.credential_id))
        assert not lies, f"no such lie: {lies}"
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
