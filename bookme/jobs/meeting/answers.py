"""What a booking's meeting row says after a call: every answer is written here, under the lease."""

import logging
from datetime import datetime

from bookme import waits
from bookme.bookings import sent
from bookme.errors import (
    ClientRefused,
    ConnectionRevoked,
    NotAllowed,
    ProviderError,
    ProviderUnavailable,
    Rejected,
)
from bookme.jobs.events import note
from bookme.jobs.lease import answered
from bookme.jobs.meeting import row
from bookme.jobs.meeting.calls import Found, Task
from bookme.jobs.meeting.plan import Move
from bookme.models import EventKind, Meeting, MeetingState, Trouble
from bookme.providers import video

log = logging.getLogger(__name__)

#: Zoom's code for a meeting that has begun.
STARTED = 3000

_MAY_MAKE = (Move.CREATE, Move.UPDATE)


def created(task: Task, made: video.Meeting, *, now: datetime) -> None:
    with answered(task.lease) as booking:
        again = booking.had_meeting
        row.keep(row.of(booking), made, task, now)
        note(booking, EventKind.MEETING_RECREATED if again else EventKind.MEETING_CREATED, now)


def updated(task: Task, seen: video.Meeting | None, *, now: datetime) -> None:
    """:param seen: the meeting as it is now, if it was looked at."""
    with answered(task.lease) as booking:
        meeting = row.of(booking)
        if seen is not None:
            meeting.join_url, meeting.passcode = seen.join_url, seen.passcode
        meeting.revision = task.lease.revision
        sent.keep(meeting, task.wanted.to_json(), revision=task.lease.revision)
        meeting.state, meeting.attempted_at = MeetingState.READY, None
        row.all_is_well(meeting)
        note(booking, EventKind.MEETING_UPDATED, now)


def gone(task: Task) -> None:
    """The provider has lost the meeting, or it is out of reach: another one must be made."""
    with answered(task.lease) as booking:
        meeting = row.of(booking)
        row.forget(meeting)
        meeting.state = MeetingState.WAITING
        row.all_is_well(meeting)


def deleted(task: Task, *, is_gone: bool, now: datetime) -> None:
    """:param is_gone: it is not there any more; else it stays, as it bears no reference of ours."""
    with answered(task.lease) as booking:
        row.removed(row.of(booking), task)
        note(booking, EventKind.MEETING_DELETED if is_gone else EventKind.MEETING_SPARED, now)


def settled(task: Task, found: Found, *, now: datetime) -> None:
    """An attempt of unknown outcome is settled; its meeting may still show up late."""
    with answered(task.lease) as booking:
        meeting = row.of(booking)
        meeting.look_again_at = now + waits.LOOK_AGAIN_AFTER
        if found.adopted is not None:
            row.keep(meeting, found.adopted, task, now)
            note(booking, EventKind.MEETING_ADOPTED, now)
        elif task.is_wanted:
            meeting.attempted_at = None
        else:
            row.removed(meeting, task)
        if found.removed:
            note(booking, EventKind.MEETING_DELETED, now)


def looked_again(task: Task, found: Found, *, now: datetime) -> None:
    with answered(task.lease) as booking:
        meeting = row.of(booking)
        meeting.look_again_at = None
        if found.adopted is not None:
            row.keep(meeting, found.adopted, task, now)
            note(booking, EventKind.MEETING_ADOPTED, now)
        if found.removed:
            note(booking, EventKind.SURPLUS_DELETED, now)


def failed(task: Task, error: ProviderError, *, now: datetime) -> None:
    """Write down what went wrong, and when to try again if that may help."""
    log.warning("%s the meeting of booking %s: %s", task.move, task.wanted.reference, error)
    with answered(task.lease) as booking:
        meeting = row.of(booking)
        if task.move is Move.LOOK_AGAIN:
            meeting.look_again_at = waits.retry_after(4, now, error.retry_at)
            return
        if task.move in _MAY_MAKE and not error.sent:
            # Only an answer that it never took effect makes an attempt undone; for an update that
            # is no answer about an earlier one.
            meeting.attempted_at = task.attempted_at
        before = meeting.trouble
        if isinstance(error, (NotAllowed, Rejected)) and task.move is not Move.SETTLE:
            _refused(meeting, task, error)
        else:
            _put_off(meeting, error, now)
        if meeting.trouble is not before:
            note(booking, EventKind.MEETING_FAILED, now, trouble=str(meeting.trouble))


def _refused(meeting: Meeting, task: Task, error: ProviderError) -> None:
    meeting.state, meeting.revision = MeetingState.FAILED, task.lease.revision
    meeting.next_attempt_at = meeting.failing_since = None
    if isinstance(error, Rejected):
        log.error("a request of ours was wrong: %s", error)
        meeting.trouble = Trouble.REJECTED
    else:
        meeting.trouble = Trouble.STARTED if error.code == STARTED else Trouble.NOT_ALLOWED


def _put_off(meeting: Meeting, error: ProviderError, now: datetime) -> None:
    if isinstance(error, ConnectionRevoked):
        # The connection is marked, and connecting again makes the booking due; the next turn sees
        # that. If it is not marked, somebody else has renewed it just now.
        meeting.next_attempt_at = now + waits.FIRST_RETRY
        return
    meeting.attempts += 1
    meeting.next_attempt_at = waits.retry_after(meeting.attempts, now, error.retry_at)
    meeting.trouble = _passing_trouble(meeting, error)
    if meeting.trouble is Trouble.DAILY_LIMIT:
        meeting.failing_since = None  # the account's own limit, and nobody's outage
    else:
        meeting.failing_since = min(meeting.failing_since or now, now)


def _passing_trouble(meeting: Meeting, error: ProviderError) -> Trouble:
    if isinstance(error, ClientRefused):
        return Trouble.CLIENT_REFUSED
    if isinstance(error, ProviderUnavailable) and error.account_limit:
        return Trouble.DAILY_LIMIT
    if meeting.external_id is None and meeting.attempted_at is not None:
        return Trouble.UNKNOWN_OUTCOME
    return Trouble.UNAVAILABLE
