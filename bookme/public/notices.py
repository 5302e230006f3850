"""What a booker's last press of a button has done, said on the page that follows.

Bookers have no session, and their pages may be framed where no cookie comes along. So the address
of that page carries the booking's revision, and what is said comes from the booking itself: an
address can make it say nothing that is not so.
"""

from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _

from bookme.models import Actor, Booking, EventKind
from bookme.public.reader import Reader
from bookme.web.filters import when, zone_time

#: How long it is news; the page may be kept or loaded again.
_NEWS = timedelta(minutes=10)
_CHANGES = (EventKind.BOOKED, EventKind.REQUESTED, EventKind.MOVED, EventKind.CANCELLED)


def address_after(booking: Booking) -> str:
    """The booking's page, saying what the booker has just done to it."""
    return url_for("public.booked", token=booking.token, done=booking.revision)


def done(booking: Booking, asked: str | None, reader: Reader, now: datetime) -> str:
    """What the booker has just done; empty if it was nothing, or has been overtaken.

    :param asked: the revision in the page's address.
    """
    if asked != str(booking.revision):
        return ""  # most visits; the history is not read for them
    changes = [event for event in booking.events if event.kind in _CHANGES]
    last = max(changes, key=lambda event: event.id, default=None)
    if last is None or last.actor is not Actor.BOOKER:
        return ""
    if not timedelta() <= now - last.at < _NEWS:
        return ""
    if last.kind is EventKind.CANCELLED:
        return _("Your booking is cancelled.")
    if last.kind is EventKind.MOVED:
        at = when(booking.starts_at, reader.zone, reader.hours, reader.locale)
        return _("Rescheduled to %(when)s (%(zone)s).", when=at, zone=zone_time(reader.zone))
    return ""
