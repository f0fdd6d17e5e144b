"""The desk's views. GET shows, POST does."""

from __future__ import annotations

from typing import Any, NoReturn

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tracker import accrediting, clock, endorsing, register
from tracker.access import Audience, me, my_participant, open_to
from tracker.answering import answer
from tracker.desk.forms import (
    DiscardForm,
    RecommendationsForm,
    ReservationsForm,
    StatementForm,
    StepForm,
    WithdrawForm,
)
from tracker.errors import Refused, Stale, WrongStatus
from tracker.extensions import db
from tracker.forms import written
from tracker.models import Cohort, Endorsement, Participant
from tracker.vocabulary import EDITABLE, Scope, Status

door = Blueprint("desk", __name__, url_prefix="/<language:language>/desk")

Answer = Response | str | tuple[str, int]


@door.get("/")
@open_to(Audience.SIGNED_IN)
def home() -> str:
    """Show the participants for which the person may act."""
    held = accrediting.held_by(me())
    today = clock.today()
    return render_template(
        "desk/home.html",
        desks=[(each, register.standings(each.participant)) for each in held if each.holds_on(today)],
        past=[each for each in held if each.ends_on and each.ends_on < today],
        future=[each for each in held if each.starts_on > today],
    )


@door.get("/<participant>/")
@open_to(Audience.REPRESENTATIVE)
def participant(participant: str) -> str:
    """Show where the participant stands, and all that was done for it."""
    mine = my_participant(participant)
    return render_template(
        "desk/participant.html",
        participant=mine,
        standings=register.standings(mine),
        acts=register.acts_of(mine, public=False),
        form=StepForm(),
    )


@door.get("/<participant>/<cohort>/recommendations")
@open_to(Audience.REPRESENTATIVE)
def recommendations(participant: str, cohort: str) -> Answer:
    """Ask which recommendations are endorsed."""
    mine, group = _mine(participant, cohort)
    draft, present = _editable_or_none(mine, group), endorsing.in_force_one(mine, group)
    return _ask_recommendations(mine, group, RecommendationsForm.of(draft, present))


@door.post("/<participant>/<cohort>/recommendations")
@open_to(Audience.REPRESENTATIVE)
def save_recommendations(participant: str, cohort: str) -> Answer:
    """Keep which recommendations are endorsed."""
    mine, group = _mine(participant, cohort)
    form = RecommendationsForm()
    form.offer(group.recommendations)
    if status := form.unsaved():
        return _ask_recommendations(mine, group, form), status
    try:
        draft = endorsing.begin(mine, group, by=me(), version=form.seen)
    except Stale:
        form.version.data = _draft_as_it_is(participant, cohort).version
        return _ask_recommendations(mine, group, form), 409
    endorsing.choose(draft, scope=Scope[form.scope.data.upper()], numbers=form.numbers.data or (), by=me())
    return _next(draft, "desk.reservations")


@door.get("/<participant>/<cohort>/reservations")
@open_to(Audience.REPRESENTATIVE)
def reservations(participant: str, cohort: str) -> Answer:
    """Ask for reservations."""
    draft = _draft(participant, cohort)
    return _ask_reservations(draft, ReservationsForm.of(draft))


@door.post("/<participant>/<cohort>/reservations")
@open_to(Audience.REPRESENTATIVE)
def save_reservations(participant: str, cohort: str) -> Answer:
    """Keep the reservations."""
    draft = _draft(participant, cohort)
    form = ReservationsForm.of(draft)
    if status := form.unsaved():
        return _ask_reservations(draft, form), status
    try:
        endorsing.reserve(draft, reservations=form.reservations(), by=me(), version=form.seen)
    except Stale:
        now = _draft_as_it_is(participant, cohort)
        form = ReservationsForm.of(now)  # it may cover other recommendations now
        form.version.data = now.version
        return _ask_reservations(now, form), 409
    return _next(draft, "desk.statement")


@door.get("/<participant>/<cohort>/statement")
@open_to(Audience.REPRESENTATIVE)
def statement(participant: str, cohort: str) -> Answer:
    """Ask for the day of signature and the statement."""
    draft = _draft(participant, cohort)
    return _ask_statement(draft, StatementForm.of(draft))


