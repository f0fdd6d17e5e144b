"""The roll of participants: who is on it, and what one of the secretariat proposes and another one approves."""

from __future__ import annotations

from itertools import islice
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import i18n, register
from tracker.access import Audience, me, open_to
from tracker.errors import LikeAnother, Refused
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.models import Participant, Proposal
from tracker.roll import naming, roll_listing, roll_proposals, similar_names
from tracker.secretariat.again import begun_with
from tracker.secretariat.door import door
from tracker.secretariat.roll_forms import (
    AdditionForm,
    LikeAnotherForm,
    MergeForm,
    RollForm,
    addition_form,
    change_form,
    merge_form,
    rename_form,
)
from tracker.vocabulary import ProposalKind

Answer = Response | str | tuple[str, int]

#: The page that asks what a participant is to be called, what the roll is to say of it, and which other one it is.
_PAGES = {
    "rename": "secretariat/rename_participant.html",
    "change": "secretariat/change_participant.html",
    "merge": "secretariat/merge_participant.html",
}

_KINDS = {
    "rename": ProposalKind.PARTICIPANT_RENAME,
    "change": ProposalKind.PARTICIPANT_CHANGE,
    "merge": ProposalKind.PARTICIPANT_MERGER,
}

#: How many participants, or pairs, stand on one page.
ON_A_PAGE = 50


@door.get("/roll")
@open_to(Audience.STAFF)
def roll() -> Answer:
    """Show who is on the roll, a page at a time."""
    form = RollForm(request.args)
    understood = not request.args or form.validate()
    found = roll_listing.enrolled(i18n.current_language())
    if understood:
        without = form.endorsement.data == "none"
        found = roll_listing.only(found, search=form.search.data, kind=form.kind.data, without=without)
    g.asked = request.args.to_dict() if understood else {}
    page = render_template("secretariat/roll.html", form=form, count=len(found), **_page_of(found, form.place))
    return page if understood else (page, 422)


@door.get("/roll/similar")
@open_to(Audience.STAFF)
def similar_participants() -> str:
    """Show which participants may stand on the roll twice."""
    pairs = similar_names.pairs()
    return render_template("secretariat/similar.html", pairs=pairs[:ON_A_PAGE], count=len(pairs))


@door.get("/roll/new")
@open_to(Audience.STAFF)
def propose_participant() -> str:
    """Ask who is to be added."""
    return _ask_whom(addition_form(begun_with(ProposalKind.PARTICIPANT_ADDITION)))


@door.post("/roll/new")
@open_to(Audience.STAFF)
def do_propose_participant() -> Answer:
    """Propose a participant."""
    form = addition_form(begun_with(ProposalKind.PARTICIPANT_ADDITION))
    if status := form.unsaved():
        return _ask_whom(form), status
    facts = {**form.names(), **form.facts()}
    try:
        proposal = roll_proposals.propose_addition(facts, why=form.why(), others=form.others, by=me())
    except Refused as error:
        _refused(form, error)
        return _ask_whom(form), 409
    return _proposed(proposal)


@door.get("/roll/<participant>")
@open_to(Audience.STAFF)
def enrolled(participant: str) -> Answer:
    """Show what the roll says of a participant, and all that was recorded of it."""
    found = register.participant(participant)
    if found is None:
        moved = naming.moved_from(participant) or abort(404)
        return redirect(url_for("secretariat.enrolled", participant=moved.slug), 301)
    return render_template(
        "secretariat/enrolled.html",
        participant=found,
        history=roll_listing.history_of(found),
        waiting=roll_proposals.open_ones(found),
    )


@door.get("/roll/<participant>/rename")
@open_to(Audience.STAFF)
def rename_participant(participant: str) -> str:
    """Ask for another name."""
    found = _found(participant)
    return _ask("rename", found, rename_form(found, filled=True, like=_begun(found, "rename")))


@door.post("/roll/<participant>/rename")
@open_to(Audience.STAFF)
def do_rename_participant(participant: str) -> Answer:
    """Propose another name."""
    found = _found(participant)
    form = rename_form(found, filled=False, like=_begun(found, "rename"))
    if status := form.unsaved():
        return _ask("rename", found, form), status
    given: dict[str, Any] = {"since": form.since.data, "others": form.others, "why": form.why(), "seen": form.seen}
    try:
        proposal = roll_proposals.propose_rename(found, form.names(), **given, by=me())
    except Refused as error:
        _refused(form, error)
        return _ask("rename", _found(participant), form), 409
    return _proposed(proposal)


