"""What readers report as wrong: the secretariat reads it, answers it or closes it."""

from __future__ import annotations

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import register
from tracker.access import Audience, me, open_to
from tracker.disputes import reporting
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models import Report
from tracker.secretariat.door import door
from tracker.secretariat.forms import SettleReportForm
from tracker.vocabulary import ReportStatus
from tracker.web.own_pages import page_at

#: The most reports that a list shows.
MOST = 200


@door.get("/reports")
@open_to(Audience.STAFF)
def reports() -> str:
    """Show the reports that are open, or were answered, or closed without an answer."""
    asked = request.args.get("status", ReportStatus.OPEN)
    status = next((each for each in ReportStatus if each == asked), None) or abort(404)
    g.asked = {"status": status.value}
    return render_template(
        "secretariat/reports.html",
        status=status,
        reports=reporting.reports(status, MOST),
        counts=reporting.counts(),
        most=MOST,
        days=reporting.KEPT_FOR.days,
    )


@door.get("/reports/<report>")
@open_to(Audience.STAFF)
def report(report: str) -> str:
    """Show one report, to answer it."""
    return _show(_found(report), SettleReportForm(formdata=None))


@door.post("/reports/<report>")
@open_to(Audience.STAFF)
def settle_report(report: str) -> Response | tuple[str, int]:
    """Answer a report, or close it without an answer."""
    found, form = _found(report), SettleReportForm()
    if status := form.unsaved():
        return _show(found, form), status
    try:
        if form.answers:
            reporting.answer(found, text=form.answer.data, note=form.note.data, by=me(), version=form.seen)
        else:
            reporting.close(found, note=form.note.data, by=me(), version=form.seen)
    except Refused as error:
        db.session.rollback()
        g.refusal = error.sentence
        return _show(_found(report), form), 409
    db.session.commit()
    return redirect(url_for("secretariat.report", report=report))


def _found(reference: str) -> Report:
    return reporting.report_of(reference) or abort(404)


def _show(found: Report, form: SettleReportForm) -> str:
    g.shown_at = ("secretariat.report", {"report": found.reference})
    form.version.data = str(found.version)
    if not found.address:
        form.decision.choices = [each for each in form.decision.choices or () if each.value == ReportStatus.CLOSED]
    page = page_at(found.page)
    participant = register.participant(page.participant) if page and page.participant else None
    return render_template(
        "secretariat/report.html",
        report=found,
        form=form,
        participant=participant.slug if participant else None,
        endorsements=register.latest_ones(participant) if participant else [],
        days=reporting.KEPT_FOR.days,
        refusal=g.get("refusal"),
    )
