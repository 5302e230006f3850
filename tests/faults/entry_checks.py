"""Whether calendars show each booking once, as it is. Complaints, as :mod:`.checks` gives them."""

from collections.abc import Iterator

from bookme.models import EventKind
from bookme.providers.registry import meetings_label
from tests.faults.checks import name
from tests.faults.entries import Entry
from tests.faults.observed import Known, Seen


def entries(seen: Seen) -> Iterator[str]:
    """Every confirmed booking has one entry, with its start, end, title and link; any other none.

    What stands in a calendar that its host has left for good stays as it is.
    """
    for one in seen.bookings:
        living = seen.entries_of(one.reference)
        here = [entry for entry in living if (one.host, entry.provider) in seen.connected]
        if (one.host, one.entry.provider) in seen.connected:
            yield from _exactly(one, here)
        elif here:
            yield f"{name(one)} has an entry at {here[0].provider}, of which BookMe knows nothing"
        there = [entry for entry in living if entry not in here]
        yield from _left(one, there, is_elsewhere=bool(here))
    known = {one.reference for one in seen.bookings}
    for entry in seen.entries:
        is_left = not entry.is_deleted or entry.reference
        if is_left and entry.reference not in known:
            yield f"an entry at {entry.provider} is nobody's: {entry.id}"


def _exactly(one: Known, here: list[Entry]) -> Iterator[str]:
    if len(here) != one.is_confirmed:
        where = ", ".join(entry.provider for entry in here)
        yield f"{name(one)} has {len(here)} entries ({where}); {', '.join(one.history)}"
        return
    for entry in here:
        yield from (f"{name(one)}: its entry {what}" for what in _wrong(one, entry))


def _wrong(one: Known, entry: Entry) -> Iterator[str]:
    if entry.provider != one.entry.provider or one.entry.id not in (entry.id, None):
        yield f"is {entry.id} at {entry.provider}, not {one.entry.id} at {one.entry.provider}"
    minutes = (entry.ends_at - entry.starts_at).total_seconds() / 60
    if (entry.starts_at, minutes) != (one.starts_at, one.minutes):
        yield f"is at {entry.starts_at} for {minutes}, not {one.starts_at} for {one.minutes}"
    if entry.title != one.title:
        yield f"is called {entry.title}, not {one.title}"
    if one.carrier:
        yield from _wrong_meeting(one, entry)
    elif entry.place != (one.join_url or meetings_label(one.video)):
        yield f"is at {entry.place}, not {one.join_url}"
    elif (one.join_url or "") not in entry.text:
        yield "does not say how to join"


def _wrong_meeting(one: Known, entry: Entry) -> Iterator[str]:
    if not entry.link or entry.link != one.join_url:
        yield f"carries {entry.link or 'no meeting'}, not {one.join_url}"
    if entry.provider != one.carrier or not entry.is_main:
        yield f"is at {entry.provider}, and not in the main calendar of {one.carrier}"


def _left(one: Known, there: list[Entry], *, is_elsewhere: bool) -> Iterator[str]:
    """:param is_elsewhere: the booking has another entry, in a calendar that is connected."""
    if len(there) > 1:
        yield f"{name(one)} was left with {len(there)} entries; {', '.join(one.history)}"
    is_it = one.is_confirmed and not is_elsewhere
    explained = is_it or one.entry.is_unknown or EventKind.ENTRY_LEFT in one.history
    if there and not explained:
        yield f"{name(one)} has an entry, and its history does not say why"
