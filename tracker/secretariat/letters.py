"""Letters that came on paper: the secretariat records them on a participant's behalf, and somebody else confirms."""

from __future__ import annotations

from flask import abort, g, redirect, render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from tracker import drafting, i18n, notices, register, standing
from tracker.access import Audience, me, open_to
from tracker.errors import Refused, WrongStatus
from tracker.extensions import db
from tracker.models import Cohort, Participant
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
    begin = _begin_notice if form.withdraws else _begin_endorsement
    try:
        step = begin(participant, cohort)
    except Refused as error:
        db.session.rollback()
        form.participant.errors = [error.sentence]
        return _ask(form), 409
    db.session.commit()
    return redirect(url_for(step, participant=participant.slug, cohort=cohort.slug))


def _begin_endorsement(participant: Participant, cohort: Cohort) -> str:
    """Begin to record an endorsement, and return the step that asks its first question."""
    drafting.begin(participant, cohort, on_paper=True, by=me())
    return "desk.recommendations"


def _begin_notice(participant: Participant, cohort: Cohort) -> str:
    """Begin to record a notice of withdrawal, likewise."""
    endorsement = standing.in_force_one(participant, cohort)
    if endorsement is None:
        raise WrongStatus(_NOTHING_TO_WITHDRAW)
    notices.begin(endorsement, on_paper=True, by=me())
    return "secretariat.notice_on_paper"


_NOTHING_TO_WITHDRAW = lazy_gettext("No endorsement of these recommendations by this participant is in force.")


def _offered(form: LetterForm) -> LetterForm:
    language = i18n.current_language()
    form.offer(register.roll(language), [(each, i18n.shown(each.title, language)) for each in register.cohorts()])
    return form


def _ask(form: LetterForm) -> str:
    g.shown_at = ("secretariat.letters", {})
    return render_template(
        "secretariat/letters.html", form=_offered(form), recorded=register.being_recorded(), notices=notices.recorded()
    )
