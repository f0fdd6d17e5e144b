"""Who is told that somebody's second factor is to be taken away: its owner, those who decide, who asked for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracker.mails import posting
from tracker.models import Account, FactorReset
from tracker.vocabulary import Notice, Question


def of_wish(reset: FactorReset, deciders: Iterable[Account]) -> None:
    """Write to the owner at once what somebody asked for, so that they can object; and to those who may decide."""
    posting.write(reset.account, Notice.RESET_ASKED, {})
    for each in deciders:
        posting.write(each, Notice.RESET_DUE, {**_facts(reset), "by": reset.asked_by.name})


def of_approval(reset: FactorReset) -> None:
    """Write to the owner that all by which they signed in is gone; the link comes in a mail of its own."""
    posting.write(reset.account, Notice.RESET_APPROVED, {})


def of_return(reset: FactorReset) -> None:
    """Write to who asked that it was refused, and why; and to the owner that nothing changed."""
    reasons = {Question.OVERALL: reset.reason}
    posting.write(reset.asked_by, Notice.RESET_RETURNED, {**_facts(reset), "reasons": reasons})
    of_end(reset)


def of_end(reset: FactorReset) -> None:
    """Write to the owner that nothing changed."""
    posting.write(reset.account, Notice.RESET_ENDED, {})


def _facts(reset: FactorReset) -> dict[str, Any]:
    return {"reset": reset.reference, "person": reset.account.name}
