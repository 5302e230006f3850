"""Bookings under the days on which they are, and days as a list names them."""

from datetime import date, datetime, timedelta
from itertools import groupby

from babel.dates import format_date, format_skeleton
from flask_babel import gettext as _

from bookme.models import Booking, User
from bookme.web.filters import day, long_day, short_day, written


def by_day(bookings: list[Booking], host: User, now: datetime) -> list[tuple[str, list[Booking]]]:
    """Bookings that are in order of time, under their days on the host's calendar."""
    today = day(now, host.zone)
    groups = groupby(bookings, lambda one: day(one.starts_at, host.zone))
    return [(heading(on, today, host.locale), list(found)) for on, found in groups]


def heading(on: date, today: date, locale: str) -> str:
    """A day as people name it; with its year only where that isn't this one."""
    near = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}.get((on - today) // _DAY)
    words = long_day(on, locale, year=on.year != today.year)
    return _("%(near)s, %(day)s", near=near, day=words) if near else words


def short(on: date, now: datetime, host: User) -> str:
    """A day in a row: ``Thu 11 Mar``, with its year only where that isn't this one."""
    if on.year != day(now, host.zone).year:
        return short_day(on, host.locale)
    ours = written(host.locale)
    if ours == "en_GB":
        return format_date(on, "EEE d MMM", locale=ours)
    return format_skeleton("MMMEd", on, locale=ours)


def is_today(booking: Booking, now: datetime) -> bool:
    """Whether a booking is on the host's present day, and not over."""
    zone = booking.host.zone
    return day(booking.starts_at, zone) == day(now, zone) and not booking.is_over(now)


_DAY = timedelta(days=1)
