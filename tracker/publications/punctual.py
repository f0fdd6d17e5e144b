"""Lets publications appear whose moment has come: once, or again and again, each in a transaction of its own.

Several may run at once, and any may be killed: each publication appears once, whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from tracker import watching
from tracker.errors import Refused, WrongStatus
from tracker.extensions import db, transaction
from tracker.models import Proposal
from tracker.publications import appearing


@dataclass
class Report:
    """What became of the publications whose moment had come."""

    published: int = 0
    stopped: int = 0

    def __str__(self) -> str:
        return f"{self.published} published, {self.stopped} could not appear."


def publish_due() -> Report:
    """Let everything appear whose moment has come, and report it."""
    with transaction(writes=False):
        due = [proposal.id for proposal in appearing.due()]
    report = Report()
    for number in due:
        _publish(number, report)
    return report


def watch(*, stop: Event, say: Callable[[str], None]) -> None:
    """Let publications appear as their moments come, until it is told to stop. It outlives a database that is away.

    Args:
        stop: set, for example by a signal, to stop after the publication in hand.
        say: takes what the operator should read. What keeps it from publishing is said once.
    """

    def look() -> str:
        report = publish_due()
        if report.published or report.stopped:
            say(str(report))
        return ""

    watching.watch(look, stop=stop, say=say)


def _publish(number: int, report: Report) -> None:
    try:
        with transaction(writes=True):
            appearing.appear(db.session.get_one(Proposal, number))
    except WrongStatus:  # another one was faster, or somebody called it off
        return
    except Refused as why:
        _stop(number, why, report)
        return
    report.published += 1


def _stop(number: int, why: Refused, report: Report) -> None:
    try:
        with transaction(writes=True):
            appearing.stop(db.session.get_one(Proposal, number), why)
    except WrongStatus:
        return
    report.stopped += 1
