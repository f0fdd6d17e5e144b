"""The counts of a cohort."""

from __future__ import annotations

from flask import abort, render_template

from tracker import clock, register, tallies
from tracker.access import Audience, open_to
from tracker.secretariat.door import door
from tracker.vocabulary import Kind


@door.get("/counts/<cohort>")
@open_to(Audience.STAFF)
def counts(cohort: str) -> str:
    """Show a cohort's counts by heading, recommendation and kind."""
    group = register.cohort(cohort) or abort(404)
    today = clock.today()
    return render_template(
        "secretariat/counts.html",
        cohort=group,
        headings=group.headings,
        kinds=list(Kind),
        as_at=today,
        tally=tallies.of_set(group, today),
        items=tallies.of_recommendations(group, today),
        heading_counts=tallies.of_headings(group, today),
        open_counts=register.open_counts(group),
    )
