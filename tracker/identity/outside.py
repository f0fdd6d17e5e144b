"""Who a member of staff is to their own organisation, which may sign them in by OpenID Connect.

An account is bound to one subject of the provider, by its owner and while they are signed in; an e-mail address, which
a provider may hand on to somebody else, binds nothing. Nobody gets an account or a right through it.
"""

from __future__ import annotations

from flask import Flask, current_app
from flask_babel import lazy_gettext
from sqlalchemy import select

from tracker import clock, demonstration
from tracker.errors import Refused
from tracker.extensions import db
from tracker.identity import requirements, security_log, sessions
from tracker.identity.id_token import Identity
from tracker.identity.provider import Provider
from tracker.identity.unrecognised import BoundAlready, NotLetIn
from tracker.models import Account, OutsideIdentity
from tracker.vocabulary import SecurityAction

_PROVIDER = "outside_provider"


class NoOtherWayIn(Refused):
    """Somebody would unbind the only way in which they can sign in."""

    sentence = lazy_gettext(
        "You have neither a password nor a passkey, so you could not sign in any more. Add a passkey first."
    )


def init_app(app: Flask) -> None:
    """Know the provider that the settings name, where they name one."""
    if app.config["OUTSIDE"] is not None:
        app.extensions[_PROVIDER] = Provider(app.config["OUTSIDE"])


def provider() -> Provider | None:
    """Return the provider through which staff may sign in; ``None`` where there is none."""
    found: Provider | None = current_app.extensions.get(_PROVIDER)
    return found


def person(identity: Identity) -> Account:
    """Return the member of staff who is somebody outside.

    Raises:
        NotLetIn: there is none, or they may not sign in so.
    """
    query = select(OutsideIdentity).filter_by(issuer=identity.issuer, subject=identity.subject)
    bound = db.session.scalars(query).one_or_none()
    if bound is None:
        raise NotLetIn("bound to no account")
    account = bound.account
    if not account.active:
        raise NotLetIn("deactivated", account)
    if not account.is_staff:
        raise NotLetIn("not of the secretariat", account)
    if account.email in demonstration.EMAILS and not current_app.config["DEMO"]:
        raise NotLetIn("of the demonstration", account)  # whoever knew its published password may have bound it
    return account


def counts_for_both(identity: Identity) -> bool:
    """Whether somebody's sign-in outside is as good as two factors proved here and now.

    It has to say so, and of a moment ago: a provider lets in again for hours who has signed in once.
    """
    return identity.by_two_factors and identity.proved_within(sessions.FRESH)


def recognised(account: Account, identity: Identity) -> None:
    """Write down who was recognised outside, and how."""
    said = {"subject": identity.subject, "amr": " ".join(identity.methods), "acr": identity.level}
    security_log.record(SecurityAction.OUTSIDE_RECOGNISED, account=account, by=account, **said)


def refused(why: str, *, account: Account | None = None, by: Account | None = None, **said: str) -> None:
    """Write down that somebody who came back from the provider was not let in, or nothing was bound."""
    security_log.record(SecurityAction.OUTSIDE_REFUSED, account=account, by=by, why=why, **said)


def binding(account: Account) -> OutsideIdentity | None:
    """Return who a person is to the present provider, as far as they said."""
    there = provider()
    if there is None:
        return None
    query = select(OutsideIdentity).filter_by(account_id=account.id, issuer=there.facts.issuer)
    return db.session.scalars(query).one_or_none()


def bind(account: Account, identity: Identity) -> OutsideIdentity:
    """Let a person sign in as somebody outside from now on.

    Raises:
        NotLetIn: they are not of the secretariat.
        BoundAlready: they are bound to somebody, or somebody else is to this one.
    """
    if not account.is_staff:
        raise NotLetIn("not of the secretariat", account)
    query = select(OutsideIdentity.id).filter_by(issuer=identity.issuer, subject=identity.subject)
    if binding(account) is not None or db.session.scalar(query) is not None:
        raise BoundAlready("bound already", account)
    bound = OutsideIdentity(account=account, issuer=identity.issuer, subject=identity.subject, bound_at=clock.now())
    db.session.add(bound)
    db.session.flush()
    security_log.record(SecurityAction.OUTSIDE_BOUND, account=account, by=account, subject=identity.subject)
    return bound


def unbind(account: Account) -> bool:
    """Let a person sign in as nobody outside any more; return whether they could.

    Raises:
        NoOtherWayIn: they could not sign in at all.
    """
    bound = binding(account)
    if bound is None:
        return False
    if not has_other_way_in(account):
        raise NoOtherWayIn
    security_log.record(SecurityAction.OUTSIDE_UNBOUND, account=account, by=account, subject=bound.subject)
    db.session.delete(bound)
    db.session.flush()
    return True


def has_other_way_in(account: Account) -> bool:
    """Whether a person can sign in without the provider."""
    return bool(account.password) or requirements.has_passkey(account)
