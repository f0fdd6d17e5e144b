"""The counts of a cohort as tables. What counts, and how, ``tallies`` says: here the figures are only put in rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tracker import clock, i18n, tallies
from tracker.exports.columns import (
    BY_HEADING,
    BY_KIND,
    BY_RECOMMENDATION,
    BY_REGION,
    IN_PREPARATION,
    NOT_ENDORSED,
    OVER_TIME,
    Sheet,
    filled,
)
from tracker.models import Cohort
from tracker.roll import outstanding
from tracker.roll.regions import REGIONS
from tracker.tallies import Counts
from tracker.vocabulary import Kind


def by_kind(cohort: Cohort, as_at: date, _language: str) -> Sheet:
    """Return how many of each kind are signatories, and how many on the roll are not."""
    counts, roll = tallies.of_set(cohort, as_at).counts, tallies.of_roll()
    return filled(
        BY_KIND,
        (
            (
                cohort.slug,
                as_at,
                kind,
                counts[kind].signatories,
                counts[kind].reserved,
                counts[kind].partial,
                roll[kind] - counts[kind].signatories,
                roll[kind],
            )
            for kind in Kind
        ),
    )


def by_region(cohort: Cohort, as_at: date, language: str) -> Sheet:
    """Return the signatories in each sub-region, and last those whose region is not known."""
    counts = tallies.of_regions(cohort, as_at)
    places: list[tuple[str | None, str | None]] = [(each, part) for each, parts in REGIONS.items() for part in parts]
    return filled(
        BY_REGION,
        (
            (
                cohort.slug,
                as_at,
                region,
                region and i18n.country(region, language),
                part,
                part and i18n.country(part, language),
                *_signatories(counts[part or tallies.UNKNOWN]),
            )
            for region, part in [*places, (None, None)]
        ),
    )


def by_heading(cohort: Cohort, as_at: date, language: str) -> Sheet:
    """Return who endorses at least one recommendation of each heading, and who of them with a reservation."""
    counts = tallies.of_headings(cohort, as_at)
    return filled(
        BY_HEADING,
        (
            (
                cohort.slug,
                as_at,
                each.number,
                i18n.shown(each.title, language).text,
                *_signatories(counts[each.id]),
                *_reserved(counts[each.id]),
            )
            for each in cohort.headings
        ),
    )


def by_recommendation(cohort: Cohort, as_at: date, language: str) -> Sheet:
    """Return who endorses each recommendation, and who of them with a reservation."""
    counts = tallies.of_recommendations(cohort, as_at)
    return filled(
        BY_RECOMMENDATION,
        (
            (
                cohort.slug,
                as_at,
                heading.number,
                each.number,
                i18n.shown(each.revision_on(as_at).text, language).text,
                *_signatories(counts[each.id]),
                *_reserved(counts[each.id]),
                tallies.total(counts[each.id]).earlier,
            )
            for heading in cohort.headings
            for each in heading.recommendations
        ),
    )


def over_time(cohort: Cohort, as_at: date, _language: str) -> Sheet:
    """Return the tally of the set on each day on which it changed."""
    return filled(
        OVER_TIME,
        (
            (
                cohort.slug,
                as_at,
                each.as_at,
                *_signatories(each.counts),
                *_reserved(each.counts),
                tallies.total(each.counts).partial,
            )
            for each in tallies.over_time(cohort, as_at)
        ),
    )


def not_endorsed(cohort: Cohort, as_at: date, language: str) -> Sheet:
    """Return who on the roll has no endorsement in force, sorted by name."""
    return filled(
        NOT_ENDORSED,
        (
            (
                cohort.slug,
                as_at,
                each.slug,
                each.kind,
                each.name.text,
                each.acronym,
                each.withdrawn_on,
                each.submission,
            )
            for each in outstanding.participants(cohort, as_at, language)
        ),
    )


def in_preparation(cohort: Cohort, _as_at: date, _language: str) -> Sheet:
    """Return how many endorsements of each kind are being prepared or decided today."""
    counts, today = tallies.in_preparation(cohort), clock.today()
    return filled(
        IN_PREPARATION,
        ((cohort.slug, today, kind, *(counts[status][kind] for status in counts)) for kind in Kind),
    )


#: The tables, by their names. Each is made from a cohort, the day, and the language of names and titles.
TABLES: dict[str, Callable[[Cohort, date, str], Sheet]] = {
    BY_KIND.name: by_kind,
    BY_REGION.name: by_region,
    BY_HEADING.name: by_heading,
    BY_RECOMMENDATION.name: by_recommendation,
    OVER_TIME.name: over_time,
    NOT_ENDORSED.name: not_endorsed,
    IN_PREPARATION.name: in_preparation,
}


def _signatories(counts: Counts) -> tuple[int, ...]:
    return *(counts[kind].signatories for kind in Kind), tallies.total(counts).signatories


def _reserved(counts: Counts) -> tuple[int, ...]:
    return *(counts[kind].reserved for kind in Kind), tallies.total(counts).reserved
