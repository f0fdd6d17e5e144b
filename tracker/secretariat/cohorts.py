"""Cohorts: the secretariat prepares a new one, or changes of one that is published, part by part, and proposes it."""

from __future__ import annotations

from typing import NamedTuple

from flask import abort, g, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from tracker import clock, i18n, ledger, tallies
from tracker.access import Audience, me, open_to, preparation_of_staff, preparation_to_change
from tracker.errors import GoneMeanwhile, Refused
from tracker.extensions import db
from tracker.models import Preparation
from tracker.publications import establishing, languages, preparing, previewing
from tracker.publications.preparing import Prepared
from tracker.secretariat.asking import Answer
from tracker.secretariat.door import door
from tracker.secretariat.forms import ConfirmForm
from tracker.secretariat.preparation_forms import (
    CitedForm,
    FactsForm,
    HeadingForm,
    ItemForm,
    PartForm,
    ProposeChangeForm,
    ProposeForm,
)
from tracker.secretariat.publications import cohort_to_publish, proposed
from tracker.sentences import earlier_sentence, tally_sentence
from tracker.vocabulary import Kind
from tracker.web.answering import answer
from tracker.web.forms import written
from tracker.web.language_forms import InLanguagesForm


class Part(NamedTuple):
    """A part of a cohort that has members: its name in what is prepared, and the form of a member."""

    name: str
    form: type[PartForm]


#: The parts, by their names in addresses.
PARTS = {
    "outcomes": Part("expected_outcomes", PartForm),
    "areas": Part("priority_areas", PartForm),
    "co-leads": Part("co_leads", PartForm),
    "sources": Part("sources", CitedForm),
    "headings": Part("headings", HeadingForm),
    "recommendations": Part("items", ItemForm),
}
_PART = "<any({}):part>".format(", ".join(f"'{name}'" for name in PARTS))

_PART_GONE = lazy_gettext("The part that you had open is gone: a colleague left it out. Nothing of yours was kept.")


@door.get("/preparations/new")
@open_to(Audience.STAFF)
def new_cohort() -> str:
    """Ask what cohort is to be prepared."""
    return _ask("secretariat/cohort_facts.html", FactsForm.showing({}, i18n.current_language()), None)


@door.post("/preparations/new")
@open_to(Audience.STAFF)
def begin_cohort() -> Answer:
    """Begin to prepare a cohort."""
    form = FactsForm.sent()
    if status := form.unsaved():
        return _ask("secretariat/cohort_facts.html", form.again(), None), status
    try:
        found = preparing.begin(form.prepared(), by=me())
    except Refused as error:
        return _refused("secretariat/cohort_facts.html", form, error)
    return _kept(found)


@door.post("/cohorts/<cohort>/prepare")
@open_to(Audience.STAFF)
def prepare_change(cohort: str) -> Response:
    """Begin to prepare changes of a published cohort, or go on with them."""
    return _kept(preparing.begin_change(cohort_to_publish(cohort), by=me()))


@door.get("/preparations/<preparation>")
@open_to(Audience.STAFF)
def preparation(preparation: str) -> str:
    """Show all that is prepared, to change and to propose."""
    return _shown(preparation_of_staff(preparation))


@door.get("/preparations/<preparation>/preview")
@open_to(Audience.STAFF)
def preview(preparation: str) -> str:
    """Show the cohort as the public is going to see it."""
    found, today = preparation_of_staff(preparation), clock.today()
    seen = previewing.of(found)
    tally = tallies.of_set(found.cohort, today) if found.cohort else tallies.of_nobody(today)
    return render_template(
        "secretariat/preview.html",
        preparation=found,
        cohort=seen,
        sentence=tally_sentence(tally),
        tally=tally,
        as_at=today,
        head=ledger.head(),
        recommendations=seen.recommendations,
        counts=tallies.of_recommendations(found.cohort, today) if found.cohort else previewing.NO_COUNTS,
        earlier=earlier_sentence,
        kinds=list(Kind),
    )


