"""Letters that came on paper: the secretariat records them on a participant's behalf, and somebody else confirms."""

from __future__ import annotations

from flask import abort, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker import drafting, i18n, register
from tracker.access import Audience, me, open_to
from tracker.errors import Refused
from tracker.extensions import db
from tracker.secretariat.door import door
from tracker.secretariat.forms import LetterForm


@door.get("/letters")
@open_to(Audience.STAFF)
def letters() -> str:
    """Show which letters are being recorded, and ask whose letter came."""
    return _ask(LetterForm())


@door.post("/letters")
@open_to(Audience.STAFF)
def record_letter() -> Response | tuple[str, int]:
    """Begin to record a letter, and lead to its first question."""
    form = _offered(LetterForm())
    if status := form.unsaved():
        return _ask(form), status
    participant = register.participant(form.participant.data) or abort(404)
    cohort = register.cohort(form.cohort.data) or abort(404)
    try:
        drafting.begin(participant, cohort, on_paper=True, by=me())
    except Refused as error:
        db.session.rollback()
        form.participant.errors = [error.sentence]
        return _ask(form), 409
    db.session.commit()
    return redirect(url_for("desk.recommendations", participant=form.participant.data, cohort=form.cohort.data))


def _offered(form: LetterForm) -> LetterForm:
    language = i18n.current_language()
    form.offer(register.roll(language), [(each, i18n.shown(each.title, language)) for each in register.cohorts()])
    return form


def _ask(form: LetterForm) -> str:
    g.shown_at = ("secretariat.letters", {})
    return render_template("secretariat/letters.html", form=_offered(form), recorded=register.being_recorded())
