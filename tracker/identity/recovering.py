"""A forgotten password: a link is mailed, and whoever has it chooses a new one. The second factor stays.

It goes to those who have a password or a passkey. Who was invited has the link of the invitation, who signs in by their
own organisation asks there, and a closed account stays closed.
"""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext
from sqlalchemy import func, select

from tracker import accrediting, clock
from tracker.errors import BadLink, PasswordRefused
from tracker.extensions import db
from tracker.identity import delays, links, origin, passwords, requirements, security_log
from tracker.mails import posting
from tracker.models import Account, MailedLink
from tracker.vocabulary import LinkPurpose, Notice, SecurityAction

#: How many links a person is mailed in a while, so that nobody can fill their mailbox.
MOST, WITHIN = 3, timedelta(hours=1)

_SPENT = lazy_gettext("This link was used, its hour is over, or a later one was sent.")


def ask(email: str) -> None:
    """Mail a link to the owner of the account with an address, if there is one; who asks is told the same anyway."""
    account = accrediting.account_at(email)
    security_log.record(SecurityAction.PASSWORD_LINK_ASKED, account=account)
    if account is None or not _may_have(account):
        return
    link = links.make(account, LinkPurpose.NEW_PASSWORD)
    facts = {"secret": link.reference, "until": link.expires_at, "address": origin.current().address}
    posting.write(account, Notice.PASSWORD_LINK, facts)
    db.session.flush()


def link_of(token: str) -> MailedLink:
    """Return the link with which a new password may be chosen.

    Raises:
        BadLink: the register did not send it, or it is good no more.
    """
    link = links.at(token, LinkPurpose.NEW_PASSWORD)
    if link is None:
        raise BadLink
    if not links.is_good(link):
        raise BadLink(_SPENT, spent=True)
    return link


def choose(link: MailedLink, password: str) -> Account:
    """Set a new password with a link, which is used up, and return whose it is. Guesses at the old one are forgotten.

    Raises:
        PasswordRefused: it is too short, too long, or easy to guess; the link stays good.
        BadLink: somebody else used the link meanwhile.
    """
    account = link.account
    if passwords.faults(password, account):
        raise PasswordRefused
    if not links.use(link):
        raise BadLink(_SPENT, spent=True)
    passwords.set_(account, password, by=account, action=SecurityAction.PASSWORD_RESET)
    delays.forgive(account)
    return account


def _may_have(account: Account) -> bool:
    opened = account.password is not None or requirements.has_passkey(account)
    # Of two who ask at once, one waits here until the other is counted.
    db.session.refresh(account, with_for_update={"key_share": True})
    made = (
        select(func.count()).select_from(MailedLink).filter_by(account_id=account.id, purpose=LinkPurpose.NEW_PASSWORD)
    )
    lately = db.session.scalar(made.where(MailedLink.created_at > clock.now() - WITHIN)) or 0
    return account.active and opened and lately < MOST
