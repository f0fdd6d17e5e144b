"""What a browser answers when it was asked for a passkey (WebAuthn): read, and held against what it must be.

Nothing here knows the database. The signature and the form of an answer are verified by the library ``webauthn``; what
is looked at before that is looked at so that a person is told what is wrong, and the security log too.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import urlsplit

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_authenticator_data,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AttestationFormat, AuthenticationCredential, AuthenticatorData
from webauthn.registration.verify_registration_response import VerifiedRegistration

from tracker.errors import PasskeyRefused
from tracker.vocabulary import PasskeyRefusal

#: No answer of a browser is longer, in characters.
LONGEST_ANSWER = 20_000

#: The longest identifier that a passkey may have, in bytes (WebAuthn, 7.1).
LONGEST_ID = 1023

#: By what a passkey may sign. Between them, all devices know one.
ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]

#: What the library raises at bytes that are no answer.
_UNREADABLE = (WebAuthnException, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True)
class Place:
    """Where the register's passkeys hold: the host for which they are made, and the origin that browsers name."""

    host: str
    origin: str

    @classmethod
    def at(cls, address: str) -> Place | None:
        """Return the place at the register's own address; ``None`` where no browser has passkeys.

        They need a name, not a number, and HTTPS; a browser's own computer may do without the latter.
        """
        read = urlsplit(address)
        host, port = (read.hostname or "").lower(), read.port
        if not host or _is_number(host) or (read.scheme != "https" and host != "localhost"):
            return None
        usual = port in (None, 443 if read.scheme == "https" else 80)
        return cls(host, f"{read.scheme}://{host}" if usual else f"{read.scheme}://{host}:{port}")


@dataclass(frozen=True)
class Registration:
    """A browser's answer with a new passkey. ``challenge`` is the number that it signed."""

    challenge: bytes
    answer: str
    transports: list[str]

    @classmethod
    def read(cls, answer: str) -> Registration:
        """Read an answer.

        Raises:
            PasskeyRefused: it is none.
        """
        _require_length(answer)
        try:
            read = parse_registration_credential_json(answer)
            challenge = parse_client_data_json(read.response.client_data_json).challenge
        except _UNREADABLE as error:
            raise PasskeyRefused(PasskeyRefusal.UNREADABLE) from error
        return cls(challenge, answer, sorted({each.value for each in read.response.transports or ()}))

    def verified(self, place: Place) -> VerifiedRegistration:
        """Return what the answer says, once it is verified.

        Raises:
            PasskeyRefused: it was made elsewhere, or does not hold.
        """
        try:
            read = parse_registration_credential_json(self.answer)
            attestation = parse_attestation_object(read.response.attestation_object)
            _require_place(read.response.client_data_json, attestation.auth_data, place)
            if attestation.fmt not in (AttestationFormat.NONE, AttestationFormat.PACKED) or attestation.att_stmt.x5c:
                raise PasskeyRefused(PasskeyRefusal.UNREADABLE)  # nobody asked who made the device
            verified = verify_registration_response(
                credential=read,
                expected_challenge=self.challenge,
                expected_rp_id=place.host,
                expected_origin=place.origin,
                require_user_verification=True,
                supported_pub_key_algs=ALGORITHMS,
            )
            # A key that is none would be found out only when somebody wants to sign in with it.
            decoded_public_key_to_cryptography(decode_credential_public_key(verified.credential_public_key))
        except _UNREADABLE as error:
            raise PasskeyRefused(PasskeyRefusal.UNREADABLE) from error
        if len(verified.credential_id) > LONGEST_ID:
            raise PasskeyRefused(PasskeyRefusal.UNREADABLE)
        return verified


@dataclass(frozen=True)
class Assertion:
    """A browser's answer that was made with a passkey.

    Attributes:
        challenge: the number that it signed.
        credential_id: which passkey it says it is of.
        person: whom the passkey says it belongs to, as it was told when it was made.
    """

    challenge: bytes
    credential_id: bytes
    person: bytes | None
    answer: AuthenticationCredential

    @classmethod
    def read(cls, answer: str) -> Assertion:
        """Read an answer.

        Raises:
            PasskeyRefused: it is none.
        """
        _require_length(answer)
        try:
            read = parse_authentication_credential_json(answer)
            challenge = parse_client_data_json(read.response.client_data_json).challenge
        except _UNREADABLE as error:
            raise PasskeyRefused(PasskeyRefusal.UNREADABLE) from error
        return cls(challenge, read.raw_id, read.response.user_handle, read)

    def verified(self, place: Place, public_key: bytes) -> VerifiedAuthentication:
        """Return what the answer says, once it is verified: the person was there, and the device knew them.

        How often the passkey was used is not looked at here: only of a genuine answer does it mean anything.

        Raises:
            PasskeyRefused: it was made elsewhere, or does not hold.
        """
        response = self.answer.response
        try:
            data = parse_authenticator_data(response.authenticator_data)
            _require_place(response.client_data_json, data, place)
        except _UNREADABLE as error:
            raise PasskeyRefused(PasskeyRefusal.UNREADABLE) from error
        try:
            return verify_authentication_response(
                credential=self.answer,
                expected_challenge=self.challenge,
                expected_rp_id=place.host,
                expected_origin=place.origin,
                credential_public_key=public_key,
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except _UNREADABLE as error:
            raise PasskeyRefused(PasskeyRefusal.NOT_GENUINE) from error


def _require_length(answer: str) -> None:
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefused(PasskeyRefusal.UNREADABLE)


def _require_place(client_data: bytes, data: AuthenticatorData, place: Place) -> None:
    """Require that an answer was made on the register's own page, by a device that knew the person."""
    said = parse_client_data_json(client_data)
    if said.origin != place.origin or said.cross_origin or data.rp_id_hash != sha256(place.host.encode()).digest():
        raise PasskeyRefused(PasskeyRefusal.ANOTHER_SITE)
    if not data.flags.uv:
        raise PasskeyRefused(PasskeyRefusal.NOT_RECOGNISED)


def _is_number(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False
