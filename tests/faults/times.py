"""How long bookings took to converge."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.faults.observed import Known, Seen


@dataclass(frozen=True, slots=True)
class Times:
    """In seconds.

    :ivar rest: from the end of the faults until nothing was on its way.
    :ivar after_change: from a booking's last change to the last that the outside saw of it, the
        slowest booking's.
    :ivar after_faults: the same from the end of the faults, or the change if that came later.
    :ivar entries_after_faults: the same of its calendar entry alone.
    """

    rest: float
    after_change: float
    after_faults: float
    entries_after_faults: float


def times(seen: Seen, rested: float, ended_at: datetime) -> Times:
    """:param ended_at: when the faults ended."""
    last = [(one.changed_at, max(_effects(seen, one))) for one in seen.bookings]
    entries = [(one.changed_at, max(_on_entry(seen, one))) for one in seen.bookings]
    return Times(
        rest=rested,
        after_change=max((end - change).total_seconds() for change, end in last),
        after_faults=_slowest(last, ended_at),
        entries_after_faults=_slowest(entries, ended_at),
    )


def _slowest(found: list[tuple[datetime, datetime]], ended_at: datetime) -> float:
    return max((end - max(change, ended_at)).total_seconds() for change, end in found)


def _effects(seen: Seen, one: Known) -> Iterator[datetime]:
    """When the outside saw something new of a booking."""
    ids = {meeting["id"] for meeting in seen.meetings_of(one.reference, living=False)}
    yield from _done(seen, "meeting_id", ids)
    for mail in seen.mail:
        if one.reference in str(mail["message_id"]):
            yield datetime.fromisoformat(mail["at"])
    yield from _on_entry(seen, one)


def _on_entry(seen: Seen, one: Known) -> Iterator[datetime]:
    ids = {entry.id for entry in seen.entries_of(one.reference, living=False)} | {one.entry.id}
    yield one.changed_at
    yield from _done(seen, "event_id", ids - {None})


def _done(seen: Seen, what: str, ids: set[Any]) -> Iterator[datetime]:
    for call in seen.calls:
        changes = call["operation"].rpartition(".")[2] not in ("get", "list")
        if call[what] in ids and changes and call["did"] in (200, 201, 204):
            yield datetime.fromisoformat(call["at"])
