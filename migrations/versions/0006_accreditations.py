"""Accreditations as acts of the register: their names in the ledger, heads, offices and suspensions."""

import sqlalchemy as sa
from alembic import op

from tracker.rebuilding import change_checks, extend_closed_list, narrow_closed_list

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ACTIONS = (
    "accredited",
    "accreditation_changed",
    "accreditation_suspended",
    "accreditation_restored",
    "accreditation_ended",
)
#: What the closed lists take beside what they took, by table and column.
ADDED = {
    ("ledger_entry", "action"): ACTIONS,
    ("act", "action"): ACTIONS,
    ("proposal", "kind"): ("accreditation", "accreditation_change", "accreditation_end", "suspension"),
    ("mail", "notice"): (
        "accreditation_due",
        "accreditation_returned",
        "accredited",
        "accreditation_changed",
        "accreditation_ending",
        "accreditation_ended",
        "colleague_accredited",
        "colleague_changed",
        "colleague_ending",
        "colleague_ended",
    ),
}


def upgrade() -> None:
    """Go forward. What is there gets its name and its entry in the ledger from ``tracker migrate``."""
    for (table, column), values in ADDED.items():
        extend_closed_list(table, column, values)
    op.add_column("accreditation", sa.Column("reference", sa.String(36), nullable=True))
    op.add_column("accreditation", sa.Column("is_head", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("accreditation", sa.Column("name", sa.String(200), nullable=True))
    op.add_column("accreditation", sa.Column("office", sa.String(200), nullable=True))
    op.add_column("accreditation", sa.Column("suspended_on", sa.Date(), nullable=True))
    op.create_index("uq_accreditation_reference", "accreditation", ["reference"], unique=True)
    change_checks("accreditation", {"ck_accreditation_suspended_after_start": "suspended_on >= starts_on"})


def downgrade() -> None:
    """Go back."""
    change_checks("accreditation", {"ck_accreditation_suspended_after_start": None})
    op.drop_index("uq_accreditation_reference", "accreditation")
    for column in ("suspended_on", "office", "name", "is_head", "reference"):
        op.drop_column("accreditation", column)
    for (table, column), values in ADDED.items():
        narrow_closed_list(table, column, values)
