"""Registers that were loaded from the ledger of another database."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "transfer",
        sa.Column("entry_sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_sequence"], ["ledger_entry.sequence"], name="fk_transfer_entry_sequence_ledger_entry"
        ),
        sa.PrimaryKeyConstraint("entry_sequence", name="pk_transfer"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("transfer")
