"""Where a participant stands with each cohort: what is prepared, in force, given notice of, returned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select

from tracker import register, withdrawing
from tracker.extensions import db
from tracker.models import (
    Cohort,
    Endorsement,
    Participant,
    Proposal,
)
from tracker.vocabulary import OPEN, Status
from tracker.wordings import endorsed_wordings
from tracker.wordings.endorsed_wordings import Behind


@dataclass(frozen=True)
class Standing:
    """Where a participant stands with a cohort.

    Attributes:
        open: what is being prepared or decided.
        latest: what is or was last in force.
        amended: what it endorses of wordings that were amended since.
        rejected: what was rejected, where nothing followed.
        notice: the notice of withdrawal that waits for the secretariat.
        returned_notice: the one that it returned, where nothing followed.
    """

    cohort: Cohort
    open: Endorsement | None = None
    latest: Endorsement | None = None
    amended: list[Behind] = field(default_factory=list)
    rejected: Endorsement | None = None
    notice: Proposal | None = None
    returned_notice: Proposal | None = None

    @property
    def status(self) -> Status | None:
        """The status to show first: what needs somebody's attention before what is settled."""
        shown = self.open or self.latest or self.rejected
        return shown.status if shown else None


def standings(of: Participant) -> list[Standing]:
    """Return where a participant stands with every cohort."""
    query = select(Endorsement).filter_by(participant_id=of.id).order_by(Endorsement.id)
    open_ones: dict[int, Endorsement] = {}
    settled: dict[int, Endorsement] = {}
    rejected: dict[int, Endorsement] = {}
    for each in db.session.scalars(query):
        rejected.pop(each.cohort_id, None)
        kept = open_ones if each.status in OPEN else rejected if each.status is Status.REJECTED else settled
        if each.ended_on and each.cohort_id in kept and not _ended_before(kept[each.cohort_id], each):
            continue  # a duplicate endorsed earlier, and was recorded later
        kept[each.cohort_id] = each
    return [
        Standing(
            group,
            open=open_ones.get(group.id),
            latest=settled.get(group.id),
            amended=_amended(settled.get(group.id)),
            rejected=rejected.get(group.id),
            notice=_notice(withdrawing.waiting, settled.get(group.id)),
            returned_notice=_notice(withdrawing.returned, settled.get(group.id)),
        )
        for group in register.cohorts()
    ]


def _amended(latest: Endorsement | None) -> list[Behind]:
    return endorsed_wordings.amended_since(latest) if latest else []


def _ended_before(one: Endorsement, other: Endorsement) -> bool:
    return one.ended_on is not None and other.ended_on is not None and one.ended_on <= other.ended_on


def _notice(find: Callable[[Endorsement], Proposal | None], of: Endorsement | None) -> Proposal | None:
    return find(of) if of and of.status is Status.IN_FORCE else None
