"""What was measured, beside its goal, as a plain table."""

from __future__ import annotations

from dataclasses import dataclass

GAP = "   "


@dataclass(frozen=True)
class Table:
    """The results of one part: a line for each thing measured, the first column in words and the others in figures."""

    title: str
    heads: tuple[str, ...]
    lines: list[tuple[str, ...]]

    def __str__(self) -> str:
        every = [self.heads, *self.lines]
        widths = [max(len(line[column]) for line in every) for column in range(len(self.heads))]
        written = [
            GAP.join(
                cell.rjust(width) if column else cell.ljust(width)
                for column, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in every
        ]
        rule = "-" * max(map(len, written))
        return "\n".join(("", self.title, "", written[0], rule, *written[1:]))


def at_least(goal: float, value: float) -> tuple[str, str]:
    """Return a goal that is a lower bound, and whether a value meets it, in words."""
    return f">= {goal:.2f}", _verdict(value >= goal)


def at_most(goal: float, value: float) -> tuple[str, str]:
    """Return a goal that is an upper bound, and whether a value meets it, in words."""
    return f"<= {goal:.2f}", _verdict(value <= goal)


def below(goal: float, value: float, unit: str) -> tuple[str, str]:
    """Return a goal that a value is to stay below, and whether it does, in words."""
    return f"< {goal:g} {unit}", _verdict(value < goal)


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"
