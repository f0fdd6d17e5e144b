"""Runs migrations on the register's database, in one transaction, with a limit on how long they may wait."""

from alembic import context
from sqlalchemy import text

from tracker.extensions import db, writing

config = context.config


def run_online() -> None:
    """Run the migrations on the application's engine.

    SQLite cannot change a table that others refer to while it enforces references, so they are checked at the end.
    """
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # Past SQLAlchemy, which would begin a transaction first: within one, SQLite does not hear this.
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.execute(text("SET lock_timeout = '10s'"))
            connection.execute(text("SET statement_timeout = '10min'"))
            connection.commit()
        writing.set(True)
        context.configure(connection=connection, target_metadata=db.metadata, render_as_batch=True, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
            if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise RuntimeError(f"The migration left references without their rows: {broken}")
        if sqlite:
            connection.connection.execute("PRAGMA foreign_keys=ON")


if config.attributes.get("app") is None:
    raise SystemExit("Run migrations with: tracker migrate")
run_online()
