"""Of which wording an endorsement speaks, beside the one that stands: what was corrected or amended in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tracker import clock, standing
from tracker.extensions import db
from tracker.models import Endorsement, Position, Recommendation, Revision
from tracker.vocabulary import RevisionKind, Status


@dataclass(frozen=True)
class Behind:
    """A position on another wording than the one that stands on the day from which its endorsement counts.

    Attributes:
        stands: the wording that stands then.
        kept: whether the participant's endorsement in force is on that earlier wording already, and so may stay on it.
    """

    position: Position
    stands: Revision
    kept: bool

    @property
    def amended(self) -> bool:
        """Whether it has to be endorsed anew; what was only corrected since does not."""
        return self.stands.edition != self.position.revision.edition

    @property
    def latest(self) -> Revision:
        """The last revision that brought the change: what it says of the day and the reason is to be told."""
        revisions = self.position.recommendation.revisions
        kind = RevisionKind.AMENDMENT if self.amended else RevisionKind.CORRIGENDUM
        return next((each for each in reversed(revisions[: self.stands.number]) if each.kind is kind), self.stands)


def behind(endorsement: Endorsement) -> list[Behind]:
    """Return the positions of an endorsement that is prepared or decided which are not on the wording that stands.

    The day that counts is that from which the endorsement will be in force.
    """
    present = standing.in_force_one(endorsement.participant, endorsement.cohort)
    kept = {each.revision_id for each in present.positions} if present else set()
    return _behind(endorsement, standing.day_of_effect(endorsement), kept)


def amended_since(endorsement: Endorsement) -> list[Behind]:
    """Return the positions of an endorsement in force on wordings that were amended, and that stand no more today."""
    if endorsement.status is not Status.IN_FORCE:
        return []
    kept = {each.revision_id for each in endorsement.positions}
    return [each for each in _behind(endorsement, clock.today(), kept) if each.amended]


def to_be_decided(found: list[Behind]) -> list[Behind]:
    """Return those about which the participant has something to say: what was corrected under it carries over."""
    return [each for each in found if each.amended or not each.kept]


def _behind(endorsement: Endorsement, day: date, kept: set[int]) -> list[Behind]:
    _load_wordings(endorsement)
    found = []
    for position in endorsement.ordered_positions:
        stands, on = position.recommendation.revision_on(day), position.revision
        if on.number < stands.number or on.edition != stands.edition:
            found.append(Behind(position, stands, position.revision_id in kept))
    return found


def _load_wordings(endorsement: Endorsement) -> None:
    """Read all wordings of the set at once, for what follows to find them in the session."""
    query = select(Recommendation).filter_by(cohort_id=endorsement.cohort_id)
    db.session.scalars(query.options(selectinload(Recommendation.revisions))).all()
