"""Verifies the register against its own ledger: the chain, the tallies, and what the tables say of each thing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker import ledger, roll_from_entries, tallies, withdrawing
from tracker.bulk import loads
from tracker.endorsing import private_answers, submitted_answers
from tracker.evidence import filing
from tracker.extensions import db
from tracker.facts import Facts, end_of, facts_of, facts_of_revision, subject_of
from tracker.ledger import Difference
from tracker.models import (
    Accreditation,
    Act,
    Cohort,
    Commitment,
    Document,
    Endorsement,
    Event,
    Evidence,
    Heading,
    LedgerEntry,
    Participant,
    Position,
    Proposal,
    Recommendation,
    Review,
    Revision,
    Transfer,
)
from tracker.models.ledger import APPEND_ONLY
from tracker.models.permanent import PERMANENT
from tracker.roll_from_entries import RollFromEntries
from tracker.tallies import Editions
from tracker.vocabulary import Action, ProposalKind, ProposalStatus, Status

#: Entries that publish what a thing says, and so what the tables must say of it.
_PUBLISHING = {
    Action.COHORT_PUBLISHED,
    Action.HEADING_PUBLISHED,
    Action.RECOMMENDATION_PUBLISHED,
    Action.EVENT_ADDED,
    Action.DOCUMENT_ADDED,
    Action.COHORT_CHANGED,
    Action.EVENT_CHANGED,
    Action.EVENT_CALLED_OFF,
    Action.DOCUMENT_CHANGED,
    Action.DOCUMENT_TAKEN_DOWN,
    Action.ENDORSED,
    Action.POSITION_CHANGED,
    Action.ACCREDITED,
    Action.ACCREDITATION_CHANGED,
    Action.ACCREDITATION_SUSPENDED,
    Action.ACCREDITATION_RESTORED,
    Action.ACCREDITATION_ENDED,
}


#: What entries say beside the facts of a thing: how these came about.
_BESIDE_THE_FACTS = ("commitments", "supersedes", "proposed_by", "change", "load")


_OF_ENDORSEMENTS = (
    joinedload(Endorsement.participant),
    joinedload(Endorsement.cohort),
    joinedload(Endorsement.source),
    joinedload(Endorsement.evidence),
    selectinload(Endorsement.positions).joinedload(Position.recommendation),
    selectinload(Endorsement.positions).joinedload(Position.revision),
)

#: Where an endorsement stands after each of them.
_STATUS_AFTER = {
    Action.SUBMITTED: Status.SUBMITTED,
    Action.TAKEN_BACK: Status.DRAFT,
    Action.RETURNED: Status.RETURNED,
    Action.REJECTED: Status.REJECTED,
    Action.ENDORSED: Status.IN_FORCE,
    Action.POSITION_CHANGED: Status.IN_FORCE,
    Action.NOTICE_GIVEN: Status.IN_FORCE,
    Action.NOTICE_TAKEN_BACK: Status.IN_FORCE,
    Action.NOTICE_RETURNED: Status.IN_FORCE,
    Action.WITHDRAWN: Status.WITHDRAWN,
}

#: The acts in an endorsement's life. Where a correction leaves it depends on what it annuls.
_ACTS = {*_STATUS_AFTER, Action.CORRECTED, Action.REVIEW_OPENED, Action.REVIEW_CLOSED}

#: Who acted without an account, where it was not the operator.
_ACTOR_OF = {Action.REVIEW_OPENED: ledger.CONTACT}

#: What became of a notice of withdrawal after each of them.
_NOTICE_AFTER = {
    Action.NOTICE_GIVEN: ProposalStatus.OPEN,
    Action.NOTICE_TAKEN_BACK: ProposalStatus.TAKEN_BACK,
    Action.NOTICE_RETURNED: ProposalStatus.RETURNED,
    Action.WITHDRAWN: ProposalStatus.APPROVED,
}


def verify() -> Difference | None:
    """Return the first point at which the register does not agree with itself, or ``None`` where all is well."""
    return ledger.verify() or tallies.verify() or _verify_tables() or _verify_triggers()


#: The number of an entry and a digest of the facts that follow from it, by what they are facts of.
Published = dict[str, tuple[int, bytes]]


@dataclass
class _Published:
    """What the entries say of things, which acts they are, and where endorsements and notices stand after them."""

    things: Published = field(default_factory=dict)
    acts: Published = field(default_factory=dict)
    standings: Published = field(default_factory=dict)
    notices: Published = field(default_factory=dict)
    reviews: Published = field(default_factory=dict)
    contacts: dict[str, int] = field(default_factory=dict)
    submitters: dict[str, str | None] = field(default_factory=dict)
    undated: dict[str, bytes] = field(default_factory=dict)
    roll: RollFromEntries = field(default_factory=RollFromEntries)
    owners: dict[str, tuple[int, str]] = field(default_factory=dict)
    loads: Published = field(default_factory=dict)
    strays: list[Difference] = field(default_factory=list)

    def on_the_roll(self) -> Published:
        """Return what the entries say of participants."""
        return {subject: (entry, _digest(facts)) for subject, entry, facts in self.roll.said()}

    def whose(self) -> Published:
        """Return whose endorsements and accreditations are by now: a duplicate's became another participant's."""
        return {
            f"{subject}, its participant": (entry, _digest({"of": self.roll.now_at(slug)}))
            for subject, (entry, slug) in self.owners.items()
        }


def _verify_tables() -> Difference | None:
    try:
        published = _published()
        _leave_out_what_stayed(published)
        return (
            _compare(published.on_the_roll(), _kept_roll())
            or _compare(published.things, _kept_things())
            or _compare(published.whose(), _kept_owners())
            or _compare(published.acts, _kept_acts())
            or _compare(published.standings, _kept_standings())
            or _compare(published.notices, _kept_notices())
            or _compare(published.reviews, _kept_reviews())
            or next(iter(published.strays), None)
            or _compare(published.loads, _kept_loads())
            or _verify_contacts(published.contacts)
            or _verify_submissions()
            or _verify_people()
            or _verify_evidence()
        )
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        # Somebody wrote into the tables what the register cannot have written, and cannot read.
        return Difference("the tables", f"hold what cannot be read: {error}")


def _compare(published: Published, kept: Iterator[tuple[str, bytes]]) -> Difference | None:
    for subject, digest in kept:
        entry, expected = published.pop(subject, (None, None))
        if entry is None:
            return Difference(subject, "stands in the tables, but no entry of the ledger publishes it")
        if digest != expected:
            return Difference(subject, f"the tables say something else than entry {entry}")
    for subject, (entry, _) in published.items():
        return Difference(subject, f"entry {entry} publishes it, but it is not in the tables")
    return None


def _published() -> _Published:
    found = _Published()
    editions = Editions()
    load: LedgerEntry | None = None
    stayed = _last_from_elsewhere()
    for entry in ledger.entries():
        facts = ledger.facts_of(entry)
        editions.follow(entry)
        found.things |= _later_texts(entry, facts, editions)
        if entry.action in roll_from_entries.ACTIONS:
            found.roll.take(entry, facts)
        if entry.action is Action.CONTACT_CHANGED:
            found.contacts[entry.subject] = entry.sequence
        _take_thing(found, entry, facts)
        _take_review(found, entry, facts)
        _take_act(found, entry, facts)
        _take_standing(found, entry, facts)
        _take_notice(found, entry, stayed)
        load = _take_load(found, entry, facts, load)
    return found


def _leave_out_what_stayed(found: _Published) -> None:
    """Where the register was loaded from another one's ledger, ask not for what stayed there.

    These are endorsements that never came into force, notices of withdrawal, and the files of bulk loads: the ledger
    does not tell what they say.
    """
    last = _last_from_elsewhere()
    if not last:
        return
    here = {f"endorsement/{reference}" for reference in db.session.scalars(select(Endorsement.reference))}
    for group in (found.acts, found.standings):
        gone = [key for key, (entry, _) in group.items() if entry <= last and key.partition(",")[0] not in here]
        for key in gone:
            del group[key]
    for group in (found.notices, found.loads):
        for key in [key for key, (entry, _) in group.items() if entry <= last]:
            del group[key]


def _last_from_elsewhere() -> int:
    """Return the number of the last entry that came from another register; 0 where none did."""
    return db.session.scalar(select(sa.func.max(Transfer.entry_sequence))) or 0


def _later_texts(entry: LedgerEntry, facts: Facts, editions: Editions) -> Published:
    """Return what an entry says of a text that follows another one: a heading's title, or a wording."""
    if entry.action is Action.HEADING_CORRIGENDUM_PUBLISHED:
        return {entry.subject: (entry.sequence, _digest({"title": facts["title"]}))}
    if entry.action in (Action.CORRIGENDUM_PUBLISHED, Action.AMENDMENT_PUBLISHED):
        number = facts["revision"]
        wording = {**facts, "edition": editions.of(entry.subject, number)}
        return {f"{entry.subject}, revision {number}": (entry.sequence, _digest(wording))}
    return {}


