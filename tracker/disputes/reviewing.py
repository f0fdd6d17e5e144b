"""Disputes: a participant says that it did not sign an endorsement, and the secretariat reviews it.

It needs two steps. A link is sent to the address that is published for the participant, and whoever has that link says
what is wrong. From then on the endorsement is under review, which the public sees; it counts until it is corrected.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tracker import accrediting, clock, ledger, proposing
from tracker.accrediting import may_act_for, require_staff
from tracker.disputes import PRESSED_TWICE
from tracker.errors import BadLink, Incomplete, OwnSubmission, Stale, TooMany, UnderReview, WrongStatus
from tracker.extensions import db
from tracker.facts import subject_of
from tracker.mails import posting
from tracker.models import Account, Act, DisputeLink, Endorsement, LedgerEntry, Mail, Participant, Review, Text
from tracker.standing import lock_and_look, record
from tracker.vocabulary import Action, Notice, ProposalKind, ReviewOutcome

#: For how long a link may be used, and its row is kept after that, so that who comes late is told so.
LINK_LASTS, LINK_KEPT = timedelta(days=7), timedelta(days=30)

#: How many links are made in a day for one participant, and in an hour for all together, so that nobody can have the
#: register send mails without end.
MOST_FOR_ONE, MOST_FOR_ALL = 3, 60

_TOO_MANY_LINKS = lazy_gettext(
    "Too many links were asked for of late, so none was sent. Use one that was sent, or try again tomorrow."
)
_CONFIRMED_IT = lazy_gettext(
    "You confirmed this endorsement, or may act for the participant, so somebody else must answer."
)
_CORRECTION_WAITS = lazy_gettext("A correction of this endorsement waits for a second person. Decide on it first.")


@dataclass(frozen=True)
class Finding:
    """What a ledger entry says of the end of a review."""

    outcome: ReviewOutcome
    text: Text


def findings_in(acts: Iterable[Act]) -> dict[int, Finding]:
    """Return how reviews ended, by the entry that ended each."""
    return {act.entry_sequence: _finding(act.entry) for act in acts if act.action is Action.REVIEW_CLOSED}


def review_of(reference: str) -> Review | None:
    """Return a review by its reference."""
    return db.session.scalars(select(Review).filter_by(reference=reference)).one_or_none()


def open_one(endorsement: Endorsement) -> Review | None:
    """Return the review of an endorsement that is open, if there is one."""
    return db.session.scalars(select(Review).filter_by(endorsement_id=endorsement.id, outcome=None)).one_or_none()


def open_since(participant: Participant) -> dict[int, date]:
    """Return since when endorsements of a participant have been under review, by the endorsement's id."""
    query = select(Review).join(Review.endorsement).where(Review.outcome.is_(None))
    found = db.session.scalars(
        query.where(Endorsement.participant_id == participant.id).options(joinedload(Review.opened))
    )
    return {each.endorsement_id: each.opened.recorded_at.date() for each in found}


def ask_for_link(endorsement: Endorsement, *, language: str) -> None:
    """Send a link that disputes an endorsement to the participant's contact address, where one is known.

    Whoever asks is told the same in either case, and may ask as often. Who asks once more within a minute is sent no
    second link: the first one holds. The ledger's lock has those who ask come one after the other.

    Args:
        language: in which the mail is written, by its tag.

    Raises:
        WrongStatus: the endorsement is none of the public record.
        UnderReview: it is disputed already.
        TooMany: too many links were asked for of late.
    """
    ledger.lock()
    _require_disputable(endorsement)
    now = clock.now()
    if _has_just_asked(endorsement):
        return
    asked = select(func.count()).select_from(DisputeLink)
    of_this_one = asked.join(DisputeLink.endorsement).where(
        Endorsement.participant_id == endorsement.participant_id, DisputeLink.asked_at > now - timedelta(days=1)
    )
    of_all = asked.where(DisputeLink.asked_at > now - timedelta(hours=1))
    if _count(of_this_one) >= MOST_FOR_ONE or _count(of_all) >= MOST_FOR_ALL:
        raise TooMany(_TOO_MANY_LINKS)
    token = secrets.token_hex(32)
    link = DisputeLink(endorsement=endorsement, token_sha256=_digest(token), asked_at=now, expires_at=now + LINK_LASTS)
    db.session.add(link)
    db.session.flush()
    if endorsement.participant.contact_address:
        facts = {**posting.names_of(endorsement), "expires_on": link.expires_at.date(), "secret": token}
        posting.write_to_address(endorsement.participant.contact_address, "", language, Notice.DISPUTE_LINK, facts)


