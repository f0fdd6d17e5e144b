"""Short ways for tests to make tables as people and their programs do, and to load them."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from tracker.bulk import judging, loads, working
from tracker.bulk.judging import Judgement
from tracker.bulk.tables import Row
from tracker.extensions import db
from tracker.models import Account, Load, Proposal

Uploaded = tuple[str, bytes]
PARTICIPANTS = "participant,kind,name_authentic,name_en"
ENDORSEMENTS = "participant,cohort,effective_on"


def csv_of(*lines: str, name: str = "table.csv") -> Uploaded:
    """Return a CSV file of these lines."""
    return name, "\r\n".join(lines).encode()


def participants(*lines: str, head: str = PARTICIPANTS) -> Uploaded:
    """Return a table of participants."""
    return csv_of(head, *lines, name="participants.csv")


def endorsements(*lines: str, head: str = ENDORSEMENTS) -> Uploaded:
    """Return a table of endorsements."""
    return csv_of(head, *lines, name="endorsements.csv")


def workbook(*rows: list[Any], title: str = "participants", **more: list[list[Any]]) -> Uploaded:
    """Return a workbook, with more sheets by their names."""
    book = openpyxl.Workbook()
    book.active.title = title
    for title_, lines in {title: rows, **more}.items():
        sheet = book.active if title_ == title else book.create_sheet(title_)
        for line in lines:
            sheet.append(line)
    return saved(book)


def saved(book: openpyxl.Workbook, name: str = "table.xlsx") -> Uploaded:
    """Return a workbook as a file."""
    target = io.BytesIO()
    book.save(target)
    return name, target.getvalue()


def judged(*uploaded: Uploaded) -> Judgement:
    """Return what would become of the rows of files."""
    return judging.judge(uploaded)


def row_of(*uploaded: Uploaded) -> Row:
    """Return the only row of files, judged."""
    (row,) = judged(*uploaded).rows
    return row


def wrong(row: Row) -> dict[str, str]:
    """Return what is wrong with a row: the code by column."""
    return {each.column: each.code for each in row.mistakes}


def a_load(*uploaded: Uploaded, by: Account) -> Load:
    """Return a load whose preview is ready."""
    load = loads.take_in(uploaded, by=by)
    db.session.commit()
    working.compute(load.reference, load.worker)
    db.session.refresh(load)
    return load


def proposed(*uploaded: Uploaded, by: Account) -> Proposal:
    """Return the proposal to record files."""
    return loads.propose(a_load(*uploaded, by=by), by=by)


def recorded(*uploaded: Uploaded, by: Account, other: Account) -> Proposal:
    """Record files, which somebody else approves."""
    proposal = proposed(*uploaded, by=by)
    loads.confirm(proposal, by=other)
    return proposal
