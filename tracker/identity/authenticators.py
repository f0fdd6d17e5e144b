"""Authenticator apps: codes that change every 30 seconds (TOTP, RFC 6238), each taken once."""

from __future__ import annotations

from flask import current_app
from passlib.exc import TokenError
from passlib.totp import TOTP, TotpMatch
from sqlalchemy import delete, or_, select, update

from tracker import clock
from tracker.extensions import db
from tracker.identity import keyring, security_log
from tracker.identity.keyring import Unsealed
from tracker.models import Account, Authenticator
from tracker.vocabulary import SecurityAction

#: How far the clock of a telephone may be off, in seconds, either way (RFC 6238, 5.2: one time step).
TOLERANCE = 30

_PURPOSE = "authenticator"


def begin(account: Account) -> Authenticator:
    """Make the secret for an app that is to be set up; one that was begun before is forgotten."""
    db.session.execute(delete(Authenticator).filter_by(account_id=account.id, confirmed_at=None))
    begun = Authenticator(account=account, secret=_sealed(account, _totp().new().base32_key), created_at=clock.now())
    db.session.add(begun)
    db.session.flush()
    return begun


def begun(account: Account) -> Authenticator | None:
    """Return the app that a person is setting up."""
    return db.session.scalars(select(Authenticator).filter_by(account_id=account.id, confirmed_at=None)).one_or_none()


def of(account: Account) -> Authenticator | None:
    """Return the app that a person uses."""
    query = select(Authenticator).filter_by(account_id=account.id).where(Authenticator.confirmed_at.is_not(None))
    return db.session.scalars(query).one_or_none()


def key(authenticator: Authenticator) -> str:
    """Return the secret as a person types it into an app, in groups of letters."""
    return str(source(authenticator).pretty_key(sep=" "))


def address(authenticator: Authenticator) -> str:
    """Return the secret as an app scans it: an ``otpauth://`` address."""
    return str(source(authenticator).to_uri(authenticator.account.email))


def source(authenticator: Authenticator) -> TOTP:
    """Return what makes the codes.

    Raises:
        KeyError: the secret was sealed with a key that this register has no more, or for somebody else.
    """
    return _totp()(_unsealed(authenticator).text)


def confirm(account: Account, code: str, *, by: Account) -> bool:
    """Take the app that a person is setting up into use, if the code is right; return whether it is."""
    setting_up = begun(account)
    match = _match(setting_up, code) if setting_up else None
    if setting_up is None or match is None:
        return False
    forget(account)
    setting_up.confirmed_at, setting_up.last_counter = clock.now(), match.counter
    db.session.flush()
    security_log.record(SecurityAction.AUTHENTICATOR_ADDED, account=account, by=by)
    return True


def check(account: Account, code: str) -> bool:
    """Return whether a code is right and was not taken before. Of two who send the same at once, one is let in.

    A secret that a former key sealed is sealed anew, so that the former key can be let go some time.
    """
    authenticator = of(account)
    match = _match(authenticator, code) if authenticator else None
    if authenticator is None or match is None:
        return False
    earlier = or_(Authenticator.last_counter.is_(None), Authenticator.last_counter < match.counter)
    taken = update(Authenticator).where(Authenticator.id == authenticator.id, earlier)
    if not db.session.execute(taken.values(last_counter=match.counter)).rowcount:  # type: ignore[attr-defined]
        return False
    secret = _unsealed(authenticator)
    if secret.by_former:
        authenticator.secret = _sealed(account, secret.text)
        db.session.flush()
    return True


def remove(account: Account, *, by: Account) -> None:
    """Take a person's app out of use."""
    if of(account) is not None:
        forget(account)
        security_log.record(SecurityAction.AUTHENTICATOR_REMOVED, account=account, by=by)


def forget(account: Account) -> None:
    """Forget the app that a person uses."""
    in_use = delete(Authenticator).filter_by(account_id=account.id).where(Authenticator.confirmed_at.is_not(None))
    db.session.execute(in_use)


def _match(authenticator: Authenticator, code: str) -> TotpMatch | None:
    digits = "".join(code.split())
    try:
        return source(authenticator).match(
            digits, time=clock.now(), window=TOLERANCE, last_counter=authenticator.last_counter
        )
    except (TokenError, ValueError, KeyError):  # a wrong code; a secret of another key
        return None


def _sealed(account: Account, secret: str) -> str:
    return keyring.seal(_PURPOSE, secret, owner=account.actor)


def _unsealed(authenticator: Authenticator) -> Unsealed:
    return keyring.unseal(_PURPOSE, authenticator.secret, owner=authenticator.account.actor)


def _totp() -> type[TOTP]:
    made: type[TOTP] = TOTP.using(issuer=current_app.config["REGISTER_NAME"] or "Endorsement tracker")
    return made
