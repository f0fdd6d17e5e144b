"""The secretariat's door: staff verify and watch the counts."""

from tracker.secretariat import (
    bulk,
    contacts,
    corrections,
    counts,
    downloads,
    endorsements,
    letters,
    mail,
    people,
    proposals,
    queue,
    reports,
    reviews,
    roll,
    texts,
)
from tracker.secretariat.door import door

__all__ = [
    "bulk",
    "contacts",
    "corrections",
    "counts",
    "door",
    "downloads",
    "endorsements",
    "letters",
    "mail",
    "people",
    "proposals",
    "queue",
    "reports",
    "reviews",
    "roll",
    "texts",
]
