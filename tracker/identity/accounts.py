"""Who has an account, and how they can sign in: the queries behind the secretariat's pages about accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import selectinload

from tracker import i18n
from tracker.extensions import db
from tracker.models import (
    Account,
    AccountRole,
    Accreditation,
    Authenticator,
    OutsideIdentity,
    Passkey,
    SignInSession,
)
from tracker.texts import comparable
from tracker.vocabulary import AccountState, FactorKind, Role

_IS_STAFF = Account.roles.any(AccountRole.name == Role.STAFF.value)


@dataclass(frozen=True)
class Known:
    """An account as the secretariat sees it.

    Attributes:
        factors: the second factors that are set up.
        opened: whether the person has set up any way to sign in.
        last_sign_in: when the person signed in last, if ever.
    """

    account: Account
    factors: list[FactorKind]
    opened: bool
    last_sign_in: datetime | None

    @property
    def state(self) -> AccountState:
        """Whether the person can sign in."""
        if not self.account.active:
            return AccountState.DEACTIVATED
        return AccountState.ACTIVE if self.opened else AccountState.INVITED

    @property
    def accreditations(self) -> list[Accreditation]:
        """All that the person was ever accredited for, by the name of the participant, the latest first."""
        latest = sorted(self.account.accreditations, key=lambda each: each.starts_on, reverse=True)
        return sorted(latest, key=lambda each: i18n.sort_key(i18n.name_of(each.participant).text))

    @property
    def participants(self) -> list[str]:
        """The names of the participants for which the person is or was accredited, each once."""
        return list(dict.fromkeys(i18n.name_of(each.participant).text for each in self.accreditations))

    @property
    def words(self) -> str:
        """All by which it may be looked for."""
        held = (f"{each.participant.acronym or ''} {each.shown_name}" for each in self.account.accreditations)
        return " ".join(map(comparable, (self.account.name, self.account.email, *self.participants, *held)))


def of_the_secretariat() -> list[Known]:
    """Return the account of everybody who works for the secretariat, sorted by name."""
    return _sorted(_known(_IS_STAFF))


def of_others() -> list[Known]:
    """Return every other account, sorted by name, but for those of people who were forgotten."""
    return _sorted(each for each in _known(~_IS_STAFF) if not each.account.is_forgotten)


def of(account: Account) -> Known:
    """Return one account."""
    return next(_known(Account.id == account.id))


def account_called(key: str) -> Account | None:
    """Return the account that the secretariat's addresses name so, unless its person was forgotten."""
    found = db.session.scalars(select(Account).filter_by(actor=f"person/{key}")).one_or_none()
    return found if found and not found.is_forgotten else None


def only(found: Iterable[Known], *, search: str = "", state: str = "") -> list[Known]:
    """Return those that are looked for; nothing asked leaves them all."""
    sought = comparable(search)
    return [each for each in found if sought in each.words and (not state or each.state == state)]


def _known(condition: ColumnElement[bool]) -> Iterator[Known]:
    """Return accounts with how they sign in, by a few queries however many there are."""
    with_passkey = _holders(select(Passkey.account_id))
    with_app = _holders(select(Authenticator.account_id).where(Authenticator.confirmed_at.is_not(None)))
    known_elsewhere = _holders(select(OutsideIdentity.account_id))
    signed_in = select(SignInSession.account_id, func.max(SignInSession.opened_at)).group_by(SignInSession.account_id)
    last = {account: moment for account, moment in db.session.execute(signed_in)}  # noqa: C416  # rows are no pairs
    held = selectinload(Account.accreditations).joinedload(Accreditation.participant)
    for account in db.session.scalars(select(Account).where(condition).options(held)):
        kinds = {FactorKind.PASSKEY: with_passkey, FactorKind.APP: with_app}
        yield Known(
            account=account,
            factors=[kind for kind, holders in kinds.items() if account.id in holders],
            opened=account.password is not None or account.id in with_passkey | known_elsewhere,
            last_sign_in=last.get(account.id),
        )


def _holders(query: Select[int]) -> set[int]:
    return set(db.session.scalars(query))


def _sorted(found: Iterable[Known]) -> list[Known]:
    return sorted(found, key=lambda each: (i18n.sort_key(each.account.name), each.account.email))
