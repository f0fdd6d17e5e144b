"""Computes previews beside the requests: a thread reads the files, judges their rows, keeps what becomes of each.

How far it is stands in the load's row, so that every page and every server can tell. A thread that ends with its server
loses nothing: the files are kept, and the preview is begun anew by a button.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy import insert, select, update

from tracker import clock, ledger
from tracker.bulk import judging
from tracker.bulk.tables import FAILED, Row
from tracker.errors import Refused
from tracker.extensions import db, writing
from tracker.models import Load, LoadRow
from tracker.vocabulary import Preview

#: How many rows are read, or kept, between two signs of life.
_AT_ONCE = 500
_THREADS = "previews"


class SupersededError(Exception):
    """Another run computes this preview by now."""


def start(load: Load) -> None:
    """Compute the preview of a load, which is committed, while the request is answered."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # for the thread
    thread = Thread(target=_run, args=(app, load.reference, load.worker), daemon=True)
    running: list[Thread] = app.extensions.setdefault(_THREADS, [])
    running[:] = [each for each in running if each.is_alive()] + [thread]
    thread.start()


def wait(app: Flask) -> None:
    """Wait until the previews that were started here are computed."""
    for thread in app.extensions.get(_THREADS, ()):
        thread.join()


def _run(app: Flask, reference: str, worker: str) -> None:
    with app.app_context():
        try:
            compute(reference, worker)
        except SupersededError:
            db.session.rollback()
        except Exception:  # whatever it was: the page must say so
            app.logger.exception("the preview of load %s failed", reference)
            db.session.rollback()
            _fail(reference, worker, "")


def compute(reference: str, worker: str) -> None:
    """Compute the preview of a load, as the run of this name."""
    run = _Run(reference, worker)
    load = db.session.scalars(select(Load).filter_by(reference=reference)).one()
    uploaded, language = [(each.name, each.content) for each in load.files], load.uploaded_by.language
    try:
        head, _digest = ledger.head()
        judgement = judging.judge(uploaded, run.read_one)
    except Refused as error:
        db.session.rollback()
        with force_locale(language):
            _fail(reference, worker, str(error.sentence))
        return
    db.session.rollback()
    run.keep(judgement.rows)
    run.say(preview=Preview.READY, head=head)


class _Run:
    """A run that computes a preview, and gives signs of life in transactions of their own."""

    def __init__(self, reference: str, worker: str) -> None:
        self.reference, self.worker = reference, worker
        self.read = 0

    def read_one(self) -> None:
        """Count a row that was read."""
        self.read += 1
        if self.read % (_AT_ONCE * 4) == 0:
            self.say(total=self.read)

    def keep(self, rows: list[Row]) -> None:
        """Keep what becomes of rows."""
        self.say(total=len(rows))
        load_id = db.session.scalars(select(Load.id).filter_by(reference=self.reference)).one()
        db.session.rollback()
        for first in range(0, len(rows), _AT_ONCE):
            batch = rows[first : first + _AT_ONCE]
            with _written():
                self._say(done=first + len(batch))
                kept = [_kept(load_id, place, row) for place, row in enumerate(batch, start=first + 1)]
                db.session.execute(insert(LoadRow), kept)

    def say(self, **facts: object) -> None:
        """Say how far the run is."""
        with _written():
            self._say(**facts)

    def _say(self, **facts: object) -> None:
        mine = (Load.reference == self.reference, Load.worker == self.worker, Load.preview == Preview.COMPUTING)
        statement = update(Load).where(*mine).values(seen_at=clock.now(), **facts)
        if not db.session.execute(statement, execution_options={"synchronize_session": False}).rowcount:  # type: ignore[attr-defined]
            raise SupersededError


def _kept(load_id: int, place: int, row: Row) -> dict[str, object]:
    return {
        "load_id": load_id,
        "place": place,
        "table_name": row.table.name,
        "row_number": row.number,
        "outcome": row.outcome,
        "cells": row.cells,
        "changes": row.changes,
        "mistakes": [each.as_json() for each in row.mistakes],
    }


def _fail(reference: str, worker: str, sentence: str) -> None:
    with _written():
        load = db.session.scalars(select(Load).filter_by(reference=reference, worker=worker)).one_or_none()
        if load is not None:
            load.preview = Preview.FAILED
            load.remarks = [*load.remarks, [FAILED, "", sentence]]


@contextmanager
def _written() -> Iterator[None]:
    """Write in a short transaction of its own."""
    token = writing.set(True)
    try:
        yield
        db.session.commit()
    finally:
        db.session.rollback()
        writing.reset(token)