@door.get("/preparations/<preparation>/facts")
@open_to(Audience.STAFF)
def cohort_facts(preparation: str) -> str:
    """Ask what is to be said of the cohort itself."""
    found = preparation_of_staff(preparation)
    also = languages.of_preparation(found)
    form = FactsForm.of(Prepared.of(found), i18n.current_language(), also=also, version=str(found.version))
    return _ask("secretariat/cohort_facts.html", form, found)


@door.post("/preparations/<preparation>/facts")
@open_to(Audience.STAFF)
def keep_cohort_facts(preparation: str) -> Answer:
    """Keep what is to be said of the cohort itself."""
    found = preparation_to_change(preparation)
    form = FactsForm.sent(also=languages.of_preparation(found))
    if status := form.unsaved():
        return _ask("secretariat/cohort_facts.html", form.again(), found), status
    try:
        preparing.keep(found, form.prepared(Prepared.of(found)), by=me(), version=form.seen)
    except Refused as error:
        return _refused("secretariat/cohort_facts.html", form, error, preparation)
    return _kept(found)


@door.get(f"/preparations/<preparation>/{_PART}/<place>")
@open_to(Audience.STAFF)
def part(preparation: str, part: str, place: str) -> str:
    """Ask for a member of a part: one that is there, or another one."""
    found = preparation_of_staff(preparation)
    prepared, also = Prepared.of(found), languages.of_preparation(found)
    member, language = _member(prepared, part, place), i18n.current_language()
    form = PARTS[part].form.asking(prepared, member, language, also=also, version=str(found.version))
    return _ask("secretariat/part.html", form, found, part=part, place=place)


@door.post(f"/preparations/<preparation>/{_PART}/<place>")
@open_to(Audience.STAFF)
def keep_part(preparation: str, part: str, place: str) -> Answer:
    """Keep a member of a part."""
    found = preparation_to_change(preparation)
    prepared, form = Prepared.of(found), PARTS[part].form.sent(also=languages.of_preparation(found))
    member = _member(prepared, part, place)
    form.offer(prepared)
    if status := form.unsaved():
        return _ask("secretariat/part.html", _offered(form.again(), prepared), found, part=part, place=place), status
    at = None if place == "new" else int(place) - 1
    try:
        kept = prepared.with_member(PARTS[part].name, at, form.member(prepared, member))
        preparing.keep(found, kept, by=me(), version=form.seen)
    except Refused as error:
        return _refused("secretariat/part.html", form, error, preparation, part=part, place=place)
    return _kept(found)


@door.post(f"/preparations/<preparation>/{_PART}/<place>/remove")
@open_to(Audience.STAFF)
def remove_part(preparation: str, part: str, place: str) -> Answer:
    """Leave a member of a part out."""
    found = preparation_to_change(preparation)
    _member(Prepared.of(found), part, place)
    return _keep(found, Prepared.of(found).without(PARTS[part].name, int(place) - 1))


@door.post(f"/preparations/<preparation>/{_PART}/<place>/move-up")
@open_to(Audience.STAFF)
def move_part_up(preparation: str, part: str, place: str) -> Answer:
    """Put a member of a part before the one above it."""
    found = preparation_to_change(preparation)
    _member(Prepared.of(found), part, place)
    return _keep(found, Prepared.of(found).moved_up(PARTS[part].name, int(place) - 1))


@door.post("/preparations/<preparation>/propose")
@open_to(Audience.STAFF)
def propose_cohort(preparation: str) -> Answer:
    """Propose what is prepared."""
    found = preparation_to_change(preparation)
    kind = ProposeChangeForm if found.cohort else ProposeForm
    form = kind.sent(also=languages.of_preparation(found))
    if status := form.unsaved():
        return _show(found, form.again()), status
    why = form.why() if isinstance(form, ProposeChangeForm) else None
    try:
        proposal = establishing.propose(found, why=why, by=me(), due_at=form.due_at, version=form.seen)
    except Refused as error:
        db.session.rollback()
        g.refusal = error.sentence
        return _show(preparation_to_change(preparation), form), 409
    return proposed(proposal)


