"""A small world for tests: a cohort of five recommendations, participants of every kind, and the people who act.

Alice represents Arcadia as its head representative, and Adam with her; Bruno represents Borduria. Sam and Kim work for
the secretariat. Nobody represents the Council, the League and the Union. Petra's accreditation for Arcadia has ended;
Fay's is still to begin. Where a test needs an administrator, :func:`an_administrator` opens Ada's account.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from tracker import accrediting, clock, drafting, endorsing, notices, publishing, register, withdrawing
from tracker.disputes import contacting, reviewing
from tracker.evidence.examining import Examined
from tracker.extensions import db
from tracker.models import (
    Account,
    Cohort,
    Endorsement,
    Heading,
    Mail,
    Participant,
    Proposal,
    Recommendation,
    Review,
    Revision,
    Text,
)
from tracker.people.candidates import Candidate
from tracker.publishing import SourceFacts
from tracker.vocabulary import Kind, Notice, RevisionKind, Scope, Status, TextStatus
from tracker.wordings import rewording
from tracker.wordings.rewording import Change

PASSWORD = "a-passphrase-for-tests"
PUBLISHED = date(2023, 3, 27)
NUMBERS = ("1.1", "1.2", "2.1", "2.2", "2.3")


@dataclass
class World:
    """The things that tests speak of. After :meth:`named` it holds only names, safe outside a session."""

    cohort: Any
    arcadia: Any
    borduria: Any
    league: Any
    council: Any
    union: Any
    alice: Any
    adam: Any
    bruno: Any
    petra: Any
    fay: Any
    sam: Any
    kim: Any

    @classmethod
    def make(cls) -> World:
        """Publish the cohort, fill the roll, open the accounts."""
        cohort = a_cohort()
        arcadia = publishing.add_participant(kind=Kind.COUNTRY, name=Text.of("Arcadia", fr="Arcadie"))
        borduria = publishing.add_participant(
            kind=Kind.COUNTRY,
            name=Text.of("Borduria", fr="Bordurie"),
            footnote=Text.of("This designation is without prejudice to positions on status."),
        )
        league = publishing.add_participant(kind=Kind.CIVIL_SOCIETY, name=Text.of("League of Clean Hands"), seat="CH")
        council = publishing.add_participant(kind=Kind.INTERGOVERNMENTAL, name=Text.of("Council of Rivers"))
        union = publishing.add_participant(
            kind=Kind.SUPRANATIONAL,
            name=Text.of("Commission of the Union", fr="Commission de l’Union"),
            in_sentence=Text.of("the Commission of the Union", fr="la Commission de l’Union"),
        )
        people = {name: person(name) for name in ("alice", "adam", "bruno", "petra", "fay")}
        today = clock.today()
        for name in ("alice", "adam"):
            accrediting.accredit(people[name], arcadia, starts_on=today, is_head=name == "alice")
        accrediting.accredit(people["bruno"], borduria, starts_on=today - timedelta(days=30), ends_on=today)
        accrediting.accredit(
            people["petra"], arcadia, starts_on=today - timedelta(days=30), ends_on=today - timedelta(days=1)
        )
        accrediting.accredit(people["fay"], arcadia, starts_on=today + timedelta(days=1))
        staff = {name: person(name, staff=True) for name in ("sam", "kim")}
        return cls(
            cohort=cohort,
            arcadia=arcadia,
            borduria=borduria,
            league=league,
            council=council,
            union=union,
            **people,
            **staff,
        )

    @classmethod
    def found(cls) -> World:
        """Return the small world that stands in the database."""
        participants = {each.slug.split("-")[0]: each for each in db.session.scalars(select(Participant))}
        people = {each.email.split("@")[0]: each for each in db.session.scalars(select(Account))}
        names = {"union": "commission"}
        found = {field.name: names.get(field.name, field.name) for field in fields(cls) if field.name != "cohort"}
        both = participants | people
        return cls(
            cohort=db.session.scalars(select(Cohort)).one(), **{field: both[name] for field, name in found.items()}
        )

    def named(self) -> World:
        """Return the same world with slugs and addresses in place of objects."""
        return World(**{key: getattr(value, "slug", None) or value.email for key, value in self.__dict__.items()})


def a_cohort(slug: str = "clean-rivers", numbers: tuple[str, ...] = NUMBERS) -> Cohort:
    """Publish a cohort with recommendations of these numbers, under the headings that they name."""
    cohort = publishing.publish_cohort(
        slug=slug,
        title=Text.of("Cohort on Clean Rivers"),
        summit="Summit of Rivers",
        established_on=date(2022, 11, 8),
        published_on=PUBLISHED,
        expected_outcomes=[Text.of("Cleaner rivers.")],
        priority_areas=[Text.of("Rivers that cross borders")],
        co_leads=[Text.of("Government of Arcadia")],
        sources=[
            SourceFacts(key="page", title="The cohort's page", publisher="Summit of Rivers", describes_cohort=True)
        ],
    )
    source = cohort.sources[0]
    headings = {}
    for place, number in enumerate(numbers, start=1):
        part = int(number.split(".")[0])
        if part not in headings:
            headings[part] = publishing.publish_heading(cohort, number=part, title=Text.of(f"Heading {part}"))
        publishing.publish_recommendation(
            headings[part],
            cohort=cohort,
            number=number,
            place=place,
            text=Text.of(f"Do what {number} says."),
            text_status=TextStatus.SUMMARY,
            effective_on=PUBLISHED,
            source=source,
        )
    return cohort


def person(name: str, **more: Any) -> Account:
    """Open an account for somebody. more: ``staff`` or ``administrator``."""
    return accrediting.open_account(email=f"{name}@example.org", name=name.capitalize(), password=PASSWORD, **more)


def an_administrator(name: str = "ada") -> Account:
    """Open an account for somebody who administers the secretariat."""
    return person(name, administrator=True)


def account(email: str) -> Account:
    """Return a person's account."""
    return db.session.scalars(select(Account).filter_by(email=email)).one()


