"""The row of a booking's calendar entry, and the states it passes through."""

from datetime import datetime

from bookme.bookings import sent
from bookme.jobs.entry import meeting
from bookme.jobs.entry.calls import Task
from bookme.jobs.events import note
from bookme.models import Booking, CalendarEntry, EventKind, MeetingState
from bookme.providers.calendar import Entry


def of(booking: Booking) -> CalendarEntry:
    assert booking.entry is not None  # only its booking's end ends it, and then the lease is lost
    return booking.entry


def keep(booking: Booking, entry: CalendarEntry, seen: Entry, task: Task, now: datetime) -> None:
    entry.etag = seen.etag
    sent.keep(entry, task.wanted.to_json(), revision=task.lease.revision)
    entry.revision, entry.attempted_at = task.lease.revision, None
    entry.state, entry.link_after = MeetingState.READY, None
    all_is_well(entry)
    meeting.take(booking, seen, asked=task.wanted.wants_meeting, now=now)
    meeting.follow(booking)


def removed(entry: CalendarEntry, task: Task) -> None:
    """Its id stays: a reading from before may still show it."""
    entry.made_at = entry.attempted_at = entry.link_after = entry.etag = entry.sent = None
    entry.forgotten = False
    entry.state, entry.revision = MeetingState.REMOVED, task.lease.revision
    all_is_well(entry)


def by_hand(booking: Booking, entry: CalendarEntry, now: datetime) -> None:
    if entry.changed_by_hand_at is None:
        note(booking, EventKind.ENTRY_CHANGED_BY_HAND, now)
    entry.changed_by_hand_at = now


def make_another(entry: CalendarEntry) -> None:
    entry.attempt += 1
    entry.made_at = entry.attempted_at = entry.sent = entry.changed_by_hand_at = None
    entry.forgotten = False
    entry.state = MeetingState.WAITING
    all_is_well(entry)


def all_is_well(entry: CalendarEntry) -> None:
    entry.trouble = entry.next_attempt_at = entry.failing_since = None
    entry.attempts = 0
