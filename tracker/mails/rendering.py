"""Makes the messages that are sent: a letter as plain text and as HTML, under the headers of a mail."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from flask import current_app
from flask_babel import gettext

from tracker import clock, i18n
from tracker.mails.parts import Letter, address_of
from tracker.mails.posting import FOR_INVITED
from tracker.mails.texts import CannotBeWritten, because, letter_of
from tracker.models import Mail
from tracker.texts import in_one_line


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """Return the message of a mail, in the recipient's language, whatever has changed since it was written.

    Args:
        mail: the mail.
        sender: the address from which it comes. Replies go to the secretariat's, where the installation names one.

    Raises:
        CannotBeWritten: the mail's facts do not make its text, or its address is none.
    """
    with i18n.speaking(mail.language):
        letter = letter_of(mail, secretly=True)
        try:
            message = _head(mail, letter, sender)
        except ValueError as error:
            raise CannotBeWritten(str(error)) from error
        # In seven bits, so that any server takes it.
        message.set_content(_rendered("email/letter.txt", letter, mail), cte="quoted-printable")
        html = _rendered("email/letter.html", letter, mail)
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        message["Content-Language"] = i18n.current_language()  # of the whole: set earlier, it would be a part's
    return message


def subject_and_text_of(mail: Mail) -> tuple[str, str]:
    """Return the subject and the plain text of a mail, in the recipient's language.

    Raises:
        CannotBeWritten: the mail's facts do not make its text.
    """
    with i18n.speaking(mail.language):
        letter = letter_of(mail)
        return letter.subject, _rendered("email/letter.txt", letter, mail)


def _head(mail: Mail, letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = in_one_line(letter.subject)
    message["From"] = _address(sender, _register_name())
    message["To"] = _address(mail.address, mail.name)
    if current_app.config["CONTACT"]:
        message["Reply-To"] = _address(current_app.config["CONTACT"])
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    return message


def _address(address: str, name: str = "") -> Address:
    """Return an address with a name, as a header has it; the part before the @ may go beyond ASCII."""
    user, _, domain = address.rpartition("@")
    return Address(in_one_line(name), user, domain)


def _rendered(template: str, letter: Letter, mail: Mail) -> str:
    language = i18n.current_language()
    return current_app.jinja_env.get_template(template).render(
        letter=letter,
        language=language,
        direction=i18n.direction_of(language),
        register_name=_register_name(),
        because=because(mail.notice),
        choose_language=address_of("account.language") if mail.recipient and mail.notice not in FOR_INVITED else None,
        language_name=i18n.language_name,
        direction_of=i18n.direction_of,
    )


def _register_name() -> str:
    return current_app.config["REGISTER_NAME"] or str(gettext("Endorsement tracker"))
