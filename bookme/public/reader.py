"""How a booker reads times: as the address asks, else as their browser does, else as the host.

A browser tells its zone only to scripts, so ``static/zone.js`` remembers it in a cookie, or what
the booker chose in its place: ``Asia/Tokyo``, or ``Asia/Tokyo@Europe/Lisbon`` if that was chosen in
a browser in Lisbon.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from babel.dates import format_interval
from flask import request
from flask_babel import gettext as _

from bookme import zone_names
from bookme.accounts import zones
from bookme.models import Schedule
from bookme.public.browser import Custom, custom_of
from bookme.public.views import View
from bookme.web.filters import month, skeleton, written
from bookme.web.words import SOURCE, chosen


@dataclass(frozen=True, slots=True)
class Reader:
    """A zone, a clock of 12 or 24 hours, and a language.

    :ivar chosen: what of zone and clock the address says, as its own arguments.
    :ivar notices: what the address asked for in vain.
    :ivar is_guessed: nobody has said which zone is the reader's; it is the host's.
    """

    zone: str
    hours: int
    locale: str
    chosen: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    is_guessed: bool = False

    @property
    def query(self) -> dict[str, str]:
        """The arguments that make another page show times the same way."""
        return {"zone": self.zone, "clock": str(self.hours)}

    def span(self, view: View) -> str:
        """The days that a picker shows, in words: ``March 2027``, ``29 November – 2 January``."""
        if not view.is_strip:
            return month(view.first, self.locale)
        return _interval(view.first, view.last, written(self.locale))

    def short_month(self, on: date) -> str:
        """A month for the cell of its first day."""
        return skeleton("MMM", on, written(self.locale))


@lru_cache(maxsize=512)
def _interval(first: date, last: date, ours: str) -> str:
    return str(format_interval(first, last, "MMMMd", locale=ours))


def visitor(args: Mapping[str, str], languages: str | None, schedule: Schedule) -> Reader:
    """Somebody of whom only the browser is known.

    :param languages: its Accept-Language. If it says nothing, times are written as for the host.
    """
    host = schedule.host
    custom = _as_chosen(custom_of(languages) or Custom(host.locale, host.clock_hours))
    remembered = request.cookies.get("zone", "").partition("@")[0]
    known = zones.is_zone(remembered)
    zone = zone_names.today(remembered) if known else schedule.zone
    reader = reader_of(args, zone=zone, custom=custom)
    return replace(reader, is_guessed=not known and "zone" not in reader.chosen)


def _as_chosen(custom: Custom) -> Custom:
    """The custom of a reader who has chosen a language, or of whom a schedule's is spoken."""
    said = chosen()
    name = "en_GB" if said == SOURCE else said
    if not name or name in (custom.locale, custom.locale.partition("_")[0]):
        return custom
    if name.partition("_")[0] == custom.locale.partition("_")[0]:
        return custom_of(name.replace("_", "-")) or custom
    return replace(custom, locale=name)


def reader_of(args: Mapping[str, str], *, zone: str, custom: Custom) -> Reader:
    """Read ``zone`` and ``clock``.

    :param zone: shown when the address names none, or none that there is.
    :param custom: what the address does not say.
    """
    hours = custom.hours
    chosen, notices = {}, []
    asked_zone, asked_clock = args.get("zone"), args.get("clock")
    if zones.is_zone(asked_zone):
        chosen["zone"] = zone = zone_names.today(str(asked_zone))
    elif asked_zone:
        notices.append(_("We don’t know the time zone in that address."))
    if asked_clock in ("12", "24"):
        chosen["clock"] = asked_clock
        hours = int(asked_clock)
    return Reader(zone, hours, custom.locale, chosen, notices)
