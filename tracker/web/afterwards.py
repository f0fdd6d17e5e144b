"""Work that nobody waits for: it is done once the answer is sent, which so does not tell what there was to do."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, current_app

from tracker.extensions import transaction
from tracker.identity import origin
from tracker.identity.origin import Origin


def afterwards(response: Response, work: Callable[[], None]) -> Response:
    """Do some work in a transaction of its own after an answer; return the answer."""
    app, here = current_app._get_current_object(), origin.current()  # type: ignore[attr-defined]  # for later

    def do() -> None:
        origin.set_(here)
        try:
            with app.app_context(), transaction(writes=True):
                work()
        except Exception:  # the answer is sent: whoever runs the register has to read of it
            app.logger.exception("work after an answer failed")
        finally:
            origin.set_(Origin())

    response.call_on_close(do)
    return response
