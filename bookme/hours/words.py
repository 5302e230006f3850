"""Time off and the use of hours, in words."""

from flask_babel import gettext as _

from bookme.hours.service import TooShort
from bookme.hours.stretch import Stretch
from bookme.models import TimeOff, User
from bookme.web.filters import clock, duration, long_day, when, zone_time


def off(row: TimeOff, host: User) -> str:
    """When a host has time off; with the zone where it isn't the host's."""
    said = _off(row, host)
    if row.zone == host.zone:
        return said
    return _("%(when)s (%(zone)s)", when=said, zone=zone_time(row.zone))


def too_short(error: TooShort) -> str:
    """Why hours can't be saved."""
    return _(
        "“%(title)s” uses these hours and takes %(length)s. Enter hours in which it fits.",
        title=error.schedule.title,
        length=duration(max(error.schedule.durations)),
    )


def _off(row: TimeOff, host: User) -> str:
    typed = Stretch.of(row)
    first, last = (long_day(day, host.locale, year=True) for day in (typed.first, typed.last))
    one_day = typed.first == typed.last
    if typed.is_whole:
        return first if one_day else _("%(first)s to %(last)s", first=first, last=last)
    begin, end = (clock(at, row.zone, host.clock_hours) for at in (row.starts_at, row.ends_at))
    if one_day:
        return _("%(day)s, %(start)s to %(end)s", day=first, start=begin, end=end)
    first, last = (
        when(at, row.zone, host.clock_hours, host.locale) for at in (row.starts_at, row.ends_at)
    )
    return _("%(first)s to %(last)s", first=first, last=last)
