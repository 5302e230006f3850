"""What is to be done about a booking's calendar entry: one decision, without touching anything.

In the shape of :mod:`bookme.jobs.meeting.plan`, but simpler: creating again after an unknown
outcome finds what was made, so nothing has to be settled.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bookme import moments
from bookme.jobs.entry.place import Place
from bookme.models import (
    Booking,
    CalendarEntry,
    Connection,
    MeetingState,
    Trouble,
)
from bookme.providers.calendar import EntryRequest


class Move(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    CLEAR = "clear"  # delete what an attempt of unknown outcome may have made
    LOOK = "look"  # whether its meeting has got a link by now
    FIND = "find"  # where it is, after it was left and its provider connected again


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do now, or when to look again; neither when nothing is left to do.

    :ivar says: what the row is to say, as state and trouble; None leaves it as it is.
    """

    move: Move | None = None
    until: datetime | None = None
    says: tuple[MeetingState, Trouble | None] | None = None


def decide(
    booking: Booking,
    entry: CalendarEntry,
    place: Place,
    wanted: EntryRequest,
    sent: EntryRequest | None,
    *,
    now: datetime,
) -> Plan:
    """The next thing to do about a booking's calendar entry.

    :param sent: what the provider was sent last, if that is known.
    """
    if booking.is_over(now) or booking.awaits_answer:
        return _after_the_end(booking, entry, place, now)
    if place.candidates and place.connection is not None and place.connection.is_active:
        return _not_before(Move.FIND, _next_attempt(entry, now), now=now)
    if _is_current(booking, entry, wanted, sent):
        return _at_rest(booking, entry, place, now)
    if place.connection is None or not (place.external_id or place.candidates):
        is_there = entry.made_at is not None
        state = MeetingState.LEFT if is_there else MeetingState.WAITING
        return Plan(says=(state, Trouble.NOT_CONNECTED))
    if _was_left(booking, entry, place):
        away = place.provider != entry.provider
        return Plan(says=(MeetingState.LEFT, Trouble.NOT_CONNECTED if away else None))
    if not place.connection.is_active:
        return Plan(says=(_kept(entry), Trouble.NEEDS_RECONNECT))
    if entry.state is MeetingState.FAILED and entry.revision == booking.revision:
        return Plan()  # refused for good, until the booking changes or somebody asks to try again
    return _next_move(booking, entry, place, now)


def _after_the_end(
    booking: Booking,
    entry: CalendarEntry,
    place: Place,
    now: datetime,
) -> Plan:
    """Nothing more is done, except that the words go of which we keep none any more: their person
    was erased, or has corrected them. What can't be reached is remembered until it can.
    """
    refused = entry.state is MeetingState.FAILED and entry.revision == booking.revision
    is_reached = place.connection is not None and place.connection.is_active
    if not (entry.forgotten and is_reached) or refused:
        return Plan()
    if place.candidates:
        return _not_before(Move.FIND, _next_attempt(entry, now), now=now)
    is_known = entry.made_at is not None and entry.external_id and entry.calendar_external_id
    if not (is_known and place.external_id):
        return Plan()
    return _next_move(booking, entry, place, now)


def _is_current(
    booking: Booking, entry: CalendarEntry, wanted: EntryRequest, sent: EntryRequest | None
) -> bool:
    if entry.attempted_at is not None:
        return False
    is_there = entry.made_at is not None
    if not booking.is_confirmed:
        return not is_there
    if entry.link_after is not None and entry.calendar_external_id is None:
        return False  # it was left before its link came, and has to be found for that
    return sent == wanted if is_there else stands_removed(booking, entry)


def stands_removed(booking: Booking, entry: CalendarEntry) -> bool:
    """Whether the host has deleted the entry by hand and the booking has not changed since."""
    by_hand = entry.changed_by_hand_at is not None and entry.made_at is None
    return by_hand and entry.revision == booking.revision


def _at_rest(booking: Booking, entry: CalendarEntry, place: Place, now: datetime) -> Plan:
    if entry.made_at is None:
        return Plan(says=(MeetingState.REMOVED, None))
    if entry.calendar_external_id is None or place.connection is None:
        return Plan(says=(MeetingState.LEFT, None))
    if entry.link_after is None:
        return Plan(says=(MeetingState.READY, None))
    if not place.connection.is_active:
        return Plan(says=(MeetingState.READY, Trouble.NEEDS_RECONNECT))
    link_after = moments.meant(CalendarEntry.link_after, entry.link_after, now)
    if link_after is not None and link_after > now:
        return Plan(until=link_after)
    return Plan(move=Move.LOOK)


def _kept(entry: CalendarEntry) -> MeetingState:
    return MeetingState.READY if entry.made_at is not None else MeetingState.WAITING


def _next_move(booking: Booking, entry: CalendarEntry, place: Place, now: datetime) -> Plan:
    move, blocked_until = _move(booking, entry), None
    if move in (Move.CREATE, Move.UPDATE) and place.connection is not None:
        blocked_until = place.connection.blocked_until
        blocked_until = moments.meant(Connection.blocked_until, blocked_until, now)
    return _not_before(move, _next_attempt(entry, now), blocked_until, now=now)


def _next_attempt(entry: CalendarEntry, now: datetime) -> datetime | None:
    return moments.meant(CalendarEntry.next_attempt_at, entry.next_attempt_at, now)


def _not_before(move: Move, *moments: datetime | None, now: datetime) -> Plan:
    soonest = max((at for at in moments if at is not None), default=now)
    return Plan(move=move) if soonest <= now else Plan(until=soonest)


def _was_left(booking: Booking, entry: CalendarEntry, place: Place) -> bool:
    """Whether an unwanted entry is, or may be, in an account that is not connected any more."""
    may_be_there = entry.made_at is not None or entry.attempted_at is not None
    sought = entry.made_at is not None and not entry.calendar_external_id and not place.candidates
    away = place.provider != entry.provider
    return not booking.is_confirmed and may_be_there and (away or sought)


def _move(booking: Booking, entry: CalendarEntry) -> Move:
    is_there = entry.made_at is not None
    if booking.is_confirmed:
        is_known = entry.external_id is not None and entry.calendar_external_id is not None
        return Move.UPDATE if is_there and is_known else Move.CREATE
    return Move.DELETE if is_there and entry.external_id else Move.CLEAR
