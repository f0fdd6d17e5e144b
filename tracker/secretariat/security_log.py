"""The secretariat's view of the security log: what people did with their accounts, to be searched and taken away."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, current_app, g, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from tracker import clock
from tracker.access import Audience, me, open_to
from tracker.exports import security
from tracker.exports.files import FORMS
from tracker.i18n import number
from tracker.identity import reading_the_log
from tracker.secretariat.door import door
from tracker.secretariat.security_log_form import SecurityLogForm, details_of
from tracker.vocabulary import SecurityAction
from tracker.web.answering import answer
from tracker.web.downloads import as_table

#: The forms in which the log is taken away.
ENDINGS = ("csv", "xlsx")
#: The most events that one file holds.
MOST = 100_000


@door.get("/security-log")
@open_to(Audience.STAFF)
def security_log() -> str | tuple[str, int]:
    """Show the events that the person may see and asks for, the newest first."""
    form = SecurityLogForm(request.args)
    if not form.validate():
        return _show(form, None), HTTPStatus.UNPROCESSABLE_ENTITY
    g.asked = request.args.to_dict()
    return _show(form, reading_the_log.page_of(me(), form.asked(), before=form.place))


@door.get("/security-log/<form>")
@open_to(Audience.STAFF)
def download_security_log(form: str) -> Response:
    """Give the events that the person may see and asks for, as a table."""
    asked = SecurityLogForm(request.args)
    if form not in ENDINGS:
        abort(404)
    if not asked.validate() or reading_the_log.count(me(), asked.asked()) > MOST:
        return answer(HTTPStatus.BAD_REQUEST, _too_many())
    sheet = security.log(reading_the_log.events(me(), asked.asked()))
    name = f"{sheet.name}-{clock.today()}.{form}"
    return as_table(FORMS[form].write(sheet), FORMS[form].mimetype, name, action=SecurityAction.LOG_DOWNLOADED)


def _show(form: SecurityLogForm, page: reading_the_log.Page | None) -> str:
    return render_template(
        "secretariat/security_log.html",
        form=form,
        page=page,
        kept_days=current_app.config["SECURITY_LOG_KEPT"].days,
        endings=ENDINGS,
        details_of=details_of,
    )


def _too_many() -> str:
    return str(
        gettext(
            "Ask for fewer events: a file holds %(most)s at most. Name the days, and enter each such as 2023-03-27.",
            most=number(MOST),
        )
    )
