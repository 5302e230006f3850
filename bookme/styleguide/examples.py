"""What the parts show on the page for developers: made up, and always the same."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from flask import url_for

from bookme.help import pictures
from bookme.models import User
from bookme.numbers import charts
from bookme.public.browser import Custom
from bookme.public.days import calendar
from bookme.public.links import Links
from bookme.public.picker import Picker, Times
from bookme.public.reader import reader_of
from bookme.public.views import Within, month_of, wish

_TODAY = date(2027, 3, 3)
_NOW = datetime(2027, 3, 3, 9, 20, tzinfo=UTC)
_WITHIN = Within(_TODAY, date(2027, 5, 31), 0)
HOST = User(
    name="Mara Lindqvist",
    handle="mara",
    email="mara@hosts.example",
    headline="Designer for things that people use every day",
    welcome="Choose what we should talk about.\nI’m looking forward to it.",
)
#: What is in the fields of a form that is sound.
TYPED = {
    "text": "Ana Costa",
    "email": "ana@bookers.example",
    "number": 30,
    "notice": 4,
    "unit": "hours",
    "on": _TODAY,
    "at": time(9, 30),
    "words": "What we would like to talk about.",
    "one": "Video Meeting",
    "several": ["Design"],
    "tick": True,
}


def chart() -> SimpleNamespace:
    """A chart with its words."""
    pairs = [(f"{9 + nth:02}:00", count) for nth, count in enumerate((2, 5, 0, 7, 3, 1))]
    return SimpleNamespace(
        id="times",
        title="When people come",
        description="Most come at 12:00.",
        chart=charts.upright(pairs),
    )


def picture_sizes() -> dict[str, list[int]]:
    """One of the help's pictures with its size; none where none were taken."""
    return dict(list(pictures.sizes().items())[:1])


def picker(args: Mapping[str, str]) -> dict[str, Any]:
    """A picker's days and times as its templates need them; its links lead to this page."""
    reader = reader_of(args, zone="Europe/Berlin", custom=Custom("en_GB", 24))
    found = _picker(args)
    kept = {name: args[name] for name in ("theme", "dir") if name in args}
    here = url_for("styleguide.index")
    links = Links(here, here, reader, found, kept)
    schedule = SimpleNamespace(host=HOST)
    return dict(
        reader=reader,
        picker=found,
        links=links,
        schedule=schedule,
        now=_NOW,
        zones=None,
        moving=None,
    )


def _picker(args: Mapping[str, str]) -> Picker:
    wished = wish(args, _WITHIN)
    view = month_of(wished.month or wished.day or _TODAY, _WITHIN)
    days = [view.first + timedelta(days=nth) for nth in range((view.stop - view.first).days)]
    free = [day for day in days if day.weekday() < 5 and day.day % 4 and day >= _TODAY]
    day = wished.day or next(iter(free), None)
    starts = [_at(day, hour) for hour in (5, 9, 10, 13, 15, 18)] if day in free and day else []
    present = starts[2] if starts else None
    times = Times(day, starts, present, starts[0] if starts else None, None)
    weeks = calendar(view, _WITHIN, free=free, shown=day, first=free[0], today=_TODAY)
    return Picker(wished.asked, weeks, times, _WITHIN.last, wished.notices, 30, [30, 60])


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 30), UTC)