def a_candidate(name: str = "Clara", **more: Any) -> Candidate:
    """Return somebody who may be proposed as a representative."""
    facts = {"office": "Second Secretary", "email": f"{name.lower()}@example.org", "language": "en", "note": "Note 7."}
    days = {"starts_on": clock.today(), "ends_on": None}
    return Candidate(name=name, **{**facts, **days, **more})


def a_draft(
    participant: Participant,
    cohort: Cohort,
    by: Account,
    *,
    numbers: tuple[str, ...] | None = None,
    reservations: dict[str, str] | None = None,
    signed_on: date | None = None,
    signatory: tuple[str, str] = ("", ""),
    letter: Examined | None = None,
) -> Endorsement:
    """Return a draft that is complete. ``signatory``: a name and an office."""
    draft = drafting.begin(participant, cohort, by=by)
    drafting.choose(draft, scope=Scope.CHOSEN if numbers else Scope.ALL, numbers=numbers or (), by=by)
    drafting.reserve(draft, reservations={n: Text.of(t) for n, t in (reservations or {}).items()}, by=by)
    name, office = signatory
    drafting.sign(draft, signed_on=signed_on or clock.today(), name=name, office=office, by=by)
    if letter:
        drafting.attach(draft, letter, by=by)
    return draft


def a_submission(participant: Participant, cohort: Cohort, by: Account, **more: Any) -> Endorsement:
    """Return an endorsement that was submitted."""
    draft = a_draft(participant, cohort, by, **more)
    endorsing.submit(draft, by=by)
    return draft


def in_force(participant: Participant, cohort: Cohort, by: Account, staff: Account, **more: Any) -> Endorsement:
    """Return an endorsement that is in force."""
    endorsement = a_submission(participant, cohort, by, **more)
    endorsing.confirm(endorsement, by=staff)
    return endorsement


def published(participant: Participant, cohort: Cohort, **more: Any) -> Endorsement:
    """Return an endorsement that was on record before the register."""
    return endorsing.record_published(participant, cohort, effective_on=more.pop("effective_on", PUBLISHED), **more)


def with_notice(endorsement: Endorsement, by: Account, *, effective_on: date | None = None) -> Endorsement:
    """Return an endorsement in force of whose withdrawal notice was given."""
    today = clock.today()
    withdrawing.give_notice(endorsement, signed_on=today, effective_on=effective_on or today, by=by)
    return endorsement


