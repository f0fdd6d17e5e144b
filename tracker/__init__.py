"""The endorsement tracker: a register of record for international recommendations."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from config import PROJECT, STATIC, Settings
from tracker import access, account, desk, extensions, i18n, page_cache, public, secretariat
from tracker.api import views as api
from tracker.identity import outside
from tracker.web import (
    answering,
    headers,
    hosts,
    known_browsers,
    limits,
    proofs,
    proxies,
    shut_out,
    signing_in,
    templating,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application: the one place where the parts meet.

    Args:
        settings: the settings, checked; ``None`` reads them from the environment and checks them for serving.

    Raises:
        UnsafeSettings: the environment's settings would make an unsafe register.
        RuntimeError: a view declares no audience.
    """
    settings = settings or Settings.from_environment().for_serving()
    _make_room_for(settings.database_url)
    app = Flask(__name__, template_folder=str(PROJECT / "templates"), static_folder=str(STATIC))
    app.config.from_mapping(settings.flask())

    i18n.init_app(app)
    extensions.db.init_app(app)
    extensions.migrate.init_app(app, extensions.db, directory=str(PROJECT / "migrations"))
    answering.init_app(app)
    shut_out.init_app(app)
    extensions.csrf.init_app(app)
    templating.init_app(app)
    limits.init_app(app)
    signing_in.init_app(app)
    known_browsers.init_app(app)
    outside.init_app(app)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # kinds stand in the order of the published tally
    for door in (api, account, desk, secretariat, public):
        app.register_blueprint(door.door)
    proofs.init_app(app)
    access.init_app(app)
    headers.init_app(app)
    page_cache.init_app(app)
    hosts.init_app(app)
    proxies.init_app(app)
    return app


def _make_room_for(database_url: str) -> None:
    """Make the folder of an SQLite file."""
    path = database_url.removeprefix("sqlite:///")
    if path != database_url and path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
