"""Evidence: signed letters as files, and who signed them."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

#: Written out, because Alembic adds no column with a reference on SQLite, and a table rebuilt loses its checks there.
REFERENCES = (
    "ALTER TABLE {0} ADD COLUMN evidence_id INTEGER"
    " CONSTRAINT fk_{0}_evidence_id_evidence REFERENCES evidence (id)"
)


def upgrade() -> None:
    """Go forward."""
    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.Enum('application/pdf', 'image/png', 'image/jpeg', name='media_type', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('uploaded_by_id', sa.Integer(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(key) = 32', name=op.f('ck_evidence_key_length')),
    sa.CheckConstraint('length(sha256) = 64', name=op.f('ck_evidence_sha256_length')),
    sa.CheckConstraint('size BETWEEN 1 AND 10485760', name=op.f('ck_evidence_size')),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['account.id'], name=op.f('fk_evidence_uploaded_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence')),
    sa.UniqueConstraint('key', name=op.f('uq_evidence_key'))
    )
    op.add_column('endorsement', sa.Column('signatory_name', sa.String(length=200), nullable=True))
    op.add_column('endorsement', sa.Column('signatory_office', sa.String(length=200), nullable=True))
    for table in ('endorsement', 'act'):
        op.execute(REFERENCES.format(table))


def downgrade() -> None:
    """Go back."""
    for table in ('endorsement', 'act'):
        op.drop_column(table, 'evidence_id')
    op.drop_column('endorsement', 'signatory_office')
    op.drop_column('endorsement', 'signatory_name')
    op.drop_table('evidence')
