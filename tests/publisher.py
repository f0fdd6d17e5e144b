"""Publishes what is due three hours from now, and kills itself: ``python -m tests.publisher DATABASE_URL N``.

It ends (SIGKILL) just before its N-th statement, commits counted as statements; with status 0 where there are fewer.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta

import time_machine
from sqlalchemy import Engine, event

from tests.conftest import make_app
from tracker import clock
from tracker.publications import punctual


def main() -> None:
    left = int(sys.argv[2])

    def count(*_anything: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    app = make_app(sys.argv[1])
    with time_machine.travel(clock.now() + timedelta(hours=3), tick=True), app.app_context():
        event.listen(Engine, "before_cursor_execute", count)
        event.listen(Engine, "commit", count)
        punctual.publish_due()


if __name__ == "__main__":
    main()
