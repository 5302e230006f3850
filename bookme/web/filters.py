"""Jinja filters: instants, dates and lengths in words."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta
from flask import Flask, current_app
from markupsafe import Markup

from bookme import zone_names
from bookme.clock import utcnow
from bookme.models import Booking, LocationKind, Schedule
from bookme.providers.registry import meetings_label
from bookme.typed import apart, closed

#: Where English is written with the month before the day.
_MONTH_FIRST = frozenset(["US", "CA", "PH", "AS", "BI", "GU", "MH", "MP", "PR", "UM", "VI"])


def init_app(app: Flask) -> None:
    """Add the filters to an application's templates."""
    for filter_ in FILTERS:
        app.add_template_filter(filter_)
    app.add_template_global(utcnow, "utcnow")


def clock(at: datetime, zone: str, hours: int = 24) -> str:
    """The time of day on a zone's wall clock: ``14:05`` or ``2:05 pm``; ``01:30 (second)`` in an
    hour that a clock change repeats.
    """
    local = at.astimezone(ZoneInfo(zone))
    other = local.replace(fold=1 - local.fold)
    which = "" if other.utcoffset() == local.utcoffset() else (" (first)", " (second)")[local.fold]
    if hours == 24:
        return f"{local:%H:%M}{which}"
    return f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}{which}"


def day(at: datetime, zone: str) -> date:
    """The date on a zone's wall calendar."""
    return at.astimezone(ZoneInfo(zone)).date()


def _english(locale: str) -> str:
    """The English that dates are in for a reader: pages and mails are in English whatever their
    reader's language, so only the order of a date's parts follows it.
    """
    language, _, territory = locale.partition("_")
    month_first = language == "en" and (territory or "US") in _MONTH_FIRST
    return "en_US" if month_first else "en_GB"


def long_day(on: date, locale: str = "en_GB", year: bool = False) -> str:
    """A date in words: ``Thursday, 11 March``, with the year on request."""
    english = _english(locale)
    pattern = {"en_US": "EEEE, MMMM d"}.get(english, "EEEE, d MMMM")
    return format_date(
        on, pattern + (", yyyy" if english == "en_US" else " yyyy") * year, locale=english
    )


def short_day(on: date, locale: str = "en_GB") -> str:
    """A date for lists: ``Thu 11 Mar 2027``."""
    english = _english(locale)
    pattern = "EEE, MMM d, yyyy" if english == "en_US" else "EEE d MMM yyyy"
    return format_date(on, pattern, locale=english)


def month(on: date, locale: str = "en_GB") -> str:
    """A month in words: ``March 2027``."""
    return format_date(on, "LLLL yyyy", locale=_english(locale))


def when(at: datetime, zone: str, hours: int = 24, locale: str = "en_GB") -> str:
    """A whole instant in words: ``Thursday, 11 March 2027, 14:05``."""
    return f"{long_day(day(at, zone), locale, year=True)}, {clock(at, zone, hours)}"


def instant(at: datetime) -> str:
    """An instant for an address or a ``datetime`` attribute: ``2027-03-11T14:05:00Z``."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def duration(minutes: int) -> str:
    """A length in words: ``45 minutes``, ``1 hour 30 minutes``."""
    hours, rest = divmod(minutes, 60)
    words = [_count(hours, "hour")] if hours else []
    return " ".join(words + ([_count(rest, "minute")] if rest or not hours else []))


def ago(at: datetime, locale: str = "en_GB") -> str:
    """How long ago, or how long until: ``12 minutes ago``, ``in 3 hours``."""
    return format_timedelta(at - utcnow(), add_direction=True, locale=_english(locale))


def zone_name(zone: str) -> str:
    """A zone in words: its city, such as ``Lisbon``, else its distance from UTC."""
    return zone_names.name(zone)


def zone_time(zone: str) -> str:
    """What times in a zone are called: ``Lisbon time``, ``UTC``, ``UTC−8``."""
    return zone_names.time_of(zone)


def part_of_day(starts: Iterable[datetime], zone: str) -> list[tuple[str, list[datetime]]]:
    """Starts grouped for reading: Morning to noon, Afternoon to six, Evening; empty groups left
    out.
    """
    parts: dict[str, list[datetime]] = {"Morning": [], "Afternoon": [], "Evening": []}
    for start in starts:
        hour = start.astimezone(ZoneInfo(zone)).hour
        parts["Morning" if hour < 12 else "Afternoon" if hour < 18 else "Evening"].append(start)
    return [(name, members) for name, members in parts.items() if members]


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def place(of: Schedule | Booking) -> str:
    """Where an appointment takes place, in a word or two: ``Zoom``, ``In person``, ``Phone``."""
    if of.location_kind is LocationKind.VIDEO:
        default = of.host.default_video_provider if isinstance(of, Schedule) else None
        return provider_label(of.video_provider or default or "") or "Video meeting"
    return "In person" if of.location_kind is LocationKind.IN_PERSON else "Phone"


def provider_label(name: str) -> str:
    """A video provider's name as people know it; empty for none."""
    return meetings_label(name)


def typed(text: str) -> Markup:
    """What somebody typed, beside other words on a page: its direction stays its own."""
    return Markup("<bdi>{}</bdi>").format(closed(text))


def absolute(path: str) -> str:
    """A path as an address that works outside this site: on a page to copy, or in a mail."""
    return str(current_app.config["PUBLIC_URL"]) + path


FILTERS = (
    *(absolute, ago, clock, day, duration, instant, long_day, month, part_of_day, place),
    *(provider_label, short_day, when, zone_name, zone_time, apart, typed),
)
