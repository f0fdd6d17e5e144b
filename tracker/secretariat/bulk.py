"""Bulk loads: staff upload tables, see what would become of each row, and propose to record them."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from tracker.access import Audience, load_to_see, me, open_to
from tracker.bulk import loads, previews, working
from tracker.bulk.tables import remark_said
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models import Load
from tracker.secretariat.bulk_forms import RowsForm, TablesForm
from tracker.secretariat.door import door
from tracker.web.downloads import as_table
from tracker.web.uploads import takes_files

Answer = AnyResponse | str | tuple[str, int]


@door.get("/bulk")
@open_to(Audience.STAFF)
def bulk_loads() -> str:
    """Ask for tables, and show those that were uploaded of late."""
    return _ask(TablesForm(formdata=None))


@door.post("/bulk")
@open_to(Audience.STAFF)
@takes_files("tables")
def upload_tables() -> Answer:
    """Keep the tables, and have their preview computed."""
    form = TablesForm()
    if status := form.unsaved():
        return _ask(form), status
    db.session.rollback()  # nobody waits for us while the files are opened
    try:
        load = loads.take_in(form.uploaded, by=me())
    except Refused as error:
        db.session.rollback()
        form.tables.errors = [error.sentence]
        return _ask(form), HTTPStatus.UNPROCESSABLE_ENTITY
    db.session.commit()
    working.start(load)
    return redirect(url_for("secretariat.load", load=load.reference))


@door.get("/bulk/<load>")
@open_to(Audience.STAFF)
def load(load: str) -> Answer:
    """Show how far a preview is, or what would become of each row."""
    return _show(load_to_see(load))


@door.post("/bulk/<load>/preview")
@open_to(Audience.STAFF)
def compute_preview(load: str) -> Answer:
    """Compute a preview again: it stopped, or the register changed since."""
    found = load_to_see(load)
    try:
        loads.begin_anew(found, by=me())
    except Refused as error:
        return _refused(load, error)
    db.session.commit()
    working.start(found)
    return redirect(url_for("secretariat.load", load=load))


@door.post("/bulk/<load>/propose")
@open_to(Audience.STAFF)
def propose_load(load: str) -> Answer:
    """Propose to record what is new and changed."""
    try:
        proposal = loads.propose(load_to_see(load), by=me())
    except Refused as error:
        return _refused(load, error)
    db.session.commit()
    return redirect(url_for("secretariat.proposal", proposal=proposal.reference))


@door.get("/bulk/<load>/<form>")
@open_to(Audience.STAFF)
def download_preview(load: str, form: str) -> Response:
    """Give the uploaded rows with what would become of each, and everything that is wrong with it."""
    found = load_to_see(load)
    file = previews.as_file(found, form) or abort(404)
    return as_table(file.content, file.mimetype, f"preview-{found.id}.{file.ending}")


def _refused(load: str, error: Refused) -> tuple[str, int]:
    db.session.rollback()
    g.refusal = error.sentence
    page, _status = _show(load_to_see(load))
    return page, HTTPStatus.CONFLICT


def _ask(form: TablesForm) -> str:
    g.shown_at = ("secretariat.bulk_loads", {})
    found = loads.lately()
    return render_template("secretariat/bulk.html", form=form, loads=found, proposals=loads.latest_proposals(found))


def _show(found: Load) -> tuple[str, int]:
    g.shown_at = ("secretariat.load", {"load": found.reference})
    counts = loads.counts(found)
    form = RowsForm.of(request.args, counts)
    g.asked = {name: request.args[name] for name in ("outcome", "table", "page") if name in request.args}
    page = render_template(
        "secretariat/load.html",
        load=found,
        stopped=loads.has_stopped(found),
        proposal=loads.latest_proposal(found),
        mine=found.uploaded_by_id == me().id,
        counts=counts,
        form=form,
        rows=previews.page(found, **form.chosen),
        remarks=[remark_said(each) for each in found.remarks],
        refusal=g.get("refusal"),
    )
    return page, HTTPStatus.OK if form.understood else HTTPStatus.UNPROCESSABLE_ENTITY
