"""Tables to take away: the counts of a cohort as at a day, and the record behind them."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, abort, request
from flask_babel import gettext

from tracker import clock, register
from tracker.access import Audience, open_to
from tracker.exports import counts, record
from tracker.exports.columns import IN_PREPARATION, Sheet
from tracker.exports.files import FORMS, WHOLE
from tracker.i18n import current_language
from tracker.secretariat.door import door
from tracker.web.answering import answer
from tracker.web.downloads import as_table
from tracker.web.forms import AsAtForm


@door.get("/counts/<cohort>/<table>/<form>")
@open_to(Audience.STAFF)
def download_counts(cohort: str, table: str, form: str) -> Response:
    """Give a table of the counts, as at a day, with names and titles in the language of the address."""
    group = register.cohort(cohort) or abort(404)
    make = counts.TABLES.get(table) or abort(404)
    asked = AsAtForm(request.args)
    if not asked.validate():
        return answer(HTTPStatus.BAD_REQUEST, asked.as_at.errors[0])
    if table == IN_PREPARATION.name and asked.day != clock.today():
        return answer(HTTPStatus.BAD_REQUEST, gettext("What is being prepared is known for today alone."))
    return _attached(make(group, asked.day, current_language()), form, f"{group.slug}-{table}-{asked.day}")


@door.get("/record/<table>/<form>")
@open_to(Audience.STAFF)
def download_record(table: str, form: str) -> Response:
    """Give a table of the record itself: the roll, the endorsements or their positions."""
    make = record.TABLES.get(table) or abort(404)
    return _attached(make(), form, f"{table}-{clock.today()}")


@door.get("/record/all/<form>")
@open_to(Audience.STAFF)
def download_whole_record(form: str) -> Response:
    """Give all tables of the record in one file: a workbook, or an archive of CSV files."""
    chosen = WHOLE.get(form) or abort(404)
    return as_table(chosen.write(*record.everything()), chosen.mimetype, f"record-{clock.today()}.{form}")


def _attached(sheet: Sheet, form: str, name: str) -> Response:
    """Return a table as a file that browsers save and do not open."""
    chosen = FORMS.get(form) or abort(404)
    return as_table(chosen.write(sheet), chosen.mimetype, f"{name}.{form}")
