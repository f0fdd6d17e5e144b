"""Who is told of a change of a text, and asked of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests import world as a
from tests.world import World
from tracker import clock
from tracker.extensions import db
from tracker.models import Mail, Recommendation
from tracker.vocabulary import Notice, RevisionKind
from tracker.wordings import asking, rewording


@pytest.fixture
def item(register: World) -> Recommendation:
    return a.item(register.cohort, "2.3")


def mails(*notices: Notice) -> list[tuple[str, Notice]]:
    query = select(Mail.name, Mail.notice).where(Mail.notice.in_(notices)).order_by(Mail.id)
    return [(name, notice) for name, notice in db.session.execute(query)]


def test_staff_are_told_of_what_a_colleague_proposes(register: World, item: Recommendation) -> None:
    a.proposed(item, register.sam, "Do more.", kind=RevisionKind.AMENDMENT)
    assert mails(*Notice) == [("Kim", Notice.WORDING_DUE)]


def test_who_proposed_it_is_told_of_the_outcome(register: World, item: Recommendation) -> None:
    rewording.return_(
        a.proposed(item, register.sam, "Do moore.", kind=RevisionKind.AMENDMENT), reason="A slip.", by=register.kim
    )
    a.amended(item, register.sam, register.kim, "Do more.")
    assert mails(Notice.WORDING_RETURNED, Notice.WORDING_PUBLISHED) == [
        ("Sam", Notice.WORDING_RETURNED),
        ("Sam", Notice.WORDING_PUBLISHED),
    ]


def test_representatives_are_asked_to_confirm_an_amendment(register: World, item: Recommendation) -> None:
    a.published(register.arcadia, register.cohort)
    a.published(register.borduria, register.cohort, numbers=["1.1"])
    a.amended(item, register.sam, register.kim, "Do more.")
    assert mails(Notice.AMENDED) == [("Alice", Notice.AMENDED), ("Adam", Notice.AMENDED)]
    facts = json.loads(db.session.scalars(select(Mail.facts).filter_by(notice=Notice.AMENDED)).first() or "")
    assert (facts["before"]["texts"]["en"], facts["after"]["texts"]["en"]) == ("Do what 2.3 says.", "Do more.")


def test_representatives_are_told_of_a_corrigendum(register: World, item: Recommendation) -> None:
    a.published(register.arcadia, register.cohort)
    a.corrected(item, register.sam, register.kim, "Do what 2.3 said.")
    assert mails(Notice.WORDING_CORRECTED, Notice.AMENDED) == [
        ("Alice", Notice.WORDING_CORRECTED),
        ("Adam", Notice.WORDING_CORRECTED),
    ]


def test_of_what_is_to_stand_later_they_are_asked_on_that_day(register: World, item: Recommendation) -> None:
    a.published(register.arcadia, register.cohort)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        a.amended(item, register.sam, register.kim, "Do more.", effective_on=clock.today() + timedelta(days=3))
        assert mails(Notice.AMENDMENT_AHEAD, Notice.AMENDED) == [
            ("Alice", Notice.AMENDMENT_AHEAD),
            ("Adam", Notice.AMENDMENT_AHEAD),
        ]
        assert asking.due() == []
        traveller.shift(timedelta(days=3))
        assert asking.due() == [item.revision]
        asking.post()
    # Fay, whose accreditation begins meanwhile, is asked too.
    assert [name for name, _ in mails(Notice.AMENDED)] == ["Alice", "Adam", "Fay"]


def test_nobody_is_asked_twice(register: World, item: Recommendation) -> None:
    a.published(register.arcadia, register.cohort)
    a.amended(item, register.sam, register.kim, "Do more.")
    assert asking.due() == []


def test_who_endorses_the_new_wording_is_not_asked(register: World, item: Recommendation) -> None:
    a.amended(item, register.sam, register.kim, "Do more.")
    a.in_force(register.arcadia, register.cohort, register.alice, register.sam)
    asking.post()
    assert mails(Notice.AMENDED) == []
