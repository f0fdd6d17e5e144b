"""Notices of withdrawal with their letters, those that came on paper, and mails that were purged."""

import sqlalchemy as sa
from alembic import op

from tracker.rebuilding import change_checks, extend_closed_list, narrow_closed_list

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NOTICES = ("withdrawal_recorded",)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "prepared_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endorsement_id", sa.Integer(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("provenance", sa.String(400), nullable=True),
        sa.Column("reason", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "on_paper OR (received_on IS NULL AND provenance IS NULL)",
            name=op.f("ck_prepared_notice_receipt_of_paper"),
        ),
        sa.CheckConstraint("signed_on <= received_on", name=op.f("ck_prepared_notice_signed_before_received")),
        sa.ForeignKeyConstraint(
            ["endorsement_id"], ["endorsement.id"], name=op.f("fk_prepared_notice_endorsement_id_endorsement")
        ),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_prepared_notice_evidence_id_evidence")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prepared_notice")),
        sa.UniqueConstraint("endorsement_id", "on_paper", name=op.f("uq_prepared_notice_endorsement_id_on_paper")),
    )
    op.add_column("endorsement", sa.Column("notice_on_paper", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("endorsement", sa.Column("notice_provenance", sa.String(400), nullable=True))
    change_checks(
        "endorsement", {"ck_endorsement_notice_provenance_of_paper": "notice_on_paper OR notice_provenance IS NULL"}
    )
    extend_closed_list("mail", "notice", NOTICES)
    op.add_column("mail", sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True))
    change_checks("mail", {"ck_mail_purged_is_bare": PURGED})


PURGED = "purged_at IS NULL OR (state = 'sent' AND recipient_id IS NULL AND name = '' AND address = '' AND facts = '{}')"


def downgrade() -> None:
    """Go back. What was purged stays so."""
    change_checks("mail", {"ck_mail_purged_is_bare": None})
    op.drop_column("mail", "purged_at")
    narrow_closed_list("mail", "notice", NOTICES)
    change_checks("endorsement", {"ck_endorsement_notice_provenance_of_paper": None})
    op.drop_column("endorsement", "notice_provenance")
    op.drop_column("endorsement", "notice_on_paper")
    op.drop_table("prepared_notice")
