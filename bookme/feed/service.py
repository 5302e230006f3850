"""A host's bookings as one calendar that programs subscribe to."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from icalendar import Calendar, Event
from sqlalchemy.orm import selectinload

from bookme.bookings.messages import ics
from bookme.crypto import fingerprint
from bookme.extensions import db
from bookme.models import Booking, BookingStatus, User

#: How far back the feed goes, and how many bookings it has: those to come, and those before.
BACK = timedelta(days=30)
MOST_COMING, MOST_PAST = 1000, 300
#: How often programs should look again.
REFRESH = timedelta(minutes=30)
#: What has ended stays for a while, as cancelled: programs that had it must not keep it.
_ENDED = (BookingStatus.CANCELLED, BookingStatus.DECLINED, BookingStatus.LAPSED)
_SHOWN = (BookingStatus.PENDING, BookingStatus.CONFIRMED, *_ENDED)


def calendar(host: User, *, now: datetime) -> bytes:
    """The feed as a file (RFC 5545, RFC 7986), in the caller's language."""
    file = Calendar()
    file.add("prodid", "-//BookMe//Appointments//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    title = _("BookMe: %(host)s", host=host.name)
    for name in ("name", "x-wr-calname"):
        file.add(name, title)
    file.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    file.add("x-published-ttl", REFRESH, parameters={"value": "DURATION"})
    for booking in bookings(host, now=now):
        file.add_component(_event(booking, now))
    return file.to_ical()


def etag(file: bytes) -> str:
    """What tells two feeds apart: all but when they were made."""
    lines = file.decode().splitlines()
    return fingerprint("\n".join(line for line in lines if not line.startswith("DTSTAMP")))


def bookings(host: User, *, now: datetime) -> list[Booking]:
    """What the feed has: what is to come, then what has begun, the latest first."""
    query = sa.select(Booking).where(Booking.host_id == host.id, Booking.status.in_(_SHOWN))
    recently = sa.or_(Booking.status.not_in(_ENDED), Booking.cancelled_at >= now - BACK)
    query = query.where(recently).options(
        selectinload(Booking.attendees), selectinload(Booking.meeting)
    )
    key = (Booking.starts_at, Booking.id)
    coming = query.where(Booking.starts_at >= now).order_by(*key)
    past = query.where(Booking.starts_at < now, Booking.starts_at >= now - BACK)
    past = past.order_by(*(column.desc() for column in key))
    return [
        *db.session.scalars(coming.limit(MOST_COMING)),
        *db.session.scalars(past.limit(MOST_PAST)),
    ]


def _event(booking: Booking, now: datetime) -> Event:
    event = ics.published(booking, now=now)
    if booking.status is BookingStatus.PENDING:
        event["status"] = "TENTATIVE"
    return event
