"""Who changed a draft last, for the colleagues who share a desk."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    # Alembic would add the reference by a second statement, which SQLite does not know.
    op.execute(
        "ALTER TABLE endorsement ADD COLUMN changed_by_id INTEGER "
        "CONSTRAINT fk_endorsement_changed_by_id_account REFERENCES account (id)"
    )


def downgrade() -> None:
    """Go back."""
    op.drop_column("endorsement", "changed_by_id")
