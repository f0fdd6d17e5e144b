"""The hosts to which the register answers: that of its address, and those that the settings add.

Links, redirects and what caches in front keep can carry the host that a request names, and that may be any text. So a
request for another host reaches neither a view nor the page cache: it is told where the register is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, g
from flask_babel import gettext
from flask_login import AnonymousUserMixin

from tracker.web.answering import answer

#: This computer, as its browsers name it, at any port.
LOCAL = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?")

PORTS = {"http": 80, "https": 443}


def init_app(app: Flask) -> None:
    """Put the check in front of the application and of what keeps its pages."""
    own, address = own_hosts(app.config["ADDRESS"], app.config["HOSTS"]), app.config["ADDRESS"]
    local = app.config["LOCAL_HOSTS"]

    def is_own(host: str) -> bool:
        return host in own or (local and LOCAL.fullmatch(host) is not None)

    def refuse(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["HTTP_HOST"] = urlsplit(address).netloc or "localhost"  # so that nothing of the answer can carry it
        with app.request_context(environ):
            g._login_user = AnonymousUserMixin()  # nobody is looked up for such a request
            response = app.process_response(_tell_where(address))
            return response(environ, start_response)

    app.wsgi_app = OwnHosts(app.wsgi_app, is_own, refuse)  # type: ignore[method-assign]


def own_hosts(address: str, more: Iterable[str]) -> frozenset[str]:
    """Return the hosts as requests may name them: with the port, and without it where it is the scheme's own."""
    read = urlsplit(address.lower())
    own = set(more) | {f"{host}:{port}" for host in more for port in PORTS.values() if not _has_port(host)}
    if read.netloc:
        own.add(read.netloc)
        if read.port in (None, PORTS[read.scheme]):
            host = read.netloc.removesuffix(f":{read.port}")
            own |= {host, f"{host}:{PORTS[read.scheme]}"}
    return frozenset(own)


class OwnHosts:
    """WSGI middleware that lets requests through whose Host header names one of the register's own hosts."""

    def __init__(self, application: WSGIApplication, is_own: Callable[[str], bool], refuse: WSGIApplication) -> None:
        self.application = application
        self.is_own = is_own
        self.refuse = refuse

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let the request through or refuse it."""
        host = environ["HTTP_HOST"] = environ.get("HTTP_HOST", "").lower()  # one page, however its host is written
        return (self.application if self.is_own(host) else self.refuse)(environ, start_response)


def _has_port(host: str) -> bool:
    return re.search(r":[0-9]+$", host) is not None and not host.endswith("]")


def _tell_where(address: str) -> Response:
    sentence = gettext("The register does not answer under the address at which it was asked.")
    way_on = (f"{address}/", gettext("Open the register at its own address")) if address else None
    return answer(HTTPStatus.BAD_REQUEST, sentence, way_on=way_on)
