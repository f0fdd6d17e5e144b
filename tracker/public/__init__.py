"""The public's door: the status, for anyone who is signed out, and the ways to say that it is wrong."""

from tracker.public import disputes, reports, search, security_txt, views
from tracker.public.door import door

__all__ = ["disputes", "door", "reports", "search", "security_txt", "views"]
