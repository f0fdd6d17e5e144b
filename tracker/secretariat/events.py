"""Events of a cohort: the secretariat proposes to add, to change and to call off."""

from __future__ import annotations

from flask import abort

from tracker import clock, i18n
from tracker.access import Audience, me, open_to
from tracker.errors import Refused
from tracker.facts import subject_of
from tracker.models import Event
from tracker.publications import announcing, languages
from tracker.secretariat.again import begun_with
from tracker.secretariat.asking import Answer, ask, ask_again, seen_of
from tracker.secretariat.door import door
from tracker.secretariat.publication_forms import EndForm, EventChangeForm, EventForm, end_form, event_form, form_for
from tracker.secretariat.publications import cohort_to_publish, proposed
from tracker.vocabulary import ProposalKind

NEW, CHANGE, END = "secretariat/add_event.html", "secretariat/change_event.html", "secretariat/call_event_off.html"


@door.get("/cohorts/<cohort>/add-event")
@open_to(Audience.STAFF)
def add_event(cohort: str) -> str:
    """Ask what event is to be added."""
    group = cohort_to_publish(cohort)
    form = event_form(group, i18n.current_language(), begun_with(ProposalKind.EVENT))
    return ask(NEW, form, cohort=group)


@door.post("/cohorts/<cohort>/add-event")
@open_to(Audience.STAFF)
def propose_event(cohort: str) -> Answer:
    """Propose an event."""
    group = cohort_to_publish(cohort)
    form = EventForm.sent(also=languages.of_cohort(group))
    begun_with(ProposalKind.EVENT)
    if status := form.unsaved():
        return ask(NEW, form.again(), cohort=group), status
    try:
        event = announcing.propose_event(group, form.facts(), by=me(), due_at=form.due_at)
    except Refused as error:
        return ask_again(NEW, form, error, lambda: {"cohort": cohort_to_publish(cohort)})
    return proposed(event)


@door.get("/cohorts/<cohort>/events/<day>/<reference>")
@open_to(Audience.STAFF)
def change_event(cohort: str, day: str, reference: str) -> str:
    """Ask what is to be said of an event."""
    found = _event(cohort, day, reference)
    like = begun_with(ProposalKind.EVENT, subject=subject_of(found))
    form = form_for(found, i18n.current_language(), seen=seen_of(found), like=like)
    return ask(CHANGE, form, event=found)


@door.post("/cohorts/<cohort>/events/<day>/<reference>")
@open_to(Audience.STAFF)
def propose_event_change(cohort: str, day: str, reference: str) -> Answer:
    """Propose to say something else of an event."""
    found = _event(cohort, day, reference)
    form = EventChangeForm.sent(also=languages.of_cohort(found.cohort))
    begun_with(ProposalKind.EVENT, subject=subject_of(found))
    if status := form.unsaved():
        return ask(CHANGE, form.again(), event=found), status
    try:
        change = announcing.propose_change(
            found, form.facts(), why=form.why(), by=me(), due_at=form.due_at, seen=form.seen
        )
    except Refused as error:
        return ask_again(CHANGE, form, error, lambda: {"event": _event(cohort, day, reference)})
    return proposed(change)


@door.get("/cohorts/<cohort>/events/<day>/<reference>/call-off")
@open_to(Audience.STAFF)
def call_event_off(cohort: str, day: str, reference: str) -> str:
    """Ask why an event is called off."""
    found = _event(cohort, day, reference)
    like = begun_with(ProposalKind.EVENT, subject=subject_of(found))
    form = end_form(found, i18n.current_language(), seen=seen_of(found), like=like)
    return ask(END, form, event=found)


@door.post("/cohorts/<cohort>/events/<day>/<reference>/call-off")
@open_to(Audience.STAFF)
def propose_event_end(cohort: str, day: str, reference: str) -> Answer:
    """Propose that an event is called off."""
    found = _event(cohort, day, reference)
    form = EndForm.sent(also=languages.of_cohort(found.cohort))
    begun_with(ProposalKind.EVENT, subject=subject_of(found))
    if status := form.unsaved():
        return ask(END, form.again(), event=found), status
    try:
        end = announcing.propose_end(found, why=form.why(), by=me(), due_at=form.due_at, seen=form.seen)
    except Refused as error:
        return ask_again(END, form, error, lambda: {"event": _event(cohort, day, reference)})
    return proposed(end)


def _event(cohort: str, day: str, reference: str) -> Event:
    held_on = clock.read_day(day) or abort(404)
    return announcing.event(cohort_to_publish(cohort), held_on, reference) or abort(404)
