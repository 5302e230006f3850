"""calendars

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-22 20:23:37.885473

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('calendar',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('host_id', sa.Integer(), nullable=False),
    sa.Column('connection_id', sa.Integer(), nullable=False),
    sa.Column('external_id', sa.String(length=1024), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('color', sa.String(length=32), nullable=True),
    sa.Column('zone', sa.String(length=64), nullable=True),
    sa.Column('is_primary', sa.Boolean(), nullable=False),
    sa.Column('may_write', sa.Boolean(), nullable=False),
    sa.Column('is_checked', sa.Boolean(), nullable=False),
    sa.Column('takes_bookings', sa.Boolean(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read_after', sa.DateTime(timezone=True), nullable=True),
    sa.Column('visited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('trouble', sa.String(length=32), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('told_failing_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_holder', sa.String(length=32), nullable=True),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['connection_id'], ['connection.id'], name=op.f('fk_calendar_connection_id_connection'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['host_id'], ['user.id'], name=op.f('fk_calendar_host_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar')),
    sa.UniqueConstraint('connection_id', 'external_id', name=op.f('uq_calendar_connection_id_external_id'))
    )
    with op.batch_alter_table('calendar', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calendar_connection_id'), ['connection_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_calendar_host_id'), ['host_id'], unique=False)
        batch_op.create_index('ix_calendar_read_after', ['read_after'], unique=False)
        batch_op.create_index('uq_calendar_takes_bookings', ['host_id'], unique=True, sqlite_where=sa.text('takes_bookings'), postgresql_where=sa.text('takes_bookings'))

    op.create_table('busy_time',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('calendar_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entry_id', sa.String(length=1024), nullable=False),
    sa.ForeignKeyConstraint(['calendar_id'], ['calendar.id'], name=op.f('fk_busy_time_calendar_id_calendar'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_busy_time'))
    )
    with op.batch_alter_table('busy_time', schema=None) as batch_op:
        batch_op.create_index('ix_busy_time_calendar_start', ['calendar_id', 'starts_at'], unique=False)

    op.create_table('calendar_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('calendar_id', sa.Integer(), nullable=True),
    sa.Column('provider', sa.String(length=32), nullable=False),
    sa.Column('calendar_external_id', sa.String(length=1024), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('external_id', sa.String(length=1024), nullable=True),
    sa.Column('etag', sa.String(length=255), nullable=True),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('sent', sa.JSON(), nullable=True),
    sa.Column('attempted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('link_after', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('trouble', sa.String(length=32), nullable=True),
    sa.Column('changed_by_hand_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sought_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_calendar_entry_booking_id_booking'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['calendar_id'], ['calendar.id'], name=op.f('fk_calendar_entry_calendar_id_calendar'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_entry')),
    sa.UniqueConstraint('booking_id', name=op.f('uq_calendar_entry_booking_id'))
    )
    with op.batch_alter_table('calendar_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calendar_entry_calendar_id'), ['calendar_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_calendar_entry_external_id'), ['external_id'], unique=False)



def downgrade():
    with op.batch_alter_table('calendar_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_calendar_entry_external_id'))
        batch_op.drop_index(batch_op.f('ix_calendar_entry_calendar_id'))

    op.drop_table('calendar_entry')
    with op.batch_alter_table('busy_time', schema=None) as batch_op:
        batch_op.drop_index('ix_busy_time_calendar_start')

    op.drop_table('busy_time')
    with op.batch_alter_table('calendar', schema=None) as batch_op:
        batch_op.drop_index('uq_calendar_takes_bookings', sqlite_where=sa.text('takes_bookings'), postgresql_where=sa.text('takes_bookings'))
        batch_op.drop_index('ix_calendar_read_after')
        batch_op.drop_index(batch_op.f('ix_calendar_host_id'))
        batch_op.drop_index(batch_op.f('ix_calendar_connection_id'))

    op.drop_table('calendar')
