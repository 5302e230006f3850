"""How a booker reads times: as the address asks, else as their browser does, else as the host."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from bookme.accounts import zones
from bookme.models import Schedule
from bookme.public.browser import Custom, custom_of


@dataclass(frozen=True, slots=True)
class Reader:
    """A zone, a clock of 12 or 24 hours, and a language.

    :ivar chosen: what of zone and clock the address says, as its own arguments.
    :ivar notices: what the address asked for in vain.
    """

    zone: str
    hours: int
    locale: str
    chosen: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    @property
    def query(self) -> dict[str, str]:
        """The arguments that make another page show times the same way."""
        return {"zone": self.zone, "clock": str(self.hours)}


def visitor(args: Mapping[str, str], languages: str | None, schedule: Schedule) -> Reader:
    """Somebody of whom only the browser is known.

    :param languages: its Accept-Language. If it says nothing, times are written as for the host.
    """
    host = schedule.host
    custom = custom_of(languages) or Custom(host.locale, host.clock_hours)
    return reader_of(args, zone=schedule.zone, custom=custom)


def reader_of(args: Mapping[str, str], *, zone: str, custom: Custom) -> Reader:
    """Read ``zone`` and ``clock``.

    :param zone: shown when the address names none, or none that there is.
    :param custom: what the address does not say.
    """
    hours = custom.hours
    chosen, notices = {}, []
    asked_zone, asked_clock = args.get("zone"), args.get("clock")
    if zones.is_zone(asked_zone):
        chosen["zone"] = zone = str(asked_zone)
    elif asked_zone:
        notices.append(_("We don’t know the time zone in that address."))
    if asked_clock in ("12", "24"):
        chosen["clock"] = asked_clock
        hours = int(asked_clock)
    return Reader(zone, hours, custom.locale, chosen, notices)


def zone_choices(current: str, now: datetime) -> dict[str, list[tuple[str, str]]]:
    """Zones by region for a select, each with its distance from UTC this hour."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return {
        region: [(name, f"{words} ({_offset(name, hour)})") for name, words in cities]
        for region, cities in zones.choices(current).items()
    }


@lru_cache(maxsize=2048)  # Python keeps eight zones ready and reads the others' files again
def _offset(zone: str, at: datetime) -> str:
    text = f"{at.astimezone(ZoneInfo(zone)):%z}"
    return "UTC" if text == "+0000" else f"UTC{text[:3].replace('-', '−')}:{text[3:5]}"
