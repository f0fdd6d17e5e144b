"""Wishes to be forgotten, on which one of the secretariat decides after a look. GET shows, POST does."""

from __future__ import annotations

from flask import abort, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker import accrediting, clock
from tracker.access import Audience, me, open_to
from tracker.errors import Refused
from tracker.extensions import db
from tracker.identity import erasing, wishes
from tracker.identity.wishes import Wish
from tracker.secretariat.door import door
from tracker.secretariat.forms import ErasureForm


@door.get("/erasures")
@open_to(Audience.STAFF)
def erasures() -> str:
    """Show who waits to be forgotten."""
    return render_template("secretariat/erasures.html", waiting=wishes.waiting(), in_office=wishes.is_in_office)


@door.get("/erasures/<int:wish>")
@open_to(Audience.STAFF)
def erasure(wish: int) -> str:
    """Show one wish, with what the register knows of the person."""
    return _show(wish, _found(wish), ErasureForm(formdata=None))


@door.post("/erasures/<int:wish>")
@open_to(Audience.STAFF, fresh=True)
def decide_erasure(wish: int) -> Response | tuple[str, int]:
    """Forget the person, or refuse to."""
    person, form = _found(wish).account, ErasureForm()
    if status := form.unsaved():
        return _show(wish, _found(wish), form), status
    try:
        if form.refuses:
            wishes.refuse(person, reason=form.reason.data, by=me(), wish=wish)
        else:
            erasing.erase(person, by=me(), wish=wish)
    except Refused as error:
        return _refused(wish, form, error)
    db.session.commit()
    return redirect(url_for("secretariat.erasure", wish=wish))


def _found(number: int) -> Wish:
    return wishes.wish_at(number) or abort(404)


def _refused(number: int, form: ErasureForm, error: Refused) -> tuple[str, int]:
    db.session.rollback()
    g.refusal = error.sentence
    return _show(number, _found(number), form), 409


def _show(number: int, wish: Wish, form: ErasureForm) -> str:
    g.shown_at = ("secretariat.erasure", {"wish": number})
    return render_template(
        "secretariat/erasure.html",
        number=number,
        wish=wish,
        waits=wish.waits and wish.number == number,
        form=form,
        accreditations=accrediting.held_by(wish.account),
        in_office=wishes.is_in_office(wish.account),
        today=clock.today(),
        refusal=g.get("refusal"),
    )
