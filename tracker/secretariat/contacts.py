"""The address that is published for a participant: one of the secretariat proposes it, another one approves."""

from __future__ import annotations

from flask import abort, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker import register
from tracker.access import Audience, me, open_to
from tracker.disputes import contacting
from tracker.errors import Refused
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.models import Participant
from tracker.secretariat.again import begun_with
from tracker.secretariat.door import door
from tracker.secretariat.forms import ContactForm
from tracker.vocabulary import ProposalKind


@door.get("/participants/<participant>/contact")
@open_to(Audience.STAFF)
def contact(participant: str) -> str:
    """Show the address that is published for a participant, and ask for another."""
    found = _found(participant)
    like = begun_with(ProposalKind.CONTACT, subject=subject_of(found))
    address = contacting.address_in(like) if like else found.contact_address
    return _ask(found, ContactForm(formdata=None, address=address))


@door.post("/participants/<participant>/contact")
@open_to(Audience.STAFF)
def propose_contact(participant: str) -> Response | tuple[str, int]:
    """Propose another address for a participant, or none."""
    found, form = _found(participant), ContactForm()
    begun_with(ProposalKind.CONTACT, subject=subject_of(found))
    if status := form.unsaved():
        return _ask(found, form), status
    try:
        proposal = contacting.propose(found, form.address.data, by=me())
    except Refused as error:
        db.session.rollback()
        g.refusal = error.sentence
        return _ask(_found(participant), form), 409
    db.session.commit()
    return redirect(url_for("secretariat.proposal", proposal=proposal.reference))


def _found(slug: str) -> Participant:
    return register.participant(slug) or abort(404)


def _ask(found: Participant, form: ContactForm) -> str:
    g.shown_at = ("secretariat.contact", {"participant": found.slug})
    return render_template(
        "secretariat/contact.html",
        participant=found,
        form=form,
        waiting=contacting.waiting(found),
        refusal=g.get("refusal"),
    )
