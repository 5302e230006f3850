"""What of a host hangs on a provider: schedules, and bookings that wait for it."""

from datetime import datetime

import sqlalchemy as sa

from bookme.extensions import db
from bookme.models import Booking, LocationKind, Meeting, MeetingState, Schedule, Trouble, User

#: More schedules than these are not named one by one.
_MOST = 20

#: Bookings that are given to the queue at once; the sweep finds the rest.
_MOST_HURRIED = 50

_WAITS_FOR_HOST = (Trouble.NOT_CONNECTED, Trouble.NEEDS_RECONNECT)


def schedules_using(host: User, provider: str) -> list[Schedule]:
    """The host's living schedules whose next booking would get a meeting at this provider, by
    title, switched off ones included; the first of them if there are many.
    """
    return list(
        db.session.scalars(
            sa.select(Schedule)
            .where(Schedule.host_id == host.id, Schedule.deleted_at.is_(None))
            .where(by_provider(provider, host.default_video_provider))
            .order_by(Schedule.title, Schedule.id)
            .limit(_MOST)
        )
    )


def schedules_following(host: User) -> list[Schedule]:
    """The host's living video schedules that follow his default, by title; the first of many."""
    return list(
        db.session.scalars(
            sa.select(Schedule)
            .where(Schedule.host_id == host.id, Schedule.deleted_at.is_(None))
            .where(Schedule.location_kind == LocationKind.VIDEO, Schedule.video_provider.is_(None))
            .order_by(Schedule.title, Schedule.id)
            .limit(_MOST)
        )
    )


def by_provider(provider: object, default: object) -> sa.ColumnElement[bool]:
    """The condition that a schedule's bookings get their meetings at a provider.

    :param provider: a name, or a column of it; likewise ``default``, the host's own.
    """
    followed = sa.func.coalesce(Schedule.video_provider, default)
    return sa.and_(Schedule.location_kind == LocationKind.VIDEO, followed == provider)


def make_due(host_id: int, provider: str, *, now: datetime) -> list[int]:
    """Make the host's bookings due whose meetings waited for this provider to be connected.

    Those are the ones not over whose meeting is waiting, was waiting for the host, or has not seen
    the booking's latest change, or of which there may be a second one still to be looked for: new
    ones are made, moved ones updated, cancelled and surplus ones deleted.
    Flushes and leaves the commit to the caller.

    :return: those that begin first, to be hurried; the sweep finds the others.
    """
    behind = sa.and_(
        Meeting.state.in_((MeetingState.LEFT, MeetingState.READY)),
        Meeting.revision < Booking.revision,
    )
    waiting = sa.or_(
        Meeting.state == MeetingState.WAITING,
        Meeting.trouble.in_(_WAITS_FOR_HOST),
        Meeting.look_again_at.is_not(None),
        behind,
    )
    found = (
        sa.select(Booking.id)
        .join(Meeting, Meeting.booking_id == Booking.id)
        .where(Booking.host_id == host_id, Booking.ends_at > now)
        .where(Meeting.provider == provider, waiting)
    )
    first = db.session.scalars(found.order_by(Booking.starts_at).limit(_MOST_HURRIED)).all()
    _update(sa.update(Booking).where(Booking.id.in_(found)), due_at=now, queued_at=None)
    meetings = sa.update(Meeting).where(Meeting.booking_id.in_(found))
    _update(meetings, trouble=None, next_attempt_at=None)
    return list(first)


def reconsider(host_id: int, provider: str, *, now: datetime) -> None:
    """Make the host's bookings due that waited for a connection to be mended, which has ended
    instead: what was made for them is left as it is, and that is said.

    Flushes and leaves the commit to the caller.
    """
    waiting = (
        sa.select(Booking.id)
        .join(Meeting, Meeting.booking_id == Booking.id)
        .where(Booking.host_id == host_id, Booking.ends_at > now)
        .where(Meeting.provider == provider, Meeting.trouble == Trouble.NEEDS_RECONNECT)
    )
    _update(sa.update(Booking).where(Booking.id.in_(waiting)), due_at=now, queued_at=None)


def _update(statement: sa.Update, **values: object) -> None:
    db.session.execute(statement.values(**values).execution_options(synchronize_session="fetch"))
