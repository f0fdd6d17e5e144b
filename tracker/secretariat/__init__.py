"""The secretariat's door: staff verify and watch the counts."""

from tracker.secretariat import counts, endorsements, letters, mail, proposals, queue
from tracker.secretariat.door import door

__all__ = ["counts", "door", "endorsements", "letters", "mail", "proposals", "queue"]
