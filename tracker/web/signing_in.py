"""Signing in and out: what a browser keeps of it, and what the register does.

Flask-Security keeps accounts and passwords, and Flask-Login knows who asks; a row of ours for each browser decides
whether it still does. The pages are those of the account door.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, Response, g, redirect, request, session, url_for
from flask_login import user_logged_in
from flask_security import SQLAlchemyUserDatastore
from flask_security.utils import login_user, logout_user
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tracker import clock
from tracker.extensions import db, security, writing
from tracker.identity import origin, requirements, security_log, sessions
from tracker.identity.origin import Origin
from tracker.models import Account, AccountRole, SignInSession
from tracker.vocabulary import SecurityAction, SignInWay
from tracker.web.own_pages import own_address

#: Where the cookie holds the key of the session's row.
_KEY = "sign_in"

#: Where the cookie holds what a person proved who has still to show the second factor.
_FIRST_FACTOR = "first_factor"

#: How long a person may take from the first factor to the second.
BETWEEN_FACTORS = timedelta(minutes=10)


def init_app(app: Flask) -> None:
    """Set up Flask-Security on our accounts, without its pages."""
    datastore = SQLAlchemyUserDatastore(db, Account, AccountRole)
    security.init_app(app, datastore, register_blueprint=False)
    # A session is the only way in: none of the tokens that the library would take.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    app.login_manager.user_loader(_load)  # type: ignore[attr-defined]
    app.before_request(_say_from_where)
    app.teardown_request(_forget_from_where)
    app.after_request(_write_down_that_it_is_in_use)
    user_logged_in.connect(_renew_token, app)


def sign_in(account: Account, *, way: SignInWay) -> None:
    """Sign a person in who has proved who they are: a new session, and a new cookie for it."""
    if _KEY in session and (before := sessions.current(session[_KEY])):
        sessions.end(before)
    session.clear()
    key = sessions.open_(account, way=way)
    login_user(account)
    session[_KEY] = key
    g.sign_in_session = sessions.current(key)
    security_log.record(SecurityAction.SIGNED_IN, account=account, by=account, way=way.value)


def sign_out() -> None:
    """Sign the person out in this browser; a copy of its cookie is worth nothing any more."""
    here = current()
    if here is not None:
        sessions.end(here)
        security_log.record(SecurityAction.SIGNED_OUT, account=here.account, by=here.account)
    logout_user()
    session.clear()


def prove(here: SignInSession) -> None:
    """Note that the person in this browser has proved again who they are; its cookie is another one afterwards."""
    session[_KEY] = sessions.prove(here)
    security_log.record(SecurityAction.CONFIRMED_IDENTITY, account=here.account, by=here.account)


def current() -> SignInSession | None:
    """Return the session of the browser that asks."""
    found: SignInSession | None = g.get("sign_in_session")
    return found


def after_first_factor(account: Account, *, way: SignInWay, back: str | None = None) -> Response:
    """Ask for the second factor where the person has one; else sign them in, and lead them where they wanted to go."""
    if not requirements.has_second_factor(account):
        sign_in(account, way=way)
        return lead_on(back)
    session.clear()
    session[_FIRST_FACTOR] = {
        "account": account.fs_uniquifier,
        "way": way.value,
        "at": clock.now().timestamp(),
        "back": own_address(back),
    }
    return redirect(url_for("account.second_factor"))  # type: ignore[return-value]


def between_factors() -> tuple[Account, SignInWay, str | None] | None:
    """Return who has proved the first factor in this browser, how, and where they want to go."""
    kept: dict[str, Any] = session.get(_FIRST_FACTOR) or {}
    if not kept or clock.now().timestamp() - kept["at"] > BETWEEN_FACTORS.total_seconds():
        return None
    account = db.session.scalars(select(Account).filter_by(fs_uniquifier=kept["account"])).one_or_none()
    if account is None or not account.active:
        return None
    return account, SignInWay[kept["way"].upper()], kept["back"]


def lead_on(back: str | None) -> Response:
    """Lead a person who has signed in to where they wanted to go."""
    return redirect(own_address(back) or url_for("account.home"))  # type: ignore[return-value]


def _load(uniquifier: str) -> Account | None:
    """Return who asks, while the session of their browser holds."""
    key = session.get(_KEY)
    found = sessions.at(key) if isinstance(key, str) else None
    if found is None or found.account.fs_uniquifier != uniquifier:
        return None
    if not found.account.active or not sessions.holds(found):
        g.session_over = found
        return None
    g.sign_in_session = found
    return found.account


def _say_from_where() -> None:
    origin.set_(Origin(request.remote_addr or "", request.user_agent.string))


def _forget_from_where(_error: BaseException | None) -> None:
    origin.set_(Origin())  # what the thread does next is another's


def _write_down_that_it_is_in_use(response: Response) -> Response:
    """Write down, every few minutes, that a session is in use: after the page, so that the page waits for nobody."""
    here = current()
    if here is not None and here in db.session and sessions.is_due_to_be_seen(here):
        db.session.rollback()
        token = writing.set(True)
        try:
            sessions.seen(here)
            db.session.commit()
        except OperationalError:  # somebody else writes; the next page will do
            db.session.rollback()
        finally:
            writing.reset(token)
    return response


def _renew_token(_app: Flask, **_: object) -> None:
    """Forget the token against forged requests: whoever planted the session before sign-in knows it."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)
