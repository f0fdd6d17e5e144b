"""A process that acts through HTTP and is killed on the way: ``python -m tests.stories.victim DATABASE_URL FOLDER``.

For every line ``verb N`` on its standard input it forks a child, which signs in, opens the form and sends it, and which
kills itself (SIGKILL) just before the N-th statement of that request, its commit and the answer counted as statements.
It prints ``killed``, or ``answered`` where the request had fewer statements than that.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import traceback
from http import HTTPStatus
from typing import Any, NoReturn

from flask import Flask
from sqlalchemy import Engine, event

from tests.conftest import make_app
from tests.letters import a_pdf


def main() -> None:
    app = make_app(sys.argv[1], EVIDENCE_FOLDER=sys.argv[2])
    for line in sys.stdin:
        verb, _, at = line.strip().partition(" ")
        child = os.fork()
        if child == 0:
            _become(app, verb, int(at))
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            raise RuntimeError(f"{line!r} ended with status {os.WEXITSTATUS(status)}")
        print("killed" if os.WIFSIGNALED(status) else "answered", flush=True)


def _become(app: Flask, verb: str, at: int) -> NoReturn:
    try:
        _act(app, verb, int(at))
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _act(app: Flask, verb: str, at: int) -> None:
    browser: Any = app.test_client()
    left = at

    def count(*_anything: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if verb == "submit":
        browser.sign_in("alice@example.org")
        address, fields = browser.fill("/en/desk/arcadia/clean-rivers/check", "/submit")
    elif verb == "attach":
        browser.sign_in("alice@example.org")
        address, fields = browser.fill("/en/desk/arcadia/clean-rivers/signature", "/signature")
        fields["letter"] = (io.BytesIO(a_pdf()), "letter.pdf")
    elif verb.startswith("approve:"):
        browser.sign_in("kim@example.org")
        address, fields = browser.fill(f"/en/secretariat/proposals/{verb.removeprefix('approve:')}", "/approve")
    else:
        browser.sign_in("sam@example.org")
        address, fields = browser.fill(f"/en/secretariat/endorsements/{verb.removeprefix('confirm:')}", "/confirm")
    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    answer = browser.post(address, data=fields)
    count()
    if answer.status_code != HTTPStatus.FOUND:
        raise RuntimeError(f"{verb} was answered with {answer.status_code}")


if __name__ == "__main__":
    main()
