"""The secretariat's views of the outbox: what waits, what was given up, what was sent. GET shows, POST does."""

from __future__ import annotations

from datetime import timedelta

from flask import abort, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker import i18n
from tracker.access import Audience, open_to
from tracker.errors import NotGivenUp
from tracker.extensions import db
from tracker.mails import outbox
from tracker.mails.rendering import subject_and_text_of
from tracker.mails.texts import CannotBeWritten, participant_of
from tracker.models import Mail
from tracker.secretariat.door import door
from tracker.vocabulary import MailState

#: The most mails that a list shows.
MOST = 50

#: How long a mail may be due before staff are told that nobody sends it.
PATIENCE = timedelta(hours=1)


@door.get("/mail")
@open_to(Audience.STAFF)
def mails() -> str:
    """Show what waits to be sent, what was given up and why, and what was sent lately."""
    return render_template(
        "secretariat/mails.html",
        counts=outbox.counts(),
        given_up=outbox.given_up(MOST),
        waiting=outbox.waiting(MOST),
        sent=outbox.lately_sent(MOST),
        overdue_since=outbox.overdue_since(PATIENCE),
        most=MOST,
        about=participant_of,
        sends=current_app.config["SMTP"] is not None,
    )


@door.get("/mail/<mail>")
@open_to(Audience.STAFF)
def mail(mail: str) -> str:
    """Show one mail, with its text as its recipient reads it."""
    return _show(_found(mail))


@door.post("/mail/<mail>/send-again")
@open_to(Audience.STAFF)
def send_mail_again(mail: str) -> Response:
    """Put a mail that was given up back into the outbox."""
    outbox.send_again(_found(mail))
    db.session.commit()
    return redirect(url_for("secretariat.mail", mail=mail))


@door.errorhandler(NotGivenUp)
def tell_how_it_stands(error: NotGivenUp) -> tuple[str, int]:
    """Show where the mail stands now, and say what was refused."""
    db.session.rollback()
    g.refusal = error.sentence
    return _show(_found((request.view_args or {})["mail"])), 409


def _found(reference: str) -> Mail:
    return outbox.mail_of(reference) or abort(404)


def _show(found: Mail) -> str:
    g.shown_at = ("secretariat.mail", {"mail": found.reference})
    try:
        subject, text = subject_and_text_of(found)
    except CannotBeWritten:
        subject, text = "", ""
    return render_template(
        "secretariat/mail.html",
        mail=found,
        subject=subject,
        text=text,
        direction_of_mail=i18n.direction_of(found.language),
        given_up=found.state is MailState.DEAD,
        refusal=g.get("refusal"),
    )
