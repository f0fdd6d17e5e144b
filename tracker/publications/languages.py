"""In which languages texts of a cohort are written, so that each can be changed in the languages that it has."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from tracker.extensions import db
from tracker.models import Cohort, Preparation, Recommendation, Revision, Text
from tracker.publications.preparing import Prepared


def of_cohort(cohort: Cohort) -> set[str]:
    """Return the languages of all that is published of a cohort, and those in which its documents are written."""
    texts = [heading.title for heading in cohort.headings]
    texts += db.session.scalars(
        select(Revision.text).join(Revision.recommendation).where(Recommendation.cohort_id == cohort.id)
    )
    for event in cohort.events:
        texts += filter(None, (event.title, event.description, event.place, event.link_label, event.called_off))
    for document in cohort.documents:
        texts += filter(None, (document.title, document.note, document.taken_down))
    written = {document.language for document in cohort.documents if document.language}
    return written | _of_prepared(Prepared.as_published(cohort)) | _of(texts)


def of_preparation(preparation: Preparation) -> set[str]:
    """Return the languages of what is prepared of a cohort, and of what is published of it."""
    published = of_cohort(preparation.cohort) if preparation.cohort else set()
    return published | _of_prepared(Prepared.of(preparation))


def _of_prepared(prepared: Prepared) -> set[str]:
    texts = [prepared.title, *prepared.expected_outcomes, *prepared.priority_areas, *prepared.co_leads]
    return _of([*texts, *(each.title for each in prepared.headings), *(each.text for each in prepared.items)])


def _of(texts: Iterable[Text]) -> set[str]:
    return {tag for text in texts for tag in text.texts}
