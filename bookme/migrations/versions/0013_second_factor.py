"""Second factors, what is pending of a sign-in, and known browsers.

Revision ID: 0013
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

#: Column by column: SQLite rebuilds a table in batch mode and would drop rows that refer to it.
COLUMNS = [("network", "VARCHAR(50) NOT NULL DEFAULT ''"), ("proven_at", "{instant}")]
MADE = (
    "pending_proof",
    "known_browser",
    "wrong_code",
    "recovery_code",
    "passkey",
    "authenticator",
)
AT = sa.DateTime(timezone=True)


def upgrade():
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    instant = "DATETIME" if is_sqlite else "TIMESTAMP WITH TIME ZONE"
    for name, kind in COLUMNS:
        op.execute(f'ALTER TABLE "session" ADD COLUMN {name} {kind.format(instant=instant)}')
    _factors()
    _browsers()
    op.create_table(
        "pending_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("challenge", sa.LargeBinary(), nullable=True),
        sa.Column("user_handle", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", AT, nullable=False),
        _to("pending_proof", "user"),
        _to("pending_proof", "session"),
        sa.PrimaryKeyConstraint("id", name="pk_pending_proof"),
        sa.UniqueConstraint("token_hash", name="uq_pending_proof_token_hash"),
    )
    for column in ("user_id", "session_id", "expires_at"):
        op.create_index(f"ix_pending_proof_{column}", "pending_proof", [column])


def downgrade():
    for table in MADE:
        op.drop_table(table)
    for name, _ in reversed(COLUMNS):
        op.execute(f'ALTER TABLE "session" DROP COLUMN {name}')


def _factors():
    op.create_table(
        "authenticator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("seal_id", sa.String(32), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("confirmed_at", AT, nullable=True),
        sa.Column("last_used_at", AT, nullable=True),
        _to("authenticator", "user"),
        _to("authenticator", "session"),
        sa.PrimaryKeyConstraint("id", name="pk_authenticator"),
        sa.UniqueConstraint("seal_id", name="uq_authenticator_seal_id"),
    )
    op.create_index("ix_authenticator_user_id", "authenticator", ["user_id"])
    op.create_index("ix_authenticator_session_id", "authenticator", ["session_id"])
    in_use = sa.text("confirmed_at IS NOT NULL")
    op.create_index(
        "uq_authenticator_in_use",
        "authenticator",
        ["user_id"],
        unique=True,
        sqlite_where=in_use,
        postgresql_where=in_use,
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("user_handle", sa.LargeBinary(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("last_used_at", AT, nullable=True),
        _to("passkey", "user"),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
        sa.UniqueConstraint("credential_id", name="uq_passkey_credential_id"),
    )
    op.create_index("ix_passkey_user_id", "passkey", ["user_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("used_at", AT, nullable=True),
        _to("recovery_code", "user"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
        sa.UniqueConstraint("code_hash", name="uq_recovery_code_code_hash"),
    )
    op.create_index("ix_recovery_code_user_id", "recovery_code", ["user_id"])


def _browsers():
    op.create_table(
        "wrong_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        _to("wrong_code", "user"),
        sa.PrimaryKeyConstraint("id", name="pk_wrong_code"),
    )
    op.create_index("ix_wrong_code_user_id_created_at", "wrong_code", ["user_id", "created_at"])
    op.create_index("ix_wrong_code_created_at", "wrong_code", ["created_at"])
    op.create_table(
        "known_browser",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("last_seen_at", AT, nullable=False),
        _to("known_browser", "user"),
        sa.PrimaryKeyConstraint("id", name="pk_known_browser"),
        sa.UniqueConstraint("token_hash", name="uq_known_browser_token_hash"),
    )
    op.create_index("ix_known_browser_user_id", "known_browser", ["user_id"])
    op.create_index("ix_known_browser_last_seen_at", "known_browser", ["last_seen_at"])


def _to(table, other):
    """A reference to a host or a browser, which takes its rows along."""
    name = f"fk_{table}_{other}_id_{other}"
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name, ondelete="CASCADE")
