"""Which views take files, and how much they take. Every other view takes texts alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request

from tracker.models import LARGEST_FILE

View = TypeVar("View", bound=Callable[..., Any])

#: The most that a view that takes files reads, in bytes. What is larger than evidence may be is still told at its
#: field, with whatever else was typed kept. Werkzeug has a file on the disk meanwhile, not in memory.
MOST = LARGEST_FILE + 6 * 1024 * 1024


def takes_files(*fields: str) -> Callable[[View], View]:
    """Declare that a view takes files in these fields of its form."""

    def declare(view: View) -> View:
        view.files = frozenset(fields)  # type: ignore[attr-defined]  # how a view carries its declaration
        return view

    return declare


def taken_here() -> frozenset[str]:
    """Return the fields in which the view of the present request takes files."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "files", frozenset())
