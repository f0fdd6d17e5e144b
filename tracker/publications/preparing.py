"""Prepares a cohort before it is public, or changes of one that is: saved part by part, left, taken up again.

Only staff see it. What is prepared is put before a second person by ``establishing``. Until that is decided, and until
its moment, it does not change.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError

from tracker import clock, ledger
from tracker.accrediting import require_staff
from tracker.cohort_files.cohort_file import RESERVED
from tracker.errors import AddressTaken, BeingDecided, GoneMeanwhile, Stale
from tracker.extensions import db
from tracker.models import Account, Cohort, Preparation, Proposal, Text
from tracker.publishing import SourceFacts
from tracker.vocabulary import PENDING, TextStatus


@dataclass(frozen=True)
class HeadingFacts:
    """A heading that is to be published."""

    number: int
    title: Text


@dataclass(frozen=True)
class ItemFacts:
    """A recommendation that is to be published, under the heading of a number."""

    heading: int
    number: str
    text: Text
    text_status: TextStatus
    source: str | None = None


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A cohort as it is to be. Of one that is published, headings and recommendations are those that come to it."""

    slug: str
    title: Text
    summit: str | None = None
    established_on: date | None = None
    published_on: date | None = None
    expected_outcomes: tuple[Text, ...] = ()
    priority_areas: tuple[Text, ...] = ()
    co_leads: tuple[Text, ...] = ()
    sources: tuple[SourceFacts, ...] = ()
    headings: tuple[HeadingFacts, ...] = ()
    items: tuple[ItemFacts, ...] = ()

    @property
    def facts(self) -> dict[str, Any]:
        """What is said of the cohort itself, as ``publishing.publish_cohort`` takes it."""
        return {name: fact for name, fact in self.__dict__.items() if name not in ("headings", "items")}

    @classmethod
    def as_published(cls, cohort: Cohort) -> Self:
        """Return a published cohort as it is, to which nothing comes."""
        names = SourceFacts.__dataclass_fields__
        return cls(
            slug=cohort.slug,
            title=cohort.title,
            summit=cohort.summit,
            established_on=cohort.established_on,
            published_on=cohort.published_on,
            expected_outcomes=tuple(cohort.expected_outcomes),
            priority_areas=tuple(cohort.priority_areas),
            co_leads=tuple(each.name for each in cohort.co_leads),
            sources=tuple(SourceFacts(**{name: getattr(each, name) for name in names}) for each in cohort.sources),
        )

    @classmethod
    def of(cls, thing: Preparation | Proposal) -> Self:
        """Return what a preparation or a proposal holds."""
        said = thing.content
        return cls(
            slug=said["slug"],
            title=Text.from_json(said["title"]),
            summit=said.get("summit"),
            established_on=_day(said, "established_on"),
            published_on=_day(said, "published_on"),
            **{
                name: tuple(map(Text.from_json, said[name]))
                for name in ("expected_outcomes", "priority_areas", "co_leads")
            },
            sources=tuple(
                SourceFacts(**{**each, "published_on": _day(each, "published_on")}) for each in said["sources"]
            ),
            headings=tuple(HeadingFacts(each["number"], Text.from_json(each["title"])) for each in said["headings"]),
            items=tuple(
                ItemFacts(
                    each["heading"],
                    each["number"],
                    Text.from_json(each["text"]),
                    TextStatus[each["text_status"].upper()],
                    each.get("source"),
                )
                for each in said["items"]
            ),
        )

    def as_content(self) -> dict[str, Any]:
        """Return what is kept of it; :meth:`of` reads that."""
        content: dict[str, Any] = ledger.plain(
            {
                **self.facts,
                "sources": [each.__dict__ for each in self.sources],
                "headings": [each.__dict__ for each in self.headings],
                "items": [each.__dict__ for each in self.items],
            }
        )
        return content

    def moved_up(self, part: str, place: int) -> Self:
        """Return it with a member of a part before the one that stood before it."""
        members = list(getattr(self, part))
        if 0 < place < len(members):
            members[place - 1 : place + 1] = members[place], members[place - 1]
        return self._with(part, members)

    def without(self, part: str, place: int) -> Self:
        """Return it without a member of a part."""
        return self._with(part, [each for at, each in enumerate(getattr(self, part)) if at != place])

    def with_member(self, part: str, place: int | None, member: Any) -> Self:
        """Return it with a member of a part at a place, in the place of the one there; at the end without a place."""
        members = list(getattr(self, part))
        if place is None:
            members.append(member)
        else:
            members[place] = member
        return self._with(part, members)

    def _with(self, part: str, members: list[Any]) -> Self:
        changed: dict[str, Any] = {part: tuple(members)}
        return replace(self, **changed)