def a_notice_on_paper(
    endorsement: Endorsement,
    by: Account,
    *,
    letter: Examined | None = None,
    effective_on: date | None = None,
    reason: Text | None = None,
    provenance: str = "By post, no. 124",
) -> Endorsement:
    """Return an endorsement in force of whose withdrawal a notice on paper is recorded, complete, from today."""
    today = clock.today()
    days = {"signed_on": today, "received_on": today}
    notices.sign(endorsement, **days, provenance=provenance, on_paper=True, by=by)
    notices.declare(endorsement, effective_on=effective_on or today, reason=reason, on_paper=True, by=by)
    if letter:
        notices.attach(endorsement, letter, on_paper=True, by=by)
    return endorsement


def withdrawn(
    endorsement: Endorsement, by: Account, staff: Account, *, effective_on: date | None = None
) -> Endorsement:
    """Return an endorsement that was withdrawn."""
    notice = withdrawing.waiting(with_notice(endorsement, by, effective_on=effective_on))
    assert notice is not None
    withdrawing.confirm(notice, by=staff)
    return endorsement


def with_contact(
    participant: Participant, by: Account, other: Account, address: str = "office@example.org"
) -> Participant:
    """Return a participant at whose published address it can dispute its endorsements."""
    contacting.change(contacting.propose(participant, address, by=by), by=other)
    return participant


def a_link(endorsement: Endorsement, language: str = "en") -> str:
    """Return the token of a link that was sent to dispute an endorsement."""
    reviewing.ask_for_link(endorsement, language=language)
    query = select(Mail.facts).filter_by(notice=Notice.DISPUTE_LINK).order_by(Mail.id.desc())
    return str(json.loads(db.session.scalars(query).first() or "{}")["secret"])


def disputed(endorsement: Endorsement, message: str = "Nobody of ours signed this.") -> Review:
    """Return the review of an endorsement whose participant disputes it."""
    return reviewing.dispute(endorsement, token=a_link(endorsement), message=message, language="en")


def item(cohort: Cohort, number: str) -> Recommendation:
    """Return a cohort's recommendation by its number."""
    return next(each for each in cohort.recommendations if each.number == number)


def a_change(subject: Recommendation | Heading, text: str | Text, **more: Any) -> Change:
    """Return a change of a text, in its status, with effect from today where nothing else is said."""
    _, status = rewording.as_it_is(subject)
    facts = {"reason": Text.of("As the cohort agreed."), "effective_on": clock.today(), "text_status": status, **more}
    if "source" not in facts:
        facts.setdefault("provenance", "Note verbale no. 12")
    return Change(text=Text.of(text) if isinstance(text, str) else text, **facts)


def proposed(
    subject: Recommendation | Heading, by: Account, text: str | Text, *, kind: RevisionKind, **more: Any
) -> Proposal:
    """Return the proposal of a change of a text."""
    return rewording.propose(subject, kind, a_change(subject, text, **more), by=by)


def reworded(
    subject: Recommendation, by: Account, staff: Account, text: str | Text, *, kind: RevisionKind, **more: Any
) -> Revision:
    """Return the wording that was published after one proposed and another one approved it."""
    rewording.publish(proposed(subject, by, text, kind=kind, **more), by=staff)
    return subject.revisions[-1]


def amended(subject: Recommendation, by: Account, staff: Account, text: str | Text, **more: Any) -> Revision:
    """Return the amendment of a recommendation, published."""
    return reworded(subject, by, staff, text, kind=RevisionKind.AMENDMENT, **more)


def corrected(subject: Recommendation, by: Account, staff: Account, text: str | Text, **more: Any) -> Revision:
    """Return the corrigendum of a recommendation, published."""
    return reworded(subject, by, staff, text, kind=RevisionKind.CORRIGENDUM, **more)


def status_of(participant: str, cohort: str) -> Status | None:
    """Return the status of a participant's latest endorsement of a cohort, by their addresses."""
    found, group = register.participant(participant), register.cohort(cohort)
    assert found is not None
    assert group is not None
    query = select(Endorsement.status).filter_by(participant_id=found.id, cohort_id=group.id)
    return db.session.scalars(query.order_by(Endorsement.id.desc())).first()
