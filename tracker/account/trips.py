"""Trips to a person's own organisation and back: what the browser keeps of one, so that only it can end the trip.

The cookie holds a random state, and no secret: what the provider is to repeat, and what redeems the code, are made of
it with the register's secret key.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum

from flask import current_app, session

from tracker import clock, i18n
from tracker.identity import keyring
from tracker.identity.id_token import Identity
from tracker.identity.provider import Asked, Provider
from tracker.identity.unrecognised import Cancelled, NotVerified, ProviderFailed
from tracker.web.own_pages import own_address

_KEY = "trips"

#: How long a trip may take, and how many windows of a browser may be on one at once.
LONGEST = timedelta(minutes=10)
MOST = 3

#: With what a provider says that the person did not go on, or that it did not let them (OpenID Connect Core 1.0,
#: section 3.1.2.6, and RFC 6749, section 4.1.2.1).
NOT_GONE_ON = ("access_denied", "consent_required", "interaction_required", "login_required")
OTHER_ERRORS = (
    "account_selection_required",
    "invalid_request",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_response_type",
)


class Purpose(StrEnum):
    """What a trip is for."""

    SIGN_IN = "sign-in"
    BIND = "bind"


@dataclass(frozen=True)
class Trip:
    """One trip of a browser.

    Attributes:
        back: where the person wants to go afterwards.
        actor: who is signed in, where somebody has to be.
        begun: when, in seconds since 1970.
    """

    state: str
    purpose: Purpose
    language: str
    back: str | None
    actor: str | None
    begun: float

    @property
    def asked(self) -> Asked:
        """What the person is sent to the provider with."""
        nonce, verifier = (keyring.keyed_hash(f"trip {each}", self.state) for each in ("nonce", "verifier"))
        return Asked(state=self.state, nonce=nonce, verifier=verifier, back=return_address())


def return_address() -> str:
    """Return the one address to which the provider sends people back, whatever host and language they came by."""
    adapter = current_app.url_map.bind("")
    path = adapter.build("account.back_from_organisation", {"language": i18n.DEFAULT})
    return f"{current_app.config['ADDRESS']}{path}"


def begin(purpose: Purpose, *, back: str | None = None, actor: str | None = None) -> Trip:
    """Begin a trip in this browser."""
    trip = Trip(
        state=secrets.token_urlsafe(32),
        purpose=purpose,
        language=i18n.current_language(),
        back=own_address(back),
        actor=actor,
        begun=clock.now().timestamp(),
    )
    session[_KEY] = [*session.get(_KEY, ()), asdict(trip)][-MOST:]
    return trip


def end(state: str) -> Trip | None:
    """Return the trip of this browser that ends with an answer, once; ``None`` where there is none."""
    trips = [Trip(**{**each, "purpose": Purpose(each["purpose"])}) for each in session.get(_KEY, ())]
    found = next((each for each in trips if secrets.compare_digest(each.state.encode(), state.encode())), None)
    if found is None:
        return None
    session[_KEY] = [asdict(each) for each in trips if each is not found]
    return found if clock.now().timestamp() - found.begun <= LONGEST.total_seconds() else None


def outcome(trip: Trip, provider: Provider, answer: dict[str, str]) -> Identity:
    """Return who the person is to the provider, of whose answer these are the parameters.

    Raises:
        Unrecognised: the provider does not say, or not so that it can be believed.
    """
    error = answer.get("error")
    if error in NOT_GONE_ON:
        raise Cancelled(error)
    if error is not None:
        raise ProviderFailed(error if error in OTHER_ERRORS else "an error of its own")
    if not answer.get("code"):
        raise NotVerified("answer without a code")
    return provider.identity(trip.asked, code=answer["code"], issuer=answer.get("iss"))
