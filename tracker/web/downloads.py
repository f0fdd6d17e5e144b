"""Hands out what is not public, evidence and tables: as a download, never as a page of ours.

Every way out for such a file goes through here, and the security log says who took what. That is written down in a
transaction of its own, after the file was read or made and before it goes out: making a large table keeps nobody from
recording, and what cannot be written down does not go out.
"""

from __future__ import annotations

from pathlib import Path

from flask import Response, abort, current_app, send_file

from tracker.access import me
from tracker.evidence import filing
from tracker.extensions import db, transaction
from tracker.identity import security_log
from tracker.models import Evidence
from tracker.vocabulary import SecurityAction


def as_download(evidence: Evidence) -> Response:
    """Return a file of evidence; ``headers`` says that nobody keeps it, and that no browser runs anything of it."""
    path, mimetype, name, key = filing.path_of(evidence), evidence.media_type.value, evidence.file_name, evidence.key
    if not Path(path).is_file():
        current_app.logger.error("the file of evidence %s is missing", key)  # it says all
        abort(404)
    _write_down(SecurityAction.EVIDENCE_DOWNLOADED, file=name, evidence=key)
    return send_file(path, mimetype=mimetype, as_attachment=True, download_name=name, conditional=False, etag=False)


def as_table(content: bytes, mimetype: str, name: str, *, action: SecurityAction = SecurityAction.EXPORTED) -> Response:
    """Return what was made to be taken away, as a file that browsers save under a name and do not open."""
    _write_down(action, file=name)
    response = Response(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _write_down(action: SecurityAction, **said: str) -> None:
    db.session.rollback()  # all is read: SQLite takes its write lock where a transaction begins, and not within one
    with transaction(writes=True):
        security_log.record(action, account=me(), by=me(), **said)
