"""Who may see the operator's page, which reports are closed; and of the operator's acts who did them and on what, without the
id of a host who is deleted.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_HOST, _BY = "fk_operator_act_host_id_user", "fk_operator_act_by_id_user"


def upgrade():
    op.create_table(
        "operator",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_operator_user_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_operator"),
    )
    op.add_column("report", sa.Column("closed_at", sa.DateTime(timezone=True)))
    # Nothing refers to this table, so batch mode may rebuild it.
    with op.batch_alter_table("operator_act") as batch:
        batch.alter_column("host_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("who", sa.String(80), nullable=False, server_default=""))
        batch.add_column(sa.Column("by_id", sa.Integer()))
        batch.add_column(sa.Column("about", sa.String(80), nullable=False, server_default=""))
    op.execute(
        'UPDATE operator_act SET host_id = NULL WHERE host_id NOT IN (SELECT id FROM "user")'
    )
    with op.batch_alter_table("operator_act") as batch:
        batch.create_foreign_key(_HOST, "user", ["host_id"], ["id"], ondelete="SET NULL")
        batch.create_foreign_key(_BY, "user", ["by_id"], ["id"], ondelete="SET NULL")
    op.create_index("ix_operator_act_host_id", "operator_act", ["host_id"])
    op.create_index("ix_operator_act_by_id", "operator_act", ["by_id"])


def downgrade():
    op.drop_index("ix_operator_act_by_id", "operator_act")
    op.drop_index("ix_operator_act_host_id", "operator_act")
    op.execute("DELETE FROM operator_act WHERE host_id IS NULL")
    with op.batch_alter_table("operator_act") as batch:
        batch.drop_constraint(_BY, type_="foreignkey")
        batch.drop_constraint(_HOST, type_="foreignkey")
        for name in ("about", "by_id", "who"):
            batch.drop_column(name)
        batch.alter_column("host_id", existing_type=sa.Integer(), nullable=False)
    op.drop_column("report", "closed_at")
    op.drop_table("operator")
