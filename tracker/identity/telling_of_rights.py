"""Who is told that somebody's rights changed: the person, and every other administrator."""

from __future__ import annotations

from tracker import accrediting
from tracker.mails import posting
from tracker.models import Account
from tracker.vocabulary import Notice, SecurityAction


def of_change(account: Account, action: SecurityAction, by: Account | None) -> None:
    """Write to a person that their rights changed, and to the administrators who did not change them themselves."""
    facts = {"change": action, "person": account.name, "address": account.email, "key": account.key}
    posting.write(account, Notice.RIGHTS_CHANGED, {"change": action})
    for each in accrediting.administrators():
        if each.id != account.id and (by is None or each.id != by.id):
            posting.write(each, Notice.RIGHTS_OF_SOMEBODY_CHANGED, {**facts, "by": by.name if by else None})
