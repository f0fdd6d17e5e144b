"""Lets a browser remember that somebody signed in there, and shows the domain what browsers remember."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, after_this_request, current_app, request
from flask_login import user_logged_in

from tracker.identity import devices
from tracker.models import Account


def init_app(app: Flask) -> None:
    """Look at what each browser remembers, and give a mark to those in which somebody signs in."""
    app.before_request(_show)
    app.teardown_request(lambda _error: devices.show({}))
    user_logged_in.connect(_remember_who_signed_in, app)


def remember(email: str) -> None:
    """Let the browser at hand remember that the person with an address proved here who they are."""
    name, mark = _prefix() + devices.name_for(email), devices.mark(email)

    @after_this_request
    def put(response: Response) -> Response:
        response.set_cookie(
            name,
            mark,
            max_age=devices.KNOWN_FOR,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def _show() -> None:
    prefix = _prefix()
    devices.show({name.removeprefix(prefix): value for name, value in request.cookies.items()})


def _remember_who_signed_in(_app: Flask, user: Account, **_: Any) -> None:
    remember(user.email)


def _prefix() -> str:
    """Return what the cookie's name begins with, so that browsers take it from this host alone, over HTTPS alone."""
    return "__Host-" if current_app.config["SESSION_COOKIE_SECURE"] else ""