@door.get("/roll/<participant>/change")
@open_to(Audience.STAFF)
def change_participant(participant: str) -> str:
    """Ask for other facts."""
    found = _found(participant)
    return _ask("change", found, change_form(found, filled=True, like=_begun(found, "change")))


@door.post("/roll/<participant>/change")
@open_to(Audience.STAFF)
def do_change_participant(participant: str) -> Answer:
    """Propose other facts."""
    found = _found(participant)
    form = change_form(found, filled=False, like=_begun(found, "change"))
    if status := form.unsaved():
        return _ask("change", found, form), status
    given: dict[str, Any] = {"since": form.since.data, "why": form.why(), "seen": form.seen}
    try:
        proposal = roll_proposals.propose_change(found, form.facts(), **given, by=me())
    except Refused as error:
        _refused(form, error)
        return _ask("change", _found(participant), form), 409
    return _proposed(proposal)


@door.get("/roll/<participant>/merge")
@open_to(Audience.STAFF)
def merge_participant(participant: str) -> str:
    """Ask which other participant a duplicate is."""
    found = _found(participant)
    return _ask("merge", found, merge_form(found, into=request.args.get("into"), like=_begun(found, "merge")))


@door.post("/roll/<participant>/merge")
@open_to(Audience.STAFF)
def do_merge_participant(participant: str) -> Answer:
    """Propose that a participant is another one."""
    found, form = _found(participant), MergeForm()
    _begun(found, "merge")
    form.offer(register.roll(i18n.current_language()), found)
    if status := form.unsaved():
        return _ask("merge", found, form), status
    into = _found(form.into.data)
    try:
        proposal = roll_proposals.propose_merger(found, into, why=form.why(), by=me(), seen=form.seen)
    except Refused as error:
        _refused(form, error)
        return _ask("merge", _found(participant), form), 409
    return _proposed(proposal)


def about_roll(proposal: Proposal) -> dict[str, Any]:
    """Return what the page of a proposal about the roll shows."""
    return {
        "facts": roll_proposals.facts_in(proposal),
        "since": roll_proposals.since_in(proposal),
        "why": roll_proposals.Why.of(proposal),
        "other": roll_proposals.other_in(proposal),
        "similar": roll_proposals.similar_in(proposal),
    }


def _begun(participant: Participant, what: str) -> Proposal | None:
    """Return the proposal about a participant that is made again here, if the address names one."""
    return begun_with(_KINDS[what], subject=subject_of(participant))


def _found(slug: str) -> Participant:
    return register.participant(slug) or abort(404)


def _page_of(found: list[Any], place: int) -> dict[str, Any]:
    """Return the things of a page, and which pages there are beside it."""
    last = max(1, -(-len(found) // ON_A_PAGE))
    place = min(place, last)
    shown = list(islice(found, (place - 1) * ON_A_PAGE, place * ON_A_PAGE))
    previous, following = place - 1 or None, place + 1 if place < last else None
    return {"found": shown, "place": place, "last": last, "previous": previous, "following": following}


def _proposed(proposal: Proposal) -> Response:
    db.session.commit()
    return redirect(url_for("secretariat.proposal", proposal=proposal.reference))


def _refused(form: Any, error: Refused) -> None:
    """Say in the form what was refused; where there are similar names, ask the person to look at them."""
    form.form_errors.append(error.sentence)
    if isinstance(error, LikeAnother):
        form.looked_at.data = " ".join(each.participant.slug for each in error.similar)
        form.another.data = False
    db.session.rollback()


def _ask_whom(form: AdditionForm) -> str:
    g.shown_at = ("secretariat.propose_participant", {})
    return render_template("secretariat/new_participant.html", form=form, similar=_looked_at(form))


def _ask(what: str, found: Participant, form: Any) -> str:
    g.shown_at = (f"secretariat.{what}_participant", {"participant": found.slug})
    if isinstance(form, MergeForm):
        form.offer(register.roll(i18n.current_language()), found)
    similar = _looked_at(form) if isinstance(form, LikeAnotherForm) else []
    return render_template(_PAGES[what], participant=found, form=form, similar=similar)


def _looked_at(form: LikeAnotherForm) -> list[Participant]:
    """Return the participants with similar names that the form names."""
    found = (register.participant(slug) for slug in (form.looked_at.data or "").split()[: similar_names.MOST])
    return [each for each in found if each]
