"""A lost second factor: one person of the secretariat asks that it be taken away, and a second one decides."""

from __future__ import annotations

from collections.abc import Callable

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.access import Audience, account_to_reset, me, open_to, reset_to_decide
from tracker.errors import Refused
from tracker.extensions import db
from tracker.identity import accounts, resetting
from tracker.models import Account, FactorReset
from tracker.secretariat.account_forms import ResetForm
from tracker.secretariat.door import door
from tracker.secretariat.forms import ConfirmForm, ReturnForm

Answer = Response | str | tuple[str, int]


@door.get("/accounts/<person>/lost-second-factor")
@open_to(Audience.STAFF, fresh=True)
def ask_for_reset(person: str) -> Answer:
    """Ask how somebody was recognised who lost their second factor."""
    found = account_to_reset(person)
    waiting = resetting.open_one(found)
    return _to(waiting) if waiting else _ask(found, ResetForm())


@door.post("/accounts/<person>/lost-second-factor")
@open_to(Audience.STAFF, fresh=True)
def do_ask_for_reset(person: str) -> Answer:
    """Ask that somebody's second factor be taken away."""
    found, form = account_to_reset(person), ResetForm()
    if status := form.unsaved():
        return _ask(found, form), status
    try:
        reset = resetting.ask(found, note=form.note.data, by=me())
    except Refused as error:
        db.session.rollback()
        form.form_errors.append(error.sentence)
        return _ask(account_to_reset(person), form), 409
    db.session.commit()
    return _to(reset)


@door.get("/lost-second-factors/<reset>")
@open_to(Audience.STAFF)
def reset(reset: str) -> str:
    """Show whose second factor is lost, and how they were recognised, to decide on it."""
    return _show(reset_to_decide(reset))


@door.post("/lost-second-factors/<reset>/approve")
@open_to(Audience.STAFF, fresh=True)
def approve_reset(reset: str) -> Answer:
    """Take a second factor away."""
    return _decide(reset, lambda found: resetting.approve(found, by=me(), version=ConfirmForm().seen))


@door.post("/lost-second-factors/<reset>/return")
@open_to(Audience.STAFF)
def return_reset(reset: str) -> Answer:
    """Refuse to take a second factor away, with the reason."""
    form = ReturnForm()
    if status := form.unsaved():
        return _show(reset_to_decide(reset), form), status
    return _decide(reset, lambda found: resetting.return_(found, reason=form.reason.data, by=me(), version=form.seen))


@door.post("/lost-second-factors/<reset>/take-back")
@open_to(Audience.STAFF)
def take_reset_back(reset: str) -> Answer:
    """Take the wish back."""
    return _decide(reset, lambda found: resetting.take_back(found, by=me(), version=ConfirmForm().seen))


def _decide(reset: str, verb: Callable[[FactorReset], None]) -> Answer:
    """Do something with a wish and commit; where that is refused, show how it stands, and what was typed."""
    try:
        verb(reset_to_decide(reset))
    except Refused as error:
        db.session.rollback()
        g.refusal = error.sentence
        form = ReturnForm() if request.endpoint == "secretariat.return_reset" else None
        return _show(reset_to_decide(reset), form), 409
    db.session.commit()
    return redirect(url_for("secretariat.reset", reset=reset))


def _to(reset: FactorReset) -> Response:
    return redirect(url_for("secretariat.reset", reset=reset.reference))


def _ask(found: Account, form: ResetForm) -> str:
    g.shown_at = ("secretariat.ask_for_reset", {"person": found.key})
    return render_template("secretariat/ask_for_reset.html", known=accounts.of(found), form=form)


def _show(found: FactorReset, form: ReturnForm | None = None) -> str:
    g.shown_at = ("secretariat.reset", {"reset": found.reference})
    form = form or ReturnForm(formdata=None)
    form.version.data = str(found.version)
    return render_template(
        "secretariat/reset.html",
        reset=found,
        known=accounts.of(found.account),
        may_decide=resetting.may_decide(found, me()),
        mine=found.asked_by_id == me().id,
        confirm_form=ConfirmForm(formdata=None, version=found.version),
        return_form=form,
        refusal=g.get("refusal"),
    )
