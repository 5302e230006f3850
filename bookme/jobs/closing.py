"""The end of an account, after its host asked for it."""

import logging
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext

from bookme import queue, waits, wal
from bookme.accounts import closing
from bookme.bookings import service as bookings
from bookme.bookings.locking import lock_host
from bookme.clock import utcnow
from bookme.connections import service as connections
from bookme.errors import BookingClosed
from bookme.extensions import db
from bookme.jobs import claim
from bookme.models import (
    Actor,
    Booking,
    Connection,
    ConnectionStatus,
    Email,
    EmailState,
    Schedule,
    User,
)
from bookme.web.words import spoken_to

log = logging.getLogger(__name__)

#: What bookers read as the reason of the cancellation, in their own language.
REASON = lazy_gettext("The host has closed their BookMe account.")


def close_account(user_id: int) -> None:
    """Cancel what is to come, and once everybody knows, revoke the connections and delete the rows.

    May run any number of times and may be killed anywhere. While a message or a meeting is still
    owed it leaves the rest to a later run, until :data:`bookme.waits.CLOSING_PATIENCE` is over:
    the host's data must not stay because a mail server is away.
    """
    asked_at = _asked_at(user_id, utcnow())
    if asked_at is None:
        return
    _cancel_coming(user_id)
    if utcnow() < asked_at + waits.CLOSING_PATIENCE and _is_owed(user_id):
        return
    _disconnect(user_id)
    _delete(user_id)


def due(now: datetime, limit: int) -> list[int]:
    """Hosts whose accounts are ending, marked as queued, who asked first before. Commits."""
    waiting = sa.select(User.id).where(User.closing_at.is_not(None)).order_by(User.closing_at)
    return claim.due(User, waiting, now=now, limit=limit)


def _asked_at(user_id: int, now: datetime) -> datetime | None:
    """When the host asked for it. What a wrong clock has dated ahead is dated now, or the account
    would stay until then.
    """
    ahead = sa.update(User).where(User.id == user_id, User.closing_at > now)
    db.session.execute(ahead.values(closing_at=now).execution_options(synchronize_session=False))
    asked_at = db.session.scalar(sa.select(User.closing_at).where(User.id == user_id))
    db.session.commit()
    return asked_at


def _cancel_coming(user_id: int) -> None:
    """One commit a booking, so that bookers of other hosts on SQLite wait for none of them long."""
    coming = sa.select(Booking.id).where(*closing.is_coming(user_id, utcnow()))
    ids = db.session.scalars(coming.order_by(Booking.starts_at)).all()
    db.session.commit()
    for booking_id in ids:
        booking = db.session.get(Booking, booking_id)
        if booking is None:
            continue
        try:
            bookings.cancel(booking, by=Actor.HOST, reason=_reason(booking), now=utcnow())
        except BookingClosed:  # over by now
            db.session.rollback()
            continue
        db.session.commit()
        queue.hurry(booking_id)


def _reason(booking: Booking) -> str:
    with spoken_to(booking.booker.locale if booking.booker is not None else ""):
        return str(REASON)


def _is_owed(user_id: int) -> bool:
    """Whether a booking's outside, or a message to the host, is still to be brought up to date."""
    due = sa.exists().where(Booking.host_id == user_id, Booking.due_at.is_not(None))
    waiting = sa.exists().where(
        Email.user_id == user_id, Email.state == EmailState.WAITING, Email.booking_id.is_(None)
    )
    owed = bool(db.session.scalar(sa.select(sa.or_(due, waiting))))
    db.session.rollback()
    return owed


def _disconnect(user_id: int) -> None:
    live = sa.select(Connection).where(
        Connection.host_id == user_id, Connection.status != ConnectionStatus.INACTIVE
    )
    for connection in db.session.scalars(live).all():
        connections.disconnect(connection, now=utcnow())


def _delete(user_id: int) -> None:
    """All rows of the host. Bookings first: they refer to schedules, and take theirs along.

    Before them the host is locked, as by everybody who changes a booking: a guest who leaves just
    now would wait for the booking, and the host's row for the guest.
    """
    lock_host(user_id)
    for statement in (
        sa.delete(Booking).where(Booking.host_id == user_id),
        sa.delete(Schedule).where(Schedule.host_id == user_id),
        sa.delete(User).where(User.id == user_id),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    wal.owe_truncation(now=utcnow())
    db.session.commit()
    wal.truncate()
    log.info("an account was deleted at its host's request")
