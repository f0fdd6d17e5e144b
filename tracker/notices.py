"""Prepares a notice of withdrawal, answer by answer, until it is given: by representatives, or from a letter on paper.

Each verb takes the ledger's lock first and looks at the endorsement as it stands now; the caller commits once. Whoever
saves an answer moves the endorsement's version, so that a colleague who has the form open is told.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from tracker import clock, withdrawing
from tracker.accrediting import require_accredited, require_staff
from tracker.errors import AlreadyProposed, DateRefused, Incomplete
from tracker.evidence import filing
from tracker.evidence.examining import Examined
from tracker.extensions import db
from tracker.models import Account, Endorsement, Evidence, PreparedNotice, Proposal, Text
from tracker.standing import lock_and_look, require_status, touch
from tracker.vocabulary import Status


def recorded() -> list[PreparedNotice]:
    """Return the notices that the secretariat is recording from letters, the one changed last first."""
    query = select(PreparedNotice).where(PreparedNotice.on_paper).order_by(PreparedNotice.changed_at.desc())
    return list(db.session.scalars(query))


def begin(endorsement: Endorsement, *, on_paper: bool = False, by: Account, version: int | None = None) -> None:
    """Begin to prepare a notice, or go on with the one that is there.

    After one that was returned or taken back it begins with what that said.

    Args:
        on_paper: whether the secretariat records a letter that came on paper.

    Raises:
        NotAccredited, NotStaff: the person may not.
        AlreadyProposed: a notice waits for the secretariat already.
        WrongStatus: the endorsement is not in force.
        Stale: somebody changed it since the person saw it.
    """
    _take_up(endorsement, on_paper=on_paper, by=by, version=version)


def sign(
    endorsement: Endorsement,
    *,
    signed_on: date | None,
    received_on: date | None = None,
    provenance: str = "",
    on_paper: bool = False,
    by: Account,
    version: int | None = None,
) -> None:
    """Answer when the notice was signed, and for one on paper when and how it came. Its days are looked at again later.

    Args:
        received_on, provenance: as in ``withdrawing.give_notice``, where it came on paper.

    Raises:
        DateRefused: a day is in the future, or it was received before it was signed.
        NotAccredited, NotStaff, AlreadyProposed, WrongStatus, Stale: as everywhere in this module.
    """
    notice = _take_up(endorsement, on_paper=on_paper, by=by, version=version)
    days = [day for day in (signed_on, received_on, clock.today()) if day]
    if days != sorted(days):
        raise DateRefused
    notice.signed_on = signed_on
    if on_paper:
        notice.received_on, notice.provenance = received_on, provenance or None
    notice.changed_at = touch(endorsement)


def declare(
    endorsement: Endorsement,
    *,
    effective_on: date | None,
    reason: Text | None = None,
    on_paper: bool = False,
    by: Account,
    version: int | None = None,
) -> None:
    """Answer from when the withdrawal takes effect, and why. The day is looked at when the notice is given.

    Raises:
        NotAccredited, NotStaff, AlreadyProposed, WrongStatus, Stale: as everywhere in this module.
    """
    notice = _take_up(endorsement, on_paper=on_paper, by=by, version=version)
    notice.effective_on, notice.reason = effective_on, reason
    notice.changed_at = touch(endorsement)


def attach(
    endorsement: Endorsement, letter: Examined, *, on_paper: bool = False, by: Account, version: int | None = None
) -> None:
    """Keep the signed letter of a notice, in the place of the one that is there.

    Raises:
        NotAccredited, NotStaff, AlreadyProposed, WrongStatus, Stale: as everywhere in this module.
    """
    notice = _take_up(endorsement, on_paper=on_paper, by=by, version=version)
    replaced, notice.evidence = notice.evidence, filing.keep(letter, by=by)
    notice.changed_at = touch(endorsement)
    filing.drop(replaced)


def detach(endorsement: Endorsement, *, on_paper: bool = False, by: Account, version: int | None = None) -> None:
    """Take the letter of a notice away again, if there is one.

    Raises:
        NotAccredited, NotStaff, AlreadyProposed, WrongStatus, Stale: as everywhere in this module.
    """
    notice = _take_up(endorsement, on_paper=on_paper, by=by, version=version)
    removed, notice.evidence = notice.evidence, None
    notice.changed_at = touch(endorsement)
    filing.drop(removed)


def discard(endorsement: Endorsement, *, on_paper: bool = False, by: Account, version: int | None = None) -> None:
    """Throw away what was prepared. The endorsement stays as it is.

    Raises:
        NotAccredited, NotStaff, AlreadyProposed, WrongStatus, Stale: as everywhere in this module.
    """
    withdrawing.drop_prepared(_take_up(endorsement, on_paper=on_paper, by=by, version=version))
    touch(endorsement)


def submit(endorsement: Endorsement, *, by: Account, version: int | None = None) -> Proposal:
    """Hand the notice that came on paper to a second person, and return the proposal.

    Raises:
        Incomplete: an answer is missing.
        DateRefused and others: as in ``withdrawing.give_notice``.
    """
    notice = withdrawing.prepared(endorsement, on_paper=True)
    if notice is None or notice.signed_on is None or notice.received_on is None or notice.effective_on is None:
        raise Incomplete
    return withdrawing.give_notice(
        endorsement,
        signed_on=notice.signed_on,
        effective_on=notice.effective_on,
        reason=notice.reason,
        received_on=notice.received_on,
        provenance=notice.provenance or "",
        by=by,
        version=version,
    )


def letter_so_far(endorsement: Endorsement, *, on_paper: bool = False) -> Evidence | None:
    """Return the letter with which a notice would be given now: that of what is prepared, or of the one before."""
    if notice := withdrawing.prepared(endorsement, on_paper=on_paper):
        return notice.evidence
    before = withdrawing.unconfirmed(endorsement, on_paper=on_paper)
    return withdrawing.letter_of(before) if before else None


def is_complete(notice: PreparedNotice) -> bool:
    """Whether every answer is there that a notice on paper needs."""
    return bool(notice.signed_on and notice.received_on and notice.effective_on)


def _take_up(endorsement: Endorsement, *, on_paper: bool, by: Account, version: int | None) -> PreparedNotice:
    lock_and_look(endorsement, version)
    if on_paper:
        require_staff(by)
    else:
        require_accredited(by, endorsement.participant)
    require_status(endorsement, Status.IN_FORCE)
    if withdrawing.waiting(endorsement):
        raise AlreadyProposed
    return withdrawing.prepared(endorsement, on_paper=on_paper) or _begun(endorsement, on_paper=on_paper)


def _begun(endorsement: Endorsement, *, on_paper: bool) -> PreparedNotice:
    notice = PreparedNotice(endorsement=endorsement, on_paper=on_paper, changed_at=clock.now())
    before = withdrawing.unconfirmed(endorsement, on_paper=on_paper)
    if before:
        said = withdrawing.Notice.of(before)
        notice.signed_on, notice.effective_on, notice.reason = said.signed_on, said.effective_on, said.reason
        notice.evidence = withdrawing.letter_of(before)
        if on_paper:
            notice.received_on, notice.provenance = said.notice_on, said.provenance
    db.session.add(notice)
    db.session.flush()
    return notice
