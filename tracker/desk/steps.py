"""The steps of an endorsement, a question each, until it is submitted."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker import drafting, endorsing, standing
from tracker.access import Audience, me, open_to
from tracker.desk.door import door
from tracker.desk.forms import (
    DiscardForm,
    RecommendationsForm,
    ReservationsForm,
    StepForm,
)
from tracker.desk.found import (
    changes_of,
    draft_as_it_is,
    draft_of,
    editable_or_none,
    go_on,
    home_of,
    open_endorsement,
    prepared_and_cohort,
    shown,
)
from tracker.desk.statement_form import StatementForm
from tracker.desk.wordings import refused_submission
from tracker.errors import Stale, WordingChanged
from tracker.extensions import db
from tracker.models import Cohort, Endorsement, Participant
from tracker.vocabulary import Scope, Status
from tracker.wordings import endorsed_wordings
from tracker.wordings.word_differences import compared

Answer = Response | str | tuple[str, int]


@door.get("/<participant>/<cohort>/recommendations")
@open_to(Audience.PREPARING)
def recommendations(participant: str, cohort: str) -> Answer:
    """Ask which recommendations are endorsed."""
    mine, group = prepared_and_cohort(participant, cohort)
    draft, present = editable_or_none(mine, group), standing.in_force_one(mine, group)
    return _ask_recommendations(mine, group, RecommendationsForm.of(draft, present))


@door.post("/<participant>/<cohort>/recommendations")
@open_to(Audience.PREPARING)
def save_recommendations(participant: str, cohort: str) -> Answer:
    """Keep which recommendations are endorsed."""
    mine, group = prepared_and_cohort(participant, cohort)
    found, form = editable_or_none(mine, group), RecommendationsForm()
    form.offer(group.recommendations)
    if status := form.unsaved():
        return _ask_recommendations(mine, group, form), status
    if form.changed_meanwhile or form.added_meanwhile:
        return _ask_recommendations(mine, group, form), 409
    try:
        draft = drafting.begin(mine, group, on_paper=bool(found and found.on_paper), by=me(), version=form.seen)
    except Stale:
        form.version.data = draft_as_it_is(participant, cohort).version
        return _ask_recommendations(mine, group, form), 409
    drafting.choose(draft, scope=Scope[form.scope.data.upper()], numbers=form.numbers.data or (), by=me())
    return go_on(draft, "desk.reservations")


@door.get("/<participant>/<cohort>/reservations")
@open_to(Audience.PREPARING)
def reservations(participant: str, cohort: str) -> Answer:
    """Ask for reservations."""
    draft = draft_of(participant, cohort)
    return _ask_reservations(draft, ReservationsForm.of(draft))


@door.post("/<participant>/<cohort>/reservations")
@open_to(Audience.PREPARING)
def save_reservations(participant: str, cohort: str) -> Answer:
    """Keep the reservations."""
    draft = draft_of(participant, cohort)
    form = ReservationsForm.of(draft)
    if status := form.unsaved():
        return _ask_reservations(draft, form), status
    try:
        drafting.reserve(draft, reservations=form.reservations(), by=me(), version=form.seen)
    except Stale:
        now = draft_as_it_is(participant, cohort)
        form = ReservationsForm.of(now)  # it may cover other recommendations now
        form.version.data = now.version
        return _ask_reservations(now, form), 409
    return go_on(draft, "desk.statement")


@door.get("/<participant>/<cohort>/statement")
@open_to(Audience.PREPARING)
def statement(participant: str, cohort: str) -> Answer:
    """Ask for the statement."""
    draft = draft_of(participant, cohort)
    return _ask_statement(draft, StatementForm.of(draft))


@door.post("/<participant>/<cohort>/statement")
@open_to(Audience.PREPARING)
def save_statement(participant: str, cohort: str) -> Answer:
    """Keep the statement."""
    draft = draft_of(participant, cohort)
    form = StatementForm.sent_for(draft)
    if status := form.unsaved():
        return _ask_statement(draft, form.again()), status
    try:
        drafting.declare(draft, statement=form.text("statement"), by=me(), version=form.seen)
    except Stale:
        now = draft_as_it_is(participant, cohort)
        form.version.data = now.version
        return _ask_statement(now, form), 409
    return go_on(draft, "desk.signature")


@door.get("/<participant>/<cohort>/check")
@open_to(Audience.PREPARING)
def check(participant: str, cohort: str) -> str:
    """Show all answers before they are submitted."""
    draft = draft_of(participant, cohort)
    return render_template(
        "desk/check.html",
        **shown(draft),
        **changes_of(draft),
        form=StepForm(version=draft.version),
        complete=drafting.is_complete(draft),
        added=drafting.added_since(draft),
        behind=endorsed_wordings.to_be_decided(endorsed_wordings.behind(draft)),
    )


@door.post("/<participant>/<cohort>/submit")
@open_to(Audience.PREPARING, fresh=True)
def submit(participant: str, cohort: str) -> Answer:
    """Submit the endorsement."""
    draft = open_endorsement(participant, cohort)
    try:
        endorsing.submit(draft, by=me(), version=StepForm().seen)
    except WordingChanged:
        return refused_submission(draft)
    db.session.commit()
    return redirect(url_for("desk.submitted", participant=participant, cohort=cohort))


@door.get("/<participant>/<cohort>/submitted")
@open_to(Audience.PREPARING)
def submitted(participant: str, cohort: str) -> Answer:
    """Confirm that the endorsement was submitted, and say what happens next."""
    endorsement = open_endorsement(participant, cohort)
    if endorsement.status is not Status.SUBMITTED:
        return redirect(home_of(participant))
    return render_template(
        "desk/submitted.html",
        **shown(endorsement),
        form=StepForm(version=endorsement.version),
        effective_on=standing.day_of_effect(endorsement),
        **changes_of(endorsement),
    )


@door.post("/<participant>/<cohort>/take-back")
@open_to(Audience.PREPARING)
def take_back(participant: str, cohort: str) -> Response:
    """Make a submission a draft again."""
    endorsing.take_back(open_endorsement(participant, cohort), by=me(), version=StepForm().seen)
    db.session.commit()
    return redirect(url_for("desk.check", participant=participant, cohort=cohort))


@door.get("/<participant>/<cohort>/discard")
@open_to(Audience.PREPARING)
def discard(participant: str, cohort: str) -> str:
    """Ask whether the draft is to be thrown away."""
    draft = open_endorsement(participant, cohort)
    return _ask_discarding(draft, DiscardForm(version=draft.version))


@door.post("/<participant>/<cohort>/discard")
@open_to(Audience.PREPARING)
def do_discard(participant: str, cohort: str) -> Answer:
    """Throw the draft away, or keep it."""
    draft, form, home = open_endorsement(participant, cohort), DiscardForm(), home_of(participant)
    if status := form.unsaved():
        return _ask_discarding(draft, form), status
    if form.sure.data == "yes":
        drafting.discard(draft, by=me(), version=form.seen)
        db.session.commit()
    return redirect(home)


def _ask_recommendations(mine: Participant, group: Cohort, form: RecommendationsForm) -> str:
    form.offer(group.recommendations)
    changed = [(each, compared(was.text, each.revision.text)) for each, was in form.changed_meanwhile]
    added = form.added_meanwhile
    form.remember_wordings()
    g.shown_at = ("desk.recommendations", {"participant": mine.slug, "cohort": group.slug})
    return render_template(
        "desk/recommendations.html",
        participant=mine,
        cohort=group,
        headings=group.headings,
        form=form,
        endorsement=standing.open_one(mine, group),
        home=home_of(mine.slug),
        changed=changed if form.is_submitted() else [],
        added=added if form.is_submitted() else [],
    )


def _ask_reservations(draft: Endorsement, form: ReservationsForm) -> str:
    g.shown_at = ("desk.reservations", {"participant": draft.participant.slug, "cohort": draft.cohort.slug})
    return render_template("desk/reservations.html", **shown(draft), form=form)


def _ask_statement(draft: Endorsement, form: StatementForm) -> str:
    g.shown_at = ("desk.statement", {"participant": draft.participant.slug, "cohort": draft.cohort.slug})
    return render_template("desk/statement.html", **shown(draft), form=form)


def _ask_discarding(draft: Endorsement, form: DiscardForm) -> str:
    g.shown_at = ("desk.discard", {"participant": draft.participant.slug, "cohort": draft.cohort.slug})
    return render_template("desk/discard.html", **shown(draft), form=form)
