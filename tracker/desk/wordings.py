"""What a participant says when a wording changes that it endorsed, or on which it prepares an endorsement."""

from __future__ import annotations

from flask import g, redirect, render_template
from flask_babel import LazyString
from werkzeug.wrappers import Response

from tracker import drafting, standing
from tracker.access import Audience, me, open_to
from tracker.desk.door import door
from tracker.desk.forms import WordingsForm
from tracker.desk.found import draft_as_it_is, editable_or_none, go_on, home_of, nothing_to_do, prepared_and_cohort
from tracker.errors import Stale, WordingChanged
from tracker.extensions import db
from tracker.models import Cohort, Endorsement, Participant
from tracker.wordings import endorsed_wordings
from tracker.wordings.endorsed_wordings import Behind

Answer = Response | str | tuple[str, int]


@door.get("/<participant>/<cohort>/wordings")
@open_to(Audience.PREPARING)
def wordings(participant: str, cohort: str) -> Answer:
    """Show what changed since it was endorsed or prepared, and ask which new wordings are endorsed."""
    mine, group = prepared_and_cohort(participant, cohort)
    draft, found = _draft_and_found(mine, group)
    if not found:
        return redirect(home_of(participant))
    return show(mine, group, draft=draft, found=found, form=WordingsForm.of(draft, found))


@door.post("/<participant>/<cohort>/wordings")
@open_to(Audience.PREPARING)
def endorse_wordings(participant: str, cohort: str) -> Answer:
    """Begin or go on with an endorsement of the new wordings that are chosen; reservations are kept."""
    mine, group = prepared_and_cohort(participant, cohort)
    draft, found = _draft_and_found(mine, group)
    form = WordingsForm.sent_for(found)
    if not found:
        nothing_to_do(participant)
    if status := form.unsaved():
        return show(mine, group, draft=draft, found=found, form=form), status
    if form.has_other_wordings or (draft is None and form.seen != 0):
        return _changed_meanwhile(mine, group, draft, found)
    try:
        draft = drafting.begin(mine, group, on_paper=bool(draft and draft.on_paper), by=me(), version=form.seen)
    except Stale:
        return _changed_meanwhile(mine, group, draft_as_it_is(participant, cohort), found)
    drafting.endorse_present_wording(draft, numbers=form.numbers.data or (), by=me())
    return go_on(draft, "desk.signature")


def show(
    mine: Participant,
    group: Cohort,
    *,
    draft: Endorsement | None,
    found: list[Behind],
    form: WordingsForm,
    refusal: LazyString | None = None,
) -> str:
    """Show the wordings that changed, old beside new, with the reservations to them."""
    g.shown_at = ("desk.wordings", {"participant": mine.slug, "cohort": group.slug})
    return render_template(
        "desk/wordings.html",
        participant=mine,
        cohort=group,
        endorsement=draft,
        found=found,
        form=form,
        home=home_of(mine.slug),
        refusal=refusal,
    )


def refused_submission(draft: Endorsement) -> Answer:
    """Say that a wording changed while an endorsement was prepared; nothing of it is lost."""
    db.session.rollback()
    mine, group = draft.participant, draft.cohort
    _, found = _draft_and_found(mine, group)
    form = WordingsForm.of(draft, found)
    return show(mine, group, draft=draft, found=found, form=form, refusal=WordingChanged.sentence), 409


def _changed_meanwhile(
    mine: Participant, group: Cohort, draft: Endorsement | None, found: list[Behind]
) -> tuple[str, int]:
    form = WordingsForm.of(draft, found)
    return show(mine, group, draft=draft, found=found, form=form, refusal=Stale.sentence), 409


def _draft_and_found(mine: Participant, group: Cohort) -> tuple[Endorsement | None, list[Behind]]:
    """Return the draft, if there is one, and what changed: since the draft, or since what is in force was endorsed."""
    draft, present = editable_or_none(mine, group), standing.in_force_one(mine, group)
    if draft:
        return draft, endorsed_wordings.to_be_decided(endorsed_wordings.behind(draft))
    return None, endorsed_wordings.amended_since(present) if present else []
