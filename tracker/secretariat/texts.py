"""The texts of a cohort: its headings and recommendations with their wordings, and the changes that are proposed."""

from __future__ import annotations

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import ledger, register
from tracker.access import Audience, me, open_to
from tracker.errors import AlreadyProposed, DateRefused, Incomplete, NothingChanged, Stale
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.models import Heading, Recommendation
from tracker.secretariat.door import door
from tracker.secretariat.wording_form import WordingForm
from tracker.vocabulary import RevisionKind
from tracker.wordings import published_texts, rewording
from tracker.wordings.word_differences import compared

Answer = Response | str | tuple[str, int]
Subject = Recommendation | Heading

#: What the rules may say against a proposal that the form let pass: the text changed, or somebody was faster.
_REFUSALS = (AlreadyProposed, DateRefused, Incomplete, NothingChanged, Stale)


@door.get("/texts/<cohort>")
@open_to(Audience.STAFF)
def texts(cohort: str) -> str:
    """Show a cohort's headings and recommendations, each with all its wordings."""
    group = register.cohort(cohort) or abort(404)
    return render_template(
        "secretariat/texts.html",
        cohort=group,
        recommendations=register.recommendations(group),
        titles={heading.id: published_texts.titles_of(heading) for heading in group.headings},
        proposals=published_texts.proposed_texts(group),
        address=subject_of,
    )


@door.get("/texts/<cohort>/<number>/<any(corrigendum,amendment):kind>")
@open_to(Audience.STAFF)
def change_wording(cohort: str, number: str, kind: str) -> str:
    """Ask how the wording of a recommendation is to change."""
    return _ask_anew(_recommendation(cohort, number), RevisionKind[kind.upper()])


@door.post("/texts/<cohort>/<number>/<any(corrigendum,amendment):kind>")
@open_to(Audience.STAFF)
def propose_wording(cohort: str, number: str, kind: str) -> Answer:
    """Show the change beside the wording as it is, to be checked; propose it once it was."""
    return _propose(_recommendation(cohort, number), RevisionKind[kind.upper()])


@door.get("/texts/<cohort>/headings/<int:heading>/corrigendum")
@open_to(Audience.STAFF)
def change_title(cohort: str, heading: int) -> str:
    """Ask how the title of a heading is to be corrected."""
    return _ask_anew(_heading(cohort, heading), RevisionKind.CORRIGENDUM)


@door.post("/texts/<cohort>/headings/<int:heading>/corrigendum")
@open_to(Audience.STAFF)
def propose_title(cohort: str, heading: int) -> Answer:
    """Show the correction beside the title as it is, to be checked; propose it once it was."""
    return _propose(_heading(cohort, heading), RevisionKind.CORRIGENDUM)


def _recommendation(cohort: str, number: str) -> Recommendation:
    return register.recommendation(register.cohort(cohort) or abort(404), number) or abort(404)


def _heading(cohort: str, number: int) -> Heading:
    group = register.cohort(cohort) or abort(404)
    return next((each for each in group.headings if each.number == number), None) or abort(404)


def _propose(subject: Subject, kind: RevisionKind) -> Answer:
    form = WordingForm.sent_for(subject, kind)
    if status := form.unsaved():
        return _ask(form.again()), status
    if not form.sure:
        return _check(form)
    try:
        proposal = rewording.propose(subject, kind, form.change(), by=me(), seen=form.seen)
    except _REFUSALS as error:
        db.session.rollback()
        g.refusal = error.sentence
        form.version.data = str(ledger.latest_of(subject_of(subject)))
        return _ask(form), 409
    db.session.commit()
    return redirect(url_for("secretariat.proposal", proposal=proposal.reference))


def _ask_anew(subject: Subject, kind: RevisionKind) -> str:
    return _ask(WordingForm.of(subject, kind, seen=ledger.latest_of(subject_of(subject))))


def _ask(form: WordingForm) -> str:
    left = rewording.unfinished(form.subject, form.kind)
    return render_template("secretariat/change_text.html", **_about(form), left=left, refusal=g.get("refusal"))


def _check(form: WordingForm) -> str:
    change = form.change()
    before, status = rewording.as_it_is(form.subject)
    return render_template(
        "secretariat/check_text.html",
        **_about(form),
        change=change,
        differences=compared(before, change.text),
        status_before=status,
    )


def _about(form: WordingForm) -> dict[str, object]:
    """Return what both pages of a change show, and where they stand in the other languages."""
    endpoint = str(request.endpoint).replace("propose_", "change_")
    g.shown_at = (endpoint, request.view_args or {})
    return {
        "form": form,
        "kind": form.kind,
        "cohort": form.subject.cohort,
        "heading": form.subject if isinstance(form.subject, Heading) else None,
        "recommendation": form.subject if isinstance(form.subject, Recommendation) else None,
        "action": endpoint.replace("change_", "propose_"),
    }
