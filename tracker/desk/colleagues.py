"""Colleagues: a head representative proposes who else acts for the participant, and that somebody does no more."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import accrediting, clock
from tracker.access import Audience, colleague_of_mine, me, my_participant_as_head, open_to, request_of_mine
from tracker.desk.door import door
from tracker.desk.forms import StepForm
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models import Accreditation, Participant, Proposal
from tracker.people import candidates, requesting
from tracker.people.candidates import Candidate
from tracker.web.people_forms import CandidateForm, EndForm, as_typed

Answer = Response | str | tuple[str, int]


@door.get("/<participant>/colleagues/new")
@open_to(Audience.REPRESENTATIVE, fresh=True)
def propose_colleague(participant: str) -> str:
    """Ask who is to be accredited; for a request that was returned, with what it said."""
    mine = my_participant_as_head(participant)
    returned = _returned(mine)
    typed = as_typed(Candidate.of(returned)) if returned else {"starts_on": clock.today(), "mails_in": me().language}
    return _ask_whom(mine, CandidateForm(**typed), returned)


@door.post("/<participant>/colleagues/new")
@open_to(Audience.REPRESENTATIVE, fresh=True)
def do_propose_colleague(participant: str) -> Answer:
    """Propose a colleague."""
    mine, form = my_participant_as_head(participant), CandidateForm()
    returned = _returned(mine)
    if status := form.unsaved():
        return _ask_whom(mine, form, returned), status
    try:
        requesting.propose(mine, form.candidate(), by=me(), instead_of=returned)
    except Refused as error:
        db.session.rollback()
        form.form_errors.append(error.sentence)
        return _ask_whom(my_participant_as_head(participant), form, _returned(mine)), 409
    return _to_the_desk(participant)


@door.get("/<participant>/colleagues/<accreditation>/end")
@open_to(Audience.REPRESENTATIVE)
def end_colleague(participant: str, accreditation: str) -> str:
    """Ask with which day an accreditation is to end."""
    found = colleague_of_mine(participant, accreditation)
    return _ask_when(found, EndForm(version=requesting.seen_of(found)))


@door.post("/<participant>/colleagues/<accreditation>/end")
@open_to(Audience.REPRESENTATIVE)
def do_end_colleague(participant: str, accreditation: str) -> Answer:
    """Propose that an accreditation ends."""
    found, form = colleague_of_mine(participant, accreditation), EndForm()
    if status := form.unsaved():
        return _ask_when(found, form), status
    try:
        last_day, note = form.ends_on.data, form.note.data
        requesting.propose_end(found, last_day=last_day, note=note, by=me(), version=form.seen)
    except Refused as error:
        db.session.rollback()
        found = colleague_of_mine(participant, accreditation)
        form.version.data = str(requesting.seen_of(found))
        form.form_errors.append(error.sentence)
        return _ask_when(found, form), 409
    return _to_the_desk(participant)


@door.post("/<participant>/colleagues/requests/<proposal>/take-back")
@open_to(Audience.REPRESENTATIVE)
def take_request_back(participant: str, proposal: str) -> Response:
    """Take back what was proposed about a colleague."""
    requesting.take_back(request_of_mine(participant, proposal), by=me(), version=StepForm().seen)
    return _to_the_desk(participant)


def _returned(mine: Participant) -> Proposal | None:
    """Return the request that was returned and is corrected here, if the address names one."""
    return candidates.returned_one(mine, request.args.get("after", ""))


def _to_the_desk(participant: str) -> Response:
    db.session.commit()
    return redirect(url_for("desk.participant", participant=participant, _anchor="colleagues"))


def _ask_whom(mine: Participant, form: CandidateForm, returned: Proposal | None) -> str:
    g.shown_at = ("desk.propose_colleague", {"participant": mine.slug})
    return render_template("desk/propose_colleague.html", participant=mine, form=form, returned=returned)


def _ask_when(found: Accreditation, form: EndForm) -> str:
    g.shown_at = ("desk.end_colleague", {"participant": found.participant.slug, "accreditation": found.reference})
    return render_template(
        "desk/end_colleague.html",
        participant=found.participant,
        accreditation=found,
        form=form,
        last_head=accrediting.is_last_head(found),
    )
