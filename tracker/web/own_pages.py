"""Which of the register's pages an address names: what comes along from a browser may be any text at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from werkzeug.exceptions import HTTPException

from tracker.access import Audience, audience_of

LONGEST_ADDRESS = 400

#: What an address of ours consists of. Browsers drop tabs and newlines, and read a backslash as a slash.
PLAIN = re.compile(r"/[!-\[\]-~]*")


@dataclass(frozen=True)
class OwnPage:
    """A public page of this register."""

    endpoint: str
    values: dict[str, Any]

    @property
    def address(self) -> str:
        """Its address, made by ourselves."""
        return url_for(self.endpoint, **self.values)

    @property
    def participant(self) -> str | None:
        """The participant whose page it is, if it is one's."""
        return self.values["participant"] if self.endpoint == "public.participant" else None


def page_at(address: str | None) -> OwnPage | None:
    """Return the public page at an address, which is a path without a host; ``None`` where it names none."""
    if not address or len(address) > LONGEST_ADDRESS or not address.startswith("/") or address.startswith("//"):
        return None
    try:
        endpoint, values = current_app.url_map.bind("").match(address, method="GET")
    except HTTPException:
        return None
    is_public = endpoint.startswith("public.") and audience_of(current_app, endpoint) is Audience.PUBLIC
    return OwnPage(endpoint, dict(values)) if is_public else None


def own_address(address: str | None) -> str | None:
    """Return an address to which a redirect may lead: that of a page of this register; ``None`` for any other.

    The way to the page is made anew from its route, and what follows a question mark can lead nowhere else.
    """
    if not address or len(address) > LONGEST_ADDRESS or not PLAIN.fullmatch(address):
        return None
    path, _, query = address.partition("?")
    try:
        endpoint, values = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return None
    if endpoint == "static":  # a file, whose address may hold anything
        return None
    made = url_for(endpoint, **values)
    return f"{made}?{query}" if query else made
