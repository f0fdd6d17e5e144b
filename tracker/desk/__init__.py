"""The desk: accredited representatives act for their participant."""

from tracker.desk import papers, signature, steps, views, withdrawal
from tracker.desk.door import door

__all__ = ["door", "papers", "signature", "steps", "views", "withdrawal"]