def _take_thing(found: _Published, entry: LedgerEntry, facts: Facts) -> None:
    """Add what an entry says of a thing, or of the end of one; a correction takes that away again."""
    subject, end = entry.subject, f"{entry.subject}, its end"
    if entry.action in _PUBLISHING:
        found.things[subject] = (entry.sequence, _digest_of_its_own(facts))
        if "participant" in facts:
            found.owners[subject] = (entry.sequence, facts["participant"])
        if "positions" in facts:
            found.undated[subject] = _digest_of_its_own({**facts, "effective_on": None})
    elif entry.action is Action.WITHDRAWN:
        found.things[end] = (entry.sequence, _digest_of_its_own(facts))
    elif entry.action is Action.CORRECTED:
        if facts["action"] == Action.WITHDRAWN:
            del found.things[end]
        else:  # what was annulled still says what it said, but is of no day
            found.things[subject] = (entry.sequence, found.undated[subject])
    if superseded := facts.get("supersedes"):
        ended = {name: facts[name] for name in ("cohort", "effective_on")}
        found.things[f"endorsement/{superseded}, its end"] = (entry.sequence, _digest(ended))
    if restored := facts.get("restores"):
        del found.things[f"endorsement/{restored}, its end"]


def _take_act(found: _Published, entry: LedgerEntry, facts: Facts) -> None:
    if entry.action in _ACTS:
        days = _days(facts.get("signed_on"), facts.get("received_on", facts.get("notice_on")), facts)
        digest = _digest({"act": entry.action, "by": entry.actor, **days})
        found.acts[f"{entry.subject}, act {entry.sequence}"] = (entry.sequence, digest)


