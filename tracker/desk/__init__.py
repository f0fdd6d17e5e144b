"""The desk: accredited representatives act for their participant."""

from tracker.desk import steps, views, withdrawal
from tracker.desk.door import door

__all__ = ["door", "steps", "views", "withdrawal"]
