"""What staff propose about the roll: to add, to rename, to change, to merge; and what a second person decides on it.

``content`` of such a proposal holds ``facts``, as the verb that carries it out takes them; ``since``, a day, where one
is given; ``reason`` and ``source``, which are published; and ``seen``, the last entry about the participant. A merger
holds that about the one that stays in ``also_seen``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext

from tracker import clock, ledger, proposing, publishing
from tracker.accrediting import may_act_for, require_staff
from tracker.errors import (
    AlreadyProposed,
    Incomplete,
    LikeAnother,
    NothingChanged,
    OwnSubmission,
    RollChanged,
)
from tracker.extensions import db
from tracker.facts import of_itself, of_name, subject_of
from tracker.models import Account, LedgerEntry, Participant, Proposal, Text
from tracker.publishing import Grounds
from tracker.roll import enrolling, naming, similar_names, telling_of_the_roll
from tracker.roll.similar_names import Similar
from tracker.vocabulary import Kind, ProposalKind

_TEXTS = ("name", "in_sentence", "formal_name", "footnote")
_AS_IT_IS = lazy_gettext("The roll says this already, so there is nothing to propose.")

#: The kinds of proposals about the roll.
KINDS = (
    ProposalKind.PARTICIPANT_ADDITION,
    ProposalKind.PARTICIPANT_RENAME,
    ProposalKind.PARTICIPANT_CHANGE,
    ProposalKind.PARTICIPANT_MERGER,
)


@dataclass(frozen=True, kw_only=True)
class Why:
    """Why the roll should change, and the source; both are published once it is approved."""

    reason: Text | None = None
    source: str | None = None

    @classmethod
    def of(cls, proposal: Proposal) -> Why:
        """Return what a proposal says."""
        reason = proposal.content.get("reason")
        return cls(reason=Text.from_json(reason) if reason else None, source=proposal.content.get("source"))

    def grounds(self, proposed_by: Account) -> Grounds:
        """Return what the entry says."""
        return Grounds(reason=self.reason, source=self.source, proposed_by=proposed_by)


def propose_addition(facts: Mapping[str, Any], *, why: Why, others: Collection[str] = (), by: Account) -> Proposal:
    """Propose a participant for the roll, and return the proposal.

    Args:
        facts: as :func:`publishing.add_participant` takes them: ``kind``, ``name``, and what else is known.
        others: the addresses of participants with similar names that were looked at, and are others.

    Raises:
        NotStaff: the person does not work for the secretariat.
        Incomplete: there is no name.
        LikeAnother: there are similar names that nobody looked at.
        AlreadyProposed: a participant of this name waits for a decision.
    """
    ledger.lock()
    require_staff(by)
    names = [facts["name"], facts.get("formal_name"), facts.get("acronym")]
    _require_no_other(similar_names.similar_to(names, iso_code=facts.get("iso_code")), others)
    subject = f"participant/{publishing.free_slug(facts['name'])}"
    return _proposed(ProposalKind.PARTICIPANT_ADDITION, subject, _content(facts, why), by)


def propose_rename(
    participant: Participant,
    facts: Mapping[str, Any],
    *,
    since: date | None,
    why: Why,
    others: Collection[str] = (),
    by: Account,
    seen: int | None = None,
) -> Proposal:
    """Propose another name for a participant, and return the proposal.

    Args:
        facts: ``name``, and, where there are, ``in_sentence`` and ``formal_name``.
        since: the day from which on it carries the name; ``None`` where the present one was never right.
        others: as in :func:`propose_addition`.
        seen: the last entry about the participant when the person saw it.

    Raises:
        RollChanged: something was recorded about the participant since.
        NothingChanged, DateRefused: as in :func:`enrolling.rename`.
        NotStaff, Incomplete, LikeAnother, AlreadyProposed: as in :func:`propose_addition`.
    """
    _take_up(participant, by, seen)
    if of_name(participant) == {**dict.fromkeys(_TEXTS[:3]), **facts, "name_confirmed": participant.name_confirmed}:
        raise NothingChanged(_AS_IT_IS)
    enrolling.require_day(since, participant.current_name.valid_from)
    similar = similar_names.similar_to([facts["name"], facts.get("formal_name")], but=participant)
    _require_no_other(similar, others)
    content = _content({**facts, "name_confirmed": True}, why, since, participant)
    return _proposed(ProposalKind.PARTICIPANT_RENAME, subject_of(participant), content, by, participant)


def propose_change(
    participant: Participant,
    facts: Mapping[str, Any],
    *,
    since: date | None,
    why: Why,
    by: Account,
    seen: int | None = None,
) -> Proposal:
    """Propose other facts about a participant, and return the proposal.

    Args:
        facts: as :func:`enrolling.change_facts` takes them.
        since: the day from which on it is of another kind; ``None`` where the present kind was never right.

    Raises:
        NothingChanged, DateRefused: as in :func:`enrolling.change_facts`.
        NotStaff, RollChanged, AlreadyProposed: as in :func:`propose_rename`.
    """
    _take_up(participant, by, seen)
    if of_itself(participant) == {**dict.fromkeys(of_itself(participant)), **facts}:
        raise NothingChanged(_AS_IT_IS)
    enrolling.require_day_of_kind(participant, facts["kind"], since)
    content = _content(facts, why, since, participant)
    return _proposed(ProposalKind.PARTICIPANT_CHANGE, subject_of(participant), content, by, participant)


def propose_merger(
    duplicate: Participant, into: Participant, *, why: Why, by: Account, seen: int | None = None
) -> Proposal:
    """Propose that a participant is on the roll twice, and return the proposal.

    Raises:
        BothEndorsed, Refused: as in :func:`enrolling.merge`.
        NotStaff, RollChanged, AlreadyProposed: as in :func:`propose_rename`.
    """
    _take_up(duplicate, by, seen)
    enrolling.require_mergeable(duplicate, into)
    content = _content({"into": into.slug}, why, None, duplicate)
    content["also_seen"] = {subject_of(into): seen_of(into)}
    return _proposed(ProposalKind.PARTICIPANT_MERGER, subject_of(duplicate), content, by, duplicate)


def seen_of(participant: Participant) -> int:
    """Return what a form remembers of a participant, to tell whether something happened to it meanwhile."""
    return ledger.latest_of(subject_of(participant))


def facts_in(proposal: Proposal) -> dict[str, Any]:
    """Return the facts that are proposed, as the verbs take them."""
    facts = dict(proposal.content["facts"])
    for field in _TEXTS:
        if field in facts:
            facts[field] = Text.from_json(facts[field])
    if "kind" in facts:
        facts["kind"] = next(kind for kind in Kind if kind == facts["kind"])
    return facts


def since_in(proposal: Proposal) -> date | None:
    """Return the day from which on it is to hold."""
    since = proposal.content.get("since")
    return date.fromisoformat(since) if since else None


def other_in(proposal: Proposal) -> Participant | None:
    """Return the participant into which a duplicate is to be merged."""
    slug = proposal.content["facts"].get("into")
    return naming.participant_at(slug) if slug else None


def open_ones(participant: Participant) -> list[Proposal]:
    """Return what waits for a decision about a participant."""
    found = (proposing.open_one(kind, subject_of(participant)) for kind in KINDS)
    return [each for each in found if each]


def similar_in(proposal: Proposal) -> list[Similar]:
    """Return who on the roll has a name like the one that is proposed."""
    if proposal.kind not in (ProposalKind.PARTICIPANT_ADDITION, ProposalKind.PARTICIPANT_RENAME):
        return []
    facts = facts_in(proposal)
    names = [facts["name"], facts.get("formal_name"), facts.get("acronym")]
    return similar_names.similar_to(names, iso_code=facts.get("iso_code"), but=proposal.participant)


def return_(proposal: Proposal, *, reason: str, by: Account, version: int | None = None) -> None:
    """Give a proposal back to who made it, with the reason.

    Raises:
        Incomplete: no reason is given.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    proposing.returned(proposal, by=by, reason=reason)
    telling_of_the_roll.tell_of_return(proposal)


