"""Publishes what is prepared: a new cohort with its set, or changes of one that is published, by four eyes.

Numbers are permanent once they are published: to a published set, headings and recommendations come at its end alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, select

from tracker import clock, ledger, proposing, publishing
from tracker.errors import ChangedMeanwhile, NothingToPublish, NumberTaken, SetIncomplete, SourceInUse
from tracker.extensions import db
from tracker.models import Account, Cohort, CoLead, Endorsement, LedgerEntry, Preparation, Proposal, Revision, Source
from tracker.publications import notifying, preparing
from tracker.publications.announcing import Why
from tracker.publications.links import require_link
from tracker.publications.preparing import Prepared
from tracker.vocabulary import Action, ProposalKind

_NUMBER = re.compile(r"[1-9][0-9]{0,2}(\.[1-9][0-9]{0,2}){1,3}")


def propose(
    preparation: Preparation,
    *,
    why: Why | None = None,
    by: Account,
    due_at: datetime | None = None,
    version: int | None = None,
) -> Proposal:
    """Put what is prepared before a second person.

    Args:
        why: for changes of a published cohort, why and from where that is known.
        due_at: the moment from which it is public; once it is approved, where there is none.

    Raises:
        NothingToPublish: a published cohort would stay as it is.
        NumberTaken, SetIncomplete, SourceInUse, LinkRefused: it does not hold together.
        BeingDecided, NotStaff, Stale: as in ``preparing``.
        AlreadyProposed, MomentRefused: as in ``proposing``.
    """
    preparing.take_up(preparation, by=by, version=version)
    cohort, prepared = preparation.cohort, Prepared.of(preparation)
    if cohort and prepared == Prepared.as_published(cohort):
        raise NothingToPublish
    _require_whole(prepared, cohort)
    subject = f"cohort/{prepared.slug}"
    proposal = proposing.propose(
        ProposalKind.COHORT,
        subject=subject,
        content={
            "action": Action.COHORT_CHANGED if cohort else Action.COHORT_PUBLISHED,
            **prepared.as_content(),
            **(why.__dict__ if why else {}),
            "follows": ledger.latest_of(subject),
        },
        by=by,
        cohort=cohort,
        due_at=due_at,
    )
    preparation.proposal = proposal
    db.session.flush()
    notifying.tell_of(proposal)
    return proposal


def require_possible(proposal: Proposal) -> None:
    """Look whether a proposal can be carried out as things stand.

    Raises:
        ChangedMeanwhile: the cohort was changed since, or another one has its address.
        NumberTaken, SetIncomplete, SourceInUse: it does not hold together any more.
    """
    if proposing.recorded_since(proposal):
        raise ChangedMeanwhile
    _require_whole(Prepared.of(proposal), proposal.cohort)


def carry_out(proposal: Proposal, *, by: Account) -> LedgerEntry:
    """Do what was proposed and approved, and return its first ledger entry.

    Raises:
        ChangedMeanwhile, NumberTaken, SetIncomplete, SourceInUse: as for :func:`require_possible`.
    """
    require_possible(proposal)
    prepared, why, last = Prepared.of(proposal), Why.of(proposal), ledger.head()[0]
    about = {"proposed_by": proposal.proposed_by.actor, "change": why.__dict__ if why else None}
    cohort, is_change = proposal.cohort, proposal.cohort is not None
    if cohort is None:
        prepared = replace(prepared, published_on=prepared.published_on or clock.today())
        cohort = publishing.publish_cohort(**prepared.facts, by=by, about=about)
        proposal.cohort = cohort
    elif prepared.facts != Prepared.as_published(cohort).facts:
        set_facts(cohort, prepared)
        publishing.record(cohort, Action.COHORT_CHANGED, by, about)
    _extend(cohort, prepared, by, about, effective_on=clock.today() if is_change else prepared.published_on)
    for preparation in db.session.scalars(select(Preparation).filter_by(proposal_id=proposal.id)):
        db.session.delete(preparation)
    db.session.flush()
    return db.session.get_one(LedgerEntry, last + 1)


def _require_whole(prepared: Prepared, cohort: Cohort | None) -> None:
    """Refuse numbers that are taken, what names a part that is not there, and a source that goes while it is used."""
    headings = {each.number for each in prepared.headings}
    published = {each.number: each for each in cohort.headings} if cohort else {}
    numbers = {each.number for each in prepared.items}
    taken = {each.number for each in cohort.recommendations} if cohort else set()
    last = max(published, default=0)
    if len(headings) < len(prepared.headings) or any(number <= last for number in headings):
        raise NumberTaken
    if len(numbers) < len(prepared.items) or numbers & taken:
        raise NumberTaken
    keys = {each.key for each in prepared.sources}
    for item in prepared.items:
        if not _NUMBER.fullmatch(item.number) or item.number.partition(".")[0] != str(item.heading):
            raise NumberTaken
        if item.heading not in headings | published.keys() or (item.source and item.source not in keys):
            raise SetIncomplete
    if headings - {item.heading for item in prepared.items} or len(keys) < len(prepared.sources):
        raise SetIncomplete
    for source in prepared.sources:
        require_link(source.url)
    for gone in cohort.sources if cohort else ():
        if gone.key not in keys and _is_used(gone):
            raise SourceInUse


def _is_used(source: Source) -> bool:
    wordings = exists().where(Revision.source_id == source.id)
    endorsements = exists().where(Endorsement.source_id == source.id)
    return bool(db.session.scalar(select(wordings | endorsements)))


def set_facts(cohort: Cohort, prepared: Prepared) -> None:
    """Let the record say of a published cohort what is prepared, but for its set."""
    for name in ("title", "summit", "established_on", "published_on"):
        setattr(cohort, name, getattr(prepared, name))
    cohort.expected_outcomes = list(prepared.expected_outcomes)
    cohort.priority_areas = list(prepared.priority_areas)
    for lead in list(cohort.co_leads):
        db.session.delete(lead)
    db.session.flush()
    for place, lead_name in enumerate(prepared.co_leads, start=1):
        db.session.add(CoLead(cohort_id=cohort.id, place=place, name=lead_name))
    _change_sources(cohort, prepared)
    db.session.flush()
    db.session.expire(cohort)


def _change_sources(cohort: Cohort, prepared: Prepared) -> None:
    there = {source.key: source for source in cohort.sources}
    for facts in prepared.sources:
        kept = there.pop(facts.key, None)
        if kept is None:
            db.session.add(Source(cohort_id=cohort.id, **facts.__dict__))
            continue
        for name, fact in facts.__dict__.items():
            setattr(kept, name, fact)
    for gone in there.values():
        db.session.delete(gone)


def _extend(
    cohort: Cohort, prepared: Prepared, by: Account, about: Mapping[str, Any], *, effective_on: date | None
) -> None:
    """Publish the headings and recommendations that come to a set, at its end, which stand from a day on."""
    headings = {each.number: each for each in cohort.headings}
    sources = {each.key: each for each in cohort.sources}
    place = max((each.place for each in cohort.recommendations), default=0)
    for heading in sorted(prepared.headings, key=lambda each: each.number):
        headings[heading.number] = publishing.publish_heading(
            cohort, number=heading.number, title=heading.title, by=by, about=about
        )
    for item in sorted(prepared.items, key=lambda each: _in_order(each.number)):
        place += 1
        publishing.publish_recommendation(
            headings[item.heading],
            cohort=cohort,
            number=item.number,
            place=place,
            text=item.text,
            text_status=item.text_status,
            effective_on=effective_on,
            source=sources.get(item.source) if item.source else None,
            by=by,
            about=about,
        )
    db.session.expire(cohort)


def _in_order(number: str) -> tuple[int, ...]:
    return tuple(map(int, number.split(".")))
