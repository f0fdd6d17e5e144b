"""What somebody says is wrong: reports from public pages, and reviews of what a participant disputes."""

from __future__ import annotations

from datetime import timedelta

#: Within which time the same, sent once more, is what was sent before: somebody pressed a button twice.
PRESSED_TWICE = timedelta(minutes=1)
