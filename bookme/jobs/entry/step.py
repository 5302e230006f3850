"""A step of a booking's sync: its entry in the host's calendar, with Meet or Teams the meeting too.

It comes after the meeting, so that the link is in the entry when it is there, and before the
messages, which wait for the link that comes with the entry.
"""

from collections.abc import Callable
from datetime import datetime

from bookme.bookings.entries import provider_of
from bookme.clock import utcnow
from bookme.errors import NotFound, ProviderError
from bookme.jobs import rounds
from bookme.jobs.entry import answers, calls, meeting
from bookme.jobs.entry.calls import Task
from bookme.jobs.entry.place import Place, place_of
from bookme.jobs.entry.plan import Move, Plan, decide, stands_removed
from bookme.jobs.entry.request import last_sent, wanted
from bookme.jobs.events import note
from bookme.jobs.lease import Lease, looked_at
from bookme.models import Booking, CalendarEntry, Connection, EventKind, MeetingState
from bookme.providers.calendar import EntryRequest


def step(lease: Lease) -> datetime | None:
    """Bring the booking's entry up to date; return when there is more to do, if ever."""
    return rounds.work(lease, _prepared, carry_out)


def _prepared(lease: Lease, now: datetime) -> tuple[Task | None, datetime | None]:
    """The next move, its attempt written; or when to come again."""
    with looked_at(lease) as booking:
        entry = booking.entry or _begun(booking, now)
        if entry is None or booking.revision != lease.revision:
            return None, None
        place = place_of(booking, entry)
        request, sent = wanted(booking, entry), last_sent(entry)
        plan = decide(booking, entry, place, request, sent, now=now)
        _record(booking, entry, plan, now)
        if plan.move is None or place.connection is None:
            return None, plan.until
        task = _task(lease, plan.move, entry, place, place.connection, request, sent, now)
        if task.move is Move.CREATE:
            _begin(booking, entry, task)
        if task.move in (Move.CREATE, Move.UPDATE):  # what is left of it if nobody hears the answer
            entry.attempted_at = now
        return task, None


def _begun(booking: Booking, now: datetime) -> CalendarEntry | None:
    """A booking from before its host had a calendar that takes bookings gets its entry too."""
    if not booking.is_confirmed or booking.is_over(now):
        return None
    video = booking.meeting.provider if booking.meeting is not None else None
    if provider := provider_of(video, booking.calendars):
        begun = {"state": MeetingState.WAITING, "attempt": 0, "attempts": 0, "revision": 0}
        booking.entry = CalendarEntry(provider=provider, **begun)
    return booking.entry


def _task(
    lease: Lease,
    move: Move,
    entry: CalendarEntry,
    place: Place,
    connection: Connection,
    request: EntryRequest,
    sent: EntryRequest | None,
    now: datetime,
) -> Task:
    return Task(
        lease=lease,
        move=move,
        connection_id=connection.id,
        provider=place.provider,
        calendar_id=place.calendar_id,
        calendar=place.external_id or "",
        entry_id=entry.external_id,
        wanted=request,
        sent=None if entry.attempted_at else sent,
        has_changed=entry.revision != lease.revision or _was_elsewhen(sent, request),
        attempted_at=entry.attempted_at,
        begun_at=now,
        candidates=place.candidates,
    )


def _was_elsewhen(sent: EntryRequest | None, wanted: EntryRequest) -> bool:
    """Whether it is known to have another time than the booking: a change of it was refused."""
    return sent is not None and (sent.starts_at, sent.ends_at) != (wanted.starts_at, wanted.ends_at)


def _begin(booking: Booking, entry: CalendarEntry, task: Task) -> None:
    """Write down where it is going to be, so that an attempt of unknown outcome is settled there.
    One in an account that is not connected any more is left, and what was done by hand to the one
    before says nothing of this one: refused, it has failed and is not deleted by hand.
    """
    entry.changed_by_hand_at = None
    may_be_there = entry.made_at is not None or entry.attempted_at is not None
    if may_be_there and entry.calendar_external_id is None:
        note(booking, EventKind.ENTRY_LEFT, task.begun_at)
        entry.made_at = entry.etag = entry.sent = None
    entry.provider, entry.calendar_id = task.provider, task.calendar_id
    entry.calendar_external_id = task.calendar


def _record(booking: Booking, entry: CalendarEntry, plan: Plan, now: datetime) -> None:
    if plan.says is not None or booking.is_over(now):
        entry.failing_since = None  # it waits for its host, or for nothing
    if plan.says is None:
        return
    before = entry.state, entry.trouble
    entry.state, entry.trouble = plan.says
    if plan.says[1] is None:
        entry.next_attempt_at = None
        if not stands_removed(booking, entry):
            entry.revision = booking.revision
    meeting.follow(booking)
    if before == plan.says:
        return
    if entry.state is MeetingState.LEFT:
        note(booking, EventKind.ENTRY_LEFT, now)
    elif entry.trouble is not None:
        note(booking, EventKind.ENTRY_WAITS, now, trouble=str(entry.trouble))


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
        answers.gone(task, now=utcnow())
    else:
        answers.updated(task, seen, now=utcnow())


def _look(task: Task) -> None:
    try:
        seen = calls.look(task)
    except NotFound:
        answers.gone(task, now=utcnow())
    else:
        answers.looked(task, seen, now=utcnow())


def _find(task: Task) -> None:
    answers.sought(task, calls.find(task), now=utcnow())


def _delete(task: Task) -> None:
    calls.delete(task)
    answers.deleted(task, now=utcnow())


def _clear(task: Task) -> None:
    calls.clear(task)
    answers.deleted(task, now=utcnow())


_MOVES: dict[Move, Callable[[Task], None]] = {
    Move.CREATE: _create,
    Move.UPDATE: _update,
    Move.DELETE: _delete,
    Move.CLEAR: _clear,
    Move.LOOK: _look,
    Move.FIND: _find,
}
