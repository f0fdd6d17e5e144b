"""The secretariat's door: staff verify and watch the counts."""

from tracker.secretariat import counts, downloads, endorsements, letters, mail, proposals, queue
from tracker.secretariat.door import door

__all__ = ["counts", "door", "downloads", "endorsements", "letters", "mail", "proposals", "queue"]
