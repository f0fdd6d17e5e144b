"""Cohorts that are prepared, events and documents that change, and the moment from which they are public."""

import sqlalchemy as sa
from alembic import op

from tracker.rebuilding import change_checks, extend_closed_list, narrow_closed_list, one_of

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ACTIONS = ("cohort_changed", "event_changed", "event_called_off", "document_changed", "document_taken_down")
KINDS = ("cohort", "event", "document")
STATUSES = ("scheduled", "called_off", "stopped")
NOTICES = (
    "publication_due",
    "publication_returned",
    "publication_scheduled",
    "publication_put_off",
    "publication_called_off",
    "publication_stopped",
    "published",
)
RENDERINGS = ("authentic", "translation")
EVENT_COLUMNS = (
    ("place", sa.JSON(none_as_null=True)),
    ("begins_at", sa.String(5)),
    ("time_zone", sa.String(40)),
    ("moved_to", sa.Date()),
    ("called_off", sa.JSON(none_as_null=True)),
)
DOCUMENT_COLUMNS = (
    ("language", sa.String(35)),
    ("rendering", sa.String(40)),
    ("taken_down", sa.JSON(none_as_null=True)),
)
#: The rules that are new, by table.
CHECKS = {
    "event": {
        "ck_event_hour_has_zone": "(begins_at IS NULL) = (time_zone IS NULL)",
        "ck_event_hour_length": "length(begins_at) = 5",
        "ck_event_moved_to_another_day": "moved_to <> held_on",
    },
    "document": {"ck_document_rendering": one_of("rendering", RENDERINGS)},
}
PROPOSAL_CHECKS = {
    "ck_proposal_four_eyes": "decided_by_id <> proposed_by_id OR status IN ('taken_back', 'called_off')",
    "ck_proposal_stopped_has_reason": "status <> 'stopped' OR reason IS NOT NULL",
    "ck_proposal_scheduled_has_moment": "status <> 'scheduled' OR due_at IS NOT NULL",
}
PROPOSAL_CHECKS_BEFORE = {
    "ck_proposal_four_eyes": "decided_by_id <> proposed_by_id OR status = 'taken_back'",
    "ck_proposal_stopped_has_reason": None,
    "ck_proposal_scheduled_has_moment": None,
}


def upgrade() -> None:
    """Go forward."""
    for table in ("ledger_entry", "act"):
        extend_closed_list(table, "action", ACTIONS)
    extend_closed_list("mail", "notice", NOTICES)
    for name, kind in EVENT_COLUMNS:
        op.add_column("event", sa.Column(name, kind, nullable=True))
    for name, kind in DOCUMENT_COLUMNS:
        op.add_column("document", sa.Column(name, kind, nullable=True))
    for table, checks in CHECKS.items():
        change_checks(table, checks)
    op.add_column("proposal", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    extend_closed_list("proposal", "kind", KINDS)
    extend_closed_list("proposal", "status", STATUSES)
    change_checks("proposal", PROPOSAL_CHECKS)
    _one_pending("status IN ('open', 'scheduled')")
    op.create_table(
        "preparation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(36), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["account.id"], name="fk_preparation_changed_by_id_account"),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name="fk_preparation_cohort_id_cohort"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_preparation_proposal_id_proposal"),
        sa.PrimaryKeyConstraint("id", name="pk_preparation"),
        sa.UniqueConstraint("cohort_id", name="uq_preparation_cohort_id"),
        sa.UniqueConstraint("reference", name="uq_preparation_reference"),
    )


def downgrade() -> None:
    """Go back; a register in which something happened that the earlier version does not know stays as it is."""
    op.drop_table("preparation")
    _one_pending("status = 'open'")
    change_checks("proposal", PROPOSAL_CHECKS_BEFORE)
    narrow_closed_list("proposal", "status", STATUSES)
    narrow_closed_list("proposal", "kind", KINDS)
    op.drop_column("proposal", "due_at")
    for table, checks in CHECKS.items():
        change_checks(table, dict.fromkeys(checks))
    for name, _ in reversed(DOCUMENT_COLUMNS):
        op.drop_column("document", name)
    for name, _ in reversed(EVENT_COLUMNS):
        op.drop_column("event", name)
    narrow_closed_list("mail", "notice", NOTICES)
    for table in ("ledger_entry", "act"):
        narrow_closed_list(table, "action", ACTIONS)


def _one_pending(which: str) -> None:
    """Let one proposal of a kind for a subject be pending at most."""
    op.drop_index("uq_proposal_open", "proposal")
    pending = sa.text(which)
    op.create_index(
        "uq_proposal_open",
        "proposal",
        ["kind", "subject"],
        unique=True,
        sqlite_where=pending,
        postgresql_where=pending,
    )
