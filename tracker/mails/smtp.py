"""The connection to the mail server, by the standard library's client: what it takes, puts off and refuses."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from config import SmtpServer

#: The reply to what went well.
_OK = 250

#: The replies by which a server refuses for good (RFC 5321, section 4.2.1).
_FOR_GOOD = range(500, 600)


class NotTaken(Exception):  # noqa: N818  # named for what happened
    """The server did not take a mail. ``for_good`` says whether it is of no use to try again."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.for_good = for_good


class Connection:
    """One connection for many mails, opened for the first of them, and anew after it broke.

    ``unreachable`` says why it cannot be opened. That is found out once: what comes after is put off without a wait.
    """

    def __init__(self, server: SmtpServer, own_host: str) -> None:
        self.unreachable: str | None = None
        self._server = server
        self._own_host = own_host
        self._client: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, message: EmailMessage, *, sender: str, recipient: str) -> None:
        """Hand a message over to the server.

        Raises:
            NotTaken: the server refused it or put it off, does not answer, or cannot be reached.
        """
        client = self._opened()
        try:
            client.send_message(message, sender, [recipient])
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(*error.recipients[recipient]) from error
        except smtplib.SMTPSenderRefused as error:  # the installation's fault, which somebody will mend
            raise NotTaken(_answer(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:  # an address beyond ASCII, which this server cannot take
            raise NotTaken(str(error), for_good=True) from error
        except OSError as error:  # as all other errors of the client are: broken off, or no answer in time
            self._break_off()
            raise NotTaken(_told(error)) from error

    def _opened(self) -> smtplib.SMTP:
        if self.unreachable:
            raise NotTaken(self.unreachable)
        if self._client and not self._still_open(self._client):
            self._break_off()
        if self._client is None:
            try:
                self._client = self._open()
            except (OSError, UnicodeError) as error:
                self.unreachable = _told(error)
                raise NotTaken(self.unreachable) from error
        return self._client

    def _open(self) -> smtplib.SMTP:
        server = self._server
        if server.encryption == "tls":
            context = ssl.create_default_context()
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, self._own_host, timeout=server.timeout, context=context
            )
        else:
            client = smtplib.SMTP(server.host, server.port, self._own_host, timeout=server.timeout)
        try:
            if server.encryption == "starttls":
                client.starttls(context=ssl.create_default_context())
            client.ehlo_or_helo_if_needed()
            if server.user is not None:
                client.login(server.user, server.password)
        except BaseException:
            client.close()
            raise
        return client

    @staticmethod
    def _still_open(client: smtplib.SMTP) -> bool:
        try:
            return client.noop()[0] == _OK
        except OSError:
            return False

    def _break_off(self) -> None:
        if self._client:
            self._client.close()
        self._client = None

    def _hang_up(self) -> None:
        if self._client:
            try:
                self._client.quit()
            except OSError:
                self._break_off()


def _refusal(code: int, said: bytes | str) -> NotTaken:
    return NotTaken(_answer(code, said), for_good=code in _FOR_GOOD)


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__
