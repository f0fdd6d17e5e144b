"""What readers report as wrong; endorsements that their participants dispute, by a published address."""

import sqlalchemy as sa
from alembic import op

from tracker.rebuilding import allow_none, extend_closed_list, narrow_closed_list, one_of

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

REPORT_STATUSES = ("open", "answered", "closed")
OUTCOMES = ("upheld", "corrected")
ACTIONS = ("contact_changed", "review_opened", "review_closed")
#: What the closed lists take beside what they took, by table and column.
ADDED = {
    ("ledger_entry", "action"): ACTIONS,
    ("act", "action"): ACTIONS,
    ("proposal", "kind"): ("contact",),
    ("mail", "notice"): (
        "contact_due",
        "contact_returned",
        "contact_approved",
        "dispute_link",
        "review_due",
        "review_opened",
        "review_closed",
        "review_answered",
        "report_due",
        "report_answered",
    ),
}


def upgrade() -> None:
    """Go forward. Mails go to people without an account too: readers, and the published address of a participant."""
    for (table, column), values in ADDED.items():
        extend_closed_list(table, column, values)
    allow_none("mail", "recipient_id")
    op.add_column("participant", sa.Column("contact_address", sa.String(255), nullable=True))
    _create_report()
    _create_dispute_link()
    _create_review()


def _create_report() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(36), nullable=False),
        sa.Column("page", sa.String(400), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("name", sa.String(200), nullable=True),
        sa.Column("address", sa.String(255), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(one_of("status", REPORT_STATUSES), name=op.f("ck_report_status")),
        sa.CheckConstraint("(status = 'open') = (closed_at IS NULL)", name=op.f("ck_report_closed_at_a_moment")),
        sa.CheckConstraint("(status = 'open') = (closed_by_id IS NULL)", name=op.f("ck_report_closed_by_somebody")),
        sa.CheckConstraint("(status = 'answered') = (answer IS NOT NULL)", name=op.f("ck_report_answered_has_answer")),
        sa.CheckConstraint("answer IS NULL OR address IS NOT NULL", name=op.f("ck_report_answered_at_an_address")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["account.id"], name="fk_report_closed_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.UniqueConstraint("reference", name="uq_report_reference"),
    )
    op.create_index("ix_report_written_at", "report", ["written_at"])
    op.create_index("ix_report_closed_at", "report", ["closed_at"])


def _create_dispute_link() -> None:
    op.create_table(
        "dispute_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endorsement_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(token_sha256) = 64", name=op.f("ck_dispute_link_token_sha256_length")),
        sa.CheckConstraint("expires_at > asked_at", name=op.f("ck_dispute_link_expires_later")),
        sa.ForeignKeyConstraint(["endorsement_id"], ["endorsement.id"], name="fk_dispute_link_endorsement_id_endorsement"),
        sa.PrimaryKeyConstraint("id", name="pk_dispute_link"),
        sa.UniqueConstraint("token_sha256", name="uq_dispute_link_token_sha256"),
    )
    op.create_index("ix_dispute_link_endorsement_id", "dispute_link", ["endorsement_id"])
    op.create_index("ix_dispute_link_asked_at", "dispute_link", ["asked_at"])


def _create_review() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(36), nullable=False),
        sa.Column("endorsement_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("opened_entry", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("finding", sa.JSON(), nullable=True),
        sa.Column("closed_entry", sa.Integer(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(one_of("outcome", OUTCOMES), name=op.f("ck_review_outcome")),
        sa.CheckConstraint("(outcome IS NULL) = (finding IS NULL)", name=op.f("ck_review_closed_has_finding")),
        sa.CheckConstraint("(outcome IS NULL) = (closed_entry IS NULL)", name=op.f("ck_review_closed_has_entry")),
        sa.CheckConstraint("(outcome IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_review_closed_by_somebody")),
        sa.ForeignKeyConstraint(["endorsement_id"], ["endorsement.id"], name="fk_review_endorsement_id_endorsement"),
        sa.ForeignKeyConstraint(
            ["opened_entry"], ["ledger_entry.sequence"], name="fk_review_opened_entry_ledger_entry"
        ),
        sa.ForeignKeyConstraint(
            ["closed_entry"], ["ledger_entry.sequence"], name="fk_review_closed_entry_ledger_entry"
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["account.id"], name="fk_review_closed_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.UniqueConstraint("reference", name="uq_review_reference"),
        sa.UniqueConstraint("opened_entry", name="uq_review_opened_entry"),
    )
    is_open = sa.text("outcome IS NULL")
    op.create_index(
        "uq_review_open", "review", ["endorsement_id"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_index("ix_review_endorsement_id", "review", ["endorsement_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("review")
    op.drop_table("dispute_link")
    op.drop_column("participant", "contact_address")
    op.drop_table("report")
    op.execute("DELETE FROM mail WHERE recipient_id IS NULL")
    allow_none("mail", "recipient_id", allowed=False)
    for (table, column), values in ADDED.items():
        narrow_closed_list(table, column, values)
