"""waits that a provider asks for hold for the whole account

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-29 10:20:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('connection', sa.Column('calls_after', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column('connection', 'calls_after')
