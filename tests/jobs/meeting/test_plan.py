"""The table of docs/architecture.md, a line a row: what is decided, without doing it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bookme import waits
from bookme.jobs.meeting.plan import Move, Plan, decide
from bookme.models import (
    Booking,
    BookingStatus,
    Connection,
    ConnectionStatus,
    Meeting,
    MeetingState,
    Trouble,
)
from bookme.providers.video import MeetingRequest
from tests.conftest import NOW

SOON = NOW + timedelta(seconds=9)
LATER = NOW + timedelta(minutes=5)
LONG_AGO = NOW - timedelta(hours=1)

WANTED = MeetingRequest("ref", "Intro", "", NOW + timedelta(days=1), 30, "UTC")
OTHER = MeetingRequest("ref", "Intro", "", NOW + timedelta(days=2), 30, "UTC")

CONFIRMED, CANCELLED = BookingStatus.CONFIRMED, BookingStatus.CANCELLED
ACTIVE = Connection(status=ConnectionStatus.ACTIVE)
DEAD = Connection(status=ConnectionStatus.NEEDS_RECONNECT)
BLOCKED = Connection(status=ConnectionStatus.ACTIVE, blocked_until=LATER)

NOTHING_DONE: dict[str, Any] = {}
UNKNOWN = {"attempted_at": LONG_AGO}
JUST_CUT_OFF = {"attempted_at": NOW}
MADE = {"external_id": "1", "join_url": "https://zoom.us/j/1", "state": MeetingState.READY}
UNSURE = MADE | {"attempted_at": LONG_AGO}
REFUSED = {"state": MeetingState.FAILED, "trouble": Trouble.NOT_ALLOWED, "revision": 1}
PUT_OFF = {"next_attempt_at": SOON}
LOOK_LATER, LOOK_NOW = {"look_again_at": LATER}, {"look_again_at": NOW}

READY, LEFT = (MeetingState.READY, None), (MeetingState.LEFT, None)
REMOVED = (MeetingState.REMOVED, None)
WAITS = (MeetingState.WAITING, Trouble.NOT_CONNECTED)
WAITS_FOR_RECONNECT = (MeetingState.WAITING, Trouble.NEEDS_RECONNECT)
STAYS_FOR_RECONNECT = (MeetingState.READY, Trouble.NEEDS_RECONNECT)
STAYS_BEHIND = (MeetingState.LEFT, Trouble.NOT_CONNECTED)
SPENT = Trouble.DAILY_LIMIT

TABLE = [
    ("first", CONFIRMED, NOTHING_DONE, ACTIVE, Plan(Move.CREATE)),
    ("never connected", CONFIRMED, NOTHING_DONE, None, Plan(says=WAITS)),
    ("needs reconnect", CONFIRMED, NOTHING_DONE, DEAD, Plan(says=WAITS_FOR_RECONNECT)),
    ("limit spent", CONFIRMED, NOTHING_DONE, BLOCKED,
     Plan(until=LATER, says=(MeetingState.WAITING, SPENT))),
    ("put off", CONFIRMED, PUT_OFF, ACTIVE, Plan(until=SOON)),
    ("refused", CONFIRMED, REFUSED, ACTIVE, Plan()),
    ("refused, then moved", CONFIRMED, REFUSED | {"revision": 0}, ACTIVE, Plan(Move.CREATE)),
    ("unknown", CONFIRMED, UNKNOWN, ACTIVE, Plan(Move.SETTLE)),
    ("unknown just now", CONFIRMED, JUST_CUT_OFF, ACTIVE, Plan(until=NOW + waits.SETTLE_AFTER)),
    ("unknown, put off", CONFIRMED, UNKNOWN | PUT_OFF, ACTIVE, Plan(until=SOON)),
    ("unknown, limit spent", CONFIRMED, UNKNOWN, BLOCKED, Plan(Move.SETTLE)),
    ("unknown, disconnected", CONFIRMED, UNKNOWN, None, Plan(says=WAITS)),
    ("unknown, needs reconnect", CONFIRMED, UNKNOWN, DEAD, Plan(says=WAITS_FOR_RECONNECT)),
    ("right", CONFIRMED, MADE, ACTIVE, Plan(says=READY)),
    ("right, needs reconnect", CONFIRMED, MADE, DEAD, Plan(says=READY)),
    ("right, disconnected", CONFIRMED, MADE, None, Plan(says=LEFT)),
    ("cancelled, made", CANCELLED, MADE, ACTIVE, Plan(Move.DELETE)),
    ("cancelled, made, limit spent", CANCELLED, MADE, BLOCKED, Plan(Move.DELETE)),
    ("cancelled, made, put off", CANCELLED, MADE | PUT_OFF, ACTIVE, Plan(until=SOON)),
    ("cancelled, made, disconnected", CANCELLED, MADE, None, Plan(says=STAYS_BEHIND)),
    ("cancelled, made, needs reconnect", CANCELLED, MADE, DEAD, Plan(says=STAYS_FOR_RECONNECT)),
    ("cancelled, unknown", CANCELLED, UNKNOWN, ACTIVE, Plan(Move.SETTLE)),
    ("cancelled, unknown just now", CANCELLED, JUST_CUT_OFF, ACTIVE,
     Plan(until=NOW + waits.SETTLE_AFTER)),
    ("cancelled, unknown, disconnected", CANCELLED, UNKNOWN, None, Plan(says=WAITS)),
    ("cancelled before anything", CANCELLED, NOTHING_DONE, ACTIVE, Plan(says=REMOVED)),
    ("cancelled, never connected", CANCELLED, NOTHING_DONE, None, Plan(says=REMOVED)),
    ("declined, made", BookingStatus.DECLINED, MADE, ACTIVE, Plan(Move.DELETE)),
    ("waits for the host's yes", BookingStatus.PENDING, NOTHING_DONE, ACTIVE, Plan()),
    ("last look ahead", CONFIRMED, MADE | LOOK_LATER, ACTIVE, Plan(until=LATER, says=READY)),
    ("last look due", CONFIRMED, MADE | LOOK_NOW, ACTIVE, Plan(Move.LOOK_AGAIN, says=READY)),
    ("cancelled, last look due", CANCELLED, LOOK_NOW, ACTIVE,
     Plan(Move.LOOK_AGAIN, says=REMOVED)),
    ("last look, disconnected", CONFIRMED, MADE | LOOK_NOW, None,
     Plan(until=NOW + waits.LAST_RETRY, says=LEFT)),
    ("last look, unknown again", CONFIRMED, JUST_CUT_OFF | LOOK_NOW, ACTIVE,
     Plan(until=NOW + waits.SETTLE_AFTER)),
    ("last look before the limit ends", CONFIRMED, LOOK_NOW, BLOCKED,
     Plan(Move.LOOK_AGAIN, until=LATER, says=(MeetingState.WAITING, SPENT))),
]  # fmt: skip


def _decided(
    status: BookingStatus,
    columns: dict[str, Any],
    connection: Connection | None,
    *,
    sent: MeetingRequest | None = WANTED,
    now: datetime = NOW,
) -> Plan:
    ends_at = WANTED.starts_at + timedelta(minutes=30)
    booking = Booking(status=status, starts_at=WANTED.starts_at, ends_at=ends_at, revision=1)
    meeting = Meeting(**{"state": MeetingState.WAITING, "revision": 0} | columns)
    return decide(booking, meeting, connection, WANTED, sent, now=now)


@pytest.mark.parametrize(
    ("status", "columns", "connection", "expected"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_each_state_leads_to_one_move(
    status: BookingStatus, columns: dict[str, Any], connection: Connection | None, expected: Plan
) -> None:
    assert _decided(status, columns, connection) == expected


CHANGED = [
    ("changed", MADE, ACTIVE, Plan(Move.UPDATE)),
    ("changed, limit spent", MADE, BLOCKED, Plan(until=LATER, says=(MeetingState.READY, SPENT))),
    ("changed, put off", MADE | PUT_OFF, ACTIVE, Plan(until=SOON)),
    ("changed, disconnected", MADE, None, Plan(says=STAYS_BEHIND)),
    ("changed, left, connected again", MADE | {"state": MeetingState.LEFT}, ACTIVE,
     Plan(Move.UPDATE)),
    ("changed, needs reconnect", MADE, DEAD, Plan(says=STAYS_FOR_RECONNECT)),
    ("changed, refused", MADE | REFUSED, ACTIVE, Plan()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "connection", "expected"),
    [row[1:] for row in CHANGED],
    ids=[row[0] for row in CHANGED],
)
@pytest.mark.parametrize("sent", [OTHER, None], ids=["other", "not kept"])
def test_a_meeting_that_differs_is_updated_once_that_is_possible(
    columns: dict[str, Any],
    connection: Connection | None,
    expected: Plan,
    sent: MeetingRequest | None,
) -> None:
    assert _decided(CONFIRMED, columns, connection, sent=sent) == expected


def test_an_update_of_unknown_outcome_is_made_again() -> None:
    assert _decided(CONFIRMED, UNSURE, ACTIVE).move is Move.UPDATE


@pytest.mark.parametrize("columns", [NOTHING_DONE, UNKNOWN, MADE, LOOK_NOW])
@pytest.mark.parametrize("connection", [ACTIVE, DEAD, None])
@pytest.mark.parametrize("status", list(BookingStatus))
def test_nothing_more_is_done_once_the_appointment_is_over(
    status: BookingStatus, columns: dict[str, Any], connection: Connection | None
) -> None:
    over = WANTED.starts_at + timedelta(minutes=30)
    assert _decided(status, columns, connection, sent=OTHER, now=over) == Plan()
