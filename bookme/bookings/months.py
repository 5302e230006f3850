"""Months and days on the wall calendar of a zone, for pages on which somebody picks a time."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def before(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def after(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def span(month: date, zone: str) -> tuple[datetime, datetime]:
    """When a month begins and ends."""
    return midnight(month, zone), midnight(after(month), zone)


def by_day(starts: Iterable[datetime], zone: str) -> dict[date, list[datetime]]:
    """Starts under their dates; order stays."""
    found: dict[date, list[datetime]] = {}
    for start in starts:
        found.setdefault(start.astimezone(ZoneInfo(zone)).date(), []).append(start)
    return found


def midnight(on: date, zone: str) -> datetime:
    """When a day begins."""
    return datetime.combine(on, time(), ZoneInfo(zone))
