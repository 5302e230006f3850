"""Jinja filters: instants, dates and lengths in words."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.units import format_unit
from flask import Flask, current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup, escape

from bookme import zone_names
from bookme.clock import utcnow
from bookme.models import Booking, LocationKind, Schedule
from bookme.providers.registry import meetings_label
from bookme.typed import apart, closed
from bookme.web.words import listed

#: How many dates and lengths each process remembers in words, of each kind.
_REMEMBERED = 4096
#: Where English is written with the month before the day.
_MONTH_FIRST = frozenset(["US", "CA", "PH", "AS", "BI", "GU", "MH", "MP", "PR", "UM", "VI"])
#: Languages that have it before the day themselves, as the CLDR has it.
_MONTH_FIRST_TOO = frozenset(
    ["dz", "eu", "hu", "ii", "ja", "ko", "lt", "mn", "ne", "si", "yue", "zh"]
)


def init_app(app: Flask) -> None:
    """Add the filters to an application's templates."""
    for filter_ in FILTERS:
        app.add_template_filter(filter_)
    app.add_template_global(utcnow, "utcnow")


class Spanning(Protocol):
    """What begins and ends."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...


def clock(at: datetime, zone: str, hours: int = 24) -> str:
    """The time of day on a zone's wall clock: ``14:05`` or ``2:05 pm``; ``01:30 (second)`` in an
    hour that a clock change repeats.
    """
    shown, comes_twice = _on_the_wall(at, zone)
    words = (
        _twelve(shown, written("en_GB")) if hours == 12 else f"{shown.hour:02}:{shown.minute:02}"
    )
    if not comes_twice:
        return words
    return _("%(time)s (second)", time=words) if shown.fold else _("%(time)s (first)", time=words)


@lru_cache(_REMEMBERED)
def _on_the_wall(at: datetime, zone: str) -> tuple[time, bool]:
    """What a zone's clocks show, and whether they do so twice."""
    local = at.astimezone(ZoneInfo(zone))
    other = local.replace(fold=1 - local.fold)
    return local.time(), other.utcoffset() != local.utcoffset()


@lru_cache(_REMEMBERED)
def _twelve(at: time, ours: str) -> str:
    """A time on a clock of 12 hours: ``2:05 pm``, ``오후 2:05``; in one piece also in Hebrew, which
    says PM.
    """
    if ours.startswith("en"):
        return format_time(at, "h:mm a", locale="en_GB")
    return apart(format_skeleton("hm", at, locale=ours))


def span(of: Spanning, zone: str, hours: int = 24) -> str:
    """From when to when something is, on a zone's wall clock: ``09:00 to 09:30``."""
    begin, end = clock(of.starts_at, zone, hours), clock(of.ends_at, zone, hours)
    return _("%(start)s to %(end)s", start=begin, end=end)


def day(at: datetime, zone: str) -> date:
    """The date on a zone's wall calendar."""
    return at.astimezone(ZoneInfo(zone)).date()


def written(locale: str) -> str:
    """The locale that dates are written in for a reader: in the language of the page or mail around
    them, in which only the order of a date's parts follows the reader's country.

    :param locale: the reader's own, such as ``de_AT``.
    """
    spoken, (language, __, territory) = get_locale(), locale.partition("_")
    if spoken is not None and spoken.language != "en":
        return locale if language == spoken.language else str(spoken)
    in_english = language == "en" and (territory or "US") in _MONTH_FIRST
    return "en_US" if in_english or language in _MONTH_FIRST_TOO else "en_GB"


def long_day(on: date, locale: str = "en_GB", year: bool = False) -> str:
    """A date in words: ``Thursday, 11 March``, with the year on request."""
    return day_in_words(on, written(locale), year)


@lru_cache(_REMEMBERED)
def day_in_words(on: date, ours: str, year: bool = False) -> str:
    """The same in a locale that dates are written in."""
    if ours == "en_US":
        return format_date(on, "EEEE, MMMM d, y" if year else "EEEE, MMMM d", locale=ours)
    if ours == "en_GB":
        return format_date(on, "EEEE, d MMMM y" if year else "EEEE, d MMMM", locale=ours)
    if year:
        return _ordinal(format_date(on, "full", locale=ours), ours)
    return _ordinal(format_date(on, _long_pattern(ours), locale=ours), ours)


def _ordinal(said: str, locale: str) -> str:
    """The first of a month as French has it, unlike the other days."""
    return said.replace(" 1 ", " 1er ", 1) if locale.startswith("fr") else said


@cache
def _long_pattern(locale: str) -> str:
    """Weekday, day and month in full: what a locale has for them in short, with longer words."""
    known = Locale.parse(locale).datetime_skeletons
    short = (known.get("MMMMEd") or known["MMMEd"]).pattern
    return re.sub("E+", "EEEE", re.sub("(?<![ML])([ML]){3,}", r"\1\1\1\1", short))


def short_day(on: date, locale: str = "en_GB") -> str:
    """A date for lists: ``Thu 11 Mar 2027``."""
    return _in_short(on, written(locale))


@lru_cache(_REMEMBERED)
def _in_short(on: date, ours: str) -> str:
    if ours == "en_GB":
        return format_date(on, "EEE d MMM y", locale=ours)
    return format_skeleton("yMMMEd", on, locale=ours)


def near_day(on: date, zone: str, locale: str = "en_GB") -> str:
    """A date for lists, with its year only where that isn't this one: ``Thu 11 Mar``."""
    if not is_this_year(on, zone):
        return short_day(on, locale)
    ours = written(locale)
    return _without_year(on, ours)


