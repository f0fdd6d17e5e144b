"""Measures the price of a page that misses the cache: what the application behind the cache takes to make it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from wsgiref.types import WSGIApplication

from werkzeug.test import create_environ

from benchmarks import filling, report
from benchmarks.timing import side_by_side
from tracker.page_cache import PageCache

SIGNATORIES = 300
RECOMMENDATIONS = 30
GOAL = 15.0
ROUNDS = 100

PAGES = {
    "overview": f"/en/{filling.SLUG}",
    "signatories": f"/en/{filling.SLUG}/signatories",
    "a recommendation": f"/en/{filling.SLUG}/recommendations/3.2",
}


def measure(folder: Path) -> report.Table:
    """Return what each page costs."""
    print(f"\nFilling a register with {SIGNATORIES} signatories x {RECOMMENDATIONS} recommendations", flush=True)
    app = filling.new_register(folder / "making.sqlite")
    with filling.filled(app):
        filling.by_acts(filling.publish(RECOMMENDATIONS), SIGNATORIES)
    cache: PageCache = app.extensions["page_cache"]
    print("Making pages", flush=True)
    things = {name: _request(cache.application, address) for name, address in PAGES.items()}
    prices = side_by_side(things, rounds=ROUNDS, warm_up=5)
    return report.Table(
        f"A page that misses the cache, {SIGNATORIES} signatories x {RECOMMENDATIONS} recommendations "
        f"(median of {ROUNDS})",
        ("page", "price", "goal", ""),
        [(name, f"{price:.2f} ms", *report.below(GOAL, price, "ms")) for name, price in prices.items()],
    )


def _request(application: WSGIApplication, address: str) -> Callable[[], AbstractContextManager[Callable[[], object]]]:
    def get_ready() -> AbstractContextManager[Callable[[], object]]:
        environ = create_environ(address, "http://127.0.0.1/")
        return nullcontext(lambda: _answer(application(environ, _start)))

    return get_ready


def _start(status: str, _headers: list[tuple[str, str]], _exc_info: object = None) -> Callable[[bytes], object]:
    if status != "200 OK":
        raise RuntimeError(f"the page was answered with {status}")
    return lambda _data: None


def _answer(chunks: Iterable[bytes]) -> bytes:
    body = b"".join(chunks)
    close = getattr(chunks, "close", None)
    if close:
        close()
    return body
