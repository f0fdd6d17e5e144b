"""Reports that something is wrong on a public page: anybody writes one, and the secretariat answers or closes it.

Reports are no part of the public record. What the secretariat corrects because of one is an act of its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tracker import accrediting, clock, ledger
from tracker.accrediting import require_staff
from tracker.disputes import PRESSED_TWICE
from tracker.errors import Incomplete, NoAddress, Stale, TooMany, WrongStatus
from tracker.extensions import db
from tracker.mails import posting
from tracker.models import Account, Mail, Report
from tracker.vocabulary import Notice, ReportStatus

#: How many reports are taken in an hour, from everybody together: nobody's network address is kept to count by.
MOST_IN_AN_HOUR = 60

#: For how long a report is kept after it was closed, with what its reader told of themselves.
KEPT_FOR = timedelta(days=90)


def report(*, page: str, message: str, name: str | None = None, address: str | None = None, language: str) -> Report:
    """Take down that something is wrong on a page, and return the report.

    What is sent once more within a minute is the same report. The ledger's lock has reports come one after the other,
    so that this holds too where both come at the same moment.

    Args:
        page: the page's address on this register.
        name, address: who reports it, and where the answer goes, where the reader wants one.
        language: in which the reader read, and is answered.

    Raises:
        TooMany: more reports came in the last hour than a secretariat can read.
        Incomplete: nothing is said.
    """
    if not message.strip():
        raise Incomplete
    ledger.lock()
    said = {"page": page, "message": message, "name": name or None, "address": address or None, "language": language}
    if before := _just_sent(said):
        return before
    lately = select(func.count()).select_from(Report).where(Report.written_at > clock.now() - timedelta(hours=1))
    if (db.session.scalar(lately) or 0) >= MOST_IN_AN_HOUR:
        raise TooMany
    found = Report(
        reference=secrets.token_hex(5),
        **said,
        written_at=clock.now(),
        status=ReportStatus.OPEN,
    )
    db.session.add(found)
    db.session.flush()
    _tell_staff()
    return found


def report_of(reference: str) -> Report | None:
    """Return a report by its reference."""
    return db.session.scalars(select(Report).filter_by(reference=reference)).one_or_none()


def reports(status: ReportStatus, most: int) -> list[Report]:
    """Return the reports at a point: the open ones the oldest first, the others the latest first."""
    order = Report.id if status is ReportStatus.OPEN else Report.closed_at.desc()
    return list(db.session.scalars(select(Report).filter_by(status=status).order_by(order).limit(most)))


def counts() -> dict[ReportStatus, int]:
    """Return how many reports there are at each point; every point is there."""
    rows = db.session.execute(select(Report.status, func.count()).group_by(Report.status))
    return dict.fromkeys(ReportStatus, 0) | {status: count for status, count in rows}  # noqa: C416


def answer(found: Report, *, text: str, note: str = "", by: Account, version: int | None = None) -> None:
    """Write to the reader, and close the report.

    Args:
        text: what the reader is told.
        note: for the secretariat alone.

    Raises:
        NoAddress: the reader left no address.
        Incomplete: no answer is given.
        NotStaff, WrongStatus, Stale: as in :func:`close`.
    """
    _take_up(found, by, version)
    if not found.address:
        raise NoAddress
    if not text.strip():
        raise Incomplete
    found.answer = text.strip()
    _close(found, ReportStatus.ANSWERED, note, by)
    posting.write_to_address(
        found.address,
        found.name or "",
        found.language,
        Notice.REPORT_ANSWERED,
        {"reference": found.reference, "page": found.page, "message": found.message, "answer": found.answer},
        occasion=_occasion(found.reference),
    )


def close(found: Report, *, note: str = "", by: Account, version: int | None = None) -> None:
    """Close a report without an answer.

    Raises:
        NotStaff: the person does not work for the secretariat.
        WrongStatus: it was closed already.
        Stale: somebody changed it since the person saw it.
    """
    _take_up(found, by, version)
    _close(found, ReportStatus.CLOSED, note, by)


def due() -> bool:
    """Whether there are reports that are to be deleted."""
    return db.session.scalar(select(Report.id).where(_is_over()).limit(1)) is not None


def forget() -> int:
    """Delete the reports that were closed long ago, with the mails that answered them; return how many there were."""
    references = list(db.session.scalars(select(Report.reference).where(_is_over())))
    occasions = [_occasion(reference) for reference in references]
    db.session.execute(sa.delete(Mail).where(Mail.occasion.in_(occasions)))
    db.session.execute(sa.delete(Report).where(Report.reference.in_(references)))
    return len(references)


def _just_sent(said: Mapping[str, str | None]) -> Report | None:
    """Return the report that says all this and came a moment ago, if there is one."""
    query = select(Report).filter_by(**said).where(Report.written_at > clock.now() - PRESSED_TWICE)
    return db.session.scalars(query.order_by(Report.id.desc()).limit(1)).one_or_none()


def _is_over() -> sa.ColumnElement[bool]:
    return Report.closed_at < clock.now() - KEPT_FOR


def _occasion(reference: str) -> str:
    return f"report/{reference}"


def _take_up(found: Report, by: Account, version: int | None) -> None:
    require_staff(by)
    db.session.refresh(found, with_for_update=True)
    if found.status is not ReportStatus.OPEN:
        raise WrongStatus
    if version is not None and version != found.version:
        raise Stale


def _close(found: Report, status: ReportStatus, note: str, by: Account) -> None:
    found.status = status
    found.note = note.strip() or None
    found.closed_at = clock.now()
    found.closed_by = by
    db.session.flush()


def _tell_staff() -> None:
    """Tell the secretariat that reports came: once a day, so that a flood of them is not one of mails too."""
    today = clock.today()
    facts: dict[str, Any] = {"on": today}
    for person in accrediting.staff():
        occasion = f"reports/{today}/{person.actor}"
        if db.session.scalar(select(Mail.id).filter_by(occasion=occasion)) is None:
            try:
                with db.session.begin_nested():
                    posting.write(person, Notice.REPORT_DUE, facts, occasion=occasion)
            except IntegrityError:  # somebody reported at the same moment
                continue
