"""When a recurring event happens: at the same wall time, whatever the clocks do."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]


def occurrences(
    start: datetime, end: datetime, rule: str, zone: str, begin: datetime, finish: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Start and end of each occurrence that touches the time between two instants.

    :param rule: RFC 5545's RRULE without its name; empty if it happens once.
    """
    if not rule:
        if start < finish and end > begin:
            yield start, end
        return
    there = ZoneInfo(zone)
    first, last = (at.astimezone(there).replace(tzinfo=None) for at in (start, end))
    lasts = last - first
    early = begin.astimezone(there).replace(tzinfo=None) - lasts
    for local in rrulestr(rule, dtstart=first).xafter(early):
        starts, ends = (at.replace(tzinfo=there).astimezone(UTC) for at in (local, local + lasts))
        if starts >= finish:
            return
        if ends > begin:
            yield starts, ends