def _take_review(found: _Published, entry: LedgerEntry, facts: Facts) -> None:
    """Add that a review was opened, or how it ended."""
    if entry.action in (Action.REVIEW_OPENED, Action.REVIEW_CLOSED):
        ended = {"outcome": facts.get("outcome"), "finding": facts.get("finding")}
        opened = facts.get("opened", entry.sequence)
        found.reviews[f"{entry.subject}, review {opened}"] = (entry.sequence, _digest(ended))


def _take_standing(found: _Published, entry: LedgerEntry, facts: Facts) -> None:
    """Add where an entry leaves its endorsement, and the one that it supersedes or restores."""
    if entry.action is Action.SUBMITTED:
        found.submitters[entry.subject] = entry.actor
    elif entry.action in (Action.TAKEN_BACK, Action.RETURNED):
        found.submitters[entry.subject] = None
    stands: dict[str, Status] = {}
    if entry.action in _STATUS_AFTER:
        stands[entry.subject] = _STATUS_AFTER[entry.action]
    elif entry.action is Action.CORRECTED:
        stands[entry.subject] = Status.IN_FORCE if facts["action"] == Action.WITHDRAWN else Status.ANNULLED
    for other, status in (("supersedes", Status.SUPERSEDED), ("restores", Status.IN_FORCE)):
        if facts.get(other):
            stands[f"endorsement/{facts[other]}"] = status
    for subject, status in stands.items():
        standing = {"status": status, "submitted_by": found.submitters.get(subject)}
        found.standings[f"{subject}, its status"] = (entry.sequence, _digest(standing))


