"""A stretch of time as a booker reads it: from when to when, and when that is for the host."""

from datetime import datetime

from flask_babel import gettext as _

from bookme.public.reader import Reader
from bookme.typed import apart
from bookme.web.filters import clock, day, long_day, when, zone_time
from bookme.zone_names import same_clock


def in_a_line(starts_at: datetime, ends_at: datetime, reader: Reader) -> str:
    """From when to when: ``Thursday, 11 March 2027, 14:05–14:35``."""
    return _span(starts_at, ends_at, reader.zone, reader)


def both_zones(
    starts_at: datetime, ends_at: datetime, reader: Reader, *, zone: str, host: str
) -> str:
    """The same for a host, in a sentence; empty where their clocks show the same.

    :param zone: the host's.
    """
    if all(same_clock(at, reader.zone, zone) for at in (starts_at, ends_at)):
        return ""
    same_day = all(day(at, reader.zone) == day(at, zone) for at in (starts_at, ends_at))
    shown = (_clocks if same_day else _span)(starts_at, ends_at, zone, reader)
    return _(
        "For %(host)s it’s %(when)s (%(zone)s).",
        host=apart(host),
        when=shown,
        zone=zone_time(zone),
    )


def _span(starts_at: datetime, ends_at: datetime, zone: str, reader: Reader) -> str:
    if day(starts_at, zone) != day(ends_at, zone):
        first, last = (when(at, zone, reader.hours, reader.locale) for at in (starts_at, ends_at))
        return _("%(first)s to %(last)s", first=first, last=last)
    on = long_day(day(starts_at, zone), reader.locale, year=True)
    return _("%(day)s, %(time)s", day=on, time=_clocks(starts_at, ends_at, zone, reader))


def _clocks(starts_at: datetime, ends_at: datetime, zone: str, reader: Reader) -> str:
    first, last = (clock(at, zone, reader.hours) for at in (starts_at, ends_at))
    whole = _("%(first)s–%(last)s", first=first, last=last)
    return whole.replace(" ", "\u00a0")  # a line ends behind the dash, never before "am"
