"""Endorsements that came on paper, and were recorded by the secretariat."""

import sqlalchemy as sa
from alembic import op

from tracker.rebuilding import change_checks

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("endorsement", sa.Column("on_paper", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("endorsement", sa.Column("provenance", sa.String(400), nullable=True))
    change_checks("endorsement", {"ck_endorsement_provenance_of_paper": "on_paper OR provenance IS NULL"})


def downgrade() -> None:
    """Go back."""
    change_checks("endorsement", {"ck_endorsement_provenance_of_paper": None})
    op.drop_column("endorsement", "provenance")
    op.drop_column("endorsement", "on_paper")
