"""Invitations: how people come to sign in with the account that is theirs, or join the secretariat.

A representative is invited when an accreditation is approved, to the account that was made for it. Who is to join the
secretariat gets the right to with the acceptance and not before: nobody has shown yet that the address is theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tracker import accrediting, clock, ledger
from tracker.errors import (
    AccountClosed,
    AccountOpened,
    Incomplete,
    InvitationOver,
    InvitationStale,
    NotAdministrator,
    NothingToInviteTo,
)
from tracker.extensions import db
from tracker.identity import invitations, links, rights, security_log, telling_of_invitations
from tracker.models import Account, MailedLink
from tracker.vocabulary import InvitationState, LinkPurpose, Role, SecurityAction

#: How soon a button that is pressed twice sends nothing a second time.
AT_ONCE = timedelta(minutes=1)


def invite_representative(account: Account, *, by: Account) -> MailedLink | None:
    """Invite a person who was accredited to open their account; return the invitation.

    An invitation to join the secretariat that waits opens the same account, and is left as it is; who can sign in
    already needs none. Both times there is no invitation to return.
    """
    waiting = links.latest(account, LinkPurpose.INVITATION)
    joins = waiting is not None and waiting.invited_as and invitations.hindrance(waiting) is None
    if joins or invitations.has_opened(account):
        return None
    return _send(account, SecurityAction.INVITED, by=by)


def invite_staff(*, email: str, name: str, language: str, role: Role, by: Account | None) -> MailedLink:
    """Invite a person to join the secretariat, and return the invitation. They are of it once they accept.

    Args:
        email: where the person is reached, and with what they will sign in.
        name: the person's name, where there is no account with the address yet.
        language: that of the mails which the person gets, by its tag, likewise.
        role: as what they join.
        by: the administrator who invites; ``None`` for the operator.

    Raises:
        NotAdministrator: the person may not invite.
        Incomplete: the name or the address is missing.
        AccountClosed, AccountOpened: there is an account with this address, which is deactivated, or in use.
    """
    ledger.lock()
    _require_administrator(by)
    if not name.strip() or "@" not in email:
        raise Incomplete
    account = accrediting.account_at(email) or accrediting.open_account(
        email=email, name=name.strip(), password=None, language=language
    )
    _require_unopened(account)
    return _send(account, SecurityAction.INVITED, by=by, invited_as=role)


def send_again(link: MailedLink, *, by: Account) -> MailedLink:
    """Send an invitation again, with a new link and new days; the earlier link is good no more. Return the new one.

    Raises:
        NotStaff, NotAdministrator: the person may not.
        InvitationStale: it was accepted, or another one was sent after it.
        AccountClosed, AccountOpened: the account is deactivated, or in use.
        NothingToInviteTo: no accreditation of the person holds or is to come.
    """
    latest = _take_up(link, by)
    if _was_just_sent(latest, by):
        return latest
    if latest is not link or link.used_at is not None:
        raise InvitationStale
    return _send_to(link.account, SecurityAction.INVITATION_SENT_AGAIN, by=by, invited_as=link.invited_as)


def send_to_representative(account: Account, *, by: Account) -> MailedLink:
    """Invite a person who is accredited and cannot sign in yet, whether or not they were invited before; return it.

    Raises:
        NotStaff: the person may not.
        AccountClosed, AccountOpened, NothingToInviteTo: as for :func:`send_again`.
    """
    ledger.lock()
    accrediting.require_staff(by)
    latest = links.latest(account, LinkPurpose.INVITATION)
    return send_again(latest, by=by) if latest else _send_to(account, SecurityAction.INVITED, by=by)


def invite_anew(account: Account, *, by: Account) -> MailedLink:
    """Invite a person to open their account anew, after all by which they signed in was taken away; return it.

    The invitation promises no right: the account keeps those that it has until then.
    """
    return _send(account, SecurityAction.INVITED, by=by)


def withdraw(link: MailedLink, *, by: Account) -> None:
    """Withdraw an invitation that waits: its link is good no more. An accreditation stands as before.

    Raises:
        NotStaff, NotAdministrator: the person may not.
        InvitationStale: it does not wait any more.
    """
    latest = _take_up(link, by)
    if latest is not link or invitations.state_of(link) is not InvitationState.WAITING:
        raise InvitationStale
    link.withdrawn_at = clock.now()
    security_log.record(SecurityAction.INVITATION_WITHDRAWN, account=link.account, by=by)


def accept(link: MailedLink, opens: Callable[[Account], object]) -> Account:
    """Use an invitation up, and give the person what it promised; return the account.

    Of two who accept it at once, one does.

    Args:
        opens: sets by what the person signs in from now on. Where it raises, the invitation stays good.

    Raises:
        InvitationOver: it cannot be accepted, or not any more.
    """
    ledger.lock()
    db.session.refresh(link)
    if invitations.hindrance(link) is not None:
        raise InvitationOver
    account = link.account
    opens(account)
    if not links.use(link):
        raise InvitationOver
    security_log.record(SecurityAction.INVITATION_ACCEPTED, account=account, by=account)
    if link.invited_as:
        _join(account, link.invited_as, by=link.by)
    return account


def may_manage(link: MailedLink, person: Account) -> bool:
    """Whether a person may send an invitation again, or withdraw it: staff those of representatives alone."""
    return person.is_administrator if link.invited_as else person.is_staff


def _join(account: Account, role: Role, *, by: Account | None) -> None:
    """Let a person work for the secretariat, and administer it where they are invited to."""
    if role is Role.ADMINISTRATOR and not account.is_administrator:
        rights.make_administrator(account, by=by)
    elif not account.is_staff:
        rights.make_staff(account, by=by)


def _take_up(link: MailedLink, by: Account) -> MailedLink:
    """Take the register's one lock, see whether a person may, and return the last invitation of the same person."""
    ledger.lock()
    db.session.refresh(link)
    accrediting.require_staff(by)
    if link.invited_as:
        _require_administrator(by)
    return links.latest(link.account, LinkPurpose.INVITATION) or link


def _was_just_sent(link: MailedLink, by: Account) -> bool:
    waits = invitations.state_of(link) is InvitationState.WAITING
    return waits and link.by is by and clock.now() - link.created_at < AT_ONCE


def _send_to(account: Account, action: SecurityAction, *, by: Account, invited_as: Role | None = None) -> MailedLink:
    _require_unopened(account)
    if invited_as is None and not invitations.accreditations_of(account):
        raise NothingToInviteTo
    return _send(account, action, by=by, invited_as=invited_as)


def _send(
    account: Account, action: SecurityAction, *, by: Account | None, invited_as: Role | None = None
) -> MailedLink:
    link = links.make(account, LinkPurpose.INVITATION, by=by, invited_as=invited_as)
    told = {"invited_as": invited_as.value} if invited_as else {}
    security_log.record(action, account=account, by=by, **told)
    telling_of_invitations.of_invitation(link)
    return link


def _require_unopened(account: Account) -> None:
    if not account.active:
        raise AccountClosed
    if invitations.has_opened(account):
        raise AccountOpened


def _require_administrator(by: Account | None) -> None:
    """Refuse everybody but administrators, and the operator."""
    if by and not (by.active and by.is_administrator):
        raise NotAdministrator
