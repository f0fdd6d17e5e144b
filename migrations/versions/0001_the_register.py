"""The register: cohorts, participants, endorsements, tallies, accounts and the ledger."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "sqlite": (
        """
        CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
        """,
        """
        CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
        """,
        """
        CREATE TRIGGER ledger_entry_in_order BEFORE INSERT ON ledger_entry
        WHEN NOT EXISTS (
            SELECT 1 FROM ledger_head WHERE NEW.sequence = sequence + 1 AND NEW.previous_hash = hash
        )
        BEGIN SELECT RAISE(ABORT, 'an entry follows the head of the ledger'); END
        """,
        """
        CREATE TRIGGER ledger_entry_no_replace BEFORE INSERT ON ledger_entry
        WHEN EXISTS (
            SELECT 1 FROM ledger_entry
            WHERE sequence = NEW.sequence OR hash = NEW.hash OR previous_hash = NEW.previous_hash
        )
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
        """,
        """
        CREATE TRIGGER ledger_head_no_replace BEFORE INSERT ON ledger_head
        WHEN EXISTS (SELECT 1 FROM ledger_head)
        BEGIN SELECT RAISE(ABORT, 'the ledger has one head'); END
        """,
        """
        CREATE TRIGGER ledger_head_forward BEFORE UPDATE ON ledger_head
        WHEN NEW.sequence <> OLD.sequence + 1
        BEGIN SELECT RAISE(ABORT, 'the head of the ledger moves forward by one'); END
        """,
        """
        CREATE TRIGGER ledger_head_no_delete BEFORE DELETE ON ledger_head
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$
        """,
        """
        CREATE TRIGGER ledger_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()
        """,
        """
        CREATE FUNCTION refuse_ledger_disorder() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (
                SELECT 1 FROM ledger_head WHERE NEW.sequence = sequence + 1 AND NEW.previous_hash = hash
            ) THEN RAISE EXCEPTION 'an entry follows the head of the ledger'; END IF;
            RETURN NEW;
        END $$
        """,
        """
        CREATE TRIGGER ledger_entry_in_order BEFORE INSERT ON ledger_entry
        FOR EACH ROW EXECUTE FUNCTION refuse_ledger_disorder()
        """,
        """
        CREATE FUNCTION refuse_ledger_jump() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.sequence <> OLD.sequence + 1
            THEN RAISE EXCEPTION 'the head of the ledger moves forward by one'; END IF;
            RETURN NEW;
        END $$
        """,
        """
        CREATE TRIGGER ledger_head_forward BEFORE UPDATE ON ledger_head
        FOR EACH ROW EXECUTE FUNCTION refuse_ledger_jump()
        """,
        """
        CREATE TRIGGER ledger_head_no_delete BEFORE DELETE OR TRUNCATE ON ledger_head
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()
        """,
    ),
}


def upgrade() -> None:
    """Go forward."""
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=255), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('password', sa.String(length=255), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('actor', sa.String(length=36), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('actor', name=op.f('uq_account_actor')),
    sa.UniqueConstraint('email', name=op.f('uq_account_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_account_fs_uniquifier'))
    )
    op.create_table('cohort',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('summit', sa.String(length=200), nullable=True),
    sa.Column('established_on', sa.Date(), nullable=True),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('expected_outcomes', sa.JSON(), nullable=False),
    sa.Column('priority_areas', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohort')),
    sa.UniqueConstraint('slug', name=op.f('uq_cohort_slug'))
    )
    op.create_table('ledger_entry',
    sa.Column('sequence', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=60), nullable=False),
    sa.Column('action', sa.Enum('cohort_published', 'heading_published', 'recommendation_published', 'participant_added', 'event_added', 'document_added', 'submitted', 'taken_back', 'returned', 'endorsed', 'position_changed', 'withdrawn', name='action', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('payload', sa.Text(), nullable=False),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint('length(hash) = 64 AND length(previous_hash) = 64', name=op.f('ck_ledger_entry_hash_length')),
    sa.CheckConstraint('sequence > 0', name=op.f('ck_ledger_entry_sequence_positive')),
    sa.PrimaryKeyConstraint('sequence', name=op.f('pk_ledger_entry')),
    sa.UniqueConstraint('hash', name=op.f('uq_ledger_entry_hash')),
    sa.UniqueConstraint('previous_hash', name=op.f('uq_ledger_entry_previous_hash'))
    )
    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_entry_subject'), ['subject'], unique=False)

    op.create_table('ledger_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_ledger_head_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_head'))
    )
    op.create_table('participant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.Enum('country', 'supranational', 'civil_society', 'intergovernmental', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('iso_code', sa.String(length=2), nullable=True),
    sa.Column('seat', sa.String(length=2), nullable=True),
    sa.Column('acronym', sa.String(length=40), nullable=True),
    sa.Column('footnote', sa.JSON(), nullable=True),
    sa.Column('name_confirmed', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participant')),
    sa.UniqueConstraint('slug', name=op.f('uq_participant_slug'))
    )
    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_participant_kind'), ['kind'], unique=False)

    op.create_table('role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role')),
    sa.UniqueConstraint('name', name=op.f('uq_role_name'))
    )
    op.create_table('account_role',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_role_account_id_account')),
    sa.ForeignKeyConstraint(['role_id'], ['role.id'], name=op.f('fk_account_role_role_id_role')),
    sa.PrimaryKeyConstraint('account_id', 'role_id', name=op.f('pk_account_role'))
    )
    op.create_table('accreditation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_accreditation_dates_in_order')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_accreditation_account_id_account')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_accreditation_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accreditation')),
    sa.UniqueConstraint('account_id', 'participant_id', 'starts_on', name=op.f('uq_accreditation_account_id_participant_id_starts_on'))
    )
    op.create_table('co_lead',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_co_lead_cohort_id_cohort')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_co_lead')),
    sa.UniqueConstraint('cohort_id', 'place', name=op.f('uq_co_lead_cohort_id_place'))
    )
    op.create_table('commitment',
    sa.Column('entry_sequence', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(length=40), nullable=False),
    sa.Column('salt', sa.String(length=64), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['entry_sequence'], ['ledger_entry.sequence'], name=op.f('fk_commitment_entry_sequence_ledger_entry')),
    sa.PrimaryKeyConstraint('entry_sequence', 'field', name=op.f('pk_commitment'))
    )
    op.create_table('document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.Enum('recommendations', 'news', 'statement', 'report', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('publisher', sa.String(length=200), nullable=False),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('note', sa.JSON(), nullable=True),
    sa.Column('url', sa.String(length=2000), nullable=True),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_document_cohort_id_cohort')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
    sa.UniqueConstraint('cohort_id', 'reference', name=op.f('uq_document_cohort_id_reference'))
    )
    op.create_table('event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=80), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('kind', sa.Enum('meeting', 'workshop', 'seminar', 'conference', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('description', sa.JSON(), nullable=True),
    sa.Column('link_label', sa.JSON(), nullable=True),
    sa.Column('url', sa.String(length=2000), nullable=True),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_event_cohort_id_cohort')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event')),
    sa.UniqueConstraint('cohort_id', 'held_on', 'reference', name=op.f('uq_event_cohort_id_held_on_reference'))
    )
    op.create_table('heading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_heading_number_positive')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_heading_cohort_id_cohort')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_heading')),
    sa.UniqueConstraint('cohort_id', 'number', name=op.f('uq_heading_cohort_id_number')),
    sa.UniqueConstraint('id', 'cohort_id', name=op.f('uq_heading_id_cohort_id'))
    )
    op.create_table('participant_name',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('in_sentence', sa.JSON(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.CheckConstraint('valid_until >= valid_from', name=op.f('ck_participant_name_dates_in_order')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_participant_name_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participant_name'))
    )
    with op.batch_alter_table('participant_name', schema=None) as batch_op:
        batch_op.create_index('uq_participant_name_current', ['participant_id'], unique=True, sqlite_where=sa.text('valid_until IS NULL'), postgresql_where=sa.text('valid_until IS NULL'))

    op.create_table('set_tally',
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('country', 'supranational', 'civil_society', 'intergovernmental', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('signatories', sa.Integer(), nullable=False),
    sa.Column('partial', sa.Integer(), nullable=False),
    sa.Column('reserved', sa.Integer(), nullable=False),
    sa.CheckConstraint('partial <= signatories AND reserved <= signatories', name=op.f('ck_set_tally_parts_of_signatories')),
    sa.CheckConstraint('signatories >= 0 AND partial >= 0 AND reserved >= 0', name=op.f('ck_set_tally_not_negative')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_set_tally_cohort_id_cohort')),
    sa.PrimaryKeyConstraint('cohort_id', 'kind', 'day', name=op.f('pk_set_tally')),
    sqlite_with_rowid=False
    )
    op.create_table('source',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=400), nullable=False),
    sa.Column('publisher', sa.String(length=200), nullable=False),
    sa.Column('url', sa.String(length=2000), nullable=True),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('describes_cohort', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_source_cohort_id_cohort')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source')),
    sa.UniqueConstraint('cohort_id', 'key', name=op.f('uq_source_cohort_id_key'))
    )
    op.create_table('endorsement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=36), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('draft', 'submitted', 'returned', 'in_force', 'withdrawn', 'superseded', name='status', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('scope', sa.Enum('all', 'chosen', name='scope', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('statement', sa.JSON(), nullable=True),
    sa.Column('return_reason', sa.Text(), nullable=True),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('effective_on', sa.Date(), nullable=True),
    sa.Column('notice_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('date_note', sa.JSON(), nullable=True),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by_id', sa.Integer(), nullable=True),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status IN ('in_force', 'withdrawn', 'superseded')) = (effective_on IS NOT NULL)", name=op.f('ck_endorsement_effective_once_in_force')),
    sa.CheckConstraint("(status IN ('withdrawn', 'superseded')) = (ended_on IS NOT NULL)", name=op.f('ck_endorsement_ended_has_day')),
    sa.CheckConstraint("status <> 'returned' OR return_reason IS NOT NULL", name=op.f('ck_endorsement_returned_has_reason')),
    sa.CheckConstraint("status = 'draft' OR scope IS NOT NULL", name=op.f('ck_endorsement_has_scope')),
    sa.CheckConstraint('effective_on <= ended_on', name=op.f('ck_endorsement_effective_before_ended')),
    sa.CheckConstraint('notice_on <= ended_on', name=op.f('ck_endorsement_notice_before_ended')),
    sa.CheckConstraint('received_on <= effective_on', name=op.f('ck_endorsement_received_before_effective')),
    sa.CheckConstraint('signed_on <= received_on', name=op.f('ck_endorsement_signed_before_received')),
    sa.CheckConstraint('submitted_by_id <> confirmed_by_id', name=op.f('ck_endorsement_four_eyes')),
    sa.CheckConstraint("submitted_by_id IS NULL OR NOT (status IN ('in_force', 'withdrawn', 'superseded')) OR confirmed_by_id IS NOT NULL", name=op.f('ck_endorsement_confirmed_by_somebody')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_endorsement_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['account.id'], name=op.f('fk_endorsement_confirmed_by_id_account')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_endorsement_participant_id_participant')),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_endorsement_source_id_source')),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['account.id'], name=op.f('fk_endorsement_submitted_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_endorsement')),
    sa.UniqueConstraint('reference', name=op.f('uq_endorsement_reference'))
    )
    with op.batch_alter_table('endorsement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_endorsement_cohort_id_status'), ['cohort_id', 'status'], unique=False)
        batch_op.create_index(batch_op.f('ix_endorsement_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index('uq_endorsement_in_force', ['participant_id', 'cohort_id'], unique=True, sqlite_where=sa.text("status = 'in_force'"), postgresql_where=sa.text("status = 'in_force'"))
        batch_op.create_index('uq_endorsement_open', ['participant_id', 'cohort_id'], unique=True, sqlite_where=sa.text("status IN ('draft', 'submitted', 'returned')"), postgresql_where=sa.text("status IN ('draft', 'submitted', 'returned')"))

    op.create_table('recommendation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('heading_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_recommendation_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['heading_id', 'cohort_id'], ['heading.id', 'heading.cohort_id'], name=op.f('fk_recommendation_heading_id_cohort_id_heading')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recommendation')),
    sa.UniqueConstraint('cohort_id', 'number', name=op.f('uq_recommendation_cohort_id_number')),
    sa.UniqueConstraint('cohort_id', 'place', name=op.f('uq_recommendation_cohort_id_place'))
    )
    op.create_table('act',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('endorsement_id', sa.Integer(), nullable=False),
    sa.Column('entry_sequence', sa.Integer(), nullable=False),
    sa.Column('action', sa.Enum('cohort_published', 'heading_published', 'recommendation_published', 'participant_added', 'event_added', 'document_added', 'submitted', 'taken_back', 'returned', 'endorsed', 'position_changed', 'withdrawn', name='action', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('effective_on', sa.Date(), nullable=True),
    sa.CheckConstraint('signed_on <= received_on', name=op.f('ck_act_signed_before_received')),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_act_by_id_account')),
    sa.ForeignKeyConstraint(['endorsement_id'], ['endorsement.id'], name=op.f('fk_act_endorsement_id_endorsement')),
    sa.ForeignKeyConstraint(['entry_sequence'], ['ledger_entry.sequence'], name=op.f('fk_act_entry_sequence_ledger_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_act')),
    sa.UniqueConstraint('entry_sequence', name=op.f('uq_act_entry_sequence'))
    )
    with op.batch_alter_table('act', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_act_endorsement_id'), ['endorsement_id'], unique=False)

    op.create_table('recommendation_tally',
    sa.Column('recommendation_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('country', 'supranational', 'civil_society', 'intergovernmental', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('signatories', sa.Integer(), nullable=False),
    sa.Column('reserved', sa.Integer(), nullable=False),
    sa.CheckConstraint('reserved <= signatories', name=op.f('ck_recommendation_tally_parts_of_signatories')),
    sa.CheckConstraint('signatories >= 0 AND reserved >= 0', name=op.f('ck_recommendation_tally_not_negative')),
    sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'], name=op.f('fk_recommendation_tally_recommendation_id_recommendation')),
    sa.PrimaryKeyConstraint('recommendation_id', 'kind', 'day', name=op.f('pk_recommendation_tally')),
    sqlite_with_rowid=False
    )
    op.create_table('revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('recommendation_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('original', 'corrigendum', 'amendment', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.JSON(), nullable=False),
    sa.Column('text_status', sa.Enum('summary', 'authoritative', name='text_status', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=True),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(number = 1) = (kind = 'original')", name=op.f('ck_revision_first_is_original')),
    sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'], name=op.f('fk_revision_recommendation_id_recommendation')),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], name=op.f('fk_revision_source_id_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revision')),
    sa.UniqueConstraint('id', 'recommendation_id', name=op.f('uq_revision_id_recommendation_id')),
    sa.UniqueConstraint('recommendation_id', 'number', name=op.f('uq_revision_recommendation_id_number'))
    )
    op.create_table('position',
    sa.Column('endorsement_id', sa.Integer(), nullable=False),
    sa.Column('recommendation_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('stance', sa.Enum('endorsed', 'reserved', name='stance', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reservation', sa.JSON(), nullable=True),
    sa.CheckConstraint("(stance = 'reserved') = (reservation IS NOT NULL)", name=op.f('ck_position_reservation_has_text')),
    sa.ForeignKeyConstraint(['endorsement_id'], ['endorsement.id'], name=op.f('fk_position_endorsement_id_endorsement')),
    sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'], name=op.f('fk_position_recommendation_id_recommendation')),
    sa.ForeignKeyConstraint(['revision_id', 'recommendation_id'], ['revision.id', 'revision.recommendation_id'], name=op.f('fk_position_revision_id_recommendation_id_revision')),
    sa.PrimaryKeyConstraint('endorsement_id', 'recommendation_id', name=op.f('pk_position'))
    )
    with op.batch_alter_table('position', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_position_recommendation_id_endorsement_id'), ['recommendation_id', 'endorsement_id'], unique=False)

    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
    op.execute(f"INSERT INTO ledger_head (id, sequence, hash) VALUES (1, 0, '{'0' * 64}')")


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table('position', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_position_recommendation_id_endorsement_id'))

    op.drop_table('position')
    op.drop_table('revision')
    op.drop_table('recommendation_tally')
    with op.batch_alter_table('act', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_act_endorsement_id'))

    op.drop_table('act')
    op.drop_table('recommendation')
    with op.batch_alter_table('endorsement', schema=None) as batch_op:
        batch_op.drop_index('uq_endorsement_open', sqlite_where=sa.text("status IN ('draft', 'submitted', 'returned')"), postgresql_where=sa.text("status IN ('draft', 'submitted', 'returned')"))
        batch_op.drop_index('uq_endorsement_in_force', sqlite_where=sa.text("status = 'in_force'"), postgresql_where=sa.text("status = 'in_force'"))
        batch_op.drop_index(batch_op.f('ix_endorsement_participant_id'))
        batch_op.drop_index(batch_op.f('ix_endorsement_cohort_id_status'))

    op.drop_table('endorsement')
    op.drop_table('source')
    op.drop_table('set_tally')
    with op.batch_alter_table('participant_name', schema=None) as batch_op:
        batch_op.drop_index('uq_participant_name_current', sqlite_where=sa.text('valid_until IS NULL'), postgresql_where=sa.text('valid_until IS NULL'))

    op.drop_table('participant_name')
    op.drop_table('heading')
    op.drop_table('event')
    op.drop_table('document')
    op.drop_table('commitment')
    op.drop_table('co_lead')
    op.drop_table('accreditation')
    op.drop_table('account_role')
    op.drop_table('role')
    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_participant_kind'))

    op.drop_table('participant')
    op.drop_table('ledger_head')
    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ledger_entry_subject'))

    op.drop_table('ledger_entry')
    op.drop_table('cohort')
    op.drop_table('account')
    if op.get_bind().dialect.name == "postgresql":
        for function in ("refuse_ledger_change", "refuse_ledger_disorder", "refuse_ledger_jump"):
            op.execute(f"DROP FUNCTION {function}")

