"""Who is told what of invitations: the person who is invited, and who invited them once the time is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.extensions import db
from tracker.identity import invitations
from tracker.mails import posting
from tracker.models import Mail, MailedLink
from tracker.people import telling
from tracker.vocabulary import LinkPurpose, Notice

#: How long after an invitation has expired who sent it is still told.
AFTER = timedelta(days=14)


def of_invitation(link: MailedLink) -> None:
    """Write to a person that they are invited. The link is made when the mail is sent, and stands nowhere before."""
    held = invitations.accreditations_of(link.account)
    alone = held[0].participant if len(held) == 1 and link.invited_as is None else None
    facts = {
        **posting.names_in(alone, None),
        "secret": link.reference,
        "by": link.by.name if link.by else None,
        "person": link.account.name,
        "address": link.account.email,
        "until": link.expires_at,
        "invited_as": link.invited_as,
        "accreditations": [telling.facts_of(each) for each in held],
    }
    posting.write(link.account, Notice.INVITATION, facts, occasion=_occasion(link))


def mails_of(found: list[MailedLink]) -> dict[str, Mail]:
    """Return the mails of some invitations, by the references of these."""
    occasions = {_occasion(each): each.reference for each in found}
    query = select(Mail).where(Mail.occasion.in_(occasions))
    return {occasions[mail.occasion]: mail for mail in db.session.scalars(query) if mail.occasion}


def due() -> list[MailedLink]:
    """Return the invitations that have expired, and of which who sent them was not told yet."""
    every = list(_expired())
    told = telling.told([_occasion_of_end(each) for each in every])
    return [each for each in every if _occasion_of_end(each) not in told]


def post() -> int:
    """Write to those whose invitations have expired, once for each; return how many mails."""
    posted = 0
    for link in due():
        assert link.by is not None  # noqa: S101  # nosec B101  # such alone are due
        facts = {
            "person": link.account.name,
            "address": link.account.email,
            "sent_on": link.created_at.date(),
            "until": link.expires_at,
        }
        try:
            with db.session.begin_nested():
                posting.write(link.by, Notice.INVITATION_EXPIRED, facts, occasion=_occasion_of_end(link))
        except IntegrityError:  # another deliverer was faster
            continue
        posted += 1
    return posted


def _expired() -> Iterator[MailedLink]:
    """Yield invitations whose time is over, which nothing followed, and for which there is still a reason."""
    now = clock.now()
    query = (
        select(MailedLink)
        .filter_by(purpose=LinkPurpose.INVITATION, used_at=None, withdrawn_at=None)
        .where(MailedLink.expires_at.between(now - AFTER, now), MailedLink.by_id.is_not(None))
        .options(joinedload(MailedLink.account), joinedload(MailedLink.by))
        .order_by(MailedLink.id)
    )
    for link in db.session.scalars(query):
        wanted = link.invited_as or invitations.accreditations_of(link.account)
        if link.account.active and wanted and not invitations.has_opened(link.account):
            yield link


def _occasion(link: MailedLink) -> str:
    return f"{Notice.INVITATION.value}/{link.reference}"


def _occasion_of_end(link: MailedLink) -> str:
    return f"{Notice.INVITATION_EXPIRED.value}/{link.reference}"