def carry_out(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Approve a proposal, and change the roll.

    Raises:
        RollChanged: something was recorded about the participant since this was proposed.
        Refused: whatever stands against it by now, as in ``enrolling``.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    if proposing.recorded_since(proposal):
        raise RollChanged
    participant, entry = _CARRY_OUT[proposal.kind](proposal, by)
    db.session.refresh(proposal)
    proposing.approved(proposal, by=by, entry=entry)
    telling_of_the_roll.tell_of_change(proposal, participant, entry)


def _add(proposal: Proposal, by: Account) -> tuple[Participant, LedgerEntry]:
    grounds = Why.of(proposal).grounds(proposal.proposed_by)
    participant = publishing.add_participant(**facts_in(proposal), grounds=grounds, by=by)
    return participant, db.session.get_one(LedgerEntry, ledger.head()[0])


def _rename(proposal: Proposal, by: Account) -> tuple[Participant, LedgerEntry]:
    participant, grounds = _of(proposal), Why.of(proposal).grounds(proposal.proposed_by)
    facts, since = facts_in(proposal), since_in(proposal)
    return participant, enrolling.rename(participant, **facts, since=since, grounds=grounds, by=by)


def _change(proposal: Proposal, by: Account) -> tuple[Participant, LedgerEntry]:
    participant, grounds = _of(proposal), Why.of(proposal).grounds(proposal.proposed_by)
    facts, since = facts_in(proposal), since_in(proposal)
    return participant, enrolling.change_facts(participant, **facts, since=since, grounds=grounds, by=by)


def _merge(proposal: Proposal, by: Account) -> tuple[Participant, LedgerEntry]:
    into, grounds = other_in(proposal), Why.of(proposal).grounds(proposal.proposed_by)
    if into is None or into.slug != proposal.content["facts"]["into"]:
        raise RollChanged
    if may_act_for(by, into, clock.today()):
        raise OwnSubmission
    return into, enrolling.merge(_of(proposal), into, grounds=grounds, by=by)


_CARRY_OUT = {
    ProposalKind.PARTICIPANT_ADDITION: _add,
    ProposalKind.PARTICIPANT_RENAME: _rename,
    ProposalKind.PARTICIPANT_CHANGE: _change,
    ProposalKind.PARTICIPANT_MERGER: _merge,
}


def _take_up(participant: Participant, by: Account, seen: int | None) -> None:
    enrolling.lock(participant)
    require_staff(by)
    if seen is not None and seen != seen_of(participant):
        raise RollChanged


def _require_no_other(similar: list[Similar], others: Collection[str]) -> None:
    if unseen := [each for each in similar if each.participant.slug not in others]:
        raise LikeAnother(unseen)


def _content(
    facts: Mapping[str, Any], why: Why, since: date | None = None, participant: Participant | None = None
) -> dict[str, Any]:
    if "name" in facts and not str(facts["name"]).strip():
        raise Incomplete
    seen = seen_of(participant) if participant else None
    return {"facts": facts, "since": since, "reason": why.reason, "source": why.source, "seen": seen}


def _proposed(
    kind: ProposalKind, subject: str, content: dict[str, Any], by: Account, participant: Participant | None = None
) -> Proposal:
    if any(proposing.open_one(each, subject) for each in KINDS):
        raise AlreadyProposed
    proposal = proposing.propose(kind, subject=subject, content=content, by=by, participant=participant)
    telling_of_the_roll.tell_of_proposal(proposal)
    return proposal


def _of(proposal: Proposal) -> Participant:
    assert proposal.participant is not None  # noqa: S101  # nosec B101  # but for an addition, every such proposal is about one
    return proposal.participant
