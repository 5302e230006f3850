"""Whether search engines may list a host's pages; and what is held for a browser outlives its
session until it is revoked.

Revision ID: 0015
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KEY = "fk_authorization_attempt_session_id_session"


def upgrade():
    # By itself: SQLite rebuilds a table in batch mode and would drop rows that refer to it.
    op.execute('ALTER TABLE "user" ADD COLUMN is_searchable BOOLEAN NOT NULL DEFAULT true')
    _end_with_session("SET NULL", may_be_null=True)


def downgrade():
    op.execute("DELETE FROM authorization_attempt WHERE session_id IS NULL")
    _end_with_session("CASCADE", may_be_null=False)
    op.execute('ALTER TABLE "user" DROP COLUMN is_searchable')


def _end_with_session(action, *, may_be_null):
    """What becomes of a row whose session is deleted. Nothing refers to this table."""
    with op.batch_alter_table("authorization_attempt") as batch:
        batch.drop_constraint(_KEY, type_="foreignkey")
        batch.alter_column("session_id", existing_type=sa.Integer(), nullable=may_be_null)
        batch.create_foreign_key(_KEY, "session", ["session_id"], ["id"], ondelete=action)
