"""What an endorsement says, as the ledger binds it on submission: read back from the present rows or from an entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.extensions import db
from tracker.models import Act, Commitment, Endorsement, Participant, Recommendation, Revision, Text
from tracker.vocabulary import Action, Scope

#: The acts for which there is a receipt.
RECEIPTED = (Action.SUBMITTED, Action.NOTICE_GIVEN)


@dataclass(frozen=True)
class Covered:
    """A recommendation that an endorsement covers, in the wording of which it speaks, with its reservation."""

    recommendation: Recommendation
    revision: Revision
    reservation: Text | None


@dataclass(frozen=True)
class Answers:
    """What an endorsement says."""

    whole_set: bool
    covered: tuple[Covered, ...]
    left_out: tuple[str, ...]
    statement: Text | None
    signed_on: date | None

    @classmethod
    def of(cls, facts: Mapping[str, Any], every: list[Recommendation]) -> Answers:
        """Read what an endorsement says from its facts, as the ledger binds them, and the set's recommendations."""
        positions, statement, signed_on = facts["positions"], facts.get("statement"), facts.get("signed_on")
        return cls(
            whole_set=facts.get("scope") == Scope.ALL,
            covered=tuple(_covered(each, positions[each.number]) for each in every if each.number in positions),
            left_out=tuple(each.number for each in every if each.number not in positions),
            statement=Text.from_json(statement) if statement else None,
            signed_on=date.fromisoformat(signed_on) if signed_on else None,
        )

    @property
    def reserved(self) -> list[str]:
        """The numbers of the recommendations to which there is a reservation."""
        return [each.recommendation.number for each in self.covered if each.reservation]


def submission(of: Participant, entry: int) -> tuple[Act, str | None] | None:
    """Return what a participant submitted, or gave notice of, by its entry, with what it said, if that is kept."""
    query = (
        select(Act, Commitment.value)
        .join(Endorsement, Endorsement.id == Act.endorsement_id)
        .outerjoin(Commitment, (Commitment.entry_sequence == Act.entry_sequence) & (Commitment.field == "content"))
        .where(Act.entry_sequence == entry, Act.action.in_(RECEIPTED), Endorsement.participant_id == of.id)
        .options(joinedload(Act.entry), joinedload(Act.by), joinedload(Act.endorsement))
    )
    found = db.session.execute(query).one_or_none()
    return (found[0], found[1]) if found else None


def _covered(recommendation: Recommendation, position: Mapping[str, Any]) -> Covered:
    reservation = position.get("reservation")
    return Covered(
        recommendation,
        next(each for each in recommendation.revisions if each.number == position["revision"]),
        Text.from_json(reservation) if reservation else None,
    )
