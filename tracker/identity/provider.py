"""Speaks OpenID Connect with the provider of an organisation: sends people there, and asks it who came back.

The flow is that of a code (OpenID Connect Core 1.0, section 3.1) with PKCE, state and nonce; Authlib builds and reads
its messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.jwk import KeySet
from joserfc.jwt import Token
from pydantic import BaseModel, ConfigDict, ValidationError

from config import OutsideProvider
from tracker import clock
from tracker.identity import talking
from tracker.identity.id_token import Identity, identity_in, public_keys, signed
from tracker.identity.talking import NONSENSE
from tracker.identity.unrecognised import NotSigned, NotVerified, ProviderFailed

Said = TypeVar("Said")

#: How long what a provider says of itself is kept, and its keys: one that it withdrew is believed for no longer.
METADATA_KEPT = timedelta(hours=1)
KEYS_KEPT = timedelta(minutes=10)

DISCOVERY = "/.well-known/openid-configuration"


class Metadata(BaseModel):
    """What a provider says of itself (OpenID Connect Discovery 1.0, section 3), as far as it matters here."""

    model_config = ConfigDict(strict=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]
    id_token_signing_alg_values_supported: list[str] = ["RS256"]
    authorization_response_iss_parameter_supported: bool = False

    @property
    def takes_secrets_by_post_alone(self) -> bool:
        """Whether our secret has to stand in the form."""
        methods = self.token_endpoint_auth_methods_supported
        return "client_secret_basic" not in methods and "client_secret_post" in methods


@dataclass(frozen=True)
class _Kept(Generic[Said]):
    """Something that a provider said, with the moment from which on it is asked again."""

    said: Said
    until: datetime


@dataclass(frozen=True)
class Asked:
    """What a person is sent to a provider with, and what their answer is measured by.

    Attributes:
        state: what the provider gives back, so that the answer finds the browser that asked.
        nonce: what stands in the ID token that answers.
        verifier: what only we know, and show when the code is redeemed (PKCE).
        back: where the provider sends the person to.
    """

    state: str
    nonce: str
    verifier: str
    back: str


class Provider:
    """One provider, and what this process knows of it."""

    def __init__(self, facts: OutsideProvider) -> None:
        self.facts = facts
        self._line = talking.Line()
        self._metadata: _Kept[Metadata] | None = None
        self._keys: _Kept[KeySet] | None = None

    def way_there(self, asked: Asked, *, within: timedelta) -> str:
        """Return the address at which the provider asks a person who they are.

        Args:
            asked: what to send along.
            within: for how long what a person proved to the provider before is good enough; no time lets it ask anew.

        Raises:
            ProviderFailed: the provider does not say where.
        """
        metadata = self._line.in_time(self._known_metadata)
        more = {"max_age": str(int(within.total_seconds()))} | ({} if within else {"prompt": "login"})
        with self._session(metadata, asked) as session:
            address, _ = session.create_authorization_url(
                metadata.authorization_endpoint,
                state=asked.state,
                nonce=asked.nonce,
                code_verifier=asked.verifier,
                **more,
            )
        return str(address)

    def identity(self, asked: Asked, *, code: str, issuer: str | None) -> Identity:
        """Return who the person is that came back with a code.

        Args:
            asked: what the person was sent with.
            code: what the provider gave them for us.
            issuer: who gave it, as the answer says itself (RFC 9207).

        Raises:
            ProviderFailed: the provider does not answer, or not as one does.
            NotVerified: what came is not proved to be its word about this sign-in.
        """
        return self._line.in_time(lambda: self._identity(asked, code, issuer))

    def _identity(self, asked: Asked, code: str, issuer: str | None) -> Identity:
        metadata = self._known_metadata()
        if issuer is None and metadata.authorization_response_iss_parameter_supported:
            raise NotVerified("answer without its issuer")
        if issuer not in (None, self.facts.issuer):
            raise NotVerified("answer of another issuer")
        told = self._redeemed(code, asked, metadata)
        token = told.get("id_token") if isinstance(told, dict) else None
        if not isinstance(token, str):
            raise ProviderFailed("token endpoint: no ID token")
        read = self._signed(token, metadata)
        return identity_in(read, self.facts, nonce=asked.nonce, access_token=told.get("access_token"))

    def _redeemed(self, code: str, asked: Asked, metadata: Metadata) -> Any:
        with self._session(metadata, asked) as session:
            try:
                return session.fetch_token(
                    metadata.token_endpoint, code=code, code_verifier=asked.verifier, grant_type="authorization_code"
                )
            except AuthlibBaseError as error:
                raise _refusal(str(error.error)) from error
            except NONSENSE as error:
                raise ProviderFailed(f"token endpoint: {type(error).__name__}") from error

    def _signed(self, token: str, metadata: Metadata) -> Token:
        """Read a token; keys that the provider may have changed since we know them are asked for again, once."""
        from_before = self._keys
        algorithms = metadata.id_token_signing_alg_values_supported
        try:
            return signed(token, self._known_keys(metadata), algorithms)
        except NotSigned:
            if self._keys is not from_before:
                raise
        self._keys = None
        return signed(token, self._known_keys(metadata), algorithms)

    def _known_metadata(self) -> Metadata:
        kept = self._metadata
        if kept is None or clock.now() >= kept.until:
            kept = self._metadata = _Kept(self._discovered(), clock.now() + METADATA_KEPT)
        return kept.said

    def _discovered(self) -> Metadata:
        try:
            metadata = Metadata.model_validate(self._fetched(self.facts.issuer.rstrip("/") + DISCOVERY))
        except ValidationError as error:
            raise ProviderFailed("discovery: not what a provider says of itself") from error
        if metadata.issuer != self.facts.issuer:
            raise ProviderFailed("discovery: another issuer")
        addresses = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri)
        if not all(self._can_be_used(each) for each in addresses):
            raise ProviderFailed("discovery: an address that cannot be used")
        return metadata

    def _known_keys(self, metadata: Metadata) -> KeySet:
        kept = self._keys
        if kept is None or clock.now() >= kept.until:
            kept = self._keys = _Kept(public_keys(self._fetched(metadata.jwks_uri)), clock.now() + KEYS_KEPT)
        return kept.said

    def _fetched(self, address: str) -> Any:
        with talking.session(self.facts) as session:
            try:
                answer = session.get(address, withhold_token=True, headers={"Accept": "application/json"})
                answer.raise_for_status()
                return answer.json()
            except NONSENSE as error:
                raise ProviderFailed(f"{urlsplit(address).path}: {type(error).__name__}") from error

    def _session(self, metadata: Metadata, asked: Asked) -> OAuth2Session:
        return talking.session(self.facts, by_post=metadata.takes_secrets_by_post_alone, redirect_uri=asked.back)

    def _can_be_used(self, address: str) -> bool:
        try:
            read = urlsplit(address)
            whole = bool(read.hostname) and address.isascii() and address.isprintable() and " " not in address
        except ValueError:
            return False
        return whole and (read.scheme == "https" or (read.scheme == "http" and self.facts.allows_http))


def _refusal(error: str) -> ProviderFailed:
    """Return what it means that a code was not redeemed: it is not good, or we are not known there as we say."""
    if error == "invalid_grant":
        return NotVerified("token endpoint: invalid_grant")
    plain = error if error.isascii() and error.replace("_", "").isalpha() else "an error of its own"
    return ProviderFailed(f"token endpoint: {plain[:40]}")
