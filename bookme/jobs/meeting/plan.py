"""What is to be done about a booking's meeting: one decision, without touching anything.

Booking, meeting row and connection as they are now lead to a move, to a time to look again, or to
neither; and to what the row says meanwhile. ``docs/architecture.md`` draws it as a table.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bookme import moments, waits
from bookme.models import Booking, Connection, Meeting, MeetingState, Trouble
from bookme.providers.video import MeetingRequest


class Move(StrEnum):
    CREATE = "create"
    SETTLE = "settle"  # find out what became of a create whose outcome nobody knows
    UPDATE = "update"
    DELETE = "delete"
    LOOK_AGAIN = "look_again"  # for surplus meetings, once more after settling


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
    meeting: Meeting,
    connection: Connection | None,
    wanted: MeetingRequest,
    sent: MeetingRequest | None,
    *,
    now: datetime,
) -> Plan:
    """The next thing to do about a booking's meeting.

    :param connection: the host's living one for this provider, if there is one.
    :param sent: what the provider was sent last, if that is known.
    """
    if booking.is_over(now) or booking.awaits_answer:
        return _after_the_end(booking, meeting, connection, now)
    if _is_current(booking, meeting, wanted, sent):
        plan = Plan(says=(_at_rest(booking, connection), None))
    elif connection is None or not connection.is_active:
        plan = Plan(says=_waits_for_host(meeting, connection))
    else:
        plan = _next_move(booking, meeting, connection, now)
    return _with_last_look(plan, meeting, connection, now)


def _after_the_end(
    booking: Booking,
    meeting: Meeting,
    connection: Connection | None,
    now: datetime,
) -> Plan:
    """Nothing more is done, except that the words go of which we keep none any more: their person
    was erased, or has corrected them. What can't be reached is remembered until it can.
    """
    if meeting.external_id is None or not meeting.forgotten:
        return Plan()
    if connection is None or not connection.is_active:
        return Plan()
    return _next_move(booking, meeting, connection, now)


def _is_current(
    booking: Booking, meeting: Meeting, wanted: MeetingRequest, sent: MeetingRequest | None
) -> bool:
    if meeting.attempted_at is not None:
        return False
    is_there = meeting.external_id is not None
    return is_there and sent == wanted if booking.is_confirmed else not is_there


def _at_rest(booking: Booking, connection: Connection | None) -> MeetingState:
    if not booking.is_confirmed:
        return MeetingState.REMOVED
    return MeetingState.READY if connection is not None else MeetingState.LEFT


def _waits_for_host(
    meeting: Meeting, connection: Connection | None
) -> tuple[MeetingState, Trouble | None]:
    is_there = meeting.external_id is not None
    if connection is not None:
        return MeetingState.READY if is_there else MeetingState.WAITING, Trouble.NEEDS_RECONNECT
    return MeetingState.LEFT if is_there else MeetingState.WAITING, Trouble.NOT_CONNECTED


def _next_move(booking: Booking, meeting: Meeting, connection: Connection, now: datetime) -> Plan:
    if meeting.state is MeetingState.FAILED and meeting.revision == booking.revision:
        return Plan()  # refused for good, until the booking changes or somebody asks to try again
    if meeting.external_id is None:
        move = Move.CREATE if meeting.attempted_at is None else Move.SETTLE
    else:
        move = Move.UPDATE if booking.is_confirmed else Move.DELETE
    blocked_until = moments.meant(Connection.blocked_until, connection.blocked_until, now)
    not_before = [moments.meant(Meeting.next_attempt_at, meeting.next_attempt_at, now)]
    if move is Move.SETTLE and meeting.attempted_at is not None:
        settle_at = meeting.attempted_at + waits.SETTLE_AFTER
        not_before.append(moments.within(settle_at, now, waits.SETTLE_AFTER))
    if move in (Move.CREATE, Move.UPDATE):
        not_before.append(blocked_until)
    soonest = max((at for at in not_before if at is not None), default=now)
    if soonest <= now:
        return Plan(move=move)
    if soonest == blocked_until:
        return Plan(until=soonest, says=(meeting.state, Trouble.DAILY_LIMIT))
    return Plan(until=soonest)


def _with_last_look(
    plan: Plan, meeting: Meeting, connection: Connection | None, now: datetime
) -> Plan:
    """A last look is due besides all else, save while an outcome is still unknown."""
    unknown = meeting.attempted_at is not None and meeting.external_id is None
    look_at = moments.meant(Meeting.look_again_at, meeting.look_again_at, now)
    if plan.move is not None or look_at is None or unknown:
        return plan
    if connection is not None and connection.is_active:
        if look_at <= now:
            return replace(plan, move=Move.LOOK_AGAIN)
    else:
        look_at = max(look_at, now + waits.LAST_RETRY)
    return replace(plan, until=min(look_at, plan.until) if plan.until else look_at)