def _take_notice(found: _Published, entry: LedgerEntry, stayed: int) -> None:
    """Add what became of a notice of withdrawal.

    A withdrawal that was recorded without one, by a load, leaves those before it as they are: none waits then. One
    that waits in the register from which the entries up to ``stayed`` came is not decided here.
    """
    if entry.action not in _NOTICE_AFTER:
        return
    notice = f"{entry.subject}, its notice"
    last, digest = found.notices.get(notice, (0, b""))
    waits = digest == _digest({"status": ProposalStatus.OPEN}) and not last <= stayed < entry.sequence
    if entry.action is Action.NOTICE_GIVEN or waits:
        found.notices[notice] = (entry.sequence, _digest({"status": _NOTICE_AFTER[entry.action]}))


def _take_load(found: _Published, entry: LedgerEntry, facts: Facts, load: LedgerEntry | None) -> LedgerEntry | None:
    """Add a load; return it while its own entries follow, each of which names it and is by who approved it."""
    if entry.action is Action.LOADED:
        found.loads[entry.subject] = (entry.sequence, _digest({"files": facts["files"]}))
        return entry
    named = facts.get("load")
    if named is None:
        return None
    if load is None or (load.sequence, load.actor) != (named, entry.actor):
        found.strays.append(Difference(f"entry {entry.sequence}", f"does not follow the load of entry {named}"))
    return load


def _kept_loads() -> Iterator[tuple[str, bytes]]:
    """Yield which files were loaded: those that the second person approved, as they are kept."""
    for proposal in _every(Proposal, where=Proposal.kind == ProposalKind.LOAD):
        if proposal.status is ProposalStatus.APPROVED:
            kept = [hashlib.sha256(each.content).hexdigest() for each in loads.load_of(proposal).files]
            yield proposal.subject, _digest({"files": kept})


def _kept_things() -> Iterator[tuple[str, bytes]]:
    """Yield what the tables say of things: subject and digest of the facts."""
    with_their_parts = {
        Cohort: (),
        Heading: (joinedload(Heading.cohort),),
        Recommendation: (
            joinedload(Recommendation.cohort),
            joinedload(Recommendation.heading),
            selectinload(Recommendation.revisions).joinedload(Revision.source),
        ),
        Event: (joinedload(Event.cohort),),
        Document: (joinedload(Document.cohort),),
        Accreditation: (joinedload(Accreditation.participant), joinedload(Accreditation.account)),
    }
    for model, options in with_their_parts.items():
        for thing in _every(model, *options):
            yield subject_of(thing), _digest_of_its_own(facts_of(thing))
    later = (joinedload(Revision.source), joinedload(Revision.recommendation).joinedload(Recommendation.cohort))
    for revision in _every(Revision, *later, where=Revision.number > 1):
        facts = {**facts_of_revision(revision), "edition": revision.edition}
        yield f"{subject_of(revision.recommendation)}, revision {revision.number}", _digest(facts)
    for endorsement in _every(Endorsement, *_OF_ENDORSEMENTS):
        if endorsement.effective_on is not None or endorsement.status is Status.ANNULLED:
            yield subject_of(endorsement), _digest_of_its_own(facts_of(endorsement))
        if endorsement.ended_on is not None:
            yield f"{subject_of(endorsement)}, its end", _digest_of_its_own(end_of(endorsement))


