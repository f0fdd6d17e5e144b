"""The desk's door, and its answer to whatever the register refuses."""

from __future__ import annotations

from flask import Blueprint, abort, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from tracker import register
from tracker.desk.found import home_of
from tracker.desk.standings import standings
from tracker.errors import Refused
from tracker.extensions import db
from tracker.web.answering import answer
from tracker.web.forms import written

door = Blueprint("desk", __name__, url_prefix="/<language:language>/desk")


@door.errorhandler(Refused)
def refuse(error: Refused) -> Response:
    """Say what the register refused, how things stand now, and how to go on."""
    db.session.rollback()
    slug = (request.view_args or {})["participant"]
    return answer(
        409,
        error.sentence,
        standings=standings(register.participant(slug) or abort(404)),
        written=written(),
        way_on=(home_of(slug), gettext("See how things stand, and go on from there")),
    )
