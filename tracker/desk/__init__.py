"""The desk: accredited representatives act for their participant."""

from tracker.desk import colleagues, papers, signature, steps, views, withdrawal, wordings
from tracker.desk.door import door

__all__ = ["colleagues", "door", "papers", "signature", "steps", "views", "withdrawal", "wordings"]
