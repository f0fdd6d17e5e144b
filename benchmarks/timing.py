"""Times things side by side: a turn for each, round after round, so that a disturbance falls on all alike."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from statistics import median
from time import perf_counter_ns


def side_by_side(
    things: Mapping[str, Callable[[], AbstractContextManager[Callable[[], object]]]], *, rounds: int, warm_up: int
) -> dict[str, float]:
    """Return the median price of each thing, in milliseconds.

    Args:
        things: by name, what gets a thing ready, unmeasured, gives what is to be measured, and tidies up after it.
        warm_up: how many rounds come first and do not count.
    """
    prices: dict[str, list[int]] = {name: [] for name in things}
    gc.collect()
    for number in range(-warm_up, rounds):
        for name, get_ready in things.items():
            with get_ready() as thing:
                start = perf_counter_ns()
                thing()
                price = perf_counter_ns() - start
            if number >= 0:
                prices[name].append(price)
    return {name: median(each) / 1_000_000 for name, each in prices.items()}