def link_of(endorsement: Endorsement, token: str) -> DisputeLink:
    """Return the link of a token, where it may still dispute an endorsement.

    Raises:
        BadLink: nobody was sent it, it is for another endorsement, it was used, or it expired.
    """
    link = db.session.scalars(select(DisputeLink).filter_by(token_sha256=_digest(token))).one_or_none()
    if link is None:
        raise BadLink
    if link.endorsement_id != endorsement.id:
        raise BadLink(lazy_gettext("This link is for another endorsement."))
    if link.used_at:
        raise BadLink(lazy_gettext("This link was used already."), spent=True)
    if link.expires_at <= clock.now():
        raise BadLink(lazy_gettext("This link has expired."), spent=True)
    return link


def dispute(endorsement: Endorsement, *, token: str, message: str, language: str) -> Review:
    """Put an endorsement under review, on the word of who has the link that was sent, and return the review.

    Args:
        message: what the participant says.
        language: in which it is answered, by its tag.

    Raises:
        BadLink: as in :func:`link_of`.
        WrongStatus, UnderReview: as in :func:`ask_for_link`.
        Incomplete: nothing is said.
    """
    lock_and_look(endorsement, None)
    link = link_of(endorsement, token)
    _require_disputable(endorsement)
    if not message.strip():
        raise Incomplete
    link.used_at = clock.now()
    entry = record(
        endorsement,
        Action.REVIEW_OPENED,
        None,
        _names(endorsement),
        actor=ledger.CONTACT,
        private={"message": message.strip()},
    )
    review = Review(
        reference=str(uuid.uuid4()),
        endorsement=endorsement,
        message=message.strip(),
        language=language,
        opened=entry,
    )
    db.session.add(review)
    db.session.flush()
    _tell_of_opening(review)
    return review


def has_a_part_in(review: Review, person: Account) -> bool:
    """Whether a person confirmed the endorsement or may act for its participant, and so may not answer alone."""
    endorsement = review.endorsement
    return endorsement.confirmed_by_id == person.id or may_act_for(person, endorsement.participant, clock.today())


def uphold(review: Review, *, finding: Text, by: Account, version: int | None = None) -> None:
    """Close a review: the endorsement stands, and this is why.

    Where it does not stand, a correction is proposed, whose approval closes the review.

    Args:
        finding: the answer; it is published.

    Raises:
        NotStaff: the person does not work for the secretariat.
        OwnSubmission: the person confirmed the endorsement, or may act for the participant.
        WrongStatus: the review is closed, or a correction of the endorsement waits.
        Stale: somebody changed it since the person saw it.
    """
    require_staff(by)
    ledger.lock()
    db.session.refresh(review)
    if review.outcome is not None:
        raise WrongStatus
    if version is not None and version != review.version:
        raise Stale
    if has_a_part_in(review, by):
        raise OwnSubmission(_CONFIRMED_IT)
    if proposing.open_one(ProposalKind.CORRECTION, subject_of(review.endorsement)):
        raise WrongStatus(_CORRECTION_WAITS)
    entry = _close(review, ReviewOutcome.UPHELD, finding, by)
    for person in accrediting.representatives_of(review.endorsement.participant, clock.today()):
        posting.write(person, Notice.REVIEW_CLOSED, _facts(review, entry))


