"""The outbox of mails, and the language in which a person is written to."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

NOTICES = (
    'decision_due', 'receipt', 'taken_back', 'returned', 'rejected', 'confirmed', 'withdrawal_due',
    'withdrawal_receipt', 'withdrawal_taken_back', 'withdrawal_returned', 'withdrawal_confirmed', 'letter_recorded',
    'letter_sent_back', 'correction_due', 'correction_returned', 'corrected', 'digest',
)
STATES = ('waiting', 'sent', 'dead')


def upgrade() -> None:
    """Go forward."""
    op.add_column('account', sa.Column('language', sa.String(length=35), server_default='en', nullable=False))
    op.create_table('mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=36), nullable=False),
    sa.Column('message_id', sa.String(length=320), nullable=False),
    sa.Column('recipient_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=255), nullable=False),
    sa.Column('language', sa.String(length=35), nullable=False),
    sa.Column('notice', sa.Enum(*NOTICES, name='notice', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('facts', sa.Text(), nullable=False),
    sa.Column('occasion', sa.String(length=120), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum(*STATES, name='state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_mail_sent_has_moment')),
    sa.CheckConstraint("(state = 'waiting') = (next_attempt_at IS NOT NULL)", name=op.f('ck_mail_waiting_has_next_attempt')),
    sa.CheckConstraint("state <> 'dead' OR last_error IS NOT NULL", name=op.f('ck_mail_dead_has_reason')),
    sa.CheckConstraint('attempts >= 0', name=op.f('ck_mail_attempts_not_negative')),
    sa.ForeignKeyConstraint(['recipient_id'], ['account.id'], name=op.f('fk_mail_recipient_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail')),
    sa.UniqueConstraint('message_id', name=op.f('uq_mail_message_id')),
    sa.UniqueConstraint('occasion', name=op.f('uq_mail_occasion')),
    sa.UniqueConstraint('reference', name=op.f('uq_mail_reference'))
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index('ix_mail_due', 'mail', ['next_attempt_at', 'id'], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index(op.f('ix_mail_state_sent_at'), 'mail', ['state', 'sent_at'])


def downgrade() -> None:
    """Go back."""
    op.drop_table('mail')
    op.drop_column('account', 'language')
