"""How people prove who they are: sessions, passkeys, authenticator apps, recovery codes, links, delays, the log."""

import sqlalchemy as sa
from alembic import op

from tracker.rebuilding import extend_closed_list, narrow_closed_list, one_of

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

DELAY_KINDS = (
    "password",
    "second_factor",
    "address",
    "device",
)
RESET_STATUSES = (
    "open",
    "approved",
    "returned",
    "taken_back",
)
LINK_PURPOSES = (
    "invitation",
    "new_password",
)
INVITED_AS = (
    "staff",
    "administrator",
)
PASSKEY_PURPOSES = (
    "add",
    "sign_in",
)
SECURITY_ACTIONS = (
    "signed_in",
    "sign_in_failed",
    "second_factor_failed",
    "delayed",
    "signed_out",
    "session_ended",
    "sessions_ended",
    "confirmed_identity",
    "confirmation_failed",
    "access_refused",
    "invited",
    "invitation_sent_again",
    "invitation_withdrawn",
    "invitation_accepted",
    "password_changed",
    "password_link_asked",
    "password_reset",
    "authenticator_added",
    "authenticator_removed",
    "recovery_codes_made",
    "recovery_code_used",
    "passkey_added",
    "passkey_renamed",
    "passkey_removed",
    "passkey_refused",
    "outside_bound",
    "outside_unbound",
    "outside_recognised",
    "outside_refused",
    "made_staff",
    "ended_staff",
    "made_administrator",
    "ended_administrator",
    "deactivated",
    "reactivated",
    "accreditation",
    "reset_asked",
    "reset_approved",
    "reset_returned",
    "reset_taken_back",
    "exported",
    "evidence_downloaded",
    "log_downloaded",
    "own_data_downloaded",
    "erasure_asked",
    "erasure_refused",
    "erased",
)
WAYS = (
    "password",
    "password_and_code",
    "password_and_passkey",
    "password_and_recovery_code",
    "passkey",
    "link",
    "outside",
)
#: What the closed lists take beside what they took, by table and column.
ADDED = {
    ("mail", "notice"): (
        "sign_in_changed",
        "password_link",
        "password_guessed",
        "second_factor_guessed",
        "rights_changed",
        "rights_of_somebody_changed",
        "reset_asked",
        "reset_approved",
        "reset_ended",
        "reset_due",
        "reset_returned",
        "invitation",
        "invitation_expired",
    )
}


def upgrade() -> None:
    """Go forward."""
    for (table, column), values in ADDED.items():
        extend_closed_list(table, column, values)
    _create_delay()
    _create_authenticator()
    _create_factor_reset()
    _create_mailed_link()
    _create_outside_identity()
    _create_passkey()
    _create_passkey_challenge()
    _create_recovery_code()
    _create_security_event()
    _create_sign_in_session()


def _create_delay() -> None:
    op.create_table(
        "delay",
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(one_of("kind", DELAY_KINDS), name=op.f("ck_delay_kind")),
        sa.CheckConstraint("failures > 0", name=op.f("ck_delay_failures_positive")),
        sa.PrimaryKeyConstraint("key_hash", name="pk_delay"),
    )
    op.create_index("ix_delay_last_at", "delay", ["last_at"])


def _create_authenticator() -> None:
    op.create_table(
        "authenticator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_counter", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_authenticator_account_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_authenticator"),
    )
    op.create_index(
        "uq_authenticator_in_use",
        "authenticator",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("confirmed_at IS NOT NULL"),
        postgresql_where=sa.text("confirmed_at IS NOT NULL"),
    )
    op.create_index(
        "uq_authenticator_set_up",
        "authenticator",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("confirmed_at IS NULL"),
        postgresql_where=sa.text("confirmed_at IS NULL"),
    )


