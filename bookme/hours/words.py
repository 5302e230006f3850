"""Time off and the use of hours, in words."""

from datetime import UTC, datetime
from itertools import groupby

from babel import Locale
from babel.dates import get_day_names
from flask_babel import get_locale
from flask_babel import gettext as _

from bookme.hours.service import TooShort
from bookme.hours.stretch import Stretch
from bookme.models import OpeningHours, TimeOff, User
from bookme.web.filters import clock, duration, is_this_year, long_day, near, zone_time
from bookme.web.words import listed


def off(row: TimeOff, host: User) -> str:
    """When a host has time off; with the zone where it isn't the host's."""
    said = _off(row, host)
    if row.zone == host.zone:
        return said
    return _("%(when)s (%(zone)s)", when=said, zone=zone_time(row.zone))


def week(hours: OpeningHours, host: User) -> str:
    """A week's hours: ``Mon–Fri 09:00–17:00 · Sat 10:00–12:00``. Days in a row that have the same
    hours stand together.
    """
    runs = groupby(enumerate(hours.week), lambda day: day[1])
    said = [_run([day for day, __ in run], windows, host) for windows, run in runs if windows]
    return " · ".join(said) or _("Closed every day")


def _run(days: list[int], windows: list[list[int]], host: User) -> str:
    names = get_day_names("abbreviated", "stand-alone", get_locale())
    first, last = names[days[0]], names[days[-1]]
    spans = [_between(*(_time(minutes, host) for minutes in window)) for window in windows]
    return _(
        "%(days)s %(times)s",
        days=first if first == last else _between(first, last),
        times=listed(spans, "unit"),
    )


def _between(first: str, last: str) -> str:
    """A range as the language of the page writes it, as close as lists need it."""
    pattern = (get_locale() or Locale("en")).interval_formats[None]
    return "".join(str(pattern).split()).format(first, last)


def _time(minutes: int, host: User) -> str:
    at = datetime(2000, 1, 1, minutes // 60 % 24, minutes % 60, tzinfo=UTC)
    return clock(at, "UTC", host.clock_hours)


def too_short(error: TooShort) -> str:
    """Why hours can't be saved."""
    return _(
        "“%(title)s” uses these hours and takes %(length)s. Enter hours in which it fits.",
        title=error.schedule.title,
        length=duration(max(error.schedule.durations)),
    )


def _off(row: TimeOff, host: User) -> str:
    typed = Stretch.of(row)
    first, last = (
        long_day(on, host.locale, year=not is_this_year(on, host.zone))
        for on in (typed.first, typed.last)
    )
    one_day = typed.first == typed.last
    if typed.is_whole:
        return first if one_day else _("%(first)s to %(last)s", first=first, last=last)
    begin, end = (clock(at, row.zone, host.clock_hours) for at in (row.starts_at, row.ends_at))
    if one_day:
        return _("%(day)s, %(start)s to %(end)s", day=first, start=begin, end=end)
    first, last = (
        near(at, row.zone, host.clock_hours, host.locale) for at in (row.starts_at, row.ends_at)
    )
    return _("%(first)s to %(last)s", first=first, last=last)
