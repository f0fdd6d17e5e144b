"""Links that are mailed to a person and are good once, for a time.

What stands in a link is made from the row's reference and the register's secret key when the mail is written out, so
that nobody who reads the database or the outbox can use one. Opening a link uses nothing up: programs that check mails
open it before the person does.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select, update

from tracker import clock
from tracker.extensions import db
from tracker.identity import keyring
from tracker.models import Account, MailedLink
from tracker.vocabulary import LinkPurpose, Role

#: How long a link is good.
GOOD = {LinkPurpose.INVITATION: timedelta(days=7), LinkPurpose.NEW_PASSWORD: timedelta(hours=1)}


def make(
    account: Account, purpose: LinkPurpose, *, by: Account | None = None, invited_as: Role | None = None
) -> MailedLink:
    """Make a link for a person, and return it; an earlier one for the same purpose is good no more.

    Args:
        account: whom it is mailed to.
        purpose: what it is for.
        by: who caused it; ``None`` for the person themselves, and for the operator.
        invited_as: as what it invites to join the secretariat, where it does.
    """
    withdraw_all(account, purpose)
    now = clock.now()
    link = MailedLink(
        reference=str(uuid.uuid4()),
        purpose=purpose,
        account=account,
        by=by,
        created_at=now,
        expires_at=now + GOOD[purpose],
        invited_as=invited_as,
    )
    db.session.add(link)
    db.session.flush()
    return link


def token(reference: str) -> str:
    """Return what stands in the link with a reference."""
    return _serializers()[0].dumps(reference)


def at(token: str, purpose: LinkPurpose) -> MailedLink | None:
    """Return the link that a token names, be it good or not; ``None`` where it was not made by this register."""
    for serializer in _serializers():
        try:
            reference = serializer.loads(token)
        except BadSignature:
            continue
        return db.session.scalars(select(MailedLink).filter_by(reference=reference, purpose=purpose)).one_or_none()
    return None


def called(reference: str) -> MailedLink | None:
    """Return the link with a reference, be it good or not."""
    return db.session.scalars(select(MailedLink).filter_by(reference=reference)).one_or_none()


def is_good(link: MailedLink) -> bool:
    """Whether a link was neither used nor withdrawn, is of an active account, and its time is not over."""
    return link.used_at is None and link.withdrawn_at is None and clock.now() < link.expires_at and link.account.active


def use(link: MailedLink) -> bool:
    """Use a link up; return whether it was good. Of two who use it at once, one may."""
    used = update(MailedLink).where(
        MailedLink.id == link.id,
        MailedLink.used_at.is_(None),
        MailedLink.withdrawn_at.is_(None),
        MailedLink.expires_at > clock.now(),
    )
    return bool(
        link.account.active and db.session.execute(used.values(used_at=clock.now())).rowcount  # type: ignore[attr-defined]
    )


def withdraw_all(account: Account, purpose: LinkPurpose) -> None:
    """Let the links of a person for a purpose be good no more."""
    waiting = update(MailedLink).filter_by(account_id=account.id, purpose=purpose, used_at=None, withdrawn_at=None)
    db.session.execute(waiting.values(withdrawn_at=clock.now()))


def latest(account: Account, purpose: LinkPurpose) -> MailedLink | None:
    """Return the link that was made last for a person and a purpose."""
    query = select(MailedLink).filter_by(account_id=account.id, purpose=purpose)
    return db.session.scalars(query.order_by(MailedLink.id.desc()).limit(1)).one_or_none()


def _serializers() -> list[URLSafeSerializer]:
    return [URLSafeSerializer(each, salt="a mailed link") for each in keyring.secret_keys()]
