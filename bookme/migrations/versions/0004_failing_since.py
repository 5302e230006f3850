"""since when meetings and calendar entries have waited for their provider

Revision ID: 0004
Revises: 0003

"""
from alembic import op
import sqlalchemy as sa


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    for table in ('meeting', 'calendar_entry'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True))
            batch_op.create_index(batch_op.f(f'ix_{table}_failing_since'), ['failing_since'], unique=False)
    with op.batch_alter_table('email', schema=None) as batch_op:
        batch_op.create_index('ix_email_state_created_at', ['state', 'created_at'], unique=False)


def downgrade():
    with op.batch_alter_table('email', schema=None) as batch_op:
        batch_op.drop_index('ix_email_state_created_at')
    for table in ('calendar_entry', 'meeting'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f'ix_{table}_failing_since'))
            batch_op.drop_column('failing_since')
