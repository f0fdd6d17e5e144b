"""What the ledger's entries say, and what the tables must therefore hold: things, acts, standings, notices, loads."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import select

from tracker import ledger
from tracker.extensions import db
from tracker.facts import Facts
from tracker.ledger import Difference
from tracker.models import Endorsement, LedgerEntry, Transfer
from tracker.verifying import roll_from_entries
from tracker.verifying.digests import Published, days_of_act, digest_of, digest_of_its_own
from tracker.verifying.recount import Editions
from tracker.verifying.roll_from_entries import RollFromEntries
from tracker.vocabulary import Action, ProposalStatus, Status

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

#: What became of a notice of withdrawal after each of them.
_NOTICE_AFTER = {
    Action.NOTICE_GIVEN: ProposalStatus.OPEN,
    Action.NOTICE_TAKEN_BACK: ProposalStatus.TAKEN_BACK,
    Action.NOTICE_RETURNED: ProposalStatus.RETURNED,
    Action.WITHDRAWN: ProposalStatus.APPROVED,
}


@dataclass
class Said:
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
        return {subject: (entry, digest_of(facts)) for subject, entry, facts in self.roll.said()}

    def whose(self) -> Published:
        """Return whose endorsements and accreditations are by now: a duplicate's became another participant's."""
        return {
            f"{subject}, its participant": (entry, digest_of({"of": self.roll.now_at(slug)}))
            for subject, (entry, slug) in self.owners.items()
        }


def read() -> Said:
    """Return what all entries say; of a register that was moved here, without what stayed where it came from."""
    found = Said()
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
    _leave_out_what_stayed(found)
    return found


def _leave_out_what_stayed(found: Said) -> None:
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
        return {entry.subject: (entry.sequence, digest_of({"title": facts["title"]}))}
    if entry.action in (Action.CORRIGENDUM_PUBLISHED, Action.AMENDMENT_PUBLISHED):
        number = facts["revision"]
        wording = {**facts, "edition": editions.of(entry.subject, number)}
        return {f"{entry.subject}, revision {number}": (entry.sequence, digest_of(wording))}
    return {}


def _take_thing(found: Said, entry: LedgerEntry, facts: Facts) -> None:
    """Add what an entry says of a thing, or of the end of one; a correction takes that away again."""
    subject, end = entry.subject, f"{entry.subject}, its end"
    if entry.action in _PUBLISHING:
        found.things[subject] = (entry.sequence, digest_of_its_own(facts))
        if "participant" in facts:
            found.owners[subject] = (entry.sequence, facts["participant"])
        if "positions" in facts:
            found.undated[subject] = digest_of_its_own({**facts, "effective_on": None})
    elif entry.action is Action.WITHDRAWN:
        found.things[end] = (entry.sequence, digest_of_its_own(facts))
    elif entry.action is Action.CORRECTED:
        if facts["action"] == Action.WITHDRAWN:
            del found.things[end]
        else:  # what was annulled still says what it said, but is of no day
            found.things[subject] = (entry.sequence, found.undated[subject])
    if superseded := facts.get("supersedes"):
        ended = {name: facts[name] for name in ("cohort", "effective_on")}
        found.things[f"endorsement/{superseded}, its end"] = (entry.sequence, digest_of(ended))
    if restored := facts.get("restores"):
        del found.things[f"endorsement/{restored}, its end"]


def _take_act(found: Said, entry: LedgerEntry, facts: Facts) -> None:
    if entry.action in _ACTS:
        days = days_of_act(facts.get("signed_on"), facts.get("received_on", facts.get("notice_on")), facts)
        digest = digest_of({"act": entry.action, "by": entry.actor, **days})
        found.acts[f"{entry.subject}, act {entry.sequence}"] = (entry.sequence, digest)


def _take_review(found: Said, entry: LedgerEntry, facts: Facts) -> None:
    """Add that a review was opened, or how it ended."""
    if entry.action in (Action.REVIEW_OPENED, Action.REVIEW_CLOSED):
        ended = {"outcome": facts.get("outcome"), "finding": facts.get("finding")}
        opened = facts.get("opened", entry.sequence)
        found.reviews[f"{entry.subject}, review {opened}"] = (entry.sequence, digest_of(ended))


def _take_standing(found: Said, entry: LedgerEntry, facts: Facts) -> None:
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
        found.standings[f"{subject}, its status"] = (entry.sequence, digest_of(standing))


def _take_notice(found: Said, entry: LedgerEntry, stayed: int) -> None:
    """Add what became of a notice of withdrawal.

    A withdrawal that was recorded without one, by a load, leaves those before it as they are: none waits then. One
    that waits in the register from which the entries up to ``stayed`` came is not decided here.
    """
    if entry.action not in _NOTICE_AFTER:
        return
    notice = f"{entry.subject}, its notice"
    last, digest = found.notices.get(notice, (0, b""))
    waits = digest == digest_of({"status": ProposalStatus.OPEN}) and not last <= stayed < entry.sequence
    if entry.action is Action.NOTICE_GIVEN or waits:
        found.notices[notice] = (entry.sequence, digest_of({"status": _NOTICE_AFTER[entry.action]}))


def _take_load(found: Said, entry: LedgerEntry, facts: Facts, load: LedgerEntry | None) -> LedgerEntry | None:
    """Add a load; return it while its own entries follow, each of which names it and is by who approved it."""
    if entry.action is Action.LOADED:
        found.loads[entry.subject] = (entry.sequence, digest_of({"files": facts["files"]}))
        return entry
    named = facts.get("load")
    if named is None:
        return None
    if load is None or (load.sequence, load.actor) != (named, entry.actor):
        found.strays.append(Difference(f"entry {entry.sequence}", f"does not follow the load of entry {named}"))
    return load
