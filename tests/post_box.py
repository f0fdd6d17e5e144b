"""A real SMTP server for tests, which keeps what it takes, and the delivery to it.

with post_box() as box:
    ...  # somebody acts over HTTP
    deliver(app, box)
    assert box.subjects(world.sam) == ["Arcadia: An endorsement waits for a decision"]
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from config import SmtpServer, smtp_server
from tracker.mails import mailing
from tracker.mails.mailing import Report

SENDER = "register@example.org"


class PostBox:
    """What a server took, with the addresses to which it was sent. It takes everything; subclasses are choosier.

    They answer otherwise by the methods that aiosmtpd calls, ``handle_RCPT`` and ``handle_DATA``, or speak otherwise
    by a protocol of their own.
    """

    protocol = SMTP

    def __init__(self) -> None:
        self.taken: list[tuple[str, EmailMessage]] = []
        self.connections = 0
        self.port = 0

    @property
    def url(self) -> str:
        """The value of TRACKER_SMTP_URL that leads here; it does not wait for a server that is slow."""
        return f"smtp://127.0.0.1:{self.port}?timeout=2"

    @property
    def server(self) -> SmtpServer:
        return smtp_server(self.url)

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails to an address, in the order in which they came."""
        return [message for recipient, message in self.taken if recipient == address]

    def subjects(self, address: str) -> list[str]:
        return [str(message["Subject"]) for message in self.to(address)]

    def ids(self) -> list[str]:
        """Return the Message-ID of every mail, in the order in which they came."""
        return [str(message["Message-ID"]) for _, message in self.taken]

    def keep(self, envelope: Envelope) -> None:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken += [(recipient, message) for recipient in envelope.rcpt_tos]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        self.keep(envelope)
        return "250 Taken"


class _Controller(Controller):
    """Runs a box's server on whatever port is free."""

    handler: PostBox

    def factory(self) -> SMTP:
        self.handler.connections += 1
        return self.handler.protocol(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.handler.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def post_box(box: PostBox | None = None, **options: Any) -> Iterator[PostBox]:
    """Run a server on a free port, which keeps its mails in a box.

    Args:
        box: one that is choosier than others.
        options: of aiosmtpd's server, such as ``tls_context``.
    """
    box = box or PostBox()
    controller = _Controller(box, hostname="127.0.0.1", port=0, **options)
    controller.start()
    box.connections = 0  # the controller tried one itself
    try:
        yield box
    finally:
        controller.stop()


def deliver(app: Flask, box: PostBox) -> Report:
    """Send what is due to a box, as the deliverer does, and return what became of it."""
    with app.app_context():
        return mailing.deliver(box.server, SENDER)


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """Return a mail's plain text, or its HTML."""
    part = message.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")
