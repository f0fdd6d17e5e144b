"""What one person proposes and another one approves: notices of withdrawal first; rejections, and reasons by question."""

import sqlalchemy as sa
from alembic import op

from tracker.rebuilding import change_checks, change_closed_list, one_of

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATUSES = ("draft", "submitted", "returned", "in_force", "withdrawn", "superseded")
ACTIONS = (
    "cohort_published",
    "heading_published",
    "recommendation_published",
    "participant_added",
    "event_added",
    "document_added",
    "submitted",
    "taken_back",
    "returned",
    "endorsed",
    "position_changed",
    "withdrawn",
)
NEW_STATUSES = ("draft", "submitted", "returned", "rejected", "in_force", "withdrawn", "superseded", "annulled")
NEW_ACTIONS = (
    "cohort_published",
    "heading_published",
    "recommendation_published",
    "participant_added",
    "event_added",
    "document_added",
    "submitted",
    "taken_back",
    "returned",
    "rejected",
    "endorsed",
    "position_changed",
    "notice_given",
    "notice_taken_back",
    "notice_returned",
    "withdrawn",
    "corrected",
)
PROPOSAL_KINDS = ("withdrawal", "correction")
PROPOSAL_STATUSES = ("open", "approved", "returned", "taken_back")

ENDORSEMENT = sa.table(
    "endorsement",
    sa.column("id", sa.Integer),
    sa.column("return_reason", sa.Text),
    sa.column("reasons", sa.JSON(none_as_null=True)),
)




def upgrade() -> None:
    """Go forward."""
    for table in ("ledger_entry", "act"):
        change_closed_list(table, "action", NEW_ACTIONS)
    op.add_column("endorsement", sa.Column("reasons", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("endorsement", sa.Column("notice_signed_on", sa.Date(), nullable=True))
    op.add_column("endorsement", sa.Column("withdrawal_reason", sa.JSON(none_as_null=True), nullable=True))
    for each in op.get_bind().execute(sa.select(ENDORSEMENT).where(ENDORSEMENT.c.return_reason.is_not(None))).all():
        reasons = {"overall": each.return_reason}
        op.execute(sa.update(ENDORSEMENT).where(ENDORSEMENT.c.id == each.id).values(reasons=reasons))
    change_checks(
        "endorsement",
        {
            "ck_endorsement_status": one_of("status", NEW_STATUSES),
            "ck_endorsement_returned_has_reason": None,
            "ck_endorsement_refused_has_reasons": "status NOT IN ('returned', 'rejected') OR reasons IS NOT NULL",
            "ck_endorsement_notice_signed_before_notice": "notice_signed_on <= notice_on",
        },
    )
    op.drop_column("endorsement", "return_reason")
    _create_proposal()
    op.create_table(
        "look",
        sa.Column("reference", sa.String(36), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_look_account_id_account"),
        sa.PrimaryKeyConstraint("reference", "account_id", name="pk_look"),
    )


def _create_proposal() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("entry_sequence", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(one_of("kind", PROPOSAL_KINDS), name=op.f("ck_proposal_kind")),
        sa.CheckConstraint(one_of("status", PROPOSAL_STATUSES), name=op.f("ck_proposal_status")),
        sa.CheckConstraint(
            "decided_by_id <> proposed_by_id OR status = 'taken_back'", name=op.f("ck_proposal_four_eyes")
        ),
        sa.CheckConstraint("(status = 'open') = (decided_at IS NULL)", name=op.f("ck_proposal_decided_at_a_moment")),
        sa.CheckConstraint("(status = 'open') = (decided_by_id IS NULL)", name=op.f("ck_proposal_decided_by_somebody")),
        sa.CheckConstraint("status <> 'returned' OR reason IS NOT NULL", name=op.f("ck_proposal_returned_has_reason")),
        sa.CheckConstraint(
            "(status = 'approved') = (entry_sequence IS NOT NULL)", name=op.f("ck_proposal_approved_has_entry")
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name="fk_proposal_cohort_id_cohort"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name="fk_proposal_decided_by_id_account"),
        sa.ForeignKeyConstraint(
            ["entry_sequence"], ["ledger_entry.sequence"], name="fk_proposal_entry_sequence_ledger_entry"
        ),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_proposal_participant_id_participant"),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["account.id"], name="fk_proposal_proposed_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
        sa.UniqueConstraint("reference", name="uq_proposal_reference"),
    )
    op.create_index("ix_proposal_status", "proposal", ["status"])
    op.create_index("ix_proposal_participant_id", "proposal", ["participant_id"])
    is_open = sa.text("status = 'open'")
    op.create_index(
        "uq_proposal_open",
        "proposal",
        ["kind", "subject"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    """Go back; a register in which something happened that the earlier version does not know stays as it is."""
    op.drop_table("look")
    op.drop_table("proposal")
    op.add_column("endorsement", sa.Column("return_reason", sa.Text(), nullable=True))
    for each in op.get_bind().execute(sa.select(ENDORSEMENT).where(ENDORSEMENT.c.reasons.is_not(None))).all():
        reason = "\n\n".join(each.reasons.values())
        op.execute(sa.update(ENDORSEMENT).where(ENDORSEMENT.c.id == each.id).values(return_reason=reason))
    change_checks(
        "endorsement",
        {
            "ck_endorsement_status": one_of("status", STATUSES),
            "ck_endorsement_refused_has_reasons": None,
            "ck_endorsement_notice_signed_before_notice": None,
            "ck_endorsement_returned_has_reason": "status <> 'returned' OR return_reason IS NOT NULL",
        },
    )
    for column in ("reasons", "notice_signed_on", "withdrawal_reason"):
        op.drop_column("endorsement", column)
    for table in ("ledger_entry", "act"):
        change_closed_list(table, "action", ACTIONS)
