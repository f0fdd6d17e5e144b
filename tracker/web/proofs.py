"""A fresh proof of who somebody is, asked for in the middle of a session, before something that matters.

A form that was sent too long after the last proof comes back as a page that asks for one and carries along what was
typed; the proof is then sent with it, to the same address.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, make_response, render_template, request, url_for
from flask_babel import LazyString, lazy_gettext
from flask_login import current_user

from tracker.access import NotFresh, me
from tracker.errors import PasskeyRefused, TryLater
from tracker.extensions import db, writing
from tracker.identity import authenticators, passkeys, proving, requirements
from tracker.models import Account
from tracker.texts import cleaned
from tracker.web import signing_in
from tracker.web.own_pages import own_address

PASSWORD, CODE, PASSKEY = "proof-password", "proof-code", "proof-passkey"
FIELDS = (PASSWORD, CODE, PASSKEY)
#: What is not carried along: passwords stand in no page, and are entered again.
NEVER_SHOWN = ("password", "again", "current")

WRONG_CODE = lazy_gettext("This code is not right, or was used already. Wait for the next one and enter that")

_WRONG = {PASSWORD: lazy_gettext("This is not your password"), CODE: WRONG_CODE}
_EMPTY = {
    PASSWORD: lazy_gettext("Enter your password"),
    CODE: lazy_gettext("Enter the code"),
    PASSKEY: lazy_gettext("Your browser sent no passkey. Try again, or use another way"),
}


def init_app(app: Flask) -> None:
    """Take the proofs that are sent with a form, and ask for one where it is missing."""
    app.before_request(_take)
    app.register_error_handler(NotFresh, _ask)


def asked(*, back: str | None = None, carried: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    """Return what the page shows that asks for a proof.

    Args:
        back: where the person wanted to go.
        carried: what they had typed, to be sent along.
    """
    account = me()
    return {
        "field": _field_of(account),
        "error": g.get("fault_of_proof"),
        "error_at": "passkey" if PASSKEY in request.form else "proof",
        "has_password": bool(account.password),
        "has_app": authenticators.of(account) is not None,
        "has_passkey": requirements.has_passkey(account),
        "action": request.full_path.rstrip("?") if carried is not None else url_for("account.do_confirm"),
        "carried": carried if carried is not None else [("next", own_address(back) or "")],
        "files": [name for name, file in request.files.items() if file.filename],
    }


def is_missing() -> bool:
    """Whether the form that was sent came without a right proof; the page that asks for one then says why."""
    if "fault_of_proof" not in g:
        g.fault_of_proof = _EMPTY[_field_of(me())]
    return g.fault_of_proof is not None


def _field_of(account: Account) -> str:
    return PASSWORD if account.password else CODE


def _take() -> None:
    """Look at the proof that came with a form; a right one counts at once."""
    field = next((each for each in FIELDS if each in request.form), None)
    here = signing_in.current() if current_user.is_authenticated else None
    if request.method != "POST" or field is None or here is None:
        return
    error = _fault_of(field, request.form[field])
    if error is None:
        signing_in.prove(here)
    g.fault_of_proof = error
    db.session.commit()


def _fault_of(field: str, typed: str) -> LazyString | None:
    if not typed:
        return _EMPTY[field]
    if field == PASSKEY:
        return _fault_of_passkey(typed)
    try:
        right = proving.again(me(), typed) if field == PASSWORD else proving.by_code(me(), typed)
    except TryLater as error:
        return error.sentence
    return None if right else _WRONG[field]


def _fault_of_passkey(answer: str) -> LazyString | None:
    try:
        passkeys.verify(answer, expected=me())
    except PasskeyRefused as refused:
        return refused.sentence
    return None


def _ask(_error: NotFresh) -> Response:
    db.session.rollback()
    writing.set(False)
    g.shown_at = ("account.confirm", {})
    ours = {*FIELDS, *NEVER_SHOWN, "csrf_token"}
    carried = [(cleaned(name), cleaned(value)) for name, value in request.form.items(multi=True) if name not in ours]
    page = render_template("account/confirm.html", **asked(carried=carried))
    return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY if g.get("fault_of_proof") else HTTPStatus.FORBIDDEN)
