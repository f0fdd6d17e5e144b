"""The documents that a representative takes away: model letters to sign, and receipts for what was submitted."""

from __future__ import annotations

import io

from flask import abort, current_app, send_file, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tracker import standing, submissions, withdrawing
from tracker.access import Audience, my_participant, open_to
from tracker.desk.door import door
from tracker.desk.found import draft_of, endorsement_in_force
from tracker.exports import docx, pdf
from tracker.exports.paper import Paper, printable
from tracker.papers import letters, notice_papers
from tracker.vocabulary import Action
from tracker.web.answering import answer
from tracker.web.templating import origin

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@door.get("/<participant>/<cohort>/letter.pdf")
@open_to(Audience.PREPARING)
def letter_pdf(participant: str, cohort: str) -> Response:
    """Give the model letter for print."""
    letter = _letter(participant, cohort)
    return _taken_away(pdf.typeset(letter), f"{letter.name}.pdf", "application/pdf")


@door.get("/<participant>/<cohort>/letter.docx")
@open_to(Audience.PREPARING)
def letter_docx(participant: str, cohort: str) -> Response:
    """Give the model letter for a word processor."""
    letter = _letter(participant, cohort)
    return _taken_away(docx.written(letter), f"{letter.name}.docx", DOCX)


@door.get("/<participant>/<cohort>/withdrawal-letter.pdf")
@open_to(Audience.REPRESENTATIVE)
def withdrawal_letter_pdf(participant: str, cohort: str) -> Response:
    """Give the model letter of withdrawal for print."""
    letter = _withdrawal_letter(participant, cohort)
    return _taken_away(pdf.typeset(letter), f"{letter.name}.pdf", "application/pdf")


@door.get("/<participant>/<cohort>/withdrawal-letter.docx")
@open_to(Audience.REPRESENTATIVE)
def withdrawal_letter_docx(participant: str, cohort: str) -> Response:
    """Give the model letter of withdrawal for a word processor."""
    letter = _withdrawal_letter(participant, cohort)
    return _taken_away(docx.written(letter), f"{letter.name}.docx", DOCX)


@door.get("/<participant>/receipts/<int:entry>.pdf")
@open_to(Audience.REPRESENTATIVE)
def receipt(participant: str, entry: int) -> Response:
    """Give the receipt for a submission or a notice, by its ledger entry: what is open now, or an earlier one."""
    mine = my_participant(participant)
    act, content = submissions.submission(mine, entry) or abort(404)
    if content is None:
        return _forgotten(participant)
    record = origin() + url_for("public.participant", participant=participant)
    receipt_for = notice_papers.receipt if act.action is Action.NOTICE_GIVEN else letters.receipt
    paper = receipt_for(act, content, record=record)
    return _taken_away(pdf.typeset(paper), f"{paper.name}.pdf", "application/pdf")


def _letter(participant: str, cohort: str) -> Paper:
    draft = draft_of(participant, cohort)
    present = standing.in_force_one(draft.participant, draft.cohort)
    return letters.model_letter(draft, replaces=present, contact=current_app.config["CONTACT"])


def _withdrawal_letter(participant: str, cohort: str) -> Paper:
    endorsement = endorsement_in_force(participant, cohort)
    notice = withdrawing.prepared(endorsement)
    return notice_papers.model_letter(endorsement, notice, contact=current_app.config["CONTACT"])


def _forgotten(participant: str) -> Response:
    sentence = gettext(
        "What was said in this submission is no longer kept, so there is no receipt for it. "
        "Its entry stands in the ledger."
    )
    return answer(
        404, sentence, way_on=(url_for("desk.participant", participant=participant), gettext("Go to the desk"))
    )


def _taken_away(content: bytes, name: str, mimetype: str) -> Response:
    """Return a file to be saved, never to be opened within a page. Nothing in its name divides folders or lines."""
    name = " ".join(printable(name).replace("/", "-").replace("\\", "-").split())
    return send_file(io.BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=name, etag=False)
