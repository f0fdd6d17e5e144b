"""Documents of a cohort: the secretariat proposes to add, to change and to take down."""

from __future__ import annotations

from flask import abort

from tracker import i18n
from tracker.access import Audience, me, open_to
from tracker.errors import Refused
from tracker.facts import subject_of
from tracker.models import Document
from tracker.publications import announcing, languages
from tracker.secretariat.again import begun_with
from tracker.secretariat.asking import Answer, ask, ask_again, seen_of
from tracker.secretariat.door import door
from tracker.secretariat.publication_forms import (
    DocumentChangeForm,
    DocumentForm,
    EndForm,
    document_form,
    end_form,
    form_for,
)
from tracker.secretariat.publications import cohort_to_publish, proposed
from tracker.vocabulary import ProposalKind

NEW, CHANGE, END = (
    "secretariat/add_document.html",
    "secretariat/change_document.html",
    "secretariat/take_document_down.html",
)


@door.get("/cohorts/<cohort>/add-document")
@open_to(Audience.STAFF)
def add_document(cohort: str) -> str:
    """Ask what document is to be added."""
    group = cohort_to_publish(cohort)
    form = document_form(group, i18n.current_language(), begun_with(ProposalKind.DOCUMENT))
    return ask(NEW, form, cohort=group)


@door.post("/cohorts/<cohort>/add-document")
@open_to(Audience.STAFF)
def propose_document(cohort: str) -> Answer:
    """Propose a document."""
    group = cohort_to_publish(cohort)
    form = DocumentForm.sent(also=languages.of_cohort(group))
    begun_with(ProposalKind.DOCUMENT)
    if status := form.unsaved():
        return ask(NEW, form.again(), cohort=group), status
    try:
        document = announcing.propose_document(group, form.facts(), by=me(), due_at=form.due_at)
    except Refused as error:
        return ask_again(NEW, form, error, lambda: {"cohort": cohort_to_publish(cohort)})
    return proposed(document)


@door.get("/cohorts/<cohort>/documents/<reference>")
@open_to(Audience.STAFF)
def change_document(cohort: str, reference: str) -> str:
    """Ask what is to be said of a document."""
    found = _document(cohort, reference)
    like = begun_with(ProposalKind.DOCUMENT, subject=subject_of(found))
    form = form_for(found, i18n.current_language(), seen=seen_of(found), like=like)
    return ask(CHANGE, form, document=found)


@door.post("/cohorts/<cohort>/documents/<reference>")
@open_to(Audience.STAFF)
def propose_document_change(cohort: str, reference: str) -> Answer:
    """Propose to say something else of a document."""
    found = _document(cohort, reference)
    form = DocumentChangeForm.sent(also=languages.of_cohort(found.cohort))
    begun_with(ProposalKind.DOCUMENT, subject=subject_of(found))
    if status := form.unsaved():
        return ask(CHANGE, form.again(), document=found), status
    try:
        change = announcing.propose_change(
            found, form.facts(), why=form.why(), by=me(), due_at=form.due_at, seen=form.seen
        )
    except Refused as error:
        return ask_again(CHANGE, form, error, lambda: {"document": _document(cohort, reference)})
    return proposed(change)


@door.get("/cohorts/<cohort>/documents/<reference>/take-down")
@open_to(Audience.STAFF)
def take_document_down(cohort: str, reference: str) -> str:
    """Ask why a document is taken down."""
    found = _document(cohort, reference)
    like = begun_with(ProposalKind.DOCUMENT, subject=subject_of(found))
    form = end_form(found, i18n.current_language(), seen=seen_of(found), like=like)
    return ask(END, form, document=found)


@door.post("/cohorts/<cohort>/documents/<reference>/take-down")
@open_to(Audience.STAFF)
def propose_document_end(cohort: str, reference: str) -> Answer:
    """Propose that a document is taken down."""
    found = _document(cohort, reference)
    form = EndForm.sent(also=languages.of_cohort(found.cohort))
    begun_with(ProposalKind.DOCUMENT, subject=subject_of(found))
    if status := form.unsaved():
        return ask(END, form.again(), document=found), status
    try:
        end = announcing.propose_end(found, why=form.why(), by=me(), due_at=form.due_at, seen=form.seen)
    except Refused as error:
        return ask_again(END, form, error, lambda: {"document": _document(cohort, reference)})
    return proposed(end)


def _document(cohort: str, reference: str) -> Document:
    return announcing.document(cohort_to_publish(cohort), reference) or abort(404)
