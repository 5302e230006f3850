"""Handles that hosts have given up, as keyed hashes: links to their pages lead nobody else's way for a
year.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_OWNER = "fk_given_up_handle_user_id_user"


def upgrade():
    op.create_table(
        "given_up_handle",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=_OWNER, ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("digest", name="pk_given_up_handle"),
    )
    op.create_index("ix_given_up_handle_user_id", "given_up_handle", ["user_id"])
    op.create_index("ix_given_up_handle_given_up_at", "given_up_handle", ["given_up_at"])


def downgrade():
    op.drop_table("given_up_handle")
