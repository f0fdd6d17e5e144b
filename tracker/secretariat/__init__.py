"""The secretariat's door: staff verify and watch the counts."""

from tracker.secretariat import views
from tracker.secretariat.door import door

__all__ = ["door", "views"]
