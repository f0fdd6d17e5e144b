"""Short ways for tests to change the register between requests, as if somebody else had done it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests.world import account
from tracker import register, standing
from tracker.extensions import db, writing
from tracker.models import Act, Cohort, Endorsement, Participant
from tracker.vocabulary import Action


@contextmanager
def in_register(app: Flask) -> Iterator[None]:
    """Open the register, and commit at the end."""
    with app.app_context():
        writing.set(True)
        yield
        db.session.commit()
        writing.set(False)


def found(participant: str, cohort: str) -> tuple[Participant, Cohort]:
    """Return a participant and a cohort by their addresses."""
    one, group = register.participant(participant), register.cohort(cohort)
    assert one is not None
    assert group is not None
    return one, group


def open_one(participant: str, cohort: str) -> Endorsement:
    """Return the endorsement that is being prepared or decided."""
    endorsement = standing.open_one(*found(participant, cohort))
    assert endorsement is not None
    return endorsement


def submitted_as(reference: str) -> int:
    """Return the ledger entry of a submission."""
    query = select(Act.entry_sequence).join(Endorsement).where(Endorsement.reference == reference)
    return db.session.scalars(query.where(Act.action == Action.SUBMITTED)).one()


def act(app: Flask, make: Callable[..., Endorsement], participant: str, cohort: str, *by: str, **more: Any) -> str:
    """Let somebody do something to a participant's endorsement; return its reference."""
    with in_register(app):
        one, group = found(participant, cohort)
        return make(one, group, *(account(each) for each in by), **more).reference