def _kept_roll() -> Iterator[tuple[str, bytes]]:
    """Yield what the tables say of participants."""
    for participant in _every(Participant, *roll_from_entries.WITH_ALL):
        subject, facts = roll_from_entries.kept(participant)
        yield subject, _digest(facts)


def _kept_owners() -> Iterator[tuple[str, bytes]]:
    """Yield whose endorsements and accreditations are."""
    for model in (Endorsement, Accreditation):
        for each in _every(model, joinedload(model.participant)):
            if model is Accreditation or each.effective_on is not None or each.status is Status.ANNULLED:
                yield f"{subject_of(each)}, its participant", _digest({"of": each.participant.slug})


def _kept_acts() -> Iterator[tuple[str, bytes]]:
    for act in _every(Act, joinedload(Act.endorsement), joinedload(Act.by)):
        days = _days(act.signed_on, act.received_on, {"effective_on": act.effective_on})
        actor = act.by.actor if act.by else _ACTOR_OF.get(act.action, ledger.OPERATOR)
        facts = {"act": act.action, "by": actor, **days}
        yield f"{subject_of(act.endorsement)}, act {act.entry_sequence}", _digest(facts)


def _kept_standings() -> Iterator[tuple[str, bytes]]:
    """Yield where each endorsement stands, but for drafts that were never submitted: the ledger does not know them."""
    for endorsement in _every(Endorsement, joinedload(Endorsement.submitted_by), selectinload(Endorsement.acts)):
        if endorsement.acts or endorsement.status is not Status.DRAFT:
            submitter = endorsement.submitted_by.actor if endorsement.submitted_by else None
            standing = {"status": endorsement.status, "submitted_by": submitter}
            yield f"{subject_of(endorsement)}, its status", _digest(standing)


def _kept_notices() -> Iterator[tuple[str, bytes]]:
    """Yield what became of the last notice of withdrawal of each endorsement."""
    latest: dict[str, Proposal] = {}
    for proposal in _every(Proposal, where=Proposal.kind == ProposalKind.WITHDRAWAL):
        latest[proposal.subject] = proposal
    for subject, proposal in latest.items():
        yield f"{subject}, its notice", _digest({"status": proposal.status})


def _kept_reviews() -> Iterator[tuple[str, bytes]]:
    """Yield how each review ended, or that it has not yet."""
    for review in _every(Review, joinedload(Review.endorsement)):
        said = {"outcome": review.outcome, "finding": review.finding}
        yield f"{subject_of(review.endorsement)}, review {review.opened_entry}", _digest(said)


def _days(signed_on: Any, received_on: Any, facts: Facts) -> Facts:
    """Return the days of an act that its entry publishes; those of what is not public yet are only bound there."""
    if facts.get("effective_on") is None:
        return {}
    return {"signed": signed_on, "received": received_on, "effective": facts["effective_on"]}


def _every(model: Any, *options: Any, where: sa.ColumnElement[bool] | None = None) -> Iterator[Any]:
    """Yield all rows of a table in batches: a register may be larger than memory."""
    last = 0
    query = select(model).order_by(model.id).limit(500).options(*options)
    query = query if where is None else query.where(where)
    while batch := list(db.session.scalars(query.where(model.id > last))):
        yield from batch
        last = batch[-1].id


