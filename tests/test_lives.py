"""Random lives of endorsements of many participants, on both databases.

After every step the kept tallies equal a recount of the rows, the ledger verifies, and every endorsement is in a state
to which the design knows a way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import time_machine
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from tests import world as a
from tests.world import NUMBERS, World
from tracker import (
    accrediting,
    clock,
    correcting,
    deciding,
    drafting,
    endorsing,
    ledger,
    publishing,
    register,
    standing,
    tallies,
    verifying,
    withdrawing,
)
from tracker.disputes import reviewing
from tracker.errors import Refused
from tracker.extensions import db, writing
from tracker.models import Endorsement, Participant, Proposal, Text
from tracker.roll import enrolling, kinds
from tracker.vocabulary import TEXT_CHANGES, Kind, ProposalStatus, Question, RevisionKind, Scope, Stance, Status
from tracker.wordings import endorsed_wordings, rewording

#: From which state a step may lead to which; ``None`` is before the beginning, and after a draft was discarded.
WAYS = {
    (None, Status.DRAFT),
    (None, Status.IN_FORCE),  # published before the register knew of it
    (Status.DRAFT, None),
    (Status.DRAFT, Status.SUBMITTED),
    (Status.SUBMITTED, Status.DRAFT),
    (Status.SUBMITTED, Status.RETURNED),
    (Status.SUBMITTED, Status.REJECTED),
    (Status.SUBMITTED, Status.IN_FORCE),
    (Status.RETURNED, Status.SUBMITTED),
    (Status.IN_FORCE, Status.WITHDRAWN),
    (Status.IN_FORCE, Status.SUPERSEDED),
    (Status.IN_FORCE, Status.ANNULLED),  # a correction undoes each of these three
    (Status.WITHDRAWN, Status.IN_FORCE),
    (Status.SUPERSEDED, Status.IN_FORCE),
}

PARTICIPANTS = ("arcadia", "borduria", "league", "council", "union")
PEOPLE = ("alice", "adam", "bruno", "petra", "sam", "kim")
some_numbers = st.sets(st.sampled_from(NUMBERS))
some_reservations = st.dictionaries(st.sampled_from(NUMBERS), st.text(min_size=1, max_size=20).filter(str.strip))


class Lives(RuleBasedStateMachine):
    """What people may try, in any order, whether or not they may."""

    app: Flask

    @initialize()
    def found(self) -> None:
        self.traveller = time_machine.travel(clock.now(), tick=False)
        self.clock = self.traveller.start()
        self.context = self.app.app_context()
        self.context.push()
        writing.set(True)
        self.world = World.make()
        for name in ("league", "council", "union"):
            accrediting.accredit(self.world.alice, self.of(name), starts_on=clock.today())
        for name in PARTICIPANTS:
            a.with_contact(self.of(name), self.world.sam, self.world.kim)
        self.days = {clock.today() - timedelta(days=1), a.PUBLISHED}
        self.states: dict[str, Status] = {}

    def teardown(self) -> None:
        if hasattr(self, "context"):
            db.session.rollback()
            db.session.remove()
            self.context.pop()
            writing.set(False)
            self.traveller.stop()

    def of(self, name: str) -> Any:
        return getattr(self.world, name)

    def attempt(self, verb: Any, *args: Any, **more: Any) -> None:
        """Try something. What is refused changes nothing."""
        before = ledger.head(), self.now()
        try:
            verb(*args, **more)
        except Refused:
            assert (ledger.head(), self.now()) == before
        for key in before[1].keys() | self.now().keys():
            step = (before[1].get(key), self.now().get(key))
            assert step[0] == step[1] or step in WAYS, step

    def now(self) -> dict[str, Status]:
        return dict(iter(db.session.execute(select(Endorsement.reference, Endorsement.status))))

    def one_of(self, participant: str, *, in_force: bool = False) -> Endorsement | None:
        find = standing.in_force_one if in_force else standing.open_one
        return find(self.of(participant), self.world.cohort)

    @rule(days=st.integers(1, 3))
    def wait(self, days: int) -> None:
        self.clock.shift(timedelta(days=days))

    @rule(participant=st.sampled_from(PARTICIPANTS), by=st.sampled_from(PEOPLE))
    def begin(self, participant: str, by: str) -> None:
        self.attempt(drafting.begin, self.of(participant), self.world.cohort, by=self.of(by))

    @rule(
        participant=st.sampled_from(PARTICIPANTS),
        by=st.sampled_from(PEOPLE),
        numbers=some_numbers,
        reservations=some_reservations,
        signed=st.integers(-2, 1),
    )
    def answer(self, participant: str, by: str, *, numbers: Any, reservations: Any, signed: int) -> None:
        if draft := self.one_of(participant):
            who, day = self.of(by), clock.today() + timedelta(days=signed)
            scope = Scope.CHOSEN if numbers else Scope.ALL
            self.attempt(drafting.choose, draft, scope=scope, numbers=numbers, by=who)
            texts = {number: Text.of(text) for number, text in reservations.items()}
            self.attempt(drafting.reserve, draft, reservations=texts, by=who)
            self.attempt(drafting.sign, draft, signed_on=day, by=who)

    @rule(
        participant=st.sampled_from(PARTICIPANTS),
        by=st.sampled_from(PEOPLE),
        verb=st.sampled_from((endorsing.submit, endorsing.take_back, drafting.discard, endorsing.confirm)),
    )
    def step(self, participant: str, by: str, verb: Any) -> None:
        if endorsement := self.one_of(participant):
            self.attempt(verb, endorsement, by=self.of(by))

    @rule(participant=st.sampled_from(PARTICIPANTS), numbers=some_numbers, reservations=some_reservations)
    def go_the_whole_way(self, participant: str, numbers: Any, reservations: Any) -> None:
        """Without this a random life would seldom come into force."""
        representative = self.of("bruno" if participant == "borduria" else "alice")
        self.attempt(drafting.begin, self.of(participant), self.world.cohort, by=representative)
        by = representative.name.lower()
        reserved = {number: text for number, text in reservations.items() if not numbers or number in numbers}
        self.answer(participant, by, numbers=numbers, reservations=reserved, signed=0)
        if draft := self.one_of(participant):
            self.attempt(endorsing.submit, draft, by=representative)
            self.attempt(endorsing.confirm, draft, by=self.world.sam)

    @rule(participant=st.sampled_from(PARTICIPANTS), by=st.sampled_from(PEOPLE), reason=st.sampled_from(("", "No.")))
    def give_back(self, participant: str, by: str, reason: str) -> None:
        if endorsement := self.one_of(participant):
            self.attempt(endorsing.return_, endorsement, reasons={Question.OVERALL: reason}, by=self.of(by))

    @rule(participant=st.sampled_from(PARTICIPANTS), by=st.sampled_from(PEOPLE), reason=st.text(max_size=20))
    def reject(self, participant: str, by: str, reason: str) -> None:
        if endorsement := self.one_of(participant):
            self.attempt(endorsing.reject, endorsement, reasons={Question.STATEMENT: reason}, by=self.of(by))

    @rule(
        participant=st.sampled_from(PARTICIPANTS),
        by=st.sampled_from(PEOPLE),
        ahead=st.sampled_from([-1, 0, 0, 2, 900]),
    )
    def give_notice(self, participant: str, by: str, ahead: int) -> None:
        if endorsement := self.one_of(participant, in_force=True):
            today = clock.today()
            day = today + timedelta(days=ahead)
            self.attempt(withdrawing.give_notice, endorsement, signed_on=today, effective_on=day, by=self.of(by))

    @rule(
        participant=st.sampled_from(PARTICIPANTS),
        by=st.sampled_from(PEOPLE),
        verb=st.sampled_from([withdrawing.confirm, withdrawing.take_back]),
    )
    def settle_notice(self, participant: str, by: str, verb: Callable[..., None]) -> None:
        if (endorsement := self.one_of(participant, in_force=True)) and (notice := withdrawing.waiting(endorsement)):
            self.attempt(verb, notice, by=self.of(by))

    @rule(participant=st.sampled_from(PARTICIPANTS), by=st.sampled_from(PEOPLE), reason=st.text(max_size=20))
    def return_notice(self, participant: str, by: str, reason: str) -> None:
        if (endorsement := self.one_of(participant, in_force=True)) and (notice := withdrawing.waiting(endorsement)):
            self.attempt(withdrawing.return_, notice, reason=reason, by=self.of(by))

    @rule(participant=st.sampled_from(PARTICIPANTS), by=st.sampled_from(PEOPLE), approver=st.sampled_from(PEOPLE))
    def correct(self, participant: str, by: str, approver: str) -> None:
        if endorsement := register.latest_one(self.of(participant).slug, self.world.cohort.slug):
            proposal = correcting.waiting(endorsement)
            if proposal:
                self.attempt(correcting.confirm, proposal, by=self.of(approver))
            else:
                self.attempt(correcting.propose, endorsement, reason=Text.of("In error."), by=self.of(by))

    @rule(participant=st.sampled_from(PARTICIPANTS), by=st.sampled_from(PEOPLE))
    def dispute(self, participant: str, by: str) -> None:
        """The participant disputes what is in force; where it does already, somebody answers that it stands."""
        if endorsement := self.one_of(participant, in_force=True):
            if review := reviewing.open_one(endorsement):
                self.attempt(reviewing.uphold, review, finding=Text.of("They signed it."), by=self.of(by))
            else:
                self.attempt(a.disputed, endorsement)

    @rule(participant=st.sampled_from(PARTICIPANTS), ago=st.integers(0, 900))
    def record_published(self, participant: str, ago: int) -> None:
        day = clock.today() - timedelta(days=ago)
        self.attempt(endorsing.record_published, self.of(participant), self.world.cohort, effective_on=day)

    @rule(
        number=st.sampled_from(NUMBERS),
        by=st.sampled_from(PEOPLE),
        kind=st.sampled_from([RevisionKind.CORRIGENDUM, RevisionKind.AMENDMENT]),
        words=st.text(min_size=1, max_size=20).filter(str.strip),
        ahead=st.sampled_from([-1, 0, 0, 0, 2, 900]),
    )
    def propose_wording(self, number: str, by: str, *, kind: RevisionKind, words: str, ahead: int) -> None:
        item, day = a.item(self.world.cohort, number), clock.today() + timedelta(days=ahead)
        self.attempt(rewording.propose, item, kind, a.a_change(item, words, effective_on=day), by=self.of(by))

    @rule(by=st.sampled_from(PEOPLE), verb=st.sampled_from([deciding.approve, deciding.approve, deciding.take_back]))
    def settle_wordings(self, by: str, verb: Callable[..., None]) -> None:
        waiting = select(Proposal).filter_by(status=ProposalStatus.OPEN).where(Proposal.kind.in_(TEXT_CHANGES))
        for proposal in db.session.scalars(waiting).all():
            self.attempt(verb, proposal, by=self.of(by))

    @rule(number=st.sampled_from(NUMBERS), words=st.text(min_size=1, max_size=9).filter(str.strip))
    def amend_the_whole_way(self, number: str, words: str) -> None:
        """Without this a random life would seldom see an amendment."""
        self.propose_wording(number, "sam", kind=RevisionKind.AMENDMENT, words=words, ahead=0)
        self.settle_wordings("kim", deciding.approve)

    @rule(participant=st.sampled_from(PARTICIPANTS), numbers=some_numbers)
    def endorse_new_wordings(self, participant: str, numbers: Any) -> None:
        representative = self.of("bruno" if participant == "borduria" else "alice")
        self.attempt(drafting.begin, self.of(participant), self.world.cohort, by=representative)
        if draft := self.one_of(participant):
            self.attempt(drafting.endorse_present_wording, draft, numbers=numbers, by=representative)

    @rule(
        participant=st.sampled_from(PARTICIPANTS),
        kind=st.sampled_from(Kind),
        ago=st.sampled_from([None, -1, 0, 0, 1, 300]),
    )
    def be_of_another_kind(self, participant: str, kind: Kind, ago: int | None) -> None:
        since = None if ago is None else clock.today() - timedelta(days=ago)
        self.attempt(enrolling.change_facts, self.of(participant), kind=kind, since=since)
        self.days |= {since} if since else set()

    @rule(
        participant=st.sampled_from(PARTICIPANTS),
        name=st.text(min_size=1, max_size=20).filter(str.strip),
        ago=st.sampled_from([None, -1, 0, 0, 1, 300]),
    )
    def be_renamed(self, participant: str, name: str, ago: int | None) -> None:
        since = None if ago is None else clock.today() - timedelta(days=ago)
        self.attempt(enrolling.rename, self.of(participant), name=Text.of(name), since=since)

    @rule(into=st.sampled_from(PARTICIPANTS), kind=st.sampled_from(Kind), ago=st.sampled_from([None, 0, 1, 300]))
    def find_a_duplicate(self, into: str, kind: Kind, ago: int | None) -> None:
        """Somebody stands on the roll twice, and may have endorsed as the other one. What is refused stays apart."""
        duplicate = publishing.add_participant(kind=kind, name=Text.of("Duplicate"))
        if ago is not None:
            day = clock.today() - timedelta(days=ago)
            self.attempt(endorsing.record_published, duplicate, self.world.cohort, effective_on=day)
        self.attempt(enrolling.merge, duplicate, self.of(into))

    @invariant()
    @precondition(lambda self: hasattr(self, "context"))
    def an_amended_wording_is_counted_as_an_earlier_one(self) -> None:
        """On a day to come too: what stands then is published."""
        for day in (clock.today(), clock.today() + timedelta(days=2)):
            every = [each for each in db.session.scalars(select(Endorsement)) if _counts(each, day)]
            for item in self.world.cohort.recommendations:
                counted = tallies.total(tallies.of_recommendations(self.world.cohort, day)[item.id]).earlier
                positions = [on for each in every for on in each.positions if on.recommendation_id == item.id]
                assert counted == sum(on.revision.edition < item.revision_on(day).edition for on in positions)

    @invariant()
    @precondition(lambda self: hasattr(self, "context"))
    def nobody_endorses_a_wording_before_it_stands(self) -> None:
        for each in db.session.scalars(select(Endorsement).where(Endorsement.effective_on.is_not(None))):
            for on in each.positions:
                assert on.revision.edition <= on.recommendation.revision_on(each.effective_on or date.max).edition
            assert all(found.amended for found in endorsed_wordings.amended_since(each))

    @invariant()
    @precondition(lambda self: hasattr(self, "context"))
    def kept_tallies_equal_a_recount(self) -> None:
        every = list(db.session.scalars(select(Endorsement)))
        ends = {day for each in every for day in (each.effective_on, each.ended_on) if day}
        for day in self.days | ends | {clock.today()}:
            assert kept(self.world.cohort, day) == recounted(every, day)

    @invariant()
    @precondition(lambda self: hasattr(self, "context"))
    def nobody_endorses_twice_on_any_day(self) -> None:
        spans: dict[int, list[tuple[date, date]]] = {}
        for each in db.session.scalars(select(Endorsement).where(Endorsement.effective_on.is_not(None))):
            assert each.effective_on is not None
            spans.setdefault(each.participant_id, []).append((each.effective_on, each.ended_on or date.max))
        for held in spans.values():
            ordered = sorted(held)
            assert all(end <= start for (_, end), (start, _) in pairwise(ordered))

    @invariant()
    @precondition(lambda self: hasattr(self, "context"))
    def the_register_agrees_with_its_ledger(self) -> None:
        assert verifying.verify() is None


def _counts(endorsement: Endorsement, day: date) -> bool:
    begun = endorsement.effective_on is not None and endorsement.effective_on <= day
    return begun and not (endorsement.ended_on and endorsement.ended_on <= day)


def _kind_on(participant: Participant, day: date) -> Kind:
    history = kinds.history_of(participant)
    return next(kind for kind, since in reversed(history) if since is None or since <= day)


Counts = dict[tuple[str, Kind], tuple[int, int]]


def kept(cohort: Any, day: date) -> Counts:
    numbers = {each.id: each.number for each in cohort.recommendations}
    found = {("", kind): count for kind, count in tallies.of_set(cohort, day).counts.items()}
    for recommendation, counts in tallies.of_recommendations(cohort, day).items():
        found |= {(numbers[recommendation], kind): count for kind, count in counts.items()}
    return {key: (each.signatories, each.reserved) for key, each in found.items() if each.signatories}


def recounted(every: list[Endorsement], day: date) -> Counts:
    signatories: Counter[tuple[str, Kind]] = Counter()
    reserved: Counter[tuple[str, Kind]] = Counter()
    for each in every:
        if not _counts(each, day):
            continue
        kind = _kind_on(each.participant, day)
        signatories["", kind] += 1
        reserved["", kind] += any(position.stance is Stance.RESERVED for position in each.positions)
        for position in each.positions:
            signatories[position.recommendation.number, kind] += 1
            reserved[position.recommendation.number, kind] += position.stance is Stance.RESERVED
    return {key: (count, reserved[key]) for key, count in signatories.items()}


def test_every_life_keeps_the_register_in_agreement(app: Flask) -> None:
    machine = type("LivesHere", (Lives,), {"app": app})
    run_state_machine_as_test(machine, settings=settings(max_examples=25, stateful_step_count=30))
