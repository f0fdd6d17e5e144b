"""Where the person is signed in, and how to end it there. GET shows on the page about signing in, POST does."""

from __future__ import annotations

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response

from tracker.access import Audience, me, open_to
from tracker.account.door import door
from tracker.extensions import db
from tracker.identity import security_log, sessions
from tracker.vocabulary import SecurityAction
from tracker.web import signing_in


@door.post("/account/sessions/<session>/end")
@open_to(Audience.SIGNED_IN, fresh=True)
def end_session(session: str) -> Response:
    """End one of the person's sessions."""
    found = sessions.one_of(me(), session) or abort(404)
    sessions.end(found)
    security_log.record(SecurityAction.SESSION_ENDED, account=me(), by=me(), agent=found.agent)
    db.session.commit()
    return redirect(url_for("account.security"))


@door.post("/account/sessions/end-others")
@open_to(Audience.SIGNED_IN, fresh=True)
def end_other_sessions() -> Response:
    """Sign the person out everywhere but here."""
    sessions.end_all(me(), but=signing_in.current())
    security_log.record(SecurityAction.SESSIONS_ENDED, account=me(), by=me())
    db.session.commit()
    return redirect(url_for("account.security"))