def _verify_submissions() -> Difference | None:
    """Compare what waits for a decision, and what was confirmed, with what its representatives submitted."""
    came_through_the_desk = Endorsement.submitted_by_id.is_not(None)
    for endorsement in _every(Endorsement, *_OF_ENDORSEMENTS, where=came_through_the_desk):
        subject = subject_of(endorsement)
        bound, answers = submitted_answers(endorsement), private_answers(endorsement)
        if "content" not in bound:  # it was forgotten
            del answers["content"]
        if bound != answers:
            return Difference(subject, "is not what its representatives submitted")
    for notice in _every(Proposal, where=Proposal.kind == ProposalKind.WITHDRAWAL):
        given = ledger.bound(notice.subject, Action.NOTICE_GIVEN, before=notice.entry_sequence)
        content = given.get("content")
        stands = notice.status in (ProposalStatus.OPEN, ProposalStatus.APPROVED)
        if stands and content is not None and content != withdrawing.bound_content(notice):
            return Difference(f"{notice.subject}, its notice", "is not what its representatives gave")
    for review in _every(Review, joinedload(Review.endorsement)):
        said = db.session.get(Commitment, (review.opened_entry, "message"))
        if said is not None and said.value != review.message:
            return Difference(f"{subject_of(review.endorsement)}, its review", "is not what the participant wrote")
    return None


def _verify_contacts(entries: dict[str, int]) -> Difference | None:
    """Compare the address that is kept for each participant with the one that its last entry binds."""
    for participant in _every(Participant):
        subject = subject_of(participant)
        if participant.contact_address is None and subject not in entries:
            continue
        bound = db.session.get(Commitment, (entries.get(subject, 0), "contact_address"))
        if participant.contact_address != (bound.value if bound else None):
            return Difference(subject, "has another contact address than its last entry binds")
    return None


def _verify_people() -> Difference | None:
    """Compare the names and offices under which people were accredited with what the entries bind."""
    for accreditation in _every(Accreditation):
        bound = ledger.bound(subject_of(accreditation), Action.ACCREDITED)
        if (accreditation.name, accreditation.office) != (bound.get("name"), bound.get("office")):
            return Difference(subject_of(accreditation), "is in another name or office than its entry binds")
    return None


def _verify_evidence() -> Difference | None:
    """Compare the files of evidence with what the entries bind."""
    of_the_act = sa.and_(Commitment.entry_sequence == Act.entry_sequence, Commitment.field == "evidence")
    query = (
        select(Act.entry_sequence, Commitment.value, Evidence)
        .outerjoin(Evidence, Evidence.id == Act.evidence_id)
        .outerjoin(Commitment, of_the_act)
        .where(sa.or_(Act.evidence_id.is_not(None), Commitment.value.is_not(None)))
        .order_by(Act.entry_sequence)
    )
    for number, bound, evidence in db.session.execute(query).all():
        if evidence is None or evidence.sha256 != bound:
            return Difference(f"entry {number}", "binds other evidence than is kept for it")
        if not filing.is_sound(evidence):
            return Difference(f"evidence {evidence.key}", f"is missing, or not the file that entry {number} binds")
    return None


def _verify_triggers() -> Difference | None:
    """Look whether the database itself still keeps the ledger append-only, and what was published permanent."""
    dialect = db.engine.dialect.name
    there = set(db.session.scalars(sa.text(_TRIGGERS[dialect])))
    expected = re.findall(r"CREATE TRIGGER (\w+)", " ".join((*APPEND_ONLY[dialect], *PERMANENT[dialect])))
    missing = [name for name in expected if name not in there]
    return Difference("the database", f"lacks the trigger {missing[0]}") if missing else None


_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def _digest_of_its_own(facts: Facts) -> bytes:
    """Return the digest of what is said of a thing, but not of whose it is and of what kind that is.

    A participant may be of another kind by now, and a duplicate's endorsements are another's: these are compared apart.
    """
    apart = {"participant", *(["kind"] if "positions" in facts else [])}
    return _digest({name: fact for name, fact in facts.items() if name not in apart})


def _digest(facts: Facts) -> bytes:
    public = {name: fact for name, fact in facts.items() if name not in _BESIDE_THE_FACTS}
    return hashlib.sha256(ledger.canonical(ledger.plain(public))).digest()
