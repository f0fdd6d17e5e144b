"""The account's views: where a person who has signed in goes from there."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker import accrediting
from tracker.access import Audience, me, open_to

door = Blueprint("account", __name__, url_prefix="/<language:language>/account")


@door.get("/")
@open_to(Audience.SIGNED_IN)
def home() -> Response | str:
    """Send the person to the one place where they work, or let them choose between two."""
    represents = bool(accrediting.held_by(me()))
    if me().is_staff and not represents:
        return redirect(url_for("secretariat.queue"))
    if represents and not me().is_staff:
        return redirect(url_for("desk.home"))
    return render_template("account/home.html")