@door.post("/<participant>/<cohort>/statement")
@open_to(Audience.REPRESENTATIVE)
def save_statement(participant: str, cohort: str) -> Answer:
    """Keep the day of signature and the statement."""
    draft = _draft(participant, cohort)
    form = StatementForm()
    if status := form.unsaved():
        return _ask_statement(draft, form), status
    try:
        endorsing.declare(draft, signed_on=form.signed_on.data, statement=form.declared(), by=me(), version=form.seen)
    except Stale:
        now = _draft_as_it_is(participant, cohort)
        form.version.data = now.version
        return _ask_statement(now, form), 409
    return _next(draft, "desk.check")


@door.get("/<participant>/<cohort>/check")
@open_to(Audience.REPRESENTATIVE)
def check(participant: str, cohort: str) -> str:
    """Show all answers before they are submitted."""
    draft = _draft(participant, cohort)
    return render_template(
        "desk/check.html",
        **_of(draft),
        **_changes(draft),
        form=StepForm(version=draft.version),
        complete=endorsing.is_complete(draft),
    )


@door.post("/<participant>/<cohort>/submit")
@open_to(Audience.REPRESENTATIVE)
def submit(participant: str, cohort: str) -> Response:
    """Submit the endorsement."""
    draft = _open(participant, cohort)
    endorsing.submit(draft, by=me(), version=StepForm().seen)
    db.session.commit()
    return redirect(url_for("desk.submitted", participant=participant, cohort=cohort))


@door.get("/<participant>/<cohort>/submitted")
@open_to(Audience.REPRESENTATIVE)
def submitted(participant: str, cohort: str) -> Answer:
    """Confirm that the endorsement was submitted, and say what happens next."""
    endorsement = _open(participant, cohort)
    if endorsement.status is not Status.SUBMITTED:
        return redirect(url_for("desk.participant", participant=participant))
    return render_template(
        "desk/submitted.html",
        **_of(endorsement),
        form=StepForm(version=endorsement.version),
        effective_on=endorsing.day_of_effect(endorsement),
        **_changes(endorsement),
    )


@door.post("/<participant>/<cohort>/take-back")
@open_to(Audience.REPRESENTATIVE)
def take_back(participant: str, cohort: str) -> Response:
    """Make a submission a draft again."""
    endorsing.take_back(_open(participant, cohort), by=me(), version=StepForm().seen)
    db.session.commit()
    return redirect(url_for("desk.check", participant=participant, cohort=cohort))


@door.get("/<participant>/<cohort>/discard")
@open_to(Audience.REPRESENTATIVE)
def discard(participant: str, cohort: str) -> str:
    """Ask whether the draft is to be thrown away."""
    draft = _open(participant, cohort)
    return _ask_discarding(draft, DiscardForm(version=draft.version))


@door.post("/<participant>/<cohort>/discard")
@open_to(Audience.REPRESENTATIVE)
def do_discard(participant: str, cohort: str) -> Answer:
    """Throw the draft away, or keep it."""
    draft, form = _open(participant, cohort), DiscardForm()
    if status := form.unsaved():
        return _ask_discarding(draft, form), status
    if form.sure.data == "yes":
        endorsing.discard(draft, by=me(), version=form.seen)
        db.session.commit()
    return redirect(url_for("desk.participant", participant=participant))


@door.get("/<participant>/<cohort>/withdraw")
@open_to(Audience.REPRESENTATIVE)
def withdraw(participant: str, cohort: str) -> str:
    """Ask whether the endorsement is to be withdrawn."""
    endorsement = _in_force(participant, cohort)
    return _ask_withdrawal(endorsement, WithdrawForm(version=endorsement.version))


@door.post("/<participant>/<cohort>/withdraw")
@open_to(Audience.REPRESENTATIVE)
def do_withdraw(participant: str, cohort: str) -> Answer:
    """Withdraw the endorsement, or keep it."""
    endorsement = _in_force(participant, cohort)
    form = WithdrawForm()
    if status := form.unsaved():
        return _ask_withdrawal(endorsement, form), status
    if form.sure.data == "no":
        return redirect(url_for("desk.participant", participant=participant))
    endorsing.withdraw(endorsement, by=me(), version=form.seen)
    db.session.commit()
    return redirect(url_for("desk.withdrawn", participant=participant, cohort=cohort))


@door.get("/<participant>/<cohort>/withdrawn")
@open_to(Audience.REPRESENTATIVE)
def withdrawn(participant: str, cohort: str) -> Answer:
    """Confirm the withdrawal."""
    mine, group = _mine(participant, cohort)
    latest = next((each for each in register.endorsements_of(mine) if each.cohort_id == group.id), None)
    if latest is None or latest.status is not Status.WITHDRAWN:
        return redirect(url_for("desk.participant", participant=participant))
    return render_template("desk/withdrawn.html", **_of(latest))


