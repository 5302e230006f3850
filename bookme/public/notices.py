"""What a booker's last press of a button has done, said on the page that follows.

Bookers have no session, and their pages may be framed where no cookie comes along. So the address
of that page carries the booking's revision, and what is said comes from the booking itself: an
address can make it say nothing that is not so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, url_for
from flask_babel import gettext as _

from bookme.models import Actor, Booking, BookingEvent, EventKind, ReminderState
from bookme.public.reader import Reader
from bookme.typed import apart
from bookme.web.filters import when, zone_time

#: How long it is news; the page may be kept or loaded again.
_NEWS = timedelta(minutes=10)
_BEGINNINGS = (EventKind.BOOKED, EventKind.REQUESTED)
_CHANGES = (*_BEGINNINGS, EventKind.MOVED, EventKind.CANCELLED)


@dataclass(frozen=True, slots=True)
class News:
    """What the booker has just done.

    :ivar is_new: they have booked, or sent a request.
    :ivar done: what they have done to it since; empty if they have just booked.
    :ivar told: who hears of it.
    :ivar next: what happens now, a sentence each.
    """

    is_new: bool
    done: str = ""
    told: str = ""
    next: tuple[str, ...] = ()


def address_after(booking: Booking) -> str:
    """The booking's page, saying what the booker has just done to it."""
    return url_for("public.booked", token=booking.token, done=booking.revision)


def news(booking: Booking, asked: str | None, reader: Reader, now: datetime) -> News | None:
    """What the booker has just done; None if it was nothing, or has been overtaken.

    :param asked: the revision in the page's address.
    """
    if asked != str(booking.revision):
        return None  # most visits; the history is not read for them
    changes = [event for event in booking.events if event.kind in _CHANGES]
    last = max(changes, key=lambda event: event.id, default=None)
    if last is None or last.actor is not Actor.BOOKER:
        return None
    if not timedelta() <= now - last.at < _NEWS:
        return None
    if last.kind in _BEGINNINGS:
        return News(is_new=True, next=_next(booking, reader, now))
    return News(is_new=False, done=_done(last, booking, reader), told=_told(booking))


def _done(last: BookingEvent, booking: Booking, reader: Reader) -> str:
    if last.kind is EventKind.CANCELLED:
        return _("Your booking is cancelled.")
    at = when(booking.starts_at, reader.zone, reader.hours, reader.locale)
    return _("Rescheduled to %(when)s (%(zone)s).", when=at, zone=zone_time(reader.zone))


def _told(booking: Booking) -> str:
    if not current_app.config["MAIL_CONFIGURED"]:
        return ""
    host = apart(booking.host.name)
    if booking.booker is None:
        return _("We’ll e-mail %(host)s about it.", host=host)
    if booking.guests:
        return _("We’ll e-mail you, your guests and %(host)s about it.", host=host)
    return _("We’ll e-mail you and %(host)s about it.", host=host)


def _next(booking: Booking, reader: Reader, now: datetime) -> tuple[str, ...]:
    has_mail = current_app.config["MAIL_CONFIGURED"]
    if booking.booker is None or not has_mail or not booking.is_confirmed:
        return ()
    said = [_("We’ll e-mail the details to %(email)s.", email=booking.booker.email)]
    if booking.guests:
        said.append(_("Your guests get an invitation."))
    first = _first_reminder(booking, now)
    if first is not None:
        at = when(first, reader.zone, reader.hours, reader.locale)
        said.append(_("We’ll remind you on %(when)s.", when=at))
    return tuple(said)


def _first_reminder(booking: Booking, now: datetime) -> datetime | None:
    """When the booker is reminded, of what is planned already."""
    mine = [
        row.send_at
        for row in booking.reminders
        if booking.booker is not None
        and row.attendee_id == booking.booker.id
        and row.state is ReminderState.WAITING
        and now < row.send_at < booking.starts_at
    ]
    return min(mine, default=None)
