"""Hands out evidence: as a download, never as a page of ours, from the disk and not from memory."""

from __future__ import annotations

from flask import Response, abort, current_app, send_file

from tracker.evidence import filing
from tracker.models import Evidence


def as_download(evidence: Evidence) -> Response:
    """Return the file; ``headers`` says that nobody keeps it, and that no browser runs anything of it."""
    try:
        return send_file(
            filing.path_of(evidence),
            mimetype=evidence.media_type.value,
            as_attachment=True,
            download_name=evidence.file_name,
            conditional=False,
            etag=False,
        )
    except FileNotFoundError:
        current_app.logger.error("the file of evidence %s is missing", evidence.key)  # it says all
        abort(404)
