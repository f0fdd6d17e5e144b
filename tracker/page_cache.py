"""Public pages, kept under the ledger's head.

An anonymous public page depends on the ledger's head, the day, the address and the language in it. Kept under that
key it is stale the moment the head moves, on every server that shares the database, with no code that invalidates.
This is WSGI, outside Flask: an answer from here costs one look at the head and nothing of Flask.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, g, request
from sqlalchemy import Engine
from werkzeug.http import parse_accept_header

from tracker import clock
from tracker.access import Audience, audience_of
from tracker.extensions import db

#: The query arguments on which the API's answers depend. Any other is no part of the key and changes no page.
ARGUMENTS = frozenset({"as_at", "language"})

#: A compressed copy is kept of anything larger, in bytes.
WORTH_COMPRESSING = 500

#: The environment's key by which the application tells that an answer may be kept.
KEEP = "tracker.keep"

#: Request headers under which an answer would not be the whole page.
CONDITIONS = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_MATCH"})

#: How many addresses may wait for their page at once before locks that nobody holds are forgotten.
MOST_TURNS = 1000

#: No page has a longer key, in characters; what has one is not kept.
LONGEST_KEY = 1_000

Headers = list[tuple[str, str]]
Version = tuple[int, str]


@dataclass(frozen=True)
class Kept:
    """A kept page in one encoding, ready to be sent."""

    headers: Headers
    unmodified: Headers
    etag: str
    body: bytes

    @property
    def size(self) -> int:
        """What it costs to keep, in bytes, near enough."""
        return len(self.body) + 1024


@dataclass(frozen=True)
class Page:
    """A kept page, plain and compressed, with the version of the record that it shows."""

    version: Version
    plain: Kept
    compressed: Kept

    @property
    def size(self) -> int:
        """What it costs to keep, in bytes, near enough."""
        return self.plain.size + self.compressed.size

    def send(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request with this page, or with 304 where the reader has it."""
        kept = self.compressed if _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else self.plain
        condition = environ.get("HTTP_IF_NONE_MATCH")
        if condition and (kept.etag in condition or condition.strip() == "*"):
            start_response("304 Not Modified", kept.unmodified)
            return []
        start_response("200 OK", kept.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [kept.body]


class PageCache:
    """WSGI middleware that answers public pages from memory.

    Args:
        application: the application that makes the pages.
        read_head: returns the number of the ledger's last entry.
        private: the first step after the language of addresses that are not public: ``desk`` and its like.
        capacity: how much to keep, in bytes; what was not asked for longest goes first.
    """

    def __init__(
        self, application: WSGIApplication, read_head: Callable[[], int], private: frozenset[str], capacity: int
    ) -> None:
        self.application = application
        self.read_head = read_head
        self.private = private
        self.capacity = capacity
        self.pages: OrderedDict[str, Page] = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()
        self.making: dict[str, threading.Lock] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from memory where possible, else let the application make the page and keep it."""
        steps = (environ["PATH_INFO"] or "/").split("/", 3)
        key = _key(environ)
        if (
            environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or steps[1:2] == ["static"]
            or (steps[2:3] and steps[2] in self.private)
            or len(key) > LONGEST_KEY
        ):
            return self.application(environ, start_response)
        try:
            version = (self.read_head(), clock.today().isoformat())
        except HeadUnread:  # the application will say what is wrong
            return self.application(environ, start_response)
        page = self.pages.get(key)
        if page is None or page.version != version:
            with self._turn(key):
                # Whoever waited for its turn finds the page that the one before made.
                page = self.pages.get(key)
                if page is None or page.version != version:
                    answer = _Answer(self.application, environ)
                    if not answer.may_be_kept:
                        return answer.send(start_response)
                    page = answer.as_page(version)
                    self._keep(key, page)
        else:
            with suppress(KeyError):  # it may have had to go this moment
                self.pages.move_to_end(key)
        return page.send(environ, start_response)

    def _keep(self, key: str, page: Page) -> None:
        with self.lock:
            old = self.pages.pop(key, None)
            self.size -= old.size if old else 0
            if page.size > self.capacity:
                return
            self.pages[key] = page
            self.size += page.size
            while self.size > self.capacity and self.pages:
                self.size -= self.pages.popitem(last=False)[1].size

    def _turn(self, key: str) -> threading.Lock:
        """Return the lock that lets one request at a time make a page (single flight)."""
        with self.lock:
            if len(self.making) > MOST_TURNS:
                self.making = {name: lock for name, lock in self.making.items() if lock.locked()}
            return self.making.setdefault(key, threading.Lock())


class _Answer:
    """What the application answers to a request that stands for anybody's: whole, and under no condition."""

    def __init__(self, application: WSGIApplication, environ: WSGIEnvironment) -> None:
        self.status = ""
        self.headers: Headers = []
        self.head_only = environ["REQUEST_METHOD"] == "HEAD"
        whole = {name: value for name, value in environ.items() if name not in CONDITIONS}
        whole["REQUEST_METHOD"] = "GET"
        chunks = application(whole, self._start)
        try:
            self.body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        sets_cookie = any(name.lower() == "set-cookie" for name, _ in self.headers)
        self.may_be_kept = whole.get(KEEP) is True and not sets_cookie

    def _start(self, status: str, headers: Headers, _exc_info: Any = None) -> Callable[[bytes], object]:
        self.status, self.headers = status, headers
        return lambda _data: None

    def send(self, start_response: StartResponse) -> Iterable[bytes]:
        start_response(self.status, self.headers)
        return [] if self.head_only else [self.body]

    def as_page(self, version: Version) -> Page:
        headers = [
            (name, value) for name, value in self.headers if name.lower() not in ("content-length", "etag", "vary")
        ]
        digest = hashlib.sha256(self.body).hexdigest()[:16]
        plain = _encoded(headers, f'"{version[0]}-{digest}"', self.body)
        if len(self.body) < WORTH_COMPRESSING:
            return Page(version, plain, plain)
        compressed = gzip.compress(self.body, compresslevel=9, mtime=0)
        encoded = [*headers, ("Content-Encoding", "gzip")]
        return Page(version, plain, _encoded(encoded, f'"{version[0]}-{digest}-gzip"', compressed))


def init_app(app: Flask) -> None:
    """Put the cache in front of the application, and mark the answers that it may keep."""

    @app.after_request
    def mark(response: Response) -> Response:
        if g.get("audience") is Audience.PUBLIC and response.status_code == HTTPStatus.OK:
            request.environ[KEEP] = True
        return response

    rules = [
        str(rule).split("/")
        for rule in app.url_map.iter_rules()
        if audience_of(app, rule.endpoint) is not Audience.PUBLIC
    ]
    private = frozenset(steps[2] for steps in rules if len(steps) > 2 and steps[1] == "<language:language>")  # noqa: PLR2004
    with app.app_context():
        head = Head(db.engine)
    app.extensions["page_cache_head"] = head
    app.extensions["page_cache"] = cache = PageCache(app.wsgi_app, head.read, private, app.config["PAGE_CACHE_BYTES"])
    app.wsgi_app = cache  # type: ignore[method-assign]  # Flask's own way to add middleware


class HeadUnread(Exception):  # noqa: N818  # named for what happened
    """The number of the ledger's last entry could not be read."""


class Head:
    """Reads the number of the ledger's last entry, on a connection of its own for each thread."""

    QUERY = "SELECT sequence FROM ledger_head"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.of_thread = threading.local()

    def read(self) -> int:
        """Return the number; a connection that broke is opened anew.

        Raises:
            HeadUnread: the database does not answer.
        """
        try:
            return self._read()
        except Exception:  # each driver has its own kinds of broken connection
            with suppress(Exception):
                self.close()
        try:
            return self._read()
        except Exception as error:
            raise HeadUnread from error

    def close(self) -> None:
        """Give back the connection of this thread."""
        connection = self.of_thread.__dict__.pop("connection", None)
        self.of_thread.__dict__.clear()
        if connection is not None:
            connection.close()

    def _read(self) -> int:
        cursor = getattr(self.of_thread, "cursor", None)
        if cursor is None:
            connection = self.of_thread.connection = self.engine.raw_connection()
            driver: Any = connection.driver_connection
            connection.detach()  # it is in a mode of its own, in which nobody else may get it
            if self.engine.dialect.name == "postgresql":  # SQLite's are in this mode by extensions.py
                driver.autocommit = True
            cursor = self.of_thread.cursor = driver.cursor()
        number: int = cursor.execute(self.QUERY).fetchone()[0]
        return number


def _key(environ: WSGIEnvironment) -> str:
    """Return the key of a request: scheme, host, address, and the arguments on which pages depend."""
    key = "\n".join((environ["wsgi.url_scheme"], environ["HTTP_HOST"], environ["PATH_INFO"]))
    given = environ.get("QUERY_STRING")
    if given and environ["PATH_INFO"].startswith("/api/"):
        # Of an argument given twice the first one counts, here as in Flask.
        pairs = reversed(parse_qsl(given, keep_blank_values=True))
        known = sorted({name: value for name, value in pairs if name in ARGUMENTS}.items())
        key = f"{key}?{urlencode(known)}" if known else key
    return key


@lru_cache(maxsize=256)
def _takes_gzip(accepted: str) -> bool:
    return parse_accept_header(accepted[:LONGEST_KEY]).quality("gzip") > 0


def _encoded(headers: Headers, etag: str, body: bytes) -> Kept:
    shared = [*headers, ("ETag", etag), ("Vary", "Accept-Encoding")]
    unmodified = [each for each in shared if each[0].lower() not in ("content-type", "content-encoding")]
    return Kept([*shared, ("Content-Length", str(len(body)))], unmodified, etag, body)
