"""unclear entries

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-29 10:30:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('calendar', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unclear_count', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('unclear_sealed', sa.LargeBinary(), nullable=True))


def downgrade():
    with op.batch_alter_table('calendar', schema=None) as batch_op:
        batch_op.drop_column('unclear_sealed')
        batch_op.drop_column('unclear_count')
