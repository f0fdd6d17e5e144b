"""The two steps by which a participant disputes an endorsement in its name. GET shows and changes nothing, POST does.

Programs that read mail open the links in it before its reader does: they find a page, and change nothing.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tracker import i18n, register
from tracker.access import Audience, open_to
from tracker.disputes import reviewing
from tracker.errors import BadLink, Refused, TooMany
from tracker.extensions import db
from tracker.models import Endorsement
from tracker.public.door import door
from tracker.public.forms import DisputeForm
from tracker.web import limits
from tracker.web.answering import answer


@door.get("/<language:language>/dispute/<endorsement>")
@open_to(Audience.ANYONE)
def dispute(endorsement: str) -> str:
    """Say how a participant disputes an endorsement, and offer the first step."""
    return _explain(_disputable(endorsement))


@door.post("/<language:language>/dispute/<endorsement>")
@open_to(Audience.ANYONE)
@limits.messages
def ask_for_link(endorsement: str) -> Response | tuple[str, int]:
    """Send the link to the address that is published for the participant."""
    found = _disputable(endorsement)
    try:
        reviewing.ask_for_link(found, language=i18n.current_language())
    except Refused as error:
        db.session.rollback()
        status = HTTPStatus.TOO_MANY_REQUESTS if isinstance(error, TooMany) else HTTPStatus.CONFLICT
        return _explain(_disputable(endorsement), refusal=str(error.sentence)), status
    db.session.commit()
    return redirect(url_for("public.link_sent", endorsement=endorsement))


@door.get("/<language:language>/dispute/<endorsement>/sent")
@open_to(Audience.ANYONE)
def link_sent(endorsement: str) -> str:
    """Say what was done, and nothing of whether an address is known."""
    return render_template("public/link_sent.html", **_about(_disputable(endorsement)))


@door.get("/<language:language>/dispute/<endorsement>/received")
@open_to(Audience.ANYONE)
def disputed(endorsement: str) -> str:
    """Confirm that an endorsement is under review."""
    found = _disputable(endorsement)
    review = reviewing.open_one(found) or abort(404)
    return render_template("public/disputed.html", review=review, **_about(found))


@door.get("/<language:language>/dispute/<endorsement>/<token>")
@open_to(Audience.ANYONE)
def dispute_with_link(endorsement: str, token: str) -> Response | str:
    """Show what the link disputes."""
    found = _disputable(endorsement)
    reviewing.link_of(found, token)
    return _ask(found, token, DisputeForm(formdata=None))


@door.post("/<language:language>/dispute/<endorsement>/<token>")
@open_to(Audience.ANYONE)
@limits.guesses
def send_dispute(endorsement: str, token: str) -> Response | tuple[str, int]:
    """Put the endorsement under review."""
    found, form = _disputable(endorsement), DisputeForm()
    reviewing.link_of(found, token)
    if status := form.unsaved():
        return _ask(found, token, form), status
    reviewing.dispute(found, token=token, message=form.message.data, language=i18n.current_language())
    db.session.commit()
    return redirect(url_for("public.disputed", endorsement=endorsement))


@door.errorhandler(BadLink)
def refuse_link(error: BadLink) -> Response:
    """Say why a link disputes nothing, and where a new one is to be had."""
    place = {"endorsement": (request.view_args or {})["endorsement"]}
    way_on = (url_for("public.dispute", **place), gettext("Ask for a new link"))
    return answer(HTTPStatus.GONE if error.spent else HTTPStatus.NOT_FOUND, error.sentence, way_on=way_on)


def _disputable(reference: str) -> Endorsement:
    """Return an endorsement of the public record; any other is not found."""
    found = register.endorsement(reference)
    if found is None or found.effective_on is None:
        abort(404)
    return found


def _about(found: Endorsement) -> dict[str, object]:
    return {"endorsement": found, "participant": found.participant, "cohort": found.cohort}


def _explain(found: Endorsement, refusal: str | None = None) -> str:
    g.shown_at = ("public.dispute", {"endorsement": found.reference})
    days = reviewing.LINK_LASTS.days
    review = reviewing.open_one(found)
    return render_template("public/dispute.html", **_about(found), days=days, review=review, refusal=refusal)


def _ask(found: Endorsement, token: str, form: DisputeForm) -> str:
    g.shown_at = ("public.dispute_with_link", {"endorsement": found.reference, "token": token})
    return render_template("public/dispute_with_link.html", **_about(found), form=form, token=token)
