"""Names over time with the formal one, kinds over time, and addresses of duplicates that were merged."""

import sqlalchemy as sa
from alembic import op

from tracker.rebuilding import change_checks, extend_closed_list, narrow_closed_list, one_of

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ACTIONS = ("participant_renamed", "participant_changed", "participant_merged")
#: What the closed lists take beside what they took, by table and column.
ADDED = {
    ("ledger_entry", "action"): ACTIONS,
    ("act", "action"): ACTIONS,
    ("proposal", "kind"): (
        "participant_addition",
        "participant_rename",
        "participant_change",
        "participant_merger",
    ),
    ("mail", "notice"): ("roll_due", "roll_returned", "roll_approved", "roll_changed"),
}
KINDS = ("country", "supranational", "civil_society", "intergovernmental")


def upgrade() -> None:
    """Go forward."""
    for (table, column), values in ADDED.items():
        extend_closed_list(table, column, values)
    op.add_column("participant", sa.Column("website", sa.String(400), nullable=True))
    op.add_column("participant_name", sa.Column("formal_name", sa.JSON(), nullable=True))
    op.add_column(
        "participant_name", sa.Column("of_duplicate", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_index("ix_participant_name_participant_id", "participant_name", ["participant_id"])
    change_checks(
        "participant_name",
        {"ck_participant_name_of_duplicate_has_ended": "NOT of_duplicate OR valid_until IS NOT NULL"},
    )
    op.create_table(
        "former_kind",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.CheckConstraint(one_of("kind", KINDS), name=op.f("ck_former_kind_kind")),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_former_kind_participant_id_participant"),
        sa.PrimaryKeyConstraint("participant_id", "until", name="pk_former_kind"),
    )
    op.create_table(
        "former_address",
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_former_address_participant_id_participant"
        ),
        sa.PrimaryKeyConstraint("slug", name="pk_former_address"),
    )
    op.create_index("ix_former_address_participant_id", "former_address", ["participant_id"])


def downgrade() -> None:
    """Go back. Former names and kinds are lost to the tables; the ledger would still tell them."""
    op.drop_table("former_address")
    op.drop_table("former_kind")
    change_checks("participant_name", {"ck_participant_name_of_duplicate_has_ended": None})
    op.drop_index("ix_participant_name_participant_id", "participant_name")
    op.drop_column("participant_name", "of_duplicate")
    op.drop_column("participant_name", "formal_name")
    op.drop_column("participant", "website")
    for (table, column), values in ADDED.items():
        narrow_closed_list(table, column, values)
