"""first tables

Revision ID: 0001
Revises: 
Create Date: 2026-11-22 19:20:10.839793

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('alarm',
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_alarm'))
    )
    op.create_table('chore',
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_chore'))
    )
    op.create_table('deauthorization',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dedupe_digest', sa.String(length=64), nullable=False),
    sa.Column('seal_id', sa.String(length=32), nullable=False),
    sa.Column('payload_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('deauthorized_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_holder', sa.String(length=32), nullable=True),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deauthorization')),
    sa.UniqueConstraint('dedupe_digest', name=op.f('uq_deauthorization_dedupe_digest')),
    sa.UniqueConstraint('seal_id', name=op.f('uq_deauthorization_seal_id'))
    )
    with op.batch_alter_table('deauthorization', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deauthorization_next_attempt_at'), ['next_attempt_at'], unique=False)

    op.create_table('heartbeat',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_heartbeat'))
    )
    with op.batch_alter_table('heartbeat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_heartbeat_kind'), ['kind'], unique=False)

    op.create_table('user',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('new_email', sa.String(length=254), nullable=True),
    sa.Column('email_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('password_hash', sa.String(length=255), nullable=False),
    sa.Column('epoch', sa.Integer(), server_default='0', nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('handle', sa.String(length=40), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('locale', sa.String(length=16), nullable=False),
    sa.Column('clock_hours', sa.Integer(), nullable=False),
    sa.Column('default_video_provider', sa.String(length=32), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closing_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('clock_hours IN (12, 24)', name=op.f('ck_user_clock_hours_known')),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_user_email_folded')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user')),
    sa.UniqueConstraint('email', name=op.f('uq_user_email')),
    sa.UniqueConstraint('handle', name=op.f('uq_user_handle'))
    )
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_user_closing_at'), ['closing_at'], unique=False)
        batch_op.create_index('ix_user_unconfirmed', ['created_at'], unique=False, sqlite_where=sa.text('email_confirmed_at IS NULL'), postgresql_where=sa.text('email_confirmed_at IS NULL'))

    op.create_table('connection',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('host_id', sa.Integer(), nullable=False),
    sa.Column('provider', sa.String(length=32), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('seal_id', sa.String(length=32), nullable=False),
    sa.Column('label_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('user_id_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('account_id_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('access_token_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('refresh_token_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('user_digest', sa.String(length=64), nullable=True),
    sa.Column('plan', sa.String(length=16), nullable=True),
    sa.Column('scopes', sa.Text(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_holder', sa.String(length=32), nullable=True),
    sa.Column('blocked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.String(length=32), nullable=True),
    sa.Column('problem_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('connected_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('disconnected_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refreshed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['host_id'], ['user.id'], name=op.f('fk_connection_host_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_connection')),
    sa.UniqueConstraint('seal_id', name=op.f('uq_connection_seal_id'))
    )
    with op.batch_alter_table('connection', schema=None) as batch_op:
        batch_op.create_index('ix_connection_checked_at', ['checked_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_connection_host_id'), ['host_id'], unique=False)
        batch_op.create_index('ix_connection_refreshed_at', ['refreshed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_connection_user_digest'), ['user_digest'], unique=False)
        batch_op.create_index('uq_connection_live', ['host_id', 'provider'], unique=True, sqlite_where=sa.text("status != 'inactive'"), postgresql_where=sa.text("status != 'inactive'"))

    op.create_table('schedule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('host_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('duration_minutes', sa.Integer(), nullable=False),
    sa.Column('step_minutes', sa.Integer(), nullable=False),
    sa.Column('buffer_before_minutes', sa.Integer(), nullable=False),
    sa.Column('buffer_after_minutes', sa.Integer(), nullable=False),
    sa.Column('notice_minutes', sa.Integer(), nullable=False),
    sa.Column('horizon_days', sa.Integer(), nullable=False),
    sa.Column('max_per_day', sa.Integer(), nullable=True),
    sa.Column('max_per_week', sa.Integer(), nullable=True),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('week', sa.JSON(), nullable=False),
    sa.Column('overrides', sa.JSON(), nullable=False),
    sa.Column('location_kind', sa.String(length=32), nullable=False),
    sa.Column('video_provider', sa.String(length=32), nullable=True),
    sa.Column('waiting_room', sa.Boolean(), nullable=True),
    sa.Column('join_before_host', sa.Boolean(), nullable=True),
    sa.Column('passcode', sa.Boolean(), nullable=True),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('caller', sa.String(length=32), nullable=False),
    sa.Column('phone', sa.String(length=120), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('buffer_after_minutes BETWEEN 0 AND 1440', name=op.f('ck_schedule_after_in_range')),
    sa.CheckConstraint('buffer_before_minutes BETWEEN 0 AND 1440', name=op.f('ck_schedule_before_in_range')),
    sa.CheckConstraint('duration_minutes BETWEEN 5 AND 1440', name=op.f('ck_schedule_duration_in_range')),
    sa.CheckConstraint('horizon_days BETWEEN 1 AND 730', name=op.f('ck_schedule_horizon_in_range')),
    sa.CheckConstraint('notice_minutes >= 0', name=op.f('ck_schedule_notice_in_range')),
    sa.CheckConstraint('step_minutes BETWEEN 5 AND 1440', name=op.f('ck_schedule_step_in_range')),
    sa.ForeignKeyConstraint(['host_id'], ['user.id'], name=op.f('fk_schedule_host_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_schedule'))
    )
    with op.batch_alter_table('schedule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_schedule_host_id'), ['host_id'], unique=False)
        batch_op.create_index('uq_schedule_slug', ['host_id', 'slug'], unique=True, sqlite_where=sa.text('deleted_at IS NULL'), postgresql_where=sa.text('deleted_at IS NULL'))

    op.create_table('session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_session_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_session_token_hash'))
    )
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_last_seen_at'), ['last_seen_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_session_user_id'), ['user_id'], unique=False)

    op.create_table('authorization_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state_hash', sa.String(length=64), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('host_id', sa.Integer(), nullable=False),
    sa.Column('provider', sa.String(length=32), nullable=False),
    sa.Column('verifier_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('may_replace', sa.Boolean(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['user.id'], name=op.f('fk_authorization_attempt_host_id_user'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_authorization_attempt_session_id_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_authorization_attempt')),
    sa.UniqueConstraint('state_hash', name=op.f('uq_authorization_attempt_state_hash'))
    )
    with op.batch_alter_table('authorization_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_authorization_attempt_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_authorization_attempt_host_id'), ['host_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_authorization_attempt_session_id'), ['session_id'], unique=False)

    op.create_table('booking',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=32), nullable=False),
    sa.Column('token', sa.String(length=48), nullable=False),
    sa.Column('schedule_id', sa.Integer(), nullable=False),
    sa.Column('host_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('form_digest', sa.String(length=64), nullable=True),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('location_kind', sa.String(length=32), nullable=False),
    sa.Column('video_provider', sa.String(length=32), nullable=True),
    sa.Column('waiting_room', sa.Boolean(), nullable=True),
    sa.Column('join_before_host', sa.Boolean(), nullable=True),
    sa.Column('passcode', sa.Boolean(), nullable=True),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('caller', sa.String(length=32), nullable=False),
    sa.Column('phone', sa.String(length=120), nullable=False),
    sa.Column('cancelled_by', sa.String(length=32), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancel_reason', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('sequence_digest', sa.String(length=64), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_holder', sa.String(length=32), nullable=True),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_booking_ends_after_start')),
    sa.ForeignKeyConstraint(['host_id'], ['user.id'], name=op.f('fk_booking_host_id_user'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['schedule_id'], ['schedule.id'], name=op.f('fk_booking_schedule_id_schedule')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking')),
    sa.UniqueConstraint('form_digest', name=op.f('uq_booking_form_digest')),
    sa.UniqueConstraint('reference', name=op.f('uq_booking_reference')),
    sa.UniqueConstraint('token', name=op.f('uq_booking_token'))
    )
    with op.batch_alter_table('booking', schema=None) as batch_op:
        batch_op.create_index('ix_booking_due_at', ['due_at'], unique=False)
        batch_op.create_index('ix_booking_host_start', ['host_id', 'starts_at', 'id'], unique=False)
        batch_op.create_index('ix_booking_schedule_start', ['schedule_id', 'starts_at'], unique=False)

    op.create_table('attendee',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('locale', sa.String(length=16), nullable=False),
    sa.Column('clock_hours', sa.Integer(), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_attendee_booking_id_booking'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendee'))
    )
    with op.batch_alter_table('attendee', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendee_booking_id'), ['booking_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendee_email'), ['email'], unique=False)

    op.create_table('booking_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('actor', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_booking_event_booking_id_booking'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking_event'))
    )
    with op.batch_alter_table('booking_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_booking_event_booking_id'), ['booking_id'], unique=False)

    op.create_table('hold',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('host_id', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_hold_ends_after_start')),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_hold_booking_id_booking'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['host_id'], ['user.id'], name=op.f('fk_hold_host_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold'))
    )
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hold_booking_id'), ['booking_id'], unique=False)
        batch_op.create_index('ix_hold_host_start', ['host_id', 'starts_at'], unique=False)

    op.create_table('meeting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('provider', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('external_id', sa.String(length=64), nullable=True),
    sa.Column('join_url', sa.Text(), nullable=True),
    sa.Column('passcode', sa.String(length=64), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('sent', sa.JSON(), nullable=True),
    sa.Column('attempted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('look_again_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('trouble', sa.String(length=32), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_meeting_booking_id_booking'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
    sa.UniqueConstraint('booking_id', name=op.f('uq_meeting_booking_id'))
    )
    op.create_table('email',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dedupe_key', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=True),
    sa.Column('attendee_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('maybe_sent', sa.Boolean(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_holder', sa.String(length=32), nullable=True),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.String(length=80), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendee.id'], name=op.f('fk_email_attendee_id_attendee'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_email_booking_id_booking'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_email_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_email')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_email_dedupe_key'))
    )
    with op.batch_alter_table('email', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_email_attendee_id'), ['attendee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_email_booking_id'), ['booking_id'], unique=False)
        batch_op.create_index('ix_email_state_next_attempt_at', ['state', 'next_attempt_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_email_user_id'), ['user_id'], unique=False)



def downgrade():
    with op.batch_alter_table('email', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_email_user_id'))
        batch_op.drop_index('ix_email_state_next_attempt_at')
        batch_op.drop_index(batch_op.f('ix_email_booking_id'))
        batch_op.drop_index(batch_op.f('ix_email_attendee_id'))

    op.drop_table('email')
    op.drop_table('meeting')
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.drop_index('ix_hold_host_start')
        batch_op.drop_index(batch_op.f('ix_hold_booking_id'))

    op.drop_table('hold')
    with op.batch_alter_table('booking_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_booking_event_booking_id'))

    op.drop_table('booking_event')
    with op.batch_alter_table('attendee', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendee_email'))
        batch_op.drop_index(batch_op.f('ix_attendee_booking_id'))

    op.drop_table('attendee')
    with op.batch_alter_table('booking', schema=None) as batch_op:
        batch_op.drop_index('ix_booking_schedule_start')
        batch_op.drop_index('ix_booking_host_start')
        batch_op.drop_index('ix_booking_due_at')

    op.drop_table('booking')
    with op.batch_alter_table('authorization_attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_authorization_attempt_session_id'))
        batch_op.drop_index(batch_op.f('ix_authorization_attempt_host_id'))
        batch_op.drop_index(batch_op.f('ix_authorization_attempt_expires_at'))

    op.drop_table('authorization_attempt')
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_user_id'))
        batch_op.drop_index(batch_op.f('ix_session_last_seen_at'))

    op.drop_table('session')
    with op.batch_alter_table('schedule', schema=None) as batch_op:
        batch_op.drop_index('uq_schedule_slug', sqlite_where=sa.text('deleted_at IS NULL'), postgresql_where=sa.text('deleted_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_schedule_host_id'))

    op.drop_table('schedule')
    with op.batch_alter_table('connection', schema=None) as batch_op:
        batch_op.drop_index('uq_connection_live', sqlite_where=sa.text("status != 'inactive'"), postgresql_where=sa.text("status != 'inactive'"))
        batch_op.drop_index(batch_op.f('ix_connection_user_digest'))
        batch_op.drop_index('ix_connection_refreshed_at')
        batch_op.drop_index(batch_op.f('ix_connection_host_id'))
        batch_op.drop_index('ix_connection_checked_at')

    op.drop_table('connection')
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.drop_index('ix_user_unconfirmed', sqlite_where=sa.text('email_confirmed_at IS NULL'), postgresql_where=sa.text('email_confirmed_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_user_closing_at'))

    op.drop_table('user')
    with op.batch_alter_table('heartbeat', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_heartbeat_kind'))

    op.drop_table('heartbeat')
    with op.batch_alter_table('deauthorization', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deauthorization_next_attempt_at'))

    op.drop_table('deauthorization')
    op.drop_table('chore')
    op.drop_table('alarm')
