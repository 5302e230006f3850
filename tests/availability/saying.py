"""Lets the tests' tables speak of clock times instead of minutes since the epoch."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bookme.availability import Hours, Limit, Plans, Rules, Span, Window, to_datetime, to_minutes
from bookme.availability.hours import Week

CLOSED: tuple[Window, ...] = ()


def windows(text: str) -> tuple[Window, ...]:
    """``"09:00-12:00 22:00-02:00"``; nothing for a day off."""
    return tuple(
        Window(*(int(end[:2]) * 60 + int(end[3:]) for end in window.split("-")))
        for window in text.split()
    )


def week(*days: str) -> Week:
    """Seven days in words, or one for all of them."""
    return tuple(windows(day) for day in (days if len(days) == 7 else days * 7))


def hours(
    open_on: Week, zone: str = "Europe/Berlin", overrides: dict[str, str] | None = None
) -> Hours:
    return Hours(
        week=open_on,
        overrides={date.fromisoformat(on): windows(day) for on, day in (overrides or {}).items()},
        zone=ZoneInfo(zone),
    )


def rules(open_at: Hours, **changes: Any) -> Rules:
    """Half an hour every half hour, no buffers, notice or limits, a year ahead."""
    limit = Limit(open_at.zone, changes.pop("max_per_day", None), changes.pop("max_per_week", None))
    usual: dict[str, Any] = dict(length=30, step=30, before=0, after=0, notice=0, horizon=365)
    usual |= dict(limit=limit, host_limit=Limit(open_at.zone, None, None), max_per_booker=None)
    return Rules(open_at, **usual | changes)


def plans(
    holds: Iterable[Span] = (), busy: Iterable[Span] = (), booked: Iterable[int] = (), **more: Any
) -> Plans:
    return Plans(taken=[*holds, *busy], booked=[*booked], **more)


def utc(text: str) -> int:
    """The minute of ``"2027-03-01 09:00"`` UTC."""
    return to_minutes(datetime.fromisoformat(text).replace(tzinfo=UTC))


def spans(*texts: str, on: str = "2027-03-01") -> list[Span]:
    """``"09:15-10:15"``, in UTC on one day."""
    return [(utc(f"{on} {text[:5]}"), utc(f"{on} {text[6:]}")) for text in texts]


def clocks(minutes: Iterable[int]) -> list[str]:
    """The UTC clock times of some instants."""
    return [f"{to_datetime(minute):%H:%M}" for minute in minutes]


def local(minutes: Iterable[int], zone: str) -> list[str]:
    """The clock times of some instants in a zone, with the offset where it changes that day."""
    return [f"{to_datetime(minute).astimezone(ZoneInfo(zone)):%H:%M%z}" for minute in minutes]
