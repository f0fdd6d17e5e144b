"""The way to say that something is wrong on a public page. GET shows, POST does."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import i18n
from tracker.access import Audience, open_to
from tracker.disputes import reporting
from tracker.errors import TooMany
from tracker.extensions import db
from tracker.public.door import door
from tracker.public.forms import ReportForm
from tracker.web import limits
from tracker.web.own_pages import page_at


@door.get("/<language:language>/report")
@open_to(Audience.ANYONE)
def report() -> str:
    """Ask what is wrong, on the page whose address came along."""
    return _ask(ReportForm(formdata=None, page=request.args.get("page")))


@door.post("/<language:language>/report")
@open_to(Audience.ANYONE)
@limits.messages
def send_report() -> Response | tuple[str, int]:
    """Take a report, and lead to its confirmation."""
    form = ReportForm()
    if status := form.unsaved():
        return _ask(form), status
    try:
        found = reporting.report(
            page=_address_of(form),
            message=form.message.data,
            name=form.name.data,
            address=form.address.data,
            language=i18n.current_language(),
        )
    except TooMany as error:
        db.session.rollback()
        return _ask(form, refusal=str(error.sentence)), HTTPStatus.TOO_MANY_REQUESTS
    db.session.commit()
    return redirect(url_for("public.reported", report=found.reference))


@door.get("/<language:language>/report/<report>")
@open_to(Audience.ANYONE)
def reported(report: str) -> str:
    """Confirm that a report came, and say what happens next; nothing of what it says."""
    found = reporting.report_of(report) or abort(404)
    return render_template("public/reported.html", reference=found.reference, answered_to=bool(found.address))


def _address_of(form: ReportForm) -> str:
    """Return the address of the page that a form is about: of the first page, where it names none of ours."""
    page = page_at(form.page.data)
    return page.address if page else url_for("public.cohorts")


def _ask(form: ReportForm, refusal: str | None = None) -> str:
    form.page.data = _address_of(form)
    g.asked = {"page": form.page.data}
    g.shown_at = ("public.report", {})
    days = reporting.KEPT_FOR.days
    return render_template("public/report.html", form=form, page=form.page.data, days=days, refusal=refusal)
