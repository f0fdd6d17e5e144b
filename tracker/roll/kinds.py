"""Of which kind a participant is on which day: what it is now, and what it was before."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy import select

from tracker.models import FormerKind, Participant
from tracker.vocabulary import Kind

#: The kinds of a participant in order, each with the day from which on it is of that kind; the first has none.
History = tuple[tuple[Kind, date | None], ...]


def history_of(participant: Participant) -> History:
    """Return the kinds that a participant was of, up to what it is now."""
    former = participant.former_kinds
    kinds = [*(each.kind for each in former), participant.kind]
    return tuple(zip(kinds, [None, *(each.until for each in former)], strict=True))


def changed(history: History, kind: Kind, since: date | None) -> History:
    """Return a history in which the participant is of a kind from a day on.

    Without a day it has always been of this kind since the last change: what stood there was wrong.
    """
    *before, (present, present_since) = history
    if kind is present:
        return history
    if since is None or since == present_since:
        return tuple(before) if before and before[-1][0] is kind else (*before, (kind, present_since))
    return (*history, (kind, since))


def set_history(participant: Participant, history: History) -> None:
    """Let a participant have been of these kinds."""
    participant.kind = history[-1][0]
    until = {since: kind for (kind, _), (_, since) in pairwise(history) if since}
    kept = {each.until: each for each in participant.former_kinds if until.get(each.until) is each.kind}
    participant.former_kinds = [kept.get(day) or FormerKind(until=day, kind=kind) for day, kind in until.items()]


def steps(history: History, day: date, sign: int) -> list[tuple[Kind, date, int]]:
    """Return what is added to the totals of which kind from which day on, when ``sign`` is added from a day on.

    What is added comes before what is taken away, so that no total falls below nothing meanwhile.
    """
    of_the_day = next(kind for kind, since in reversed(history) if since is None or since <= day)
    found = [(of_the_day, day, sign)]
    for (before, _), (after, since) in pairwise(history):
        if since is not None and since > day:
            found += [(before, since, -sign), (after, since, sign)]
    return sorted(found, key=lambda step: -step[2])


def kind_on(day: date | sa.BindParameter[date]) -> sa.ColumnElement[Kind]:
    """Return the kind of which ``Participant`` is on a day, in a query."""
    former = (
        select(FormerKind.kind)
        .where(FormerKind.participant_id == Participant.id, FormerKind.until > day)
        .order_by(FormerKind.until)
        .limit(1)
        .correlate(Participant)
        .scalar_subquery()
    )
    return sa.func.coalesce(former, Participant.kind, type_=Participant.__table__.c.kind.type)
