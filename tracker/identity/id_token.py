"""Verifies an ID token, a provider's word on who signed in (OpenID Connect Core 1.0, section 3.1.3.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from config import OutsideProvider
from tracker import clock
from tracker.identity.talking import NONSENSE
from tracker.identity.unrecognised import NotSigned, NotVerified, ProviderFailed

#: The keys of these are in two halves, of which the provider publishes one. With any other, whoever knows what
#: everybody knows, or what we know, could write as the provider.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
KEYS: dict[str, type[RSAKey | ECKey | OKPKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}

#: As many characters write the modulus of an RSA key of 2 048 bits; a shorter key can be guessed.
SHORTEST_MODULUS = 342

#: How far the provider's clock and ours may be apart, and how old its word may be, in seconds.
LEEWAY = 60
LONGEST_UNDER_WAY = 300

#: How a provider says that it asked for two factors of different kinds: among the methods (RFC 8176) or by the level:
#: the multi-factor profiles of OpenID and REFEDS, and the levels of eIDAS and NIST that ask for two.
MULTI_FACTOR = "mfa"
MULTI_FACTOR_LEVELS = frozenset(
    {
        "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
        "https://refeds.org/profile/mfa",
        "http://eidas.europa.eu/LoA/substantial",
        "http://eidas.europa.eu/LoA/high",
        "http://idmanagement.gov/ns/assurance/aal/2",
        "http://idmanagement.gov/ns/assurance/aal/3",
    }
)


class Claims(BaseModel):
    """The claims of an ID token, by their types; Authlib checks what they say."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    iss: str
    sub: str = Field(min_length=1, max_length=255)
    aud: str | list[str]
    exp: int | float
    iat: int | float
    nonce: str
    azp: str | None = None
    acr: str | None = None
    amr: list[str] = []
    auth_time: int | float | None = None
    at_hash: str | None = None


@dataclass(frozen=True)
class Identity:
    """Who somebody is to a provider, and how it made sure.

    Attributes:
        methods, level: ``amr`` and ``acr``, as the provider said.
        proved_at: when the person last proved to the provider who they are, where it said so.
    """

    issuer: str
    subject: str
    methods: tuple[str, ...] = ()
    level: str = ""
    proved_at: datetime | None = None

    @property
    def by_two_factors(self) -> bool:
        """Whether the provider says that it asked for two factors."""
        return MULTI_FACTOR in self.methods or self.level in MULTI_FACTOR_LEVELS

    def proved_within(self, time: timedelta) -> bool:
        """Whether the provider says that the person proved who they are not longer ago than that."""
        return self.proved_at is not None and self.proved_at >= clock.now() - time - timedelta(seconds=LEEWAY)


def public_keys(told: object) -> KeySet:
    """Return the keys of a provider that may sign, of those that it publishes.

    Raises:
        ProviderFailed: there are none.
    """
    listed = told.get("keys") if isinstance(told, dict) else None
    usable: list[Key] = []
    if isinstance(listed, list):
        usable = [key for each in listed if (key := _public_key(each))]
    if not usable:
        raise ProviderFailed("keys: none that could be used")
    return KeySet(usable)


def _public_key(told: Any) -> Key | None:
    """Return a key that may sign, or ``None``: others may stand beside it."""
    try:
        kind, short = KEYS[told["kty"]], told["kty"] == "RSA" and len(told["n"]) < SHORTEST_MODULUS
        if short or told.get("use", "sig") != "sig":
            return None
        key = kind.import_key(told)
        key.ensure_kid()
    except (JoseError, *NONSENSE):
        return None
    return key


def signed(token: str, keys: KeySet, algorithms: list[str]) -> jwt.Token:
    """Return what a token says, once it is proved that one of the keys signed it.

    Raises:
        NotSigned: none did.
        NotVerified: it is no token, or is signed in a way that proves nothing.
    """
    allowed = [each for each in ALGORITHMS if each in algorithms] or ["RS256"]
    try:
        return jwt.decode(token, key=keys, registry=JWSRegistry(algorithms=allowed, strict_check_header=False))
    except JoseError as error:
        unknown = error.error in ("invalid_key_id", "bad_signature")
        raise (NotSigned if unknown else NotVerified)(error.error) from error
    except NONSENSE as error:
        raise NotVerified(type(error).__name__) from error


def identity_in(read: jwt.Token, provider: OutsideProvider, *, nonce: str, access_token: object) -> Identity:
    """Return whom a signed token is about.

    Args:
        read: the token.
        provider: by whom it has to be, and for which client.
        nonce: what we asked to stand in it.
        access_token: what came with it, to which it may be tied.

    Raises:
        NotVerified: it is not the provider's word to us, about this sign-in, now.
    """
    now = int(clock.now().timestamp())
    rules = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "nonce": {"essential": True, "value": nonce},
    }
    params = {"nonce": nonce, "client_id": provider.client_id, "access_token": access_token}
    try:
        claims = Claims.model_validate(read.claims)
        CodeIDToken(read.claims, read.header, rules, params).validate(now=now, leeway=LEEWAY)
    except ValidationError as error:
        raise NotVerified(f"claim {error.errors()[0]['loc'][0]}") from error
    except JoseError as error:
        raise NotVerified(f"{error.error}: {getattr(error, 'claim', '')}") from error
    except NONSENSE as error:
        raise NotVerified(type(error).__name__) from error
    if claims.iat < now - LONGEST_UNDER_WAY - LEEWAY:
        raise NotVerified("of long ago")
    return Identity(claims.iss, claims.sub, tuple(claims.amr), claims.acr or "", _moment(claims.auth_time))


def _moment(seconds: float | None) -> datetime | None:
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return None
