"""People: who represents whom, and what the secretariat proposes about it."""

from __future__ import annotations

from typing import Any

from flask import Response as AnyResponse
from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import accrediting, clock, i18n, register
from tracker.access import Audience, accreditation_to_decide, credentials_to_see, me, open_to
from tracker.errors import Refused
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.identity import invitations
from tracker.models import Accreditation, Participant, Proposal
from tracker.people import addresses, candidates, credentials, representation, requesting
from tracker.people.candidates import Candidate
from tracker.secretariat.again import begun_with
from tracker.secretariat.door import door
from tracker.secretariat.people_forms import AccreditationForm, ChangeForm, PeopleForm, SuspendForm
from tracker.vocabulary import ProposalKind
from tracker.web.downloads import as_download
from tracker.web.people_forms import EndForm
from tracker.web.uploads import takes_files

Answer = Response | str | tuple[str, int]

#: The page that asks how an accreditation is to change, with which day it is to end, why it must stop at once.
_PAGES = {
    "change": "secretariat/change_accreditation.html",
    "end": "secretariat/end_accreditation.html",
    "suspend": "secretariat/suspend_accreditation.html",
}

#: How many participants one page shows; it says how many more there are.
MOST_SHOWN = 200


@door.get("/people")
@open_to(Audience.STAFF)
def people() -> Answer:
    """Show who represents whom, those first whom nobody represents."""
    form = PeopleForm.of()
    understood = not request.args or form.validate()
    found = representation.represented(i18n.current_language())
    if understood:
        found = representation.only(found, search=form.search.data, kind=form.kind.data, lack=form.lack.data)
    g.asked = request.args.to_dict() if understood else {}
    page = render_template(
        "secretariat/people.html", found=found[:MOST_SHOWN], count=len(found), form=form, today=clock.today()
    )
    return page if understood else (page, 422)


@door.get("/people/<participant>")
@open_to(Audience.STAFF)
def people_of(participant: str) -> str:
    """Show who may act for a participant, who could and who will, and what waits about it."""
    found = register.participant(participant) or abort(404)
    people = representation.people_of(found)
    accounts = {each.account for every in people.values() for each in every}
    return render_template(
        "secretariat/people_of.html",
        participant=found,
        people=people,
        unopened=invitations.unopened(accounts),
        invited=invitations.of_people(found),
        today=clock.today(),
        waiting=[(each, candidates.person_of(each)) for each in candidates.open_ones(found)],
        heads=accrediting.heads_of(found),
        letters=credentials.of_people(found),
    )


@door.get("/people/<participant>/new")
@open_to(Audience.STAFF, fresh=True)
def propose_accreditation(participant: str) -> str:
    """Ask who is to be accredited; for a request that was returned, with what it said."""
    found = register.participant(participant) or abort(404)
    returned = _returned(found)
    form = AccreditationForm.like(Candidate.of(returned)) if returned else AccreditationForm(starts_on=clock.today())
    return _ask_whom(found, form, returned)


@door.post("/people/<participant>/new")
@open_to(Audience.STAFF, fresh=True)
@takes_files("letter")
def do_propose_accreditation(participant: str) -> Answer:
    """Propose somebody."""
    found = register.participant(participant) or abort(404)
    returned = _returned(found)
    form = AccreditationForm().after(credentials.letter_of(returned) if returned else None)
    db.session.rollback()  # nobody waits for us while a letter is examined
    if status := form.unsaved():
        return _ask_whom(found, form, returned), status
    try:
        proposal = requesting.propose(found, form.candidate(), letter=form.examined, by=me(), instead_of=returned)
    except Refused as error:
        db.session.rollback()
        form.refused(error)
        return _ask_whom(register.participant(participant) or abort(404), form, _returned(found)), 409
    return _proposed(proposal)


@door.get("/proposals/<proposal>/credentials")
@open_to(Audience.STAFF)
def credentials_letter(proposal: str) -> AnyResponse:
    """Hand out the credentials letter that came with a request."""
    return as_download(credentials_to_see(proposal))


@door.get("/accreditations/<accreditation>/change")
@open_to(Audience.STAFF)
def change_accreditation(accreditation: str) -> str:
    """Ask how an accreditation is to stand."""
    found = accreditation_to_decide(accreditation)
    like = _begun(found, ProposalKind.ACCREDITATION_CHANGE)
    return _ask("change", found, ChangeForm.of(found, candidates.Change.of(like) if like else None))


@door.post("/accreditations/<accreditation>/change")
@open_to(Audience.STAFF)
def do_change_accreditation(accreditation: str) -> Answer:
    """Propose other days, or that the person is a head representative."""
    found, form = accreditation_to_decide(accreditation), ChangeForm()
    _begun(found, ProposalKind.ACCREDITATION_CHANGE)
    if status := form.unsaved():
        return _ask("change", found, form), status
    changed = {"starts_on": form.starts_on.data, "ends_on": form.ends_on.data, "is_head": form.is_head.data == "yes"}
    try:
        proposal = requesting.propose_change(found, **changed, note=form.note.data, by=me(), version=form.seen)
    except Refused as error:
        return _refused("change", accreditation, form, error)
    return _proposed(proposal)


