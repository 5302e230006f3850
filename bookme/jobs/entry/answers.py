"""What a booking's calendar entry says after a call: every answer is written here, under the
lease.
"""

import logging
from datetime import datetime

from bookme import waits
from bookme.connections.calendars import rows
from bookme.errors import NotAllowed, NotFound, ProviderError, Rejected
from bookme.jobs.calendars.trouble import trouble
from bookme.jobs.entry import meeting, row
from bookme.jobs.entry.calls import Task
from bookme.jobs.entry.plan import Move
from bookme.jobs.events import note
from bookme.jobs.lease import answered
from bookme.models import CalendarEntry, EventKind, MeetingState, Trouble
from bookme.providers.calendar import DELETED, HOST_NOT_ALLOWED, NO_MEETING, Entry

log = logging.getLogger(__name__)

_MADE = {EventKind.ENTRY_CREATED, EventKind.ENTRY_RECREATED}


def created(task: Task, made: Entry, *, now: datetime) -> None:
    with answered(task.lease) as booking:
        entry = row.of(booking)
        again = any(event.kind in _MADE for event in booking.events)
        is_known = rows.is_there(booking.host_id, task.calendar_id, task.calendar)
        entry.provider, entry.external_id = task.provider, made.id
        entry.calendar_id = task.calendar_id if is_known else None
        entry.calendar_external_id = task.calendar if is_known else None
        entry.made_at, entry.changed_by_hand_at = now, None
        row.keep(booking, entry, made, task, now)
        if not is_known:  # disconnected while it was made
            entry.state, entry.etag = MeetingState.LEFT, None
            entry.external_id = made.id if rows.is_own_id(made.id) else None
        note(booking, EventKind.ENTRY_RECREATED if again else EventKind.ENTRY_CREATED, now)


def updated(task: Task, seen: Entry, *, now: datetime) -> None:
    with answered(task.lease) as booking:
        entry = row.of(booking)
        row.keep(booking, entry, seen, task, now)
        if seen.differs_from(task.wanted):
            row.by_hand(booking, entry, now)
        else:
            entry.changed_by_hand_at = None
        note(booking, EventKind.ENTRY_UPDATED, now)


def looked(task: Task, seen: Entry, *, now: datetime) -> None:
    with answered(task.lease) as booking:
        meeting.take(booking, seen, asked=task.wanted.wants_meeting, now=now)
        meeting.follow(booking)


def sought(task: Task, found: tuple[Entry, int, str] | None, *, now: datetime) -> None:
    """It is known again where the entry is; or that it is nowhere one can reach."""
    with answered(task.lease) as booking:
        entry = row.of(booking)
        entry.sought_at = now
        entry.attempted_at = None
        row.all_is_well(entry)
        if found is None or not rows.is_there(booking.host_id, *found[1:]):
            return
        entry.made_at = entry.made_at or now
        seen, entry.calendar_id, entry.calendar_external_id = found
        entry.external_id, entry.etag, entry.state = seen.id, seen.etag, MeetingState.READY
        if entry.link_after is not None:
            entry.link_after = now  # its meeting's link may have come meanwhile
        if task.sent is not None and seen.differs_from(task.sent):
            row.by_hand(booking, entry, now)
        meeting.follow(booking)


def deleted(task: Task, *, now: datetime) -> None:
    with answered(task.lease) as booking:
        entry = row.of(booking)
        was_there = entry.made_at is not None
        row.removed(entry, task)
        meeting.follow(booking)
        if was_there:
            note(booking, EventKind.ENTRY_DELETED, now)


def gone(task: Task, *, now: datetime) -> None:
    """The provider has lost the entry. Deleted by hand it stays so until the booking changes;
    while its meeting's link is still to come another one must be made.
    """
    with answered(task.lease) as booking:
        entry = row.of(booking)
        row.removed(entry, task)
        entry.attempt += 1  # a provider may never make the same one again
        if task.has_changed or task.move is Move.LOOK:
            # Another one is made, and what was done to this one by hand ends with it.
            entry.state, entry.changed_by_hand_at = MeetingState.WAITING, None
        else:
            row.by_hand(booking, entry, now)
        meeting.follow(booking)


def failed(task: Task, error: ProviderError, *, now: datetime) -> None:
    """Write down what went wrong, and when to try again if that may help."""
    log.warning("%s the entry of booking %s: %s", task.move, task.wanted.reference, error)
    with answered(task.lease) as booking:
        entry = row.of(booking)
        if task.move in (Move.CREATE, Move.UPDATE) and not error.sent:
            entry.attempted_at = task.attempted_at
        if isinstance(error, NotFound):
            entry.attempted_at = None  # what was made has been deleted, or went with its calendar
        before = entry.trouble
        if isinstance(error, NotFound) and error.code == DELETED:
            row.make_another(entry)
        elif isinstance(error, NotAllowed) and error.code == NO_MEETING:
            row.make_another(entry)
            meeting.cannot_be_made(booking, now=now)
        elif isinstance(error, (NotAllowed, Rejected)) and error.code != HOST_NOT_ALLOWED:
            _refused(entry, task, error)
        else:
            _put_off(entry, task, error, now)
        meeting.follow(booking)
        if entry.trouble is not None and entry.trouble is not before:
            note(booking, EventKind.ENTRY_FAILED, now, trouble=str(entry.trouble))


def _refused(entry: CalendarEntry, task: Task, error: ProviderError) -> None:
    entry.state, entry.revision = MeetingState.FAILED, task.lease.revision
    entry.next_attempt_at = entry.failing_since = None
    entry.trouble = trouble(error)
    if task.move is Move.FIND:
        entry.sought_at = task.begun_at  # or it would be looked for without end
    if isinstance(error, Rejected):
        log.error("a request of ours was wrong: %s", error)


def _put_off(entry: CalendarEntry, task: Task, error: ProviderError, now: datetime) -> None:
    said = trouble(error)
    if said is Trouble.NEEDS_RECONNECT:
        # The connection is marked, and connecting again makes the booking due; the next turn sees
        # that. If it is not marked, somebody else has renewed it just now.
        entry.next_attempt_at = now + waits.FIRST_RETRY
        return
    entry.attempts += 1
    again = waits.retry_after(entry.attempts, now, error.retry_at)
    entry.trouble = said
    entry.failing_since = min(entry.failing_since or now, now)
    if task.move is Move.LOOK:
        entry.link_after = again
    else:
        entry.next_attempt_at = again
