"""Which days a picker shows, and which of them an address asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from flask_babel import gettext as _

from bookme.bookings import months
from bookme.public.weeks import week_of

#: With fewer days left in it, a month is shown as five weeks from there.
_NEARLY_OVER = 14
_STRIP = timedelta(weeks=5)


@dataclass(frozen=True, slots=True)
class Within:
    """From which to which date can be booked, and the day that the reader's weeks begin with."""

    first: date
    last: date
    monday: int

    def has(self, month: date) -> bool:
        """Whether a month has such days."""
        return self.first.replace(day=1) <= month <= self.last


@dataclass(frozen=True, slots=True)
class View:
    """The days that are shown at once: a month, or five weeks where that is nearly over.

    :ivar stop: the day after the last one.
    """

    first: date
    stop: date
    is_strip: bool = False

    def has(self, day: date) -> bool:
        """Whether a day is among them."""
        return self.first <= day < self.stop

    @property
    def last(self) -> date:
        """The last day."""
        return self.stop - timedelta(days=1)


class Wish(NamedTuple):
    """What an address asks for.

    :ivar asked: what of it is kept in other addresses, as its own arguments.
    :ivar month: the first day of the month to show.
    :ivar day: the day whose times to show.
    :ivar notices: what it asked for in vain.
    """

    asked: dict[str, str]
    month: date | None
    day: date | None
    notices: list[str]


def around(day: date, within: Within) -> View:
    """The view that begins with a day's month, as far as it isn't over; with its week, where only
    few days of the month are left.
    """
    day, stop = max(day, within.first), months.after(day)
    if stop - day < timedelta(days=_NEARLY_OVER):
        begin = week_of(day, within.monday)
        return View(begin, begin + _STRIP, is_strip=True)
    first = max(day.replace(day=1), week_of(within.first, within.monday))
    return View(first, stop)


def month_of(day: date, within: Within) -> View:
    """The month of a day, as far as it isn't over."""
    return around(day.replace(day=1), within)


def wish(args: Mapping[str, str], within: Within) -> Wish:
    """What the address names, and what is wrong with it."""
    day, month = args.get("day"), args.get("month")
    try:
        first = date.fromisoformat(f"{month}-01") if month else None
        on = date.fromisoformat(day) if day else None
    except ValueError:
        return _refused(_("We couldn’t read the date in that address."))
    if on is not None and not within.first <= on <= within.last:
        return _refused(_("That day isn’t available. Try one of these."))
    if first is not None and not within.has(first):
        return _refused(_("That month isn’t available. Try this one."))
    if first is not None and on is not None and not month_of(first, within).has(on):
        first = None
    asked = {"month": f"{first:%Y-%m}"} if first else {}
    return Wish(asked | ({"day": on.isoformat()} if on else {}), first, on, [])


def _refused(notice: str) -> Wish:
    return Wish({}, None, None, [notice])
