"""The counts of a cohort as at a day: by kind and region, by recommendation, over time, and who has not endorsed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import abort, g, render_template, request

from tracker import clock, register, step_chart, tallies
from tracker.access import Audience, open_to
from tracker.exports.files import FORMS
from tracker.i18n import current_language
from tracker.models import Cohort, Recommendation
from tracker.roll import outstanding
from tracker.roll.regions import REGIONS
from tracker.secretariat.door import door
from tracker.sentences import tally_sentence
from tracker.vocabulary import Kind
from tracker.web.forms import AsAtForm

Page = str | tuple[str, HTTPStatus]


@door.get("/counts/<cohort>")
@open_to(Audience.STAFF)
def counts(cohort: str) -> Page:
    """Show how many have endorsed, of which kind and from which region."""
    return _shown("secretariat/counts.html", cohort, _by_kind_and_region)


@door.get("/counts/<cohort>/by-recommendation")
@open_to(Audience.STAFF)
def counts_by_recommendation(cohort: str) -> Page:
    """Show how many endorse each heading and each recommendation."""
    return _shown("secretariat/counts_by_recommendation.html", cohort, _by_recommendation)


@door.get("/counts/<cohort>/over-time")
@open_to(Audience.STAFF)
def counts_over_time(cohort: str) -> Page:
    """Show how the counts came to be what they are."""
    return _shown("secretariat/counts_over_time.html", cohort, _over_time)


@door.get("/counts/<cohort>/not-endorsed")
@open_to(Audience.STAFF)
def not_endorsed(cohort: str) -> Page:
    """Show who on the roll has not endorsed: all, or one kind."""
    asked = request.args.get("kind")
    kind = next((each for each in Kind if each == asked), None)
    if asked and not kind:
        abort(404)
    return _shown("secretariat/not_endorsed.html", cohort, partial(_not_endorsed, kind=kind), kind=kind)


def _shown(template: str, slug: str, read: Callable[[Cohort, date], dict[str, Any]], **asked: str | None) -> Page:
    """Show a page of counts as at the day that is asked for; say what is wrong with a day that cannot be.

    Args:
        read: returns what the template needs, of a cohort on a day.
        asked: what else the page was asked for.
    """
    cohort = register.cohort(slug) or abort(404)
    form = AsAtForm(request.args)
    if not form.validate():
        refusal = render_template("secretariat/counts_refused.html", cohort=cohort, form=form, asked=asked)
        return refusal, HTTPStatus.UNPROCESSABLE_ENTITY
    today = clock.today()
    form.as_at.data = form.day.isoformat()
    day = {"as-at": None if form.day == today else form.as_at.data}
    g.asked = {**day, **asked}
    return render_template(
        template,
        cohort=cohort,
        form=form,
        asked=asked,
        as_at=form.day,
        today=today,
        day_asked=day,
        kinds=list(Kind),
        heads={kind: str(kind.short) for kind in Kind},  # said in each row of long tables
        forms=list(FORMS),
        total=tallies.total,
        **read(cohort, form.day),
    )


def _by_kind_and_region(cohort: Cohort, as_at: date) -> dict[str, Any]:
    tally, in_preparation = tallies.of_set(cohort, as_at), tallies.in_preparation(cohort)
    return {
        "sentence": tally_sentence(tally),
        "tally": tally,
        "roll": tallies.of_roll(),
        "regions": REGIONS,
        "by_region": tallies.of_regions(cohort, as_at),
        "unknown": tallies.UNKNOWN,
        "in_preparation": in_preparation,
        "preparing": any(count for found in in_preparation.values() for count in found.values()),
    }


def _by_recommendation(cohort: Cohort, as_at: date) -> dict[str, Any]:
    sets: dict[int, list[Recommendation]] = {each.id: [] for each in cohort.headings}
    for each in register.recommendations(cohort):
        sets[each.heading_id].append(each)
    return {
        "headings": [(each, sets[each.id]) for each in cohort.headings],
        "tally": tallies.of_set(cohort, as_at),
        "items": tallies.of_recommendations(cohort, as_at),
        "heading_counts": tallies.of_headings(cohort, as_at),
    }


def _over_time(cohort: Cohort, as_at: date) -> dict[str, Any]:
    changes = tallies.over_time(cohort, as_at)
    return {"changes": changes, "chart": step_chart.drawn(changes, as_at) if changes else None, "measures": step_chart}


def _not_endorsed(cohort: Cohort, as_at: date, *, kind: Kind | None) -> dict[str, Any]:
    tally, roll = tallies.of_set(cohort, as_at), tallies.of_roll()
    found = outstanding.participants(cohort, as_at, current_language(), kind)
    return {
        "groups": [(each, [row for row in found if row.kind is each]) for each in Kind],
        "chosen": kind,
        "missing": {each: roll[each] - tally.signatories(each) for each in Kind},
        "roll": roll,
    }