@lru_cache(_REMEMBERED)
def _without_year(on: date, ours: str) -> str:
    if ours == "en_GB":
        return format_date(on, "EEE d MMM", locale=ours)
    return format_skeleton("MMMEd", on, locale=ours)


def month(on: date, locale: str = "en_GB") -> str:
    """A month in words: ``March 2027``."""
    return skeleton("yMMMM", on, written(locale))


@lru_cache(maxsize=1024)
def skeleton(parts: str, on: date, ours: str) -> str:
    """A date in the order that a locale has for some of its parts."""
    return str(format_skeleton(parts, on, locale=ours))


def when(at: datetime, zone: str, hours: int = 24, locale: str = "en_GB") -> str:
    """A whole instant in words: ``Thursday, 11 March 2027, 14:05``."""
    on = long_day(day(at, zone), locale, year=True)
    return _("%(day)s, %(time)s", day=on, time=clock(at, zone, hours))


def is_this_year(on: date, zone: str) -> bool:
    """Whether a date is in the present year of a zone, and is said without it."""
    return on.year == day(utcnow(), zone).year


def near(at: datetime, zone: str, hours: int = 24, locale: str = "en_GB") -> str:
    """As :func:`when`; this year's dates without the year."""
    on = day(at, zone)
    words = long_day(on, locale, year=not is_this_year(on, zone))
    return _("%(day)s, %(time)s", day=words, time=clock(at, zone, hours))


def instant(at: datetime) -> str:
    """An instant for an address or a ``datetime`` attribute: ``2027-03-11T14:05:00Z``."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def counted(number: int, unit: str) -> str:
    """A number of hours, days, and so on: ``2 hours``. Where a language writes a unit out as it
    abbreviates it, Babel has the word only once, under the short ones: ``2 uur``.
    """
    return _counted(number, f"duration-{unit}", written("en_GB"))


@lru_cache(_REMEMBERED)
def _counted(number: int, name: str, ours: str) -> str:
    said = format_unit(number, name, locale=ours)
    return said if name not in said else format_unit(number, name, "short", locale=ours)


def duration(minutes: int) -> str:
    """A length in words: ``45 minutes``, ``1 hour 30 minutes``."""
    return _duration(minutes, str(get_locale()))


@lru_cache(_REMEMBERED)
def _duration(minutes: int, _spoken: str) -> str:
    """The same in the language that is spoken now."""
    hours, rest = divmod(minutes, 60)
    parts = [counted(hours, "hour")] if hours else []
    if rest or not hours:
        parts.append(counted(rest, "minute"))
    return listed(parts, "unit-narrow")


def lengths(minutes: Sequence[int]) -> str:
    """Several lengths in words, of which one is chosen: ``30 minutes or 1 hour``."""
    return _lengths(tuple(minutes), str(get_locale()))


@lru_cache(_REMEMBERED)
def _lengths(minutes: tuple[int, ...], _spoken: str) -> str:
    """The same in the language that is spoken now."""
    return listed([duration(one) for one in minutes], "or")


def ago(at: datetime, locale: str = "en_GB") -> str:
    """How long ago, or how long until: ``12 minutes ago``, ``in 3 hours``."""
    return format_timedelta(at - utcnow(), add_direction=True, locale=written(locale))


def zone_name(zone: str) -> str:
    """A zone in words: its city, such as ``Lisbon``, else its distance from UTC."""
    return zone_names.name(zone)


def zone_time(zone: str) -> str:
    """What times in a zone are called: ``Lisbon time``, ``UTC``, ``UTC−8``."""
    return zone_names.time_of(zone)


def part_of_day(starts: Iterable[datetime], zone: str) -> list[tuple[str, list[datetime]]]:
    """Starts grouped for reading: Night to six, Morning to noon, Afternoon to six, Evening; empty
    groups left out.
    """
    parts: list[tuple[str, list[datetime]]] = [
        (_("Night"), []),
        (_("Morning"), []),
        (_("Afternoon"), []),
        (_("Evening"), []),
    ]
    for start in starts:
        parts[_on_the_wall(start, zone)[0].hour // 6][1].append(start)
    return [(name, members) for name, members in parts if members]


class Placed(Protocol):
    """What takes place somewhere: a booking, or what a list shows of one."""

    @property
    def location_kind(self) -> LocationKind: ...

    @property
    def video_provider(self) -> str | None: ...


def place(of: Schedule | Booking | Placed) -> str:
    """Where an appointment takes place, in a word or two: ``Zoom``, ``In person``, ``Phone``."""
    if of.location_kind is LocationKind.VIDEO:
        default = of.host.default_video_provider if isinstance(of, Schedule) else None
        return provider_label(of.video_provider or default or "") or _("Video meeting")
    return _("In person") if of.location_kind is LocationKind.IN_PERSON else _("Phone")


def provider_label(name: str) -> str:
    """A video provider's name as people know it; empty for none."""
    return meetings_label(name)


def typed(text: str) -> Markup:
    """What somebody typed, beside other words on a page: its direction stays its own."""
    return Markup(f"<bdi>{escape(closed(text))}</bdi>") if text else Markup()


def absolute(path: str) -> str:
    """A path as an address that works outside this site: on a page to copy, or in a mail."""
    return str(current_app.config["PUBLIC_URL"]) + path


def breakable(address: str) -> Markup:
    """An address that a line may end in behind each slash of its path: browsers don't break there
    by themselves, but within a word.
    """
    return Markup("<wbr>").join(re.split(r"(?<=[^/]/)(?=[^/])", address))


FILTERS = (
    *(absolute, ago, breakable, clock, day, duration, instant, lengths, long_day, month, near),
    *(
        near_day,
        place,
        provider_label,
        short_day,
        span,
        when,
        zone_name,
        zone_time,
        apart,
        typed,
    ),
)
