"""Changes of published texts: a corrigendum or an amendment is proposed, and published when a second person approves.

A *corrigendum* mends what the register shows: a slip, a translation, the authoritative text in the place of a summary.
What was agreed stays what it was, so endorsements carry over to it. An *amendment* is another text that was agreed;
endorsements stay with the wording that was endorsed until the participant endorses the new one.

A heading's title has corrigenda alone: nobody endorses a title, so there is nothing for an amendment to leave behind.
Numbers, places and headings of recommendations are permanent: nothing here changes them, and the database refuses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from flask_babel import LazyString, lazy_gettext
from sqlalchemy import select

from tracker import clock, ledger, proposing
from tracker.accrediting import require_staff
from tracker.errors import DateRefused, Incomplete, NothingChanged, NotYourProposal, Stale
from tracker.extensions import db
from tracker.facts import facts_of_revision, subject_of
from tracker.models import Account, Cohort, Heading, LedgerEntry, Proposal, Recommendation, Revision, Source, Text
from tracker.vocabulary import Action, ProposalKind, RevisionKind, TextStatus
from tracker.wordings import asking

#: How far ahead an amendment may take effect; a later day is taken for a mistyped year.
LONGEST_AHEAD = timedelta(days=2 * 366)

_CHANGED_MEANWHILE = lazy_gettext(
    "This text changed since, so what is proposed was written for another wording. Look at the text as it is now, and "
    "propose the change anew."
)
_SAYS_THE_SAME = lazy_gettext("This says the same as the text that is published, so there is nothing to propose.")
_AN_AMENDMENT_AHEAD = lazy_gettext(
    "An amendment of this text is published, and takes effect later. A change can follow it from that day on."
)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is proposed in the place of a text.

    Attributes:
        text: the whole text, in every language that it has.
        text_status: whether it is the text that was agreed or a summary; ``None`` for a heading's title.
        reason: why; it is published.
        source: the key of the source among the cohort's, from which the text is taken.
        provenance: where the text is taken from, where that is none of them.
    """

    text: Text
    reason: Text
    effective_on: date
    text_status: TextStatus | None = None
    source: str | None = None
    provenance: str | None = None

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        """Return the change that a proposal holds."""
        content = proposal.content
        status = content.get("text_status")
        return cls(
            text=Text.from_json(content["text"]),
            reason=Text.from_json(content["reason"]),
            effective_on=date.fromisoformat(content["effective_on"]),
            text_status=TextStatus[status.upper()] if status else None,
            source=content.get("source"),
            provenance=content.get("provenance"),
        )


def as_it_is(subject: Recommendation | Heading) -> tuple[Text, TextStatus | None]:
    """Return the text to which a change would be made: the last one that was published."""
    if isinstance(subject, Heading):
        return subject.title, None
    return subject.revisions[-1].text, subject.revisions[-1].text_status


def days_for(subject: Recommendation | Heading, kind: RevisionKind) -> tuple[date | None, date]:
    """Return the first and the last day from which a change may take effect.

    It is no day before that of the text which it follows. A corrigendum takes effect today or earlier; that of an
    amendment which takes effect later, on the same day as that.
    """
    today = clock.today()
    if isinstance(subject, Heading):
        return subject.cohort.published_on, today
    follows = subject.revisions[-1].effective_on
    if kind is RevisionKind.AMENDMENT:
        return follows, today + LONGEST_AHEAD
    return follows, max(follows or today, today)


def propose(
    subject: Recommendation | Heading, kind: RevisionKind, change: Change, *, by: Account, seen: int | None = None
) -> Proposal:
    """Put a change of a text before a second person, and return the proposal.

    Args:
        seen: the last ledger entry about the text that the person saw.

    Raises:
        NothingChanged: it says what is published.
        Incomplete: it names no source, or two.
        DateRefused: it would take effect on no day on which it may.
        AlreadyProposed: such a change of this text waits for a decision.
        NotStaff: the person does not work for the secretariat.
        Stale: the text changed since the person saw it.
    """
    ledger.lock()
    require_staff(by)
    address, cohort = subject_of(subject), subject.cohort
    latest = ledger.latest_of(address)
    if seen is not None and seen != latest:
        raise Stale(_CHANGED_MEANWHILE)
    _require_possible(subject, kind, change, cohort)
    proposal = proposing.propose(
        _kind_of(subject, kind),
        subject=address,
        content={**change.__dict__, "follows": latest},
        by=by,
        cohort=cohort,
    )
    asking.tell_staff(proposal)
    return proposal


