"""What the register keeps of a person: to take away, and to ask that it be forgotten. GET shows, POST does."""

from __future__ import annotations

from http import HTTPStatus

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker import clock
from tracker.access import Audience, me, open_to
from tracker.account.door import door
from tracker.account.forms import ForgetMeForm
from tracker.errors import Refused
from tracker.extensions import db
from tracker.identity import personal_data, wishes
from tracker.vocabulary import SecurityAction
from tracker.web.downloads import as_table


@door.get("/account/data")
@open_to(Audience.SIGNED_IN)
def data() -> str:
    """Show the ways to one's data, and how a wish to be forgotten stands."""
    return _show(ForgetMeForm(formdata=None))


@door.get("/account/data/zip")
@open_to(Audience.SIGNED_IN, fresh=True)
def download_data() -> Response:
    """Give all that the register keeps of the person."""
    content, name = personal_data.archive(me()), f"my-data-{clock.today()}.zip"
    return as_table(content, "application/zip", name, action=SecurityAction.OWN_DATA_DOWNLOADED)


@door.post("/account/data")
@open_to(Audience.SIGNED_IN, fresh=True)
def ask_to_be_forgotten() -> Response | tuple[str, int]:
    """Ask the secretariat to forget the person."""
    form = ForgetMeForm()
    if status := form.unsaved():
        return _show(form), status
    try:
        wishes.ask(me(), reason=form.reason.data)
    except Refused as error:
        db.session.rollback()
        g.refusal = error.sentence
        return _show(form), HTTPStatus.CONFLICT
    db.session.commit()
    return redirect(url_for("account.data"))


def _show(form: ForgetMeForm) -> str:
    g.shown_at = ("account.data", {})
    return render_template(
        "account/data.html",
        form=form,
        wish=wishes.latest_of(me()),
        in_office=wishes.is_in_office(me()),
        refusal=g.get("refusal"),
    )
