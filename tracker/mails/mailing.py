"""Sends what is due in the outbox, once or for as long as it is let.

No transaction is open while the server is spoken to: a slow one keeps nobody from recording.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from threading import Event
from types import ModuleType
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy.exc import OperationalError

from config import SmtpServer
from tracker import watching
from tracker.disputes import reporting, reviewing
from tracker.extensions import db, transaction
from tracker.identity import delays, purging_the_log, telling_of_invitations
from tracker.mails import digest, outbox, posting, purging
from tracker.mails.outbox import Claim
from tracker.mails.rendering import message_of
from tracker.mails.smtp import Connection, NotTaken
from tracker.mails.texts import CannotBeWritten
from tracker.models import Mail
from tracker.people import reminding
from tracker.vocabulary import MailState
from tracker.wordings import asking

#: How often it is tried to note that a mail was sent, and how long is waited between, in seconds: where that cannot be
#: noted, the mail is sent a second time.
NOTING, NOTING_PAUSE = 12, 5

_CONCERNS_NOBODY = (
    "The recipient's account is closed, or may not act for this any more, or the link in this mail is good no more."
)


@dataclass
class Report:
    """What became of the mails that were due, and why none could be sent where the server cannot be reached."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0
    trouble: str = ""

    def __str__(self) -> str:
        return f"{self.sent} sent, {self.put_off} put off, {self.given_up} given up."

    def count(self, state: MailState) -> None:
        """Count a mail by where it stands now."""
        self.sent += state is MailState.SENT
        self.put_off += state is MailState.WAITING
        self.given_up += state is MailState.DEAD


def deliver(server: SmtpServer, sender: str, *, stop: Event | None = None) -> Report:
    """Send the mails that are due, until none is or until it is told to stop; return what became of them.

    Args:
        server: the mail server.
        sender: the address from which the mails come.
        stop: set, for example by a signal, to stop after the mail in hand.
    """
    report = Report()
    with Connection(server, _own_host()) as connection:
        while not (stop and stop.is_set()) and (claimed := _claimed()):
            report.count(_send(claimed, connection, sender))
        if connection.unreachable:
            report.trouble = f"The mail server cannot be reached: {connection.unreachable}"
    return report


def post_digests() -> None:
    """Put this week's digests into the outbox, where they are due."""
    _post(digest)


def post_reminders() -> None:
    """Put into the outbox what accreditations end soon or have ended, where that is not told yet."""
    _post(reminding)


def post_expiries() -> None:
    """Put into the outbox whose invitations have expired, where that is not told yet."""
    _post(telling_of_invitations)


def post_questions() -> None:
    """Put into the outbox what representatives are asked of amendments that stand since today, where that is due."""
    _post(asking)


def _post(room: ModuleType) -> None:
    with transaction(writes=False):
        due = bool(room.due())
    if due:
        with transaction(writes=True):
            room.post()


def tidy() -> None:
    """Delete what is kept for a while alone: reports, links, texts of mails, wrong guesses, security events."""
    rooms = (reporting, reviewing, purging, delays, purging_the_log)
    with transaction(writes=False):
        due = any(room.due() for room in rooms)
    if due:
        with transaction(writes=True):
            reporting.forget()
            reviewing.forget()
            purging.purge()
            delays.forget()
            purging_the_log.purge()


def watch(server: SmtpServer, sender: str, *, stop: Event, say: Callable[[str], None]) -> None:
    """Send mails as they come due, until it is told to stop. It outlives a database or a mail server that is away.

    Args:
        server, sender, stop: as for :func:`deliver`.
        say: takes what the operator should read. What keeps it from sending is said once.
    """

    def look() -> str:
        tidy()
        post_digests()
        post_reminders()
        post_expiries()
        post_questions()
        report = deliver(server, sender, stop=stop)
        if report.sent or report.given_up or (report.put_off and not report.trouble):
            say(str(report))
        return report.trouble

    watching.watch(look, stop=stop, say=say)


def _claimed() -> Claim | None:
    with transaction(writes=False):
        if not outbox.due():
            return None
    with transaction(writes=True):
        return outbox.claim()


def _send(claimed: Claim, connection: Connection, sender: str) -> MailState:
    try:
        message, recipient = _written(claimed, sender)
        connection.send(message, sender=sender, recipient=recipient)
    except NotTaken as error:
        with transaction(writes=True):
            return outbox.failed(claimed, error.why, for_good=error.for_good)
    return _note_sent(claimed)


def _written(claimed: Claim, sender: str) -> tuple[EmailMessage, str]:
    """Return the message of a mail, and the address to which it goes.

    Raises:
        NotTaken: it cannot be written, or its recipient may not get it any more.
    """
    with transaction(writes=False):
        mail = db.session.get(Mail, claimed.mail_id)
        if mail is None:
            raise NotTaken("The recipient was forgotten meanwhile.", for_good=True)
        if not (posting.still_concerns(mail) and posting.leads_somewhere(mail)):
            raise NotTaken(_CONCERNS_NOBODY, for_good=True)
        try:
            return message_of(mail, sender), mail.address
        except CannotBeWritten as error:
            raise NotTaken(f"The mail cannot be written: {error}", for_good=True) from error


def _note_sent(claimed: Claim) -> MailState:
    """Note that the server took a mail, and be stubborn about it."""
    left = NOTING
    while True:
        try:
            with transaction(writes=True):
                return outbox.sent(claimed)
        except OperationalError:
            left -= 1
            if not left:
                raise
            time.sleep(NOTING_PAUSE)


def _own_host() -> str:
    """Return the name by which the register greets the mail server, without asking anybody for it."""
    host = urlsplit(current_app.config["ADDRESS"]).hostname or "localhost"
    return "localhost" if host[-1].isdigit() or ":" in host else host
