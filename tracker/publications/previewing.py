"""A cohort as the public is going to see it, made from what is prepared; nothing of it is kept."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace

from tracker.models import Preparation, Text
from tracker.publications.preparing import HeadingFacts, ItemFacts, Prepared
from tracker.tallies import Count
from tracker.vocabulary import Kind

#: The counts of a set that nobody has endorsed.
NO_COUNTS: dict[int | None, dict[Kind, Count]] = defaultdict(lambda: dict.fromkeys(Kind, Count()))


def of(preparation: Preparation) -> SimpleNamespace:
    """Return what the pages of a cohort read of it, as it is going to be."""
    prepared, cohort = Prepared.of(preparation), preparation.cohort
    headings = {each.number: each for each in [*(cohort.headings if cohort else ()), *prepared.headings]}
    items = sorted(prepared.items, key=lambda each: [int(part) for part in each.number.split(".")])
    return SimpleNamespace(
        **{**prepared.facts, "co_leads": [SimpleNamespace(name=name) for name in prepared.co_leads]},
        documents=cohort.documents if cohort else [],
        events=cohort.events if cohort else [],
        recommendations=[*(cohort.recommendations if cohort else ()), *(_item(each, headings) for each in items)],
    )


def _item(item: ItemFacts, headings: dict[int, HeadingFacts]) -> SimpleNamespace:
    heading = headings.get(item.heading)
    revision = SimpleNamespace(text=item.text, text_status=item.text_status)
    shown = SimpleNamespace(number=item.heading, title=heading.title if heading else Text.of("–"))
    return SimpleNamespace(id=None, number=item.number, heading=shown, revision=revision)
