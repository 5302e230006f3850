"""The outcome of a run as lines to read."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sandbox.operations import provider_of
from tests.faults.run import Outcome


def words(outcome: Outcome) -> Iterator[str]:
    seen, took = outcome.seen, outcome.times
    became = Counter(str(one.status) for one in seen.bookings)
    yield f"{len(seen.bookings)} bookings in the end: {_counted(became)}"
    yield from (f"  {times:>5} {what}" for what, times in sorted(outcome.done.items()))
    zoom = [one for one in seen.calls if provider_of(one["operation"]) == "zoom"]
    yield from _calls("Zoom", zoom)
    yield from _calls("calendars", [one for one in seen.calls if one not in zoom])
    there = Counter(entry.provider for entry in seen.entries if not entry.is_deleted)
    yield f"entries in calendars in the end: {_counted(there)}"
    messages = [one["message_id"] for one in seen.mail]
    yield f"{len(messages)} messages under {len(set(messages))} Message-IDs"
    yield f"slowest page: {outcome.slowest_page:.1f} s"
    yield f"all at rest {took.rest:.1f} s after the last fault"
    yield f"slowest booking: {took.after_change:.1f} s after its last change"
    yield f"slowest booking after the last fault: {took.after_faults:.1f} s"
    yield f"slowest calendar entry after the last fault: {took.entries_after_faults:.1f} s"
    yield from (f"WRONG: {one}" for one in outcome.complaints)
    yield f"{len(outcome.complaints)} complaints"


def _calls(whom: str, calls: list[dict[str, Any]]) -> Iterator[str]:
    yield f"{len(calls)} calls to {whom}: {_counted(Counter(one['operation'] for one in calls))}"
    faults = Counter(one["fault"] for one in calls if one["fault"])
    yield f"{faults.total()} of them failed: {_counted(faults)}"


def _counted(found: Counter[str]) -> str:
    return ", ".join(f"{name} {times}" for name, times in found.most_common())
