"""Asks the secretariat for what it proposes to publish, and asks again where that was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import g, render_template, request
from werkzeug.wrappers import Response

from tracker import ledger
from tracker.errors import Refused
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.models import Document, Event
from tracker.web.language_forms import InLanguagesForm

Answer = Response | str | tuple[str, int]


def seen_of(thing: Event | Document) -> int:
    """Return the number of the last entry about a thing: the form says of which state of it the person knew."""
    return ledger.latest_of(subject_of(thing))


def ask(page: str, form: InLanguagesForm, **about: Any) -> str:
    """Show a page that asks; what was typed goes along to the other languages."""
    endpoint = str(request.endpoint)
    g.shown_at = (_ASKING.get(endpoint, endpoint), request.view_args or {})
    return render_template(page, form=form, refusal=g.get("refusal"), action=_SENDING.get(endpoint, endpoint), **about)


def ask_again(
    page: str, form: InLanguagesForm, error: Refused, about: Callable[[], Mapping[str, Any]]
) -> tuple[str, int]:
    """Undo what was begun, say why it was refused, and show again what was typed.

    Args:
        about: returns what the page is about, as it stands now.
    """
    db.session.rollback()
    g.refusal = error.sentence
    things = about()
    for thing in things.values():
        if isinstance(thing, Event | Document):
            form.version.data = str(seen_of(thing))
    return ask(page, form, **things), 409


#: The views that send what was typed, by the view that asks for it.
_SENDING = {
    "secretariat.add_event": "secretariat.propose_event",
    "secretariat.change_event": "secretariat.propose_event_change",
    "secretariat.call_event_off": "secretariat.propose_event_end",
    "secretariat.add_document": "secretariat.propose_document",
    "secretariat.change_document": "secretariat.propose_document_change",
    "secretariat.take_document_down": "secretariat.propose_document_end",
}
_ASKING = {sending: asking for asking, sending in _SENDING.items()}
