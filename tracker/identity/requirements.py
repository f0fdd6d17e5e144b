"""Who needs a second factor, who has one, and who has to set one up before anything else."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select

from tracker.extensions import db
from tracker.identity import authenticators
from tracker.models import Account, Passkey


def second_factor_required(account: Account) -> bool:
    """Whether a person signs in with a second factor: the secretariat, and by setting everybody. Nobody in the demo."""
    needed = current_app.config["SECOND_FACTOR"]
    return needed == "everyone" or (needed == "staff" and account.is_staff)


def has_passkey(account: Account) -> bool:
    """Whether a person has a passkey."""
    return db.session.scalar(select(Passkey.id).filter_by(account_id=account.id).limit(1)) is not None


def has_second_factor(account: Account) -> bool:
    """Whether a person has an authenticator app or a passkey."""
    return authenticators.of(account) is not None or has_passkey(account)


def is_set_up(account: Account) -> bool:
    """Whether a person has all that they need to sign in from now on."""
    return has_second_factor(account) or not second_factor_required(account)