@door.post("/preparations/<preparation>/discard")
@open_to(Audience.STAFF)
def discard_preparation(preparation: str) -> Answer:
    """Throw away what is prepared."""
    try:
        preparing.discard(preparation_to_change(preparation), by=me(), version=ConfirmForm().seen)
    except Refused as error:
        return _not_done(preparation, error)
    db.session.commit()
    return redirect(url_for("secretariat.cohorts"))


@door.errorhandler(GoneMeanwhile)
def refuse_what_is_gone(error: GoneMeanwhile) -> Response:
    """Say that it is gone, show what was typed, and lead to what there is."""
    db.session.rollback()
    reference = (request.view_args or {})["preparation"]
    way_on = (url_for("secretariat.cohorts"), gettext("See the cohorts, and what is being prepared"))
    if preparing.preparation(reference):
        there = url_for("secretariat.preparation", preparation=reference)
        way_on = (there, gettext("See what is prepared, as it is now"))
    return answer(409, error.sentence, written=written(), way_on=way_on)


def _member(prepared: Prepared, part: str, place: str) -> object | None:
    """Return a member of a part by its place from 1; ``None`` for another one."""
    if place == "new" and not str(request.endpoint).endswith(("remove_part", "move_part_up")):
        return None
    members = getattr(prepared, PARTS[part].name)
    at = int(place) if place.isdecimal() and len(place) < 5 else 0  # noqa: PLR2004
    if at > len(members) and request.method == "POST":
        raise GoneMeanwhile(_PART_GONE)
    return members[at - 1] if 0 < at <= len(members) else abort(404)  # type: ignore[no-any-return]


def _keep(found: Preparation, prepared: Prepared) -> Answer:
    reference = found.reference
    try:
        preparing.keep(found, prepared, by=me(), version=ConfirmForm().seen)
    except Refused as error:
        return _not_done(reference, error)
    return _kept(found)


def _not_done(reference: str, error: Refused) -> tuple[str, int]:
    db.session.rollback()
    g.refusal = error.sentence
    return _shown(preparation_to_change(reference)), 409


def _shown(found: Preparation) -> str:
    kind = ProposeChangeForm if found.cohort else ProposeForm
    also, data = languages.of_preparation(found), {"version": str(found.version)}
    return _show(found, kind.showing({}, i18n.current_language(), also=also, data=data))


def _kept(found: Preparation) -> Response:
    db.session.commit()
    return redirect(url_for("secretariat.preparation", preparation=found.reference))


def _offered(form: PartForm, prepared: Prepared) -> PartForm:
    form.offer(prepared)
    return form


def _show(found: Preparation, form: InLanguagesForm) -> str:
    g.shown_at = ("secretariat.preparation", {"preparation": found.reference})
    return render_template(
        "secretariat/preparation.html",
        preparation=found,
        cohort=found.cohort,
        prepared=Prepared.of(found),
        parts=PARTS,
        pending=preparing.is_pending(found),
        form=form,
        confirm_form=ConfirmForm(formdata=None, version=found.version),
        refusal=g.get("refusal"),
    )


def _ask(page: str, form: InLanguagesForm, found: Preparation | None, **about: str) -> str:
    endpoint = str(request.endpoint)
    asking = {"secretariat.begin_cohort": "secretariat.new_cohort"}.get(endpoint, endpoint.replace("keep_", ""))
    sending = {"secretariat.new_cohort": "secretariat.begin_cohort"}.get(asking, asking.replace(".", ".keep_"))
    g.shown_at = (asking, request.view_args or {})
    return render_template(
        page,
        form=form,
        preparation=found,
        cohort=found.cohort if found else None,
        action=sending,
        refusal=g.get("refusal"),
        **about,
    )


def _refused(
    page: str, form: InLanguagesForm, error: Refused, preparation: str | None = None, **about: str
) -> tuple[str, int]:
    """Say why nothing was kept, and show again what was typed."""
    db.session.rollback()
    g.refusal = error.sentence
    found = preparation_to_change(preparation) if preparation else None
    if found:
        form.version.data = str(found.version)
    return _ask(page, form, found, **about), 409
