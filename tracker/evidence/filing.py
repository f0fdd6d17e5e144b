"""Files evidence: each file in a folder of its own, under a random name that only its row knows.

A file and its row come and go together. The file is there before its row is committed, and goes after the row's end is:
a server that is killed in between leaves a file to which nothing refers, and never a row without its file.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from flask import current_app
from sqlalchemy import event, exists, select
from sqlalchemy.orm import Session, SessionTransaction

from tracker import clock
from tracker.evidence.examining import Examined
from tracker.extensions import db
from tracker.models import Account, Act, Evidence

_KEY = re.compile("[0-9a-f]{32}")

#: What the present transaction has written, and what goes once it is committed: paths, in the session's ``info``.
_WRITTEN, _GOING = "evidence written", "evidence going"


def prepare() -> Path:
    """Return the folder for evidence, made where it is missing. Nobody but the register's user may look into it."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def path_of(evidence: Evidence) -> Path:
    """Return where the content of evidence is."""
    return _folder() / evidence.key


def _folder() -> Path:
    return Path(current_app.config["EVIDENCE_FOLDER"])


def keep(examined: Examined, *, by: Account) -> Evidence:
    """Keep a file as evidence, for the caller to refer to. It goes again if the transaction is not committed."""
    key = secrets.token_hex(16)
    path = prepare() / key
    db.session.info.setdefault(_WRITTEN, set()).add(path)
    _write(examined.file, path)
    evidence = Evidence(
        key=key,
        file_name=examined.name,
        media_type=examined.media_type,
        size=examined.size,
        sha256=examined.sha256,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    db.session.add(evidence)
    db.session.flush()
    return evidence


def drop(evidence: Evidence | None) -> None:
    """Let go of evidence to which the caller has ceased to refer. What was ever submitted is kept."""
    if evidence is None or db.session.scalar(select(exists().where(Act.evidence_id == evidence.id))):
        return
    db.session.info.setdefault(_GOING, set()).add(path_of(evidence))
    db.session.delete(evidence)
    db.session.flush()


def is_sound(evidence: Evidence) -> bool:
    """Whether the file is there, and is the one that was sent."""
    return _digest(path_of(evidence)) == evidence.sha256


def faults() -> Iterator[str]:
    """Yield what does not agree between the folder and the rows, for an operator to read."""
    folder = _folder()
    names = {path.name for path in folder.glob("*")}  # before the rows: a file is there before its row
    rows = list(db.session.scalars(select(Evidence).order_by(Evidence.id)))
    for name in sorted(names - {row.key for row in rows}):
        what = "no row refers to this file" if _KEY.fullmatch(name) else "is no evidence"
        yield f"{folder / name}: {what}"
    for row in rows:
        digest = _digest(path_of(row))
        if digest is None:
            yield f"{path_of(row)}: is missing; {row.file_name!r} was uploaded on {row.uploaded_at:%Y-%m-%d}"
        elif digest != row.sha256:
            yield f"{path_of(row)}: is not the file that was uploaded on {row.uploaded_at:%Y-%m-%d}"


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _write(content: IO[bytes], path: Path) -> None:
    """Write a file so that it is there whole, and on the disk, or not at all."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(content, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Put on the disk which files a folder has."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@event.listens_for(db.session, "after_commit")
def _after_commit(session: Session) -> None:
    """Keep what was written, and let go of what nothing refers to any more."""
    if session.in_nested_transaction():
        return
    session.info.pop(_WRITTEN, None)
    for path in session.info.pop(_GOING, ()):
        path.unlink(missing_ok=True)


@event.listens_for(db.session, "after_transaction_end")
def _after_end(session: Session, transaction: SessionTransaction) -> None:
    """Take back what was written for rows that were not committed."""
    if transaction.parent is None:
        session.info.pop(_GOING, None)
        for path in session.info.pop(_WRITTEN, ()):
            path.unlink(missing_ok=True)
