"""Measures a bulk load: how long the preview of its rows takes, and its approval."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import filling, report
from tracker import accrediting
from tracker.bulk import loads, working
from tracker.exports import csv, xlsx
from tracker.exports.columns import Column, Sheet
from tracker.extensions import db
from tracker.models import Account, Load, Proposal

ROWS = 5000
RECOMMENDATIONS = 10
#: How long the preview may take, in seconds.
MOST_SECONDS = 10.0


def measure(folder: Path) -> str:
    """Return what previews and an approval take, as a table."""
    print(f"\nLoading {ROWS} participants, and {ROWS} endorsements of {RECOMMENDATIONS} recommendations", flush=True)
    app = filling.new_register(folder / "bulk.sqlite")
    with filling.filled(app):
        filling.publish(RECOMMENDATIONS)
        for name in ("sam", "kim"):
            email, password = f"{name}@example.org", "a passphrase here"  # nosec B105  # of a register that lives for one run
            accrediting.open_account(email=email, name=name, password=password, staff=True)
    lines: list[tuple[str, ...]] = []
    with filling.filled(app):
        sam, kim = db.session.query(Account).order_by(Account.id).all()
        for name, sheet, write in (
            ("participants, CSV", _participants(), csv.write),
            ("endorsements, XLSX", _endorsements(), xlsx.write),
        ):
            file = (f"{sheet.name}.{'csv' if write is csv.write else 'xlsx'}", write(sheet))
            load, seconds = _timed(partial(_previewed, file, sam))
            lines.append((f"{name}: preview", f"{seconds:.1f} s", *report.at_most(MOST_SECONDS, seconds)))
            proposal = loads.propose(load, by=sam)
            _, seconds = _timed(partial(_approved, proposal, kim))
            lines.append((f"{name}: approval", f"{seconds:.1f} s", "", ""))
    return str(report.Table(f"Loading {ROWS} rows", ("step", "took", "goal", ""), lines))


def _previewed(file: tuple[str, bytes], by: Account) -> Load:
    load = loads.take_in([file], by=by)
    db.session.commit()
    working.compute(load.reference, load.worker)
    db.session.refresh(load)
    return load


def _approved(proposal: Proposal, by: Account) -> None:
    loads.confirm(proposal, by=by)
    db.session.commit()


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    start = perf_counter()
    return act(), perf_counter() - start


def _participants() -> Sheet:
    columns = tuple(map(Column, ("participant", "kind", "name_authentic", "name_en")))
    return Sheet("participants", columns, [(f"place-{n}", "country", "en", f"Place {n}") for n in range(ROWS)])


def _endorsements() -> Sheet:
    columns = tuple(map(Column, ("participant", "cohort", "effective_on", "scope")))
    rows = [(f"place-{n}", filling.SLUG, "2024-05-06", "all") for n in range(ROWS)]
    return Sheet("endorsements", columns, [*rows])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as name:
        print(measure(Path(name)))
    sys.exit()
