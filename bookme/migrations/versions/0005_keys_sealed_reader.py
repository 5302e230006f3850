"""the sealed reader of a message in a column of its own

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-29 10:20:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

EMAIL = sa.table(
    'email',
    sa.column('id', sa.Integer),
    sa.column('kind', sa.String),
    sa.column('state', sa.String),
    sa.column('facts', sa.JSON),
    sa.column('to_sealed', sa.LargeBinary),
)


def upgrade():
    op.add_column('email', sa.Column('to_sealed', sa.LargeBinary(), nullable=True))
    for row in _changed_addresses():
        facts = dict(row.facts)
        sealed = bytes.fromhex(facts.pop('to', ''))
        waiting = row.state == 'waiting'
        _write(row.id, facts=facts, to_sealed=sealed if sealed and waiting else None)
    op.create_index(
        'ix_email_to_sealed',
        'email',
        ['id'],
        unique=False,
        sqlite_where=sa.text('to_sealed IS NOT NULL'),
        postgresql_where=sa.text('to_sealed IS NOT NULL'),
    )


def downgrade():
    op.drop_index('ix_email_to_sealed', table_name='email')
    for row in _changed_addresses():
        if row.to_sealed is not None:
            _write(row.id, facts={**row.facts, 'to': row.to_sealed.hex()})
    op.drop_column('email', 'to_sealed')


def _changed_addresses():
    """The only kind of message that goes to another address than the host's present one."""
    return op.get_bind().execute(sa.select(EMAIL).where(EMAIL.c.kind == 'email_changed')).all()


def _write(email_id, **values):
    op.get_bind().execute(sa.update(EMAIL).where(EMAIL.c.id == email_id).values(**values))
