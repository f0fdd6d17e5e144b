"""The step that asks for the signature, and the signed letter, as it was sent."""

from __future__ import annotations

from flask import Response, g, render_template
from werkzeug.wrappers import Response as AnyResponse

from tracker import drafting
from tracker.access import Audience, evidence_of_mine, me, open_to
from tracker.desk.door import door
from tracker.desk.forms import PaperForm, SignatureForm
from tracker.desk.found import draft_as_it_is, draft_of, go_on, shown
from tracker.errors import Stale
from tracker.extensions import db
from tracker.models import Endorsement
from tracker.web.downloads import as_download
from tracker.web.uploads import takes_files

Answer = AnyResponse | str | tuple[str, int]


@door.get("/<participant>/<cohort>/signature")
@open_to(Audience.PREPARING)
def signature(participant: str, cohort: str) -> Answer:
    """Ask when and by whom the instrument was signed, and for the letter."""
    draft = draft_of(participant, cohort)
    return _ask(draft, _form_for(draft).of(draft))


@door.post("/<participant>/<cohort>/signature")
@open_to(Audience.PREPARING)
@takes_files("letter")
def save_signature(participant: str, cohort: str) -> Answer:
    """Keep the answers; a good letter even where another answer is wrong, for nobody should have to send it twice."""
    draft = draft_of(participant, cohort)
    form = _form_for(draft)()
    db.session.rollback()  # nobody waits for us while a letter is examined
    status = form.unsaved()
    try:
        _keep_letter(draft, form)
        if status:
            return _ask(draft, form), status
        drafting.sign(draft, **form.answers, by=me(), version=form.seen)
    except Stale:
        now = draft_as_it_is(participant, cohort)
        form.version.data = now.version
        form.ask_for_the_letter_again()
        return _ask(now, form), 409
    return go_on(draft, "desk.check")


@door.get("/<participant>/evidence/<key>")
@open_to(Audience.SIGNED_IN)
def evidence(participant: str, key: str) -> Response:
    """Hand out a letter that was sent for the participant."""
    return as_download(evidence_of_mine(participant, key))


def _form_for(draft: Endorsement) -> type[SignatureForm]:
    return PaperForm if draft.on_paper else SignatureForm


def _keep_letter(draft: Endorsement, form: SignatureForm) -> None:
    """Put the letter that came with a form into the draft, or take it away; the form has then seen that change."""
    if form.examined:
        drafting.attach(draft, form.examined, by=me(), version=form.seen)
    elif form.removes:
        drafting.detach(draft, by=me(), version=form.seen)
    else:
        return
    db.session.commit()
    form.version.data = draft.version


def _ask(draft: Endorsement, form: SignatureForm) -> str:
    g.shown_at = ("desk.signature", {"participant": draft.participant.slug, "cohort": draft.cohort.slug})
    return render_template("desk/signature.html", **shown(draft), form=form)
