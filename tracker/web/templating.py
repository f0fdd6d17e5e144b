"""What every template can call: addresses of static files that change with their content, and the page's languages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from babel import Locale
from flask import Flask, current_app, g, request, url_for

from tracker import i18n
from tracker.bulk.previews import mistakes
from tracker.disputes import reviewing
from tracker.identity import browsers, passkeys
from tracker.subjects import name_of_text
from tracker.wordings.word_differences import compared


@dataclass(frozen=True)
class Alternate:
    """The present page in one of the register's languages."""

    language: str
    name: str
    href: str
    current: bool


def init_app(app: Flask) -> None:
    """Give templates what they share."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    folder = Path(app.static_folder or "")

    @cache
    def fingerprint(path: str) -> str:
        return hashlib.sha256((folder / path).read_bytes()).hexdigest()[:12]

    def static_url(path: str) -> str:
        return url_for("static", filename=path, v=fingerprint(path))

    @app.context_processor
    def shared() -> dict[str, object]:
        language = i18n.current_language()
        return {
            "language": language,
            "direction": i18n.direction_of(language),
            "alternates": _alternates(),
            "register_name": app.config["REGISTER_NAME"],
            "contact": app.config["CONTACT"],
            "origin": origin(),
            "demo": app.config["DEMO"],
        }

    app.jinja_env.filters["browser"] = browsers.named
    app.jinja_env.globals.update(
        static_url=static_url,
        passkey_place=passkeys.place,
        findings_in=reviewing.findings_in,
        name_of_text=name_of_text,
        differences_of=compared,
        mistakes_of=mistakes,
    )


def origin() -> str:
    """Return the address of this register as its readers have it: scheme and host.

    It is the one that the settings name: whoever asks may name any host, and a cache before us would keep that.
    """
    named = urlsplit(current_app.config["ADDRESS"])
    if named.netloc:
        return f"{named.scheme}://{named.netloc}"
    # In production TLS ends before us, and what we see is plain HTTP.
    scheme = "https" if current_app.config["SESSION_COOKIE_SECURE"] else request.scheme
    return f"{scheme}://{request.host}"


def _alternates() -> list[Alternate]:
    """Return the addresses of the present page in every language; of the first page where it has none.

    What a page was asked for beyond its address, such as a day, goes along: its view puts that in ``g.asked``.
    """
    current = i18n.current_language()
    endpoint, values = request.endpoint, request.view_args or {}
    if endpoint is None or "<language:language>" not in str(request.url_rule) or g.get("answering_error"):
        endpoint, values = "public.cohorts", {}
    if request.method == "POST":
        # A form that came back with errors stands at the address it was sent to, which nobody can open.
        endpoint, values = g.get("shown_at", (endpoint, values))
    return [
        Alternate(
            tag,
            Locale.parse(tag).get_display_name() or tag,
            url_for(endpoint, **{**values, **g.get("asked", {}), "language": tag}),
            tag == current,
        )
        for tag in i18n.LOCALES
    ]
