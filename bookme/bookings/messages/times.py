"""The times of a booking as the readers of its messages read them: in words, always with a zone."""

from datetime import datetime

from flask_babel import gettext as _

from bookme.models import Attendee, Booking, LocationKind, User
from bookme.web.filters import clock, day, when, zone_time
from bookme.zone_names import same_clock


def in_words(starts_at: datetime, ends_at: datetime, reader: Attendee | User) -> str:
    """A stretch of time as its reader reads times: ``Tuesday, 2 March 2027, 09:00 to 09:30
    (Lisbon time)``.
    """
    return _span(starts_at, ends_at, reader.zone, reader)


def _span(starts_at: datetime, ends_at: datetime, zone: str, reader: Attendee | User) -> str:
    hours, locale = reader.clock_hours, reader.locale
    same_day = day(starts_at, zone) == day(ends_at, zone)
    end = clock(ends_at, zone, hours) if same_day else when(ends_at, zone, hours, locale)
    start = when(starts_at, zone, hours, locale)
    return _("%(start)s to %(end)s (%(zone)s)", start=start, end=end, zone=zone_time(zone))


def there(booking: Booking, reader: Attendee | User) -> str:
    """The same on the clock of the place to go to, where that differs from the reader's: whoever
    travels there reads its clocks. Empty for all else.
    """
    if booking.location_kind is not LocationKind.IN_PERSON:
        return ""
    zone, at = booking.schedule.zone, booking.starts_at
    if same_clock(at, zone, reader.zone):
        return ""
    return _span(at, booking.ends_at, zone, reader)


def waits_until(booking: Booking, reader: Attendee | User) -> str:
    """Until when somebody's answer is awaited, with the zone; empty if none is."""
    if booking.lapses_at is None:
        return ""
    return moment(booking.lapses_at, reader)


def moment(at: datetime, reader: Attendee | User) -> str:
    """A moment in words: ``Tuesday, 2 March 2027, 09:00 (Lisbon time)``."""
    shown = when(at, reader.zone, reader.clock_hours, reader.locale)
    return _("%(when)s (%(zone)s)", when=shown, zone=zone_time(reader.zone))
