"""What an endorsement's row covers: by the rows of positions where there are such, else by its own columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.bulk.cells import Numeric
from tracker.bulk.tables import Row
from tracker.models import Text
from tracker.vocabulary import Outcome, Scope, Stance

Key = tuple[str, str, int]


@dataclass(frozen=True)
class Group:
    """What rows are held to of a cohort: its recommendations with the numbers of their wordings, and its sources."""

    wordings: Mapping[str, list[int]]
    sources: frozenset[str]


@dataclass(frozen=True)
class Said:
    """What a row says of a recommendation: on which wording, where it says that, and with which reservation."""

    number: str
    revision: int | None
    reservation: Text | None

    @property
    def stance(self) -> Stance:
        """Whether there is a reservation."""
        return Stance.RESERVED if self.reservation else Stance.ENDORSED

    def agrees(self, on_record: Said) -> bool:
        """Whether the register says the same, as far as the row says it."""
        same_wording = self.revision in (None, on_record.revision)
        return self.number == on_record.number and same_wording and self.reservation == on_record.reservation


Rows = Mapping[Key, list[Row]]


def judged(row: Row, mine: list[Row], group: Group, *, is_new: bool) -> list[Said] | None:
    """Return what an endorsement's row says of each recommendation; ``None`` where that is not right, or not said.

    Args:
        mine: the rows of positions that are of it.
        is_new: whether it is not on record. Of one that is, only what is said is compared.
    """
    numbers = _numbers(row, group)
    if not mine:
        if is_new and row.get("reservations"):
            row.wrong("other_count", "reservations", 0)
        return [Said(each, None, None) for each in numbers] if is_new and numbers else None
    said = [_position(each, group) for each in mine]
    told = [(each, position) for each, position in zip(mine, said, strict=True) if position is not None]
    if len(told) == len(mine) and numbers is not None:
        _compare(row, told, numbers)
    if wrong := next((each for each in mine if each.outcome is Outcome.WRONG), None):
        row.wrong("wrong_position", "recommendations", wrong.number)
    if row.outcome is Outcome.WRONG:
        return None
    order = list(group.wordings)
    return sorted((position for _, position in told), key=lambda position: order.index(position.number))


def _numbers(row: Row, group: Group) -> list[str] | None:
    """Return the numbers that an endorsement's row names, in the order of the set; ``None`` where they are wrong."""
    every, scope, listed = list(group.wordings), row.get("scope"), row.get("recommendations")
    if listed is None:
        if scope == Scope.CHOSEN:
            row.wrong("nothing_covered", "recommendations")
            return None
        if "recommendations" in row.given:
            row.given["recommendations"] = " ".join(every)
        return every
    found = [_number(row, "recommendations", each, group) for each in _split(listed)]
    numbers = [each for each in every if each in found]
    if None in found:
        return None
    if scope == Scope.ALL and numbers != every:
        row.wrong("not_the_whole_set", "recommendations")
        return None
    row.given["recommendations"] = " ".join(numbers)
    return numbers


def _split(listed: str) -> list[str]:
    return [Numeric(listed)] if isinstance(listed, Numeric) else listed.replace(",", " ").replace(";", " ").split()


def _number(row: Row, column: str, said: str, group: Group) -> str | None:
    """Return the number that is meant. Where it stands as a number, it may have lost a nought: then it is not taken."""
    if isinstance(said, Numeric):
        alike = [each for each in group.wordings if each.rstrip("0") == said.rstrip("0") or each == said]
        if len(alike) > 1:
            row.wrong("unclear_recommendation", column, said)
            return None
        said = alike[0] if alike else said
    if said not in group.wordings:
        row.wrong("unknown_recommendation", column, said)
        return None
    return str(said)


def _position(row: Row, group: Group) -> Said | None:
    said = row.get("recommendation")
    if said is None:
        row.wrong("missing", "recommendation")
        return None
    number = _number(row, "recommendation", said, group)
    reservation, stance = row.get("reservation"), row.get("stance")
    if stance is not None and stance not in set(Stance):
        row.wrong("no_choice", "stance", stance, choices=", ".join(Stance))
    elif stance == Stance.RESERVED and reservation is None and not any("reservation" in m.column for m in row.mistakes):
        row.wrong("no_reservation", "reservation")
    elif stance == Stance.ENDORSED and reservation is not None:
        row.wrong("no_reserve", "reservation")
    if number is None:
        return None
    revision = row.get("revision")
    if revision is not None and revision not in group.wordings[number]:
        row.wrong("unknown_revision", "revision", revision)
    return Said(number, revision, reservation)


def _compare(row: Row, told: list[tuple[Row, Said]], numbers: list[str]) -> None:
    """Hold the rows of positions to what their endorsement's row says."""
    first: dict[str, int] = {}
    for each, position in told:
        if position.number in first:
            each.wrong("twice", "recommendation", first[position.number])
        elif position.number not in numbers:
            each.wrong("not_covered", "recommendation", position.number)
        first.setdefault(position.number, each.number)
    if missing := [number for number in numbers if number not in first]:
        row.wrong("no_position", "recommendations", " ".join(missing))
    reserved = sum(position.reservation is not None for _, position in told)
    if row.get("reservations") is not None and row.get("reservations") != reserved:
        row.wrong("other_count", "reservations", reserved)
