"""The numbers as pictures and tables, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, time

from babel.dates import format_skeleton, format_time, format_timedelta
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bookme.models import User
from bookme.numbers import charts
from bookme.numbers.charts import Chart
from bookme.numbers.service import Numbers, Tally
from bookme.web.filters import written

#: What is counted, in the order of :class:`Tally`.
KINDS = {
    "made": _l("Booked"),
    "held": _l("Took place"),
    "moved": _l("Rescheduled"),
    "cancelled": _l("Cancelled"),
    "missed": _l("No-show"),
}
_LEADS = (
    _l("Less than a day"),
    _l("1 to 2 days"),
    _l("3 to 6 days"),
    _l("1 to 2 weeks"),
    _l("2 to 4 weeks"),
    _l("4 weeks or more"),
)
#: So many schedules are shown by themselves.
_MOST_SCHEDULES = 20


#: In more weeks than these a day and month may be two years'.
_WEEKS_WITHOUT_YEAR = 26


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with what it says."""

    id: str
    title: str
    description: str
    chart: Chart


def by_week(numbers: Numbers, host: User) -> Iterator[Picture]:
    """A picture for each kind of which there are any."""
    is_long = len(numbers.weeks) > _WEEKS_WITHOUT_YEAR
    for kind, title in KINDS.items():
        if not getattr(numbers.total, kind):
            continue
        counts = ((week, getattr(of, kind)) for week, of in numbers.weeks.items())
        pairs = [(_week(week, host, year=is_long), count) for week, count in counts]
        yield Picture(f"week-{kind}", str(title), _weeks_said(pairs), charts.upright(pairs))


def schedules(numbers: Numbers, titles: dict[int, str]) -> list[tuple[str, Tally]]:
    """The schedules with most bookings, and what the others have together."""
    by_most = sorted(numbers.schedules.items(), key=lambda one: (-one[1].made, one[0]))
    named = [(titles[number], of) for number, of in by_most if number in titles]
    shown = named[:_MOST_SCHEDULES]
    others = Tally()
    for tally in [of for _title, of in named[_MOST_SCHEDULES:]] + [
        of for number, of in by_most if number not in titles
    ]:
        for one in fields(Tally):
            setattr(others, one.name, getattr(others, one.name) + getattr(tally, one.name))
    return shown if others == Tally() else [*shown, (_("Other schedules"), others)]


def by_schedule(rows: list[tuple[str, Tally]]) -> Picture:
    """How many bookings were made of each schedule."""
    pairs = [(title, of.made) for title, of in rows]
    return Picture("schedules", _("Booked"), _named_said(pairs), charts.lying(pairs))


def hours(numbers: Numbers, host: User) -> list[tuple[str, int]]:
    """Appointments by the hour in which they start."""
    pattern = "HH:mm" if host.clock_hours == 24 else "h a"
    spoken = written("en_GB")
    return [
        (format_time(time(hour), pattern, locale=spoken), count)
        for hour, count in enumerate(numbers.hours)
    ]


def by_hour(pairs: list[tuple[str, int]]) -> Picture:
    """The busiest hours."""
    return Picture("hours", _("Starts of appointments"), _named_said(pairs), charts.upright(pairs))


def leads(numbers: Numbers) -> list[tuple[str, int]]:
    """Bookings by how long before the start they were made."""
    return [(str(words), count) for words, count in zip(_LEADS, numbers.leads, strict=True)]


def by_lead(pairs: list[tuple[str, int]]) -> Picture:
    """How far ahead people book."""
    return Picture("leads", _("Time before the start"), _named_said(pairs), charts.lying(pairs))


def usual_lead(numbers: Numbers) -> str:
    """How far ahead half of the bookings are made; empty if there are none."""
    if numbers.usual_lead is None:
        return ""
    length = format_timedelta(numbers.usual_lead, locale=written("en_GB"))
    return _("Half of the bookings were made at least %(length)s before the start.", length=length)


def _weeks_said(pairs: Sequence[tuple[str, int]]) -> str:
    total, (week, most) = sum(count for _week, count in pairs), max(pairs, key=lambda one: one[1])
    if not total:
        return _("None in these weeks.")
    words = _("%(total)s in all. Most in the week of %(week)s: %(most)s.")
    return words % {"total": total, "week": week, "most": most}


def _named_said(pairs: Sequence[tuple[str, int]]) -> str:
    name, most = max(pairs, key=lambda one: one[1], default=("", 0))
    if not most:
        return _("None in this period.")
    return _("Most: %(name)s, with %(most)s.", name=name, most=most)


def _week(of: date, host: User, *, year: bool) -> str:
    return format_skeleton("yMMMd" if year else "MMMd", of, locale=written(host.locale))
