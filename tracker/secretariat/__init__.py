"""The secretariat's door: staff verify and watch the counts."""

from tracker.secretariat import corrections, counts, downloads, endorsements, letters, mail, people, proposals, queue
from tracker.secretariat.door import door

__all__ = [
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
]