@door.get("/accreditations/<accreditation>/end")
@open_to(Audience.STAFF)
def end_accreditation(accreditation: str) -> str:
    """Ask with which day an accreditation is to end."""
    found = accreditation_to_decide(accreditation)
    like = _begun(found, ProposalKind.ACCREDITATION_END)
    said = {"ends_on": candidates.last_day_of(like), "note": like.content["note"]} if like else {}
    return _ask("end", found, EndForm(version=requesting.seen_of(found), **said))


@door.post("/accreditations/<accreditation>/end")
@open_to(Audience.STAFF)
def do_end_accreditation(accreditation: str) -> Answer:
    """Propose that an accreditation ends."""
    found, form = accreditation_to_decide(accreditation), EndForm()
    _begun(found, ProposalKind.ACCREDITATION_END)
    if status := form.unsaved():
        return _ask("end", found, form), status
    try:
        last_day, note = form.ends_on.data, form.note.data
        proposal = requesting.propose_end(found, last_day=last_day, note=note, by=me(), version=form.seen)
    except Refused as error:
        return _refused("end", accreditation, form, error)
    return _proposed(proposal)


@door.get("/accreditations/<accreditation>/suspend")
@open_to(Audience.STAFF)
def suspend_accreditation(accreditation: str) -> str:
    """Ask why an accreditation must stop at once."""
    found = accreditation_to_decide(accreditation)
    return _ask("suspend", found, SuspendForm(version=requesting.seen_of(found)))


@door.post("/accreditations/<accreditation>/suspend")
@open_to(Audience.STAFF, fresh=True)
def do_suspend_accreditation(accreditation: str) -> Answer:
    """Suspend an accreditation at once, for somebody else to confirm or reverse."""
    found, form = accreditation_to_decide(accreditation), SuspendForm()
    if status := form.unsaved():
        return _ask("suspend", found, form), status
    try:
        proposal = requesting.suspend(found, note=form.note.data, by=me(), version=form.seen)
    except Refused as error:
        return _refused("suspend", accreditation, form, error)
    return _proposed(proposal)


def about_request(proposal: Proposal) -> dict[str, Any]:
    """Return what the page of a request shows: the person, and whom else the participant has."""
    candidate, participant = Candidate.of(proposal), proposal.participant or abort(404)
    others = representation.people_of(participant)
    theirs = [each.account.email for people in others.values() for each in people if each.account.active]
    return {
        "candidate": candidate,
        "first_day": max(candidate.starts_on, clock.today()),
        "account": accrediting.account_at(candidate.email),
        "hints": addresses.hints(candidate.email, [each for each in theirs if each != candidate.email]),
        "domains": sorted({addresses.domain_of(each) for each in theirs}),
        "others": others,
        "letter": credentials.letter_of(proposal),
        "made": candidates.accreditation_of(proposal),
    }


def about_change(proposal: Proposal) -> dict[str, Any]:
    """Return what the page of a change, an end or a suspension shows: the accreditation, and what becomes of it."""
    accreditation = candidates.the_accreditation_of(proposal)
    is_change = "is_head" in proposal.content
    return {
        "accreditation": accreditation,
        "change": candidates.Change.of(proposal) if is_change else None,
        "last_day": None if is_change else candidates.last_day_of(proposal),
        "last_head": accrediting.is_last_head(accreditation),
        "others": representation.people_of(accreditation.participant),
    }


def _returned(participant: Participant) -> Proposal | None:
    """Return the request that is made again here, if the address names one."""
    found = begun_with(ProposalKind.ACCREDITATION)
    return found if found and found.participant_id == participant.id else None


def _begun(accreditation: Accreditation, kind: ProposalKind) -> Proposal | None:
    """Return the proposal about an accreditation that is made again here, if the address names one."""
    return begun_with(kind, subject=subject_of(accreditation))


def _proposed(proposal: Proposal) -> Response:
    db.session.commit()
    return redirect(url_for("secretariat.proposal", proposal=proposal.reference))


def _refused(what: str, accreditation: str, form: Any, error: Refused) -> tuple[str, int]:
    """Show the accreditation as it stands now, say what was refused, and keep what was typed."""
    db.session.rollback()
    found = accreditation_to_decide(accreditation)
    form.version.data = str(requesting.seen_of(found))
    form.form_errors.append(error.sentence)
    return _ask(what, found, form), 409


def _ask_whom(participant: Participant, form: AccreditationForm, returned: Proposal | None) -> str:
    g.shown_at = ("secretariat.propose_accreditation", {"participant": participant.slug})
    return render_template(
        "secretariat/new_accreditation.html",
        participant=participant,
        form=form,
        returned=returned,
        letter=credentials.letter_of(returned) if returned else None,
    )


def _ask(what: str, found: Accreditation, form: Any) -> str:
    g.shown_at = (f"secretariat.{what}_accreditation", {"accreditation": found.reference})
    return render_template(
        _PAGES[what],
        accreditation=found,
        participant=found.participant,
        form=form,
        last_head=accrediting.is_last_head(found),
    )
