"""Tables that staff upload, their preview, and the load that a second person approves."""

import sqlalchemy as sa
from alembic import op

from tracker.rebuilding import extend_closed_list, narrow_closed_list, one_of

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PREVIEWS = ("computing", "ready", "failed")
OUTCOMES = ("new", "changed", "same", "wrong")
#: What the closed lists take beside what they took, by table and column.
ADDED = {
    ("ledger_entry", "action"): ("loaded",),
    ("act", "action"): ("loaded",),
    ("proposal", "kind"): ("load",),
    ("mail", "notice"): ("load_due", "load_returned", "load_approved", "load_recorded"),
}


def upgrade() -> None:
    """Go forward."""
    for (table, column), values in ADDED.items():
        extend_closed_list(table, column, values)
    _create_load()
    op.create_table(
        "load_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_load_file_sha256_length")),
        sa.ForeignKeyConstraint(["load_id"], ["load.id"], name="fk_load_file_load_id_load"),
        sa.PrimaryKeyConstraint("id", name="pk_load_file"),
        sa.UniqueConstraint("load_id", "place", name="uq_load_file_load_id_place"),
    )
    op.create_table(
        "load_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(40), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("mistakes", sa.JSON(), nullable=False),
        sa.CheckConstraint(one_of("outcome", OUTCOMES), name=op.f("ck_load_row_outcome")),
        sa.CheckConstraint("row_number > 0", name=op.f("ck_load_row_number_positive")),
        sa.ForeignKeyConstraint(["load_id"], ["load.id"], name="fk_load_row_load_id_load"),
        sa.PrimaryKeyConstraint("id", name="pk_load_row"),
        sa.UniqueConstraint("load_id", "place", name="uq_load_row_load_id_place"),
    )
    op.create_index("ix_load_row_load_id_outcome_place", "load_row", ["load_id", "outcome", "place"])


def _create_load() -> None:
    op.create_table(
        "load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(36), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("preview", sa.String(40), nullable=False),
        sa.Column("worker", sa.String(36), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("head", sa.Integer(), nullable=True),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.CheckConstraint(one_of("preview", PREVIEWS), name=op.f("ck_load_preview")),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_load_done_of_total")),
        sa.CheckConstraint("preview <> 'ready' OR head IS NOT NULL", name=op.f("ck_load_ready_at_an_entry")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["account.id"], name="fk_load_uploaded_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_load"),
        sa.UniqueConstraint("reference", name="uq_load_reference"),
    )
    op.create_index("ix_load_uploaded_by_id", "load", ["uploaded_by_id"])


def downgrade() -> None:
    """Go back. It fails where a load was approved: its entries stand in the ledger."""
    op.execute("DELETE FROM mail WHERE notice LIKE 'load_%'")
    op.execute("DELETE FROM proposal WHERE kind = 'load' AND entry_sequence IS NULL")
    for table in ("load_row", "load_file", "load"):
        op.drop_table(table)
    for (table, column), values in ADDED.items():
        narrow_closed_list(table, column, values)