def _create_factor_reset() -> None:
    op.create_table(
        "factor_reset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(36), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(one_of("status", RESET_STATUSES), name=op.f("ck_factor_reset_status")),
        sa.CheckConstraint(
            "(status = 'open') = (decided_at IS NULL)", name=op.f("ck_factor_reset_decided_at_a_moment")
        ),
        sa.CheckConstraint(
            "(status = 'open') = (decided_by_id IS NULL)", name=op.f("ck_factor_reset_decided_by_somebody")
        ),
        sa.CheckConstraint(
            "status <> 'approved' OR decided_by_id <> asked_by_id", name=op.f("ck_factor_reset_four_eyes")
        ),
        sa.CheckConstraint(
            "status <> 'returned' OR reason IS NOT NULL", name=op.f("ck_factor_reset_returned_has_reason")
        ),
        sa.CheckConstraint("asked_by_id <> account_id", name=op.f("ck_factor_reset_not_for_oneself")),
        sa.CheckConstraint("decided_by_id <> account_id", name=op.f("ck_factor_reset_not_decided_by_oneself")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_factor_reset_account_id_account"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name="fk_factor_reset_asked_by_id_account"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name="fk_factor_reset_decided_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_factor_reset"),
        sa.UniqueConstraint("reference", name="uq_factor_reset_reference"),
    )
    op.create_index(
        "uq_factor_reset_open",
        "factor_reset",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )


def _create_mailed_link() -> None:
    op.create_table(
        "mailed_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(36), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_as", sa.String(40), nullable=True),
        sa.CheckConstraint(one_of("purpose", LINK_PURPOSES), name=op.f("ck_mailed_link_purpose")),
        sa.CheckConstraint(one_of("invited_as", INVITED_AS), name=op.f("ck_mailed_link_invited_as")),
        sa.CheckConstraint(
            "invited_as IS NULL OR purpose = 'invitation'", name=op.f("ck_mailed_link_invited_as_by_invitation")
        ),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_mailed_link_expires_after_creation")),
        sa.CheckConstraint("used_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_mailed_link_used_or_withdrawn")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_mailed_link_account_id_account"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_mailed_link_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_mailed_link"),
        sa.UniqueConstraint("reference", name="uq_mailed_link_reference"),
    )
    op.create_index(
        "uq_mailed_link_open",
        "mailed_link",
        ["account_id", "purpose"],
        unique=True,
        sqlite_where=sa.text("used_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("used_at IS NULL AND withdrawn_at IS NULL"),
    )


def _create_outside_identity() -> None:
    op.create_table(
        "outside_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_outside_identity_account_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_outside_identity"),
        sa.UniqueConstraint("account_id", "issuer", name="uq_outside_identity_account_id_issuer"),
        sa.UniqueConstraint("issuer", "subject", name="uq_outside_identity_issuer_subject"),
    )


def _create_passkey() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(36), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("synced", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkey_sign_count_not_negative")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_passkey_account_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
        sa.UniqueConstraint("credential_id", name="uq_passkey_credential_id"),
        sa.UniqueConstraint("reference", name="uq_passkey_reference"),
    )
    op.create_index("ix_passkey_account_id", "passkey", ["account_id"])


def _create_passkey_challenge() -> None:
    op.create_table(
        "passkey_challenge",
        sa.Column("challenge_hash", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(one_of("purpose", PASSKEY_PURPOSES), name=op.f("ck_passkey_challenge_purpose")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_passkey_challenge_account_id_account"),
        sa.PrimaryKeyConstraint("challenge_hash", name="pk_passkey_challenge"),
    )
    op.create_index("ix_passkey_challenge_created_at", "passkey_challenge", ["created_at"])


def _create_recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_recovery_code_account_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
        sa.UniqueConstraint("account_id", "code_hash", name="uq_recovery_code_account_id_code_hash"),
    )


def _create_security_event() -> None:
    op.create_table(
        "security_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("agent", sa.String(300), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.CheckConstraint(one_of("action", SECURITY_ACTIONS), name=op.f("ck_security_event_action")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_security_event_account_id_account"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name="fk_security_event_by_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_security_event"),
    )
    op.create_index("ix_security_event_account_id", "security_event", ["account_id"])
    op.create_index("ix_security_event_action", "security_event", ["action"])
    op.create_index("ix_security_event_at", "security_event", ["at"])
    op.create_index("ix_security_event_by_id", "security_event", ["by_id"])


def _create_sign_in_session() -> None:
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(36), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("agent", sa.String(300), nullable=False),
        sa.CheckConstraint(one_of("way", WAYS), name=op.f("ck_sign_in_session_way")),
        sa.CheckConstraint("proved_at >= opened_at", name=op.f("ck_sign_in_session_proved_after_opened")),
        sa.CheckConstraint("seen_at >= opened_at", name=op.f("ck_sign_in_session_seen_after_opened")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_sign_in_session_account_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_session"),
        sa.UniqueConstraint("key_hash", name="uq_sign_in_session_key_hash"),
        sa.UniqueConstraint("reference", name="uq_sign_in_session_reference"),
    )
    op.create_index("ix_sign_in_session_account_id_ended_at", "sign_in_session", ["account_id", "ended_at"])


def downgrade() -> None:
    """Go back."""
    for table in (
        "sign_in_session",
        "security_event",
        "recovery_code",
        "passkey_challenge",
        "passkey",
        "outside_identity",
        "mailed_link",
        "factor_reset",
        "authenticator",
        "delay",
    ):
        op.drop_table(table)
    for (table, column), values in ADDED.items():
        narrow_closed_list(table, column, values)