def preparation(reference: str) -> Preparation | None:
    """Return a preparation by its reference."""
    return db.session.scalars(select(Preparation).filter_by(reference=reference)).one_or_none()


def preparations() -> list[Preparation]:
    """Return all that is being prepared, what was changed last first."""
    return list(db.session.scalars(select(Preparation).order_by(Preparation.changed_at.desc(), Preparation.id)))


def preparation_for(cohort: Cohort) -> Preparation | None:
    """Return the changes that are being prepared of a published cohort."""
    return db.session.scalars(select(Preparation).filter_by(cohort_id=cohort.id)).one_or_none()


def preparation_of(proposal: Proposal) -> Preparation | None:
    """Return the preparation of which a proposal was made, until it is public."""
    return db.session.scalars(select(Preparation).filter_by(proposal_id=proposal.id)).one_or_none()


def is_pending(preparation: Preparation) -> bool:
    """Whether what is prepared waits for approval, or for its moment."""
    return preparation.proposal is not None and preparation.proposal.status in PENDING


def begin(prepared: Prepared, *, by: Account) -> Preparation:
    """Begin to prepare a new cohort.

    Raises:
        AddressTaken: another cohort has its address, or it is none.
        NotStaff: the person does not work for the secretariat.
    """
    ledger.lock()
    require_staff(by)
    require_address(prepared.slug, but=None)
    return _begin(prepared, None, by)


def begin_change(cohort: Cohort, *, by: Account) -> Preparation:
    """Begin to prepare changes of a published cohort, or return those that are being prepared.

    Raises:
        NotStaff: the person does not work for the secretariat.
    """
    ledger.lock()
    require_staff(by)
    return preparation_for(cohort) or _begin(Prepared.as_published(cohort), cohort, by)


def keep(preparation: Preparation, prepared: Prepared, *, by: Account, version: int | None = None) -> None:
    """Keep what is prepared as it is now.

    Raises:
        AddressTaken: another cohort has its address, or it is none.
        BeingDecided: it waits for approval, or for its moment.
        GoneMeanwhile: a colleague discarded it, or it is public.
        NotStaff: the person does not work for the secretariat.
        Stale: somebody changed it since the person saw it.
    """
    take_up(preparation, by=by, version=version)
    if preparation.cohort:
        prepared = replace(prepared, slug=preparation.cohort.slug)
    require_address(prepared.slug, but=preparation)
    preparation.content = prepared.as_content()
    _touch(preparation, by)


def discard(preparation: Preparation, *, by: Account, version: int | None = None) -> None:
    """Throw away what is prepared; what is public stays as it is.

    Raises:
        BeingDecided, GoneMeanwhile, NotStaff, Stale: as for :func:`keep`.
    """
    take_up(preparation, by=by, version=version)
    db.session.delete(preparation)
    db.session.flush()


def take_up(preparation: Preparation, *, by: Account, version: int | None) -> None:
    """Take the ledger's lock and look at a preparation again, which may be changed.

    Raises:
        BeingDecided, GoneMeanwhile, NotStaff, Stale: as for :func:`keep`.
    """
    ledger.lock()
    try:
        db.session.refresh(preparation)
    except InvalidRequestError:  # a colleague discarded it, or it appeared
        raise GoneMeanwhile from None
    require_staff(by)
    if is_pending(preparation):
        raise BeingDecided
    if version is not None and version != preparation.version:
        raise Stale


def require_address(slug: str, *, but: Preparation | None) -> None:
    """Refuse an address at which a new cohort cannot be published.

    Args:
        but: the preparation whose address it may be.

    Raises:
        AddressTaken: it cannot.
    """
    if but and but.cohort_id:
        return
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 80 or slug in RESERVED:  # noqa: PLR2004
        raise AddressTaken
    published = db.session.scalar(select(Cohort.id).filter_by(slug=slug))
    others = (each for each in preparations() if each is not but and each.cohort_id is None)
    if published or any(each.content["slug"] == slug for each in others):
        raise AddressTaken


def _begin(prepared: Prepared, cohort: Cohort | None, by: Account) -> Preparation:
    found = Preparation(reference=str(uuid.uuid4()), cohort=cohort, content=prepared.as_content())
    db.session.add(found)
    _touch(found, by)
    return found


def _touch(preparation: Preparation, by: Account) -> None:
    preparation.changed_by = by
    preparation.changed_at = clock.now()
    db.session.flush()


def _day(said: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(said[name]) if said.get(name) else None