@door.errorhandler(Refused)
def refuse(error: Refused) -> Response:
    """Say what the register refused, how things stand now, and how to go on."""
    db.session.rollback()
    slug = (request.view_args or {})["participant"]
    return answer(
        409,
        error.sentence,
        standings=register.standings(my_participant(slug)),
        written=written(),
        way_on=(url_for("desk.participant", participant=slug), gettext("See how things stand, and go on from there")),
    )


def _mine(participant: str, cohort: str) -> tuple[Participant, Cohort]:
    return my_participant(participant), register.cohort(cohort) or abort(404)


def _open(participant: str, cohort: str) -> Endorsement:
    """Return what is being prepared or decided."""
    found = endorsing.open_one(*_mine(participant, cohort))
    if found is None:
        _nothing_to_do(participant)
    return found


def _editable_or_none(mine: Participant, group: Cohort) -> Endorsement | None:
    """Return the draft, if there is one, where something can be prepared now."""
    found = endorsing.open_one(mine, group)
    if found and found.status not in EDITABLE:
        _nothing_to_do(mine.slug)
    return found


def _draft(participant: str, cohort: str) -> Endorsement:
    """Return a draft whose first question is answered; before that, ask it."""
    found = _editable_or_none(*_mine(participant, cohort))
    if found is None or not found.positions:
        _nothing_to_do(participant, url_for("desk.recommendations", participant=participant, cohort=cohort))
    return found


def _in_force(participant: str, cohort: str) -> Endorsement:
    found = endorsing.in_force_one(*_mine(participant, cohort))
    if found is None:
        _nothing_to_do(participant)
    return found


def _nothing_to_do(participant: str, begin: str = "") -> NoReturn:
    """Send a reader to where things begin, or to how they stand; refuse somebody who sent a form."""
    if request.method == "POST":
        raise WrongStatus
    abort(redirect(begin or url_for("desk.participant", participant=participant)))


def _of(endorsement: Endorsement) -> dict[str, Any]:
    return {
        "endorsement": endorsement,
        "participant": endorsement.participant,
        "cohort": endorsement.cohort,
    }


def _changes(endorsement: Endorsement) -> dict[str, Any]:
    """Return what is in force beside an endorsement that is prepared, and where they differ."""
    present = endorsing.in_force_one(endorsement.participant, endorsement.cohort)
    return {"present": present, "differences": register.differences(present, endorsement) if present else []}


def _draft_as_it_is(participant: str, cohort: str) -> Endorsement:
    """Return the draft as a colleague left it, and have the page show its answers beside what was typed."""
    db.session.rollback()
    g.stale = True
    return _draft(participant, cohort)


def _next(draft: Endorsement, step: str) -> Response:
    """Commit and go on: to the next question, or back to the answers where all are given."""
    db.session.commit()
    step = "desk.check" if endorsing.is_complete(draft) else step
    return redirect(url_for(step, participant=draft.participant.slug, cohort=draft.cohort.slug))


def _ask_recommendations(mine: Participant, group: Cohort, form: RecommendationsForm) -> str:
    form.offer(group.recommendations)
    g.shown_at = ("desk.recommendations", {"participant": mine.slug, "cohort": group.slug})
    return render_template(
        "desk/recommendations.html",
        participant=mine,
        cohort=group,
        headings=group.headings,
        form=form,
        endorsement=endorsing.open_one(mine, group),
    )


def _ask_reservations(draft: Endorsement, form: ReservationsForm) -> str:
    g.shown_at = ("desk.reservations", {"participant": draft.participant.slug, "cohort": draft.cohort.slug})
    return render_template("desk/reservations.html", **_of(draft), form=form)


def _ask_statement(draft: Endorsement, form: StatementForm) -> str:
    g.shown_at = ("desk.statement", {"participant": draft.participant.slug, "cohort": draft.cohort.slug})
    return render_template("desk/statement.html", **_of(draft), form=form)


def _ask_withdrawal(endorsement: Endorsement, form: WithdrawForm) -> str:
    g.shown_at = ("desk.withdraw", {"participant": endorsement.participant.slug, "cohort": endorsement.cohort.slug})
    return render_template("desk/withdraw.html", **_of(endorsement), form=form)


def _ask_discarding(draft: Endorsement, form: DiscardForm) -> str:
    g.shown_at = ("desk.discard", {"participant": draft.participant.slug, "cohort": draft.cohort.slug})
    return render_template("desk/discard.html", **_of(draft), form=form)