def close_as_corrected(endorsement: Endorsement, *, finding: Text, by: Account) -> None:
    """Close the review of an endorsement that was annulled, if one is open. The caller holds the ledger's lock."""
    if review := open_one(endorsement):
        _close(review, ReviewOutcome.CORRECTED, finding, by)


def void_links(participant: Participant) -> None:
    """Take every link away that was sent and not used: the address to which it went is the participant's no more."""
    of_it = select(Endorsement.id).filter_by(participant_id=participant.id).scalar_subquery()
    db.session.execute(
        sa.update(DisputeLink)
        .where(DisputeLink.endorsement_id.in_(of_it), DisputeLink.used_at.is_(None))
        .values(expires_at=sa.case((DisputeLink.expires_at > clock.now(), clock.now()), else_=DisputeLink.expires_at))
    )


def due() -> bool:
    """Whether there are links, or mails with one, that are to be deleted."""
    queries = (select(DisputeLink.id).where(_is_long_over()), select(Mail.id).where(_is_stale_mail()))
    return any(db.session.scalar(query.limit(1)) is not None for query in queries)


def forget() -> None:
    """Delete links that expired long ago, and the mails with links that have expired."""
    db.session.execute(sa.delete(DisputeLink).where(_is_long_over()))
    db.session.execute(sa.delete(Mail).where(_is_stale_mail()))


def _has_just_asked(endorsement: Endorsement) -> bool:
    """Whether a link was asked for a moment ago that can still be used."""
    links = select(DisputeLink.id).filter_by(endorsement_id=endorsement.id, used_at=None)
    now = clock.now()
    lately = links.where(DisputeLink.asked_at > now - PRESSED_TWICE, DisputeLink.expires_at > now)
    return db.session.scalar(lately.limit(1)) is not None


def _is_long_over() -> sa.ColumnElement[bool]:
    return DisputeLink.expires_at < clock.now() - LINK_KEPT


def _is_stale_mail() -> sa.ColumnElement[bool]:
    return sa.and_(Mail.notice == Notice.DISPUTE_LINK, Mail.created_at < clock.now() - LINK_LASTS)


def _require_disputable(endorsement: Endorsement) -> None:
    if endorsement.effective_on is None:
        raise WrongStatus
    if open_one(endorsement):
        raise UnderReview


def _close(review: Review, outcome: ReviewOutcome, finding: Text, by: Account) -> LedgerEntry:
    endorsement = review.endorsement
    payload = {**_names(endorsement), "opened": review.opened_entry, "outcome": outcome, "finding": finding}
    entry = record(endorsement, Action.REVIEW_CLOSED, by, payload)
    review.outcome, review.finding, review.closed, review.closed_by = outcome, finding, entry, by
    db.session.flush()
    if endorsement.participant.contact_address:
        posting.write_to_address(
            endorsement.participant.contact_address, "", review.language, Notice.REVIEW_ANSWERED, _facts(review, entry)
        )
    return entry


def _tell_of_opening(review: Review) -> None:
    facts = _facts(review, review.opened)
    for person in accrediting.staff():
        posting.write(person, Notice.REVIEW_DUE, {**facts, "message": review.message})
    for person in accrediting.representatives_of(review.endorsement.participant, clock.today()):
        posting.write(person, Notice.REVIEW_OPENED, facts)


def _facts(review: Review, entry: LedgerEntry) -> dict[str, Any]:
    return {
        **posting.names_of(review.endorsement),
        "review": review.reference,
        "effective_on": review.endorsement.effective_on,
        "outcome": review.outcome,
        "finding": review.finding,
        "entry": {"sequence": entry.sequence, "hash": entry.hash},
    }


def _names(endorsement: Endorsement) -> dict[str, str]:
    return {"cohort": endorsement.cohort.slug, "participant": endorsement.participant.slug}


def _finding(entry: LedgerEntry) -> Finding:
    facts = ledger.facts_of(entry)
    outcome = next(each for each in ReviewOutcome if each == facts["outcome"])
    return Finding(outcome, Text.from_json(facts["finding"]))


def _count(query: sa.Select[int]) -> int:
    return db.session.scalar(query) or 0


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
