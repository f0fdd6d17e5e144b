"""Who asks, and over which scheme, where proxies stand between the register and its readers.

A proxy passes on a request as its own, and says in headers whose it was. Anybody can send such headers, so they count
for as many proxies as the settings name, and for none by default.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

SCHEMES = ("http", "https")

#: An address with the port from which somebody connected, which some proxies add.
WITH_PORT = re.compile(r"\[([0-9a-f:.]+)\](?::[0-9]+)?|([0-9.]+):[0-9]+", re.IGNORECASE)


def init_app(app: Flask) -> None:
    """Believe as many proxies as the settings name.

    A proxy passes the Host header on: ``X-Forwarded-Host`` is not believed, because one that does not set it would pass
    on what a reader sent. The scheme is what the outermost proxy says, and the others pass on.
    """
    if trusted := app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(Sensible(app.wsgi_app), x_for=trusted, x_proto=1)  # type: ignore[method-assign]


class Sensible:
    """WSGI middleware that takes what a proxy says of an address or a scheme only where it is one."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Go back to the connection's own address and scheme where what was said is none."""
        connection = environ["werkzeug.proxy_fix.orig"]
        environ["REMOTE_ADDR"] = _address(environ.get("REMOTE_ADDR") or "") or connection["REMOTE_ADDR"]
        if environ["wsgi.url_scheme"] not in SCHEMES:
            environ["wsgi.url_scheme"] = connection["wsgi.url_scheme"]
        return self.application(environ, start_response)


def _address(said: str) -> str | None:
    """Return the address that a proxy says, without a port."""
    found = WITH_PORT.fullmatch(said)
    try:
        return str(ip_address((found[1] or found[2]) if found else said))
    except ValueError:
        return None
