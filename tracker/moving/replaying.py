"""Makes the tables of a register from the ledger of another database: what each entry makes of them, one after another.

The entries stay what they are, to the letter, so the chain and its head are the same here. What the entries only bind
is not in them: drafts, submissions that were not decided, letters, names and addresses stay behind. Those who acted
are here under their opaque numbers alone, and none of them can sign in.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import select

from tracker import clock, ledger, publishing, register, running_totals
from tracker.extensions import db
from tracker.facts import Facts
from tracker.ledger import Given, NotThatEntryError
from tracker.models import (
    Account,
    Accreditation,
    Act,
    Cohort,
    Document,
    Endorsement,
    Event,
    Heading,
    LedgerEntry,
    Participant,
    Position,
    Recommendation,
    Review,
    Source,
    Transfer,
)
from tracker.moving.facts_in_entries import (
    OF_ITSELF,
    OF_NAME,
    day,
    of_cohort,
    of_document,
    of_event,
    of_participant,
    text,
    text_if_any,
)
from tracker.publications import announcing, establishing
from tracker.roll import enrolling
from tracker.vocabulary import (
    Action,
    ReviewOutcome,
    RevisionKind,
    Scope,
    Stance,
    Status,
    TextStatus,
)
from tracker.wordings import rewording
from tracker.wordings.rewording import Change


class NotReplayedError(Exception):
    """An entry cannot be replayed. ``sequence`` says which."""

    def __init__(self, sequence: int) -> None:
        self.sequence = sequence
        super().__init__(f"entry {sequence}")


def replay(entries: Iterable[Given]) -> int:
    """Make the register that the entries tell of, in the present transaction; return how many there were.

    Nothing is taken for granted here: whoever calls it verifies the register afterwards.

    Raises:
        NotReplayedError: an entry does not follow, or says what cannot be made of it.
    """
    replayer, last = _Replayer(), 0
    for given in entries:
        try:
            replayer.take(given)
        except (sa.exc.SQLAlchemyError, NotThatEntryError, LookupError, ValueError, TypeError, AttributeError) as error:
            raise NotReplayedError(given.sequence) from error
        last = given.sequence
    if last:
        db.session.add(Transfer(entry_sequence=last, loaded_at=clock.now()))
        db.session.flush()
    return last


class _Replayer:
    """One replay: whom it has met, and the acts of endorsements of which it does not know yet what they say."""

    def __init__(self) -> None:
        self.people: dict[str, Account] = {}
        self.acts: dict[str, list[Act]] = defaultdict(list)
        self.submitted: dict[str, tuple[Account | None, Any]] = {}

    def take(self, given: Given) -> None:
        """Do what an entry says was done."""
        facts: Facts = json.loads(given.payload)
        with ledger.entering(given):
            _REPLAYED[given.action](self, given, facts)
        db.session.flush()

    def person(self, actor: str) -> Account | None:
        """Return who acted, as an account that nobody can use; ``None`` for who acts without one."""
        if actor in (ledger.OPERATOR, ledger.CONTACT):
            return None
        if actor not in self.people:
            account = Account(
                email=f"{actor}@elsewhere.invalid",
                name=actor,
                active=False,
                fs_uniquifier=uuid.uuid4().hex,
                actor=actor,
            )
            db.session.add(account)
            db.session.flush()
            self.people[actor] = account
        return self.people[actor]

    def publish_cohort(self, given: Given, facts: Facts) -> None:
        publishing.publish_cohort(**of_cohort(_parts(given)[0], facts).facts)

    def change_cohort(self, given: Given, facts: Facts) -> None:
        slug = _parts(given)[0]
        establishing.set_facts(_cohort(slug), of_cohort(slug, facts))
        _enter(given)

    def publish_heading(self, given: Given, facts: Facts) -> None:
        cohort, number = _parts(given)
        publishing.publish_heading(_cohort(cohort), number=int(number), title=text(facts["title"]))

    def publish_recommendation(self, given: Given, facts: Facts) -> None:
        slug, number = _parts(given)
        cohort = _cohort(slug)
        publishing.publish_recommendation(
            _heading(cohort, facts["heading"]),
            cohort=cohort,
            number=number,
            place=facts["place"],
            text=text(facts["text"]),
            text_status=TextStatus[facts["text_status"].upper()],
            effective_on=day(facts, "effective_on"),
            source=_source(cohort, facts),
        )

    def correct_heading(self, given: Given, facts: Facts) -> None:
        cohort, number = _parts(given)
        _heading(_cohort(cohort), int(number)).title = text(facts["title"])
        _enter(given)

    def change_wording(self, given: Given, facts: Facts) -> None:
        slug, number = _parts(given)
        change = Change(
            text=text(facts["text"]),
            reason=text(facts["reason"]),
            effective_on=date.fromisoformat(facts["effective_on"]),
            text_status=TextStatus[facts["text_status"].upper()],
            source=facts.get("source"),
            provenance=facts.get("provenance"),
        )
        rewording.follow(_recommendation(_cohort(slug), number), RevisionKind[facts["kind"].upper()], change)
        _enter(given)

    def add_participant(self, given: Given, facts: Facts) -> None:
        publishing.add_participant(
            slug=_parts(given)[0], **of_participant(facts, OF_NAME), **of_participant(facts, OF_ITSELF)
        )

    def rename(self, given: Given, facts: Facts) -> None:
        participant = _participant(_parts(given)[0])
        enrolling.rename(participant, since=day(facts, "effective_on"), **of_participant(facts, OF_NAME))

    def change_facts(self, given: Given, facts: Facts) -> None:
        participant = _participant(_parts(given)[0])
        enrolling.change_facts(participant, since=day(facts, "effective_on"), **of_participant(facts, OF_ITSELF))

    def merge(self, given: Given, facts: Facts) -> None:
        enrolling.merge(_participant(_parts(given)[0]), _participant(facts["into"]))

    def add_event(self, given: Given, facts: Facts) -> None:
        cohort, held_on, _ = _parts(given)
        said = of_event(facts)
        del said["moved_to"], said["called_off"]
        publishing.add_event(_cohort(cohort), held_on=date.fromisoformat(held_on), **said)

    def change_event(self, given: Given, facts: Facts) -> None:
        cohort, held_on, reference = _parts(given)
        event = _found(announcing.event(_cohort(cohort), date.fromisoformat(held_on), reference))
        _say(event, of_event(facts))
        _enter(given)

    def add_document(self, given: Given, facts: Facts) -> None:
        said = of_document(facts)
        del said["taken_down"]
        publishing.add_document(_cohort(_parts(given)[0]), **said)

    def change_document(self, given: Given, facts: Facts) -> None:
        cohort, reference = _parts(given)
        _say(_found(announcing.document(_cohort(cohort), reference)), of_document(facts))
        _enter(given)

    def only_enter(self, given: Given, _facts: Facts) -> None:
        """Take an entry of what the tables here do not hold."""
        _enter(given)

    def accredit(self, given: Given, facts: Facts) -> None:
        reference = _parts(given)[0]
        whose = {"account_id": _found(self.person(facts["person"])).id}
        whose["participant_id"] = _participant(facts["participant"]).id
        found = db.session.scalars(select(Accreditation).filter_by(reference=reference)).one_or_none()
        accreditation = found or Accreditation(reference=reference, **whose)
        accreditation.starts_on = date.fromisoformat(facts["starts_on"])
        accreditation.ends_on = day(facts, "ends_on")
        accreditation.suspended_on = day(facts, "suspended_on")
        accreditation.is_head = facts["is_head"]
        db.session.add(accreditation)
        _enter(given)

    def submit(self, given: Given, facts: Facts) -> None:
        self.submitted[given.subject] = self.person(given.actor), given.recorded_at
        self.act(given, facts)

    def reopen(self, given: Given, facts: Facts) -> None:
        del self.submitted[given.subject]
        self.act(given, facts)

    def act(self, given: Given, facts: Facts) -> LedgerEntry:
        """Add an act to an endorsement; one that is not known yet gets it when it comes into force, if it ever does."""
        entry = _enter(given)
        public = "effective_on" in facts
        act = Act(
            entry_sequence=entry.sequence,
            action=given.action,
            by=self.person(given.actor),
            signed_on=day(facts, "signed_on") if public else None,
            received_on=(day(facts, "received_on") or day(facts, "notice_on")) if public else None,
            effective_on=day(facts, "effective_on"),
        )
        endorsement = _endorsement(given.subject)
        if endorsement is None:
            self.acts[given.subject].append(act)
        else:
            endorsement.acts.append(act)
            endorsement.changed_at = given.recorded_at
        return entry

    def endorse(self, given: Given, facts: Facts) -> None:
        cohort, starts_on = _cohort(facts["cohort"]), date.fromisoformat(facts["effective_on"])
        if superseded := facts.get("supersedes"):
            earlier = _endorsement(f"endorsement/{superseded}", required=True)
            earlier.status, earlier.ended_on, earlier.changed_at = Status.SUPERSEDED, starts_on, given.recorded_at
            db.session.flush()
            running_totals.leave(earlier)
        submitted_by, submitted_at = self.submitted.get(given.subject, (None, None))
        confirmed_by = self.person(given.actor)
        of_set = {each.number: each for each in register.recommendations(cohort)}
        endorsement = Endorsement(
            reference=_parts(given)[0],
            cohort=cohort,
            participant=_participant(facts["participant"]),
            status=Status.IN_FORCE,
            scope=Scope[facts["scope"].upper()],
            statement=text_if_any(facts, "statement"),
            signed_on=day(facts, "signed_on"),
            received_on=day(facts, "received_on"),
            effective_on=starts_on,
            on_paper=facts.get("on_paper", False),
            provenance=facts.get("provenance"),
            date_note=text_if_any(facts, "date_note"),
            source=_source(cohort, facts),
            submitted_by=submitted_by,
            submitted_at=submitted_at,
            confirmed_by_id=confirmed_by.id if confirmed_by else None,
            changed_at=given.recorded_at,
            positions=[_position(of_set[number], said) for number, said in facts["positions"].items()],
        )
        db.session.add(endorsement)
        db.session.flush()
        running_totals.enter(endorsement)
        endorsement.acts = self.acts.pop(given.subject, [])
        self.act(given, facts)

    def withdraw(self, given: Given, facts: Facts) -> None:
        endorsement = _endorsement(given.subject, required=True)
        endorsement.status = Status.WITHDRAWN
        endorsement.notice_signed_on, endorsement.notice_on = day(facts, "signed_on"), day(facts, "notice_on")
        endorsement.ended_on = date.fromisoformat(facts["effective_on"])
        endorsement.withdrawal_reason = text_if_any(facts, "reason")
        endorsement.notice_on_paper = facts.get("on_paper", False)
        endorsement.notice_provenance = facts.get("provenance")
        db.session.flush()
        running_totals.leave(endorsement)
        self.act(given, facts)

    def correct(self, given: Given, facts: Facts) -> None:
        endorsement = _endorsement(given.subject, required=True)
        if facts["action"] == Action.WITHDRAWN:
            running_totals.never_ended(endorsement)
            endorsement.status = Status.IN_FORCE
            endorsement.ended_on = endorsement.notice_on = endorsement.notice_signed_on = None
            endorsement.withdrawal_reason = endorsement.notice_provenance = None
            endorsement.notice_on_paper = False
        else:
            running_totals.never_entered(endorsement)
            endorsement.status, endorsement.effective_on = Status.ANNULLED, None
        db.session.flush()
        if restored := facts.get("restores"):
            earlier = _endorsement(f"endorsement/{restored}", required=True)
            running_totals.never_ended(earlier)
            earlier.status, earlier.ended_on, earlier.changed_at = Status.IN_FORCE, None, given.recorded_at
            db.session.flush()
        self.act(given, facts)

    def open_review(self, given: Given, facts: Facts) -> None:
        entry = self.act(given, facts)
        review = Review(
            reference=str(uuid.uuid4()),
            endorsement=_endorsement(given.subject, required=True),
            message="",  # what the participant wrote stayed behind
            language="en",
            opened=entry,
        )
        db.session.add(review)

    def close_review(self, given: Given, facts: Facts) -> None:
        entry = self.act(given, facts)
        review = db.session.scalars(select(Review).filter_by(opened_entry=facts["opened"])).one()
        review.outcome = ReviewOutcome[facts["outcome"].upper()]
        review.finding = text(facts["finding"])
        review.closed, review.closed_by = entry, self.person(given.actor)


Found = TypeVar("Found")
_Replayed = Callable[[_Replayer, Given, Facts], object]
_REPLAYED: dict[Action, _Replayed] = {
    Action.COHORT_PUBLISHED: _Replayer.publish_cohort,
    Action.COHORT_CHANGED: _Replayer.change_cohort,
    Action.HEADING_PUBLISHED: _Replayer.publish_heading,
    Action.RECOMMENDATION_PUBLISHED: _Replayer.publish_recommendation,
    Action.HEADING_CORRIGENDUM_PUBLISHED: _Replayer.correct_heading,
    **dict.fromkeys((Action.CORRIGENDUM_PUBLISHED, Action.AMENDMENT_PUBLISHED), _Replayer.change_wording),
    Action.PARTICIPANT_ADDED: _Replayer.add_participant,
    Action.PARTICIPANT_RENAMED: _Replayer.rename,
    Action.PARTICIPANT_CHANGED: _Replayer.change_facts,
    Action.PARTICIPANT_MERGED: _Replayer.merge,
    **dict.fromkeys((Action.CONTACT_CHANGED, Action.LOADED), _Replayer.only_enter),
    Action.EVENT_ADDED: _Replayer.add_event,
    **dict.fromkeys((Action.EVENT_CHANGED, Action.EVENT_CALLED_OFF), _Replayer.change_event),
    Action.DOCUMENT_ADDED: _Replayer.add_document,
    **dict.fromkeys((Action.DOCUMENT_CHANGED, Action.DOCUMENT_TAKEN_DOWN), _Replayer.change_document),
    Action.SUBMITTED: _Replayer.submit,
    **dict.fromkeys((Action.TAKEN_BACK, Action.RETURNED), _Replayer.reopen),
    **dict.fromkeys(
        (Action.REJECTED, Action.NOTICE_GIVEN, Action.NOTICE_TAKEN_BACK, Action.NOTICE_RETURNED), _Replayer.act
    ),
    **dict.fromkeys((Action.ENDORSED, Action.POSITION_CHANGED), _Replayer.endorse),
    Action.WITHDRAWN: _Replayer.withdraw,
    Action.CORRECTED: _Replayer.correct,
    **dict.fromkeys(
        (
            Action.ACCREDITED,
            Action.ACCREDITATION_CHANGED,
            Action.ACCREDITATION_SUSPENDED,
            Action.ACCREDITATION_RESTORED,
            Action.ACCREDITATION_ENDED,
        ),
        _Replayer.accredit,
    ),
    Action.REVIEW_OPENED: _Replayer.open_review,
    Action.REVIEW_CLOSED: _Replayer.close_review,
}


def _enter(given: Given) -> LedgerEntry:
    return ledger.append(by=None, action=given.action, subject=given.subject, payload={})


def _parts(given: Given) -> list[str]:
    """Return what names a subject within its kind, in parts."""
    return given.subject.split("/")[1:]


def _say(thing: Event | Document, facts: Facts) -> None:
    for name, fact in facts.items():
        setattr(thing, name, fact)


def _cohort(slug: str) -> Cohort:
    return _found(register.cohort(slug))


def _participant(slug: str) -> Participant:
    return _found(register.participant(slug))


def _heading(cohort: Cohort, number: int) -> Heading:
    return db.session.scalars(select(Heading).filter_by(cohort_id=cohort.id, number=number)).one()


def _recommendation(cohort: Cohort, number: str) -> Recommendation:
    return _found(register.recommendation(cohort, number))


def _source(cohort: Cohort, facts: Facts) -> Source | None:
    if "source" not in facts:
        return None
    return db.session.scalars(select(Source).filter_by(cohort_id=cohort.id, key=facts["source"])).one()


def _position(recommendation: Recommendation, said: Facts) -> Position:
    return Position(
        recommendation=recommendation,
        revision_id=next(each.id for each in recommendation.revisions if each.number == said["revision"]),
        stance=Stance[said["stance"].upper()],
        reservation=text(said["reservation"]) if "reservation" in said else None,
    )


def _endorsement(subject: str, *, required: bool = False) -> Any:
    """Return the endorsement of a subject; ``None`` where it is not known, and need not be."""
    query = select(Endorsement).filter_by(reference=subject.removeprefix("endorsement/"))
    found = db.session.scalars(query).one_or_none()
    return _found(found) if required else found


def _found(thing: Found | None) -> Found:
    if thing is None:
        raise LookupError
    return thing