def publish(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Publish a change that somebody else proposed; it stands from its day of effect on.

    Raises:
        NothingChanged, Incomplete, DateRefused: as for :func:`propose`, as things stand now.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``; stale too where the text changed meanwhile.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    subject, change = subject_of_proposal(proposal), Change.of(proposal)
    kind = revision_kind_of(proposal)
    if proposing.recorded_since(proposal):
        raise Stale(_CHANGED_MEANWHILE)
    _require_possible(subject, kind, change, subject.cohort)
    if isinstance(subject, Heading):
        entry = _retitle(subject, change, proposal, by)
        proposing.approved(proposal, by=by, entry=entry)
    else:
        revision = follow(subject, kind, change)
        action = Action.AMENDMENT_PUBLISHED if kind is RevisionKind.AMENDMENT else Action.CORRIGENDUM_PUBLISHED
        entry = _record(action, proposal, facts_of_revision(revision), by)
        proposing.approved(proposal, by=by, entry=entry)
        asking.tell_representatives(revision, entry.sequence)
    asking.tell_proposer(proposal)


def return_(proposal: Proposal, *, reason: str, by: Account, version: int | None = None) -> None:
    """Give a proposed change back to who proposed it, with the reason.

    Raises:
        Incomplete: no reason is given.
        NotStaff, OwnSubmission, WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up_to_decide(proposal, by=by, version=version)
    proposing.returned(proposal, by=by, reason=reason)
    asking.tell_proposer(proposal)


def take_back(proposal: Proposal, *, by: Account, version: int | None = None) -> None:
    """Take a change back that one proposed oneself, before anybody decided on it.

    Raises:
        NotYourProposal: somebody else proposed it.
        NotStaff: the person does not work for the secretariat.
        WrongStatus, Stale: as in ``proposing``.
    """
    proposing.take_up(proposal, version)
    require_staff(by)
    if proposal.proposed_by_id != by.id:
        raise NotYourProposal
    proposing.taken_back(proposal, by=by)


def unfinished(subject: Recommendation | Heading, kind: RevisionKind) -> Proposal | None:
    """Return the last proposal of such a change, where it was not approved: who proposes it anew begins with that."""
    latest = proposing.latest_one(_kind_of(subject, kind), subject_of(subject))
    return latest if latest and latest.entry_sequence is None else None


def subject_of_proposal(proposal: Proposal) -> Recommendation | Heading:
    """Return what a proposal would change the text of."""
    _, cohort, number = proposal.subject.split("/")
    if proposal.kind is ProposalKind.HEADING_CORRIGENDUM:
        return db.session.scalars(
            select(Heading).join(Cohort).where(Cohort.slug == cohort, Heading.number == int(number))
        ).one()
    query = select(Recommendation).join(Cohort, Cohort.id == Recommendation.cohort_id)
    return db.session.scalars(query.where(Cohort.slug == cohort, Recommendation.number == number)).one()


def revision_kind_of(proposal: Proposal) -> RevisionKind:
    """Return whether a proposal is of a corrigendum or of an amendment."""
    return RevisionKind.AMENDMENT if proposal.kind is ProposalKind.AMENDMENT else RevisionKind.CORRIGENDUM


def _kind_of(subject: Recommendation | Heading, kind: RevisionKind) -> ProposalKind:
    if isinstance(subject, Heading):
        return ProposalKind.HEADING_CORRIGENDUM
    return ProposalKind.AMENDMENT if kind is RevisionKind.AMENDMENT else ProposalKind.CORRIGENDUM


def _require_possible(subject: Recommendation | Heading, kind: RevisionKind, change: Change, cohort: Cohort) -> None:
    if (change.text, change.text_status) == as_it_is(subject):
        raise NothingChanged(_SAYS_THE_SAME)
    if (change.source is None) == (change.provenance is None):
        raise Incomplete
    if change.source is not None:
        _source(cohort, change.source)
    first, last = days_for(subject, kind)
    if change.effective_on > last or (first and change.effective_on < first):
        raise DateRefused(_why_not(first, last, change.effective_on))


def _why_not(first: date | None, last: date, day: date) -> LazyString:
    ahead = first is not None and first > clock.today() and day < first
    return _AN_AMENDMENT_AHEAD if ahead and day <= last else DateRefused.sentence


def _source(cohort: Cohort, key: str) -> Source:
    found = next((each for each in cohort.sources if each.key == key), None)
    if found is None:
        raise Incomplete
    return found


def follow(recommendation: Recommendation, kind: RevisionKind, change: Change) -> Revision:
    """Let another wording follow the last one of a recommendation, and return it. The caller appends the entry."""
    before = recommendation.revisions[-1]
    revision = Revision(
        number=before.number + 1,
        kind=kind,
        edition=before.edition + (kind is RevisionKind.AMENDMENT),
        text=change.text,
        text_status=change.text_status or before.text_status,
        effective_on=change.effective_on,
        source=_source(recommendation.cohort, change.source) if change.source else None,
        provenance=change.provenance,
        reason=change.reason,
    )
    recommendation.revisions.append(revision)
    db.session.flush()
    return revision


def _retitle(heading: Heading, change: Change, proposal: Proposal, by: Account) -> LedgerEntry:
    heading.title = change.text
    facts = {
        "title": change.text,
        "effective_on": change.effective_on,
        "source": change.source,
        "provenance": change.provenance,
        "reason": change.reason,
    }
    return _record(Action.HEADING_CORRIGENDUM_PUBLISHED, proposal, facts, by)


def _record(action: Action, proposal: Proposal, facts: dict[str, Any], by: Account) -> LedgerEntry:
    return ledger.append(
        by=by,
        action=action,
        subject=proposal.subject,
        payload={**facts, "proposed_by": proposal.proposed_by.actor},
    )
