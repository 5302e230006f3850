"""The first step of a booking's sync: its video meeting."""

from collections.abc import Callable
from datetime import datetime

from bookme.bookings.entries import carried_by_entry
from bookme.clock import utcnow
from bookme.connections import service as connections
from bookme.errors import NotFound, ProviderError
from bookme.jobs import rounds
from bookme.jobs.events import note
from bookme.jobs.lease import Lease, looked_at
from bookme.jobs.meeting import answers, calls
from bookme.jobs.meeting.calls import Task
from bookme.jobs.meeting.plan import Move, Plan, decide
from bookme.jobs.meeting.request import last_sent, wanted
from bookme.models import Booking, Connection, EventKind, Meeting, MeetingState


def step(lease: Lease) -> datetime | None:
    """Bring the booking's meeting up to date; return when there is more to do, if ever."""
    return rounds.work(lease, _prepared, carry_out)


def _prepared(lease: Lease, now: datetime) -> tuple[Task | None, datetime | None]:
    """The next move, its attempt written; or when to come again."""
    with looked_at(lease) as booking:
        meeting = booking.meeting
        if meeting is None or carried_by_entry(meeting) or booking.revision != lease.revision:
            return None, None
        connection = connections.live(booking.host_id, meeting.provider)
        request, sent = wanted(booking), last_sent(booking)
        plan = decide(booking, meeting, connection, request, sent, now=now)
        _record(booking, meeting, plan, now)
        if plan.move is None or connection is None:
            return None, plan.until
        task = Task(
            lease=lease,
            move=plan.move,
            connection_id=connection.id,
            wanted=request,
            sent=None if _may_differ(booking, meeting, plan, now) else sent,
            is_wanted=booking.is_confirmed,
            meeting_id=meeting.external_id,
            attempted_at=meeting.attempted_at,
            is_older=_is_older(meeting, connection),
            begun_at=now,
        )
        _note_attempt(meeting, task)
        return task, None


def _may_differ(booking: Booking, meeting: Meeting, plan: Plan, now: datetime) -> bool:
    """Whether anything may stand there by now, after an update of unknown outcome. The time of what
    is over is never sent again: Zoom would put the meeting at the present.
    """
    unknown = plan.move is Move.UPDATE and meeting.attempted_at is not None
    return unknown and not booking.is_over(now)


def _is_older(meeting: Meeting, connection: Connection) -> bool:
    return meeting.made_at is not None and meeting.made_at < connection.connected_at


def _record(booking: Booking, meeting: Meeting, plan: Plan, now: datetime) -> None:
    if plan.says is not None or booking.is_over(now):
        meeting.failing_since = None  # it waits for its host, or for nothing
    if plan.says is None:
        return
    before = meeting.state, meeting.trouble
    meeting.state, meeting.trouble = plan.says
    if plan.says[1] is None:
        meeting.revision = booking.revision
        meeting.attempts, meeting.next_attempt_at = 0, None
    if before == plan.says:
        return
    if meeting.state is MeetingState.LEFT:
        note(booking, EventKind.MEETING_LEFT, now)
    elif meeting.trouble is not None:
        note(booking, EventKind.MEETING_WAITS, now, trouble=str(meeting.trouble))


def _note_attempt(meeting: Meeting, task: Task) -> None:
    """Committed before the call: what is left of it if nobody ever hears the answer."""
    if task.move in (Move.CREATE, Move.UPDATE):
        meeting.attempted_at = task.begun_at
    if task.move is Move.CREATE:
        meeting.sent = task.wanted.to_json()


def carry_out(task: Task) -> None:
    """Make one move and write down what came of it."""
    try:
        _MOVES[task.move](task)
    except ProviderError as error:
        answers.failed(task, error, now=utcnow())


def _create(task: Task) -> None:
    made = calls.create(task)
    answers.created(task, made, now=utcnow())


def _update(task: Task) -> None:
    try:
        seen = calls.update(task)
    except NotFound:
        answers.gone(task)
    else:
        answers.updated(task, seen, now=utcnow())


def _delete(task: Task) -> None:
    is_gone = calls.delete(task)
    answers.deleted(task, is_gone=is_gone, now=utcnow())


def _settle(task: Task) -> None:
    found = calls.settle(task)
    answers.settled(task, found, now=utcnow())


def _look_again(task: Task) -> None:
    found = calls.look_again(task)
    answers.looked_again(task, found, now=utcnow())


_MOVES: dict[Move, Callable[[Task], None]] = {
    Move.CREATE: _create,
    Move.UPDATE: _update,
    Move.DELETE: _delete,
    Move.SETTLE: _settle,
    Move.LOOK_AGAIN: _look_again,
}
