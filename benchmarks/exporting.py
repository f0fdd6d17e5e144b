"""Measures the price of tables that are taken away, beside that of reading their rows; and of the pages of counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask

from benchmarks import filling, report
from benchmarks.timing import side_by_side
from tracker import accrediting
from tracker.exports import csv, record, xlsx
from tracker.exports.columns import ENDORSEMENTS, PARTICIPANTS

PARTICIPANTS_AND_ENDORSEMENTS = 5000
SIGNATORIES = 300
RECOMMENDATIONS = 30
TABLES = (PARTICIPANTS.name, ENDORSEMENTS.name)
FORMS = {"CSV": csv.write, "XLSX": xlsx.write}

#: How much more than reading its rows a table may cost in each form.
MOST_OF_ROWS = {"CSV": 3.0, "XLSX": 12.0}
#: How much more than the public list of the same signatories a page of counts may cost.
MOST_OF_LIST = 2.0
FILE_ROUNDS, PAGE_ROUNDS = 5, 50

PASSWORD = "a passphrase for one run"  # nosec B105  # of a register that lives for one run
LIST = f"/en/{filling.SLUG}/signatories"
COUNTS = f"/en/secretariat/counts/{filling.SLUG}"
PAGES = {
    "by kind and region": COUNTS,
    "by recommendation": f"{COUNTS}/by-recommendation",
    "over time": f"{COUNTS}/over-time",
    "who has not endorsed": f"{COUNTS}/not-endorsed?as-at=2022-06-30",
}

Thing = Callable[[], AbstractContextManager[Callable[[], object]]]


def measure(folder: Path) -> str:
    """Return what files and pages cost, as two tables."""
    return f"{_files(folder)}\n{_pages(folder)}"


def _files(folder: Path) -> report.Table:
    print(f"\nFilling a register with {PARTICIPANTS_AND_ENDORSEMENTS} x {RECOMMENDATIONS}", flush=True)
    app = filling.new_register(folder / "exporting.sqlite")
    with filling.filled(app):
        filling.in_bulk(filling.publish(RECOMMENDATIONS), PARTICIPANTS_AND_ENDORSEMENTS)
    print("Taking tables away", flush=True)
    lines = []
    for name in TABLES:
        read = record.TABLES[name]
        things: dict[str, Thing] = {"rows": partial(_in_context, app, read)}
        things |= {form: partial(_in_context, app, partial(_written, write, read)) for form, write in FORMS.items()}
        prices = side_by_side(things, rounds=FILE_ROUNDS, warm_up=1)
        for form, goal in MOST_OF_ROWS.items():
            ratio = prices[form] / prices["rows"]
            figures = (f"{prices['rows']:.0f} ms", f"{prices[form]:.0f} ms", f"{ratio:.2f}")
            lines.append((f"{name}, {form}", *figures, *report.at_most(goal, ratio)))
    return report.Table(
        f"Taking {PARTICIPANTS_AND_ENDORSEMENTS} participants and endorsements away (median of {FILE_ROUNDS})",
        ("table", "its rows alone", "the file", "ratio", "goal", ""),
        lines,
    )


def _written(write: Callable[[Any], bytes], read: Callable[[], Any]) -> bytes:
    return write(read())


@contextmanager
def _in_context(app: Flask, do: Callable[[], object]) -> Iterator[Callable[[], object]]:
    with app.app_context():
        yield do


def _pages(folder: Path) -> report.Table:
    print(f"\nFilling a register with {SIGNATORIES} signatories x {RECOMMENDATIONS} recommendations", flush=True)
    app = filling.new_register(folder / "counting.sqlite")
    with filling.filled(app):
        filling.by_acts(filling.publish(RECOMMENDATIONS), SIGNATORIES)
        accrediting.open_account(email="sam@example.org", name="Sam", password=PASSWORD, staff=True)
    print("Making pages of counts", flush=True)
    app.config["WTF_CSRF_ENABLED"] = False
    app.wsgi_app = app.extensions["page_cache"].application  # type: ignore[method-assign]  # behind the page cache
    client = app.test_client()
    client.post("/en/sign-in", data={"email": "sam@example.org", "password": PASSWORD})
    pages = {"the public list": LIST, **PAGES}
    prices = side_by_side(
        {name: partial(nullcontext, partial(_get, client, address)) for name, address in pages.items()},
        rounds=PAGE_ROUNDS,
        warm_up=5,
    )
    listed = prices.pop("the public list")
    lines = []
    for name, price in prices.items():
        ratio = price / listed
        lines.append(
            (name, f"{listed:.2f} ms", f"{price:.2f} ms", f"{ratio:.2f}", *report.at_most(MOST_OF_LIST, ratio))
        )
    return report.Table(
        f"Pages of counts, {SIGNATORIES} signatories x {RECOMMENDATIONS} recommendations (median of {PAGE_ROUNDS})",
        ("page", "public list", "page", "ratio", "goal", ""),
        lines,
    )


def _get(client: Any, address: str) -> bytes:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} was answered with {answer.status_code}")
    body: bytes = answer.data
    return body
