"""Who may act for whom, from which day until which, and what the ledger says of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.world import World
from tracker import accrediting, clock, ledger, verifying
from tracker.errors import DateRefused
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.models import Account, Accreditation, LedgerEntry, SecurityEvent
from tracker.vocabulary import Action, SecurityAction, Tenure

DAY = timedelta(days=1)


def of_adam(register: World) -> Accreditation:
    return accrediting.held_by(register.adam)[0]


def last_entry() -> LedgerEntry:
    return db.session.scalars(sa.select(LedgerEntry).order_by(LedgerEntry.sequence.desc()).limit(1)).one()


def test_an_accreditation_is_an_act_of_the_register(register: World) -> None:
    today = clock.today()
    entry = accrediting.accredit(register.bruno, register.league, starts_on=today, is_head=True, office="Director")
    facts = ledger.facts_of(entry)
    assert (entry.action, entry.actor) == (Action.ACCREDITED, ledger.OPERATOR)
    assert entry.subject == subject_of(accrediting.of(register.league)[0])
    assert {name: fact for name, fact in facts.items() if name != "commitments"} == {
        "participant": "league-of-clean-hands",
        "person": register.bruno.actor,
        "starts_on": today.isoformat(),
        "is_head": True,
    }
    assert facts["commitments"].keys() == {"name", "email", "office"}
    assert verifying.verify() is None


def test_the_ledger_holds_no_name_no_address_and_no_office(register: World) -> None:
    entry = accrediting.accredit(register.bruno, register.league, starts_on=clock.today(), office="Director")
    assert not any(secret in entry.payload for secret in ("Bruno", "bruno", "Director"))
    bound = ledger.bound(entry.subject, Action.ACCREDITED)
    assert bound == {"name": "Bruno", "email": "bruno@example.org", "office": "Director"}


def test_a_person_is_forgotten_and_the_chain_stands(register: World) -> None:
    entry = accrediting.accredit(register.bruno, register.league, starts_on=clock.today(), office="Director")
    [accreditation] = accrediting.of(register.league)
    accrediting.forget(accreditation)
    assert (accreditation.name, accreditation.office) == (None, None)
    assert ledger.bound(entry.subject, Action.ACCREDITED) == {}
    assert verifying.verify() is None


def test_a_last_day_before_the_first_is_refused(register: World) -> None:
    with pytest.raises(DateRefused):
        accrediting.accredit(register.bruno, register.league, starts_on=clock.today(), ends_on=clock.today() - DAY)


def test_an_account_without_a_password_lets_nobody_in(register: World) -> None:
    account = accrediting.open_account(email="Clara@Example.org", name="Clara", password=None)
    assert (account.email, account.password) == ("clara@example.org", None)
    assert accrediting.account_at("CLARA@example.org") is account


def test_what_holds_is_the_same_in_the_database_and_in_python(register: World) -> None:
    today = clock.today()
    of_adam(register).suspended_on = today + DAY
    db.session.flush()
    for day in (today - DAY, today, today + DAY, today + 2 * DAY):
        holding = set(db.session.scalars(sa.select(Accreditation).where(accrediting.holds_on(day))))
        assert holding == {each for each in db.session.scalars(sa.select(Accreditation)) if each.holds_on(day)}


@pytest.mark.parametrize(
    ("ends", "suspended", "tenure"),
    [
        (None, None, Tenure.HOLDS),
        (0, None, Tenure.HOLDS),
        (-1, None, Tenure.ENDED),
        (None, 0, Tenure.SUSPENDED),
        (5, 0, Tenure.SUSPENDED),
        (0, 0, Tenure.ENDED),
        (5, 1, Tenure.HOLDS),
    ],
)
def test_where_it_stands(ends: int | None, suspended: int | None, tenure: Tenure) -> None:
    today = clock.today()
    accreditation = Accreditation(
        starts_on=today - 9 * DAY,
        ends_on=None if ends is None else today + ends * DAY,
        suspended_on=None if suspended is None else today + suspended * DAY,
    )
    assert accreditation.tenure(today) is tenure


def test_heads_are_those_whose_accreditation_holds_and_whose_account_is_open(register: World) -> None:
    assert accrediting.heads_of(register.arcadia) == [register.alice]
    register.alice.active = False
    assert accrediting.heads_of(register.arcadia) == []


def test_the_last_head_is_known(register: World) -> None:
    of_alice = accrediting.held_by(register.alice)[0]
    assert accrediting.is_last_head(of_alice)
    assert not accrediting.is_last_head(of_adam(register))
    accrediting.accredit(register.bruno, register.arcadia, starts_on=clock.today(), is_head=True)
    assert not accrediting.is_last_head(of_alice)


def test_older_accreditations_are_entered_once(register: World) -> None:
    older = Accreditation(account=register.kim, participant=register.league, starts_on=clock.today())
    db.session.add(older)
    db.session.flush()
    assert str(verifying.verify()).startswith("accreditation/None: stands in the tables, but no entry")
    assert accrediting.enter_earlier_ones() == 1
    assert (last_entry().subject, last_entry().actor) == (subject_of(older), ledger.OPERATOR)
    assert verifying.verify() is None
    assert accrediting.enter_earlier_ones() == 0


def test_an_account_that_is_closed_represents_nobody(register: World) -> None:
    def acting() -> list[Account]:
        return accrediting.representatives_of(register.arcadia, clock.today())

    assert acting() == [register.alice, register.adam]
    register.adam.active = False
    assert acting() == [register.alice]


def test_what_the_secretariat_decides_is_in_the_security_log(register: World) -> None:
    accrediting.suspend(of_adam(register), by=register.sam)
    event = db.session.scalars(sa.select(SecurityEvent).filter_by(action=SecurityAction.ACCREDITATION)).one()
    assert (event.account, event.by) == (register.adam, register.sam)
    assert event.said == '{"act": "accreditation_suspended", "participant": "arcadia"}'


def test_what_the_operator_does_stands_in_the_ledger_alone(register: World) -> None:
    accrediting.accredit(register.bruno, register.league, starts_on=clock.today())
    assert db.session.scalars(sa.select(SecurityEvent).filter_by(action=SecurityAction.ACCREDITATION)).all() == []
