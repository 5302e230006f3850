"""The calls to a calendar that a move makes, and nothing else: no database, no decision."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from bookme.clock import utcnow
from bookme.connections.grants import tokens
from bookme.errors import NotAllowed, NotFound, ProviderError, Rejected
from bookme.jobs.entry.plan import Move
from bookme.jobs.lease import Lease
from bookme.providers.calendar import CalendarProvider, Entry, EntryRequest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Task:
    """One move, as plain values: no row is looked at during a call.

    :ivar provider: this, ``calendar_id`` and ``calendar`` (its own id at the provider) say where.
    :ivar candidates: where to look for it, if nobody knows where it is.
    :ivar entry_id: the provider's, if there is one.
    :ivar sent: what it was sent last, if that is certain.
    :ivar has_changed: the booking has, since it was sent.
    :ivar attempted_at: when an attempt was begun whose outcome nobody knows.
    """

    lease: Lease
    move: Move
    connection_id: int
    provider: str
    calendar_id: int | None
    calendar: str = field(repr=False)
    entry_id: str | None = field(repr=False)
    wanted: EntryRequest = field(repr=False)
    sent: EntryRequest | None = field(repr=False)
    has_changed: bool
    attempted_at: datetime | None
    begun_at: datetime
    candidates: tuple[tuple[int, str], ...] = field(default=(), repr=False)


def create(task: Task) -> Entry:
    return _call(task, lambda of: of.create(task.calendar, task.wanted))


def update(task: Task) -> Entry:
    """Change what differs from what was sent.

    What the host has changed by hand stands until the booking itself changes: when only the link
    has come, a place that the host has written is left alone.

    :raises NotFound: if the entry is gone.
    """
    entry_id = task.entry_id or ""

    def change(of: CalendarProvider) -> Entry:
        wish = task.wanted
        if task.sent is not None and not task.has_changed:
            shown = of.get(task.calendar, entry_id)
            if shown.location not in (None, task.sent.place):
                wish = replace(wish, location=shown.location)
        return of.update(task.calendar, entry_id, wish, task.sent)

    return _call(task, change)


def look(task: Task) -> Entry:
    """The entry as it is now.

    :raises NotFound: if it is gone.
    """
    return _call(task, lambda of: of.get(task.calendar, task.entry_id or ""))


def find(task: Task) -> tuple[Entry, int, str] | None:
    """The entry, and id and own id of the calendar it is in."""
    made = task.sent or task.wanted

    def search(of: CalendarProvider) -> tuple[Entry, int, str] | None:
        for calendar_id, calendar in task.candidates:
            try:
                seen = of.find(calendar, made)
            except (NotFound, NotAllowed, Rejected):
                continue  # that calendar is gone, or shared no longer, or cannot be searched
            if seen is not None:
                return seen, calendar_id, calendar
        return None

    return _call(task, search)


def delete(task: Task) -> None:
    _call(task, lambda of: of.delete(task.calendar, task.entry_id or ""))


def clear(task: Task) -> None:
    """Delete what an attempt of unknown outcome may have made. Trying it again tells its id."""

    def find_and_delete(of: CalendarProvider) -> None:
        try:
            made = of.create(task.calendar, replace(task.wanted, wants_meeting=False))
        except NotFound:
            return  # somebody has deleted it, or the calendar
        of.delete(task.calendar, made.id)

    _call(task, find_and_delete)


def _call(task: Task, action: Callable[[CalendarProvider], T]) -> T:
    """Let the action talk to the provider.

    :raises ProviderError: whose ``sent`` says whether any try of the action may have taken effect;
        what went wrong on the way to a token did not.
    """
    sent = []

    def watched(of: CalendarProvider) -> T:
        try:
            return action(of)
        except ProviderError as error:
            sent.append(error.sent)
            raise

    try:
        return tokens.using(task.connection_id, watched, clock=utcnow)
    except ProviderError as error:
        error.sent = any(sent)
        raise
