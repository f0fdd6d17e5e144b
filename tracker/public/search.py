"""The search for a participant by any name that it carries or carried."""

from __future__ import annotations

from flask import g, render_template, request

from tracker import i18n
from tracker.access import Audience, open_to
from tracker.public.door import door
from tracker.public.forms import SearchForm
from tracker.roll import roll_listing

#: How many participants one page shows; it says how many more there are.
MOST_SHOWN = 50


@door.get("/<language:language>/search")
@open_to(Audience.ANYONE)
def participants() -> str:
    """Show whom the reader looks for."""
    form = SearchForm(request.args)
    sought = form.name.data or ""
    found = roll_listing.only(roll_listing.enrolled(i18n.current_language()), search=sought) if sought else []
    g.asked = {"name": sought} if sought else {}
    return render_template(
        "public/participants.html", form=form, sought=sought, found=found[:MOST_SHOWN], count=len(found)
    )
