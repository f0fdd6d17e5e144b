"""Runs every measurement and prints what came of it, a table for each."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from benchmarks import bulk, exporting, making, reading, serving, sign_in


def main() -> int:
    """Measure in a folder that is gone afterwards; return the exit status."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        with tempfile.TemporaryDirectory(prefix="benchmarks-") as name:
            folder = Path(name)
            for part in (serving, sign_in, making, reading, exporting, bulk):
                print(part.measure(folder), flush=True)
    except KeyboardInterrupt:
        print("\nStopped; nothing is left behind.")
        return 130
    except serving.NotServed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """Leave as on Ctrl+C, so that servers are stopped and files removed."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
