"""Links: which addresses may stand in the register's pages."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tracker.errors import LinkRefused

LONGEST = 2_000


def is_link(address: str) -> bool:
    """Whether an address is one of the web, which a reader may be led to."""
    if len(address) > LONGEST or not re.fullmatch(r"https?://[^\s<>\"\\]+", address):
        return False
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False


def require_link(address: str | None) -> None:
    """Refuse what is no address of the web; there may be none.

    Raises:
        LinkRefused: it is none.
    """
    if address is not None and not is_link(address):
        raise LinkRefused
