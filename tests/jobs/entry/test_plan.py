"""What is decided about a calendar entry, a line a case, without doing it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bookme.jobs.entry.place import Place
from bookme.jobs.entry.plan import Move, Plan, decide
from bookme.models import (
    Booking,
    BookingStatus,
    CalendarEntry,
    Connection,
    ConnectionStatus,
    MeetingState,
    Trouble,
)
from bookme.providers.calendar import EntryRequest
from tests.conftest import NOW

SOON, LATER = NOW + timedelta(seconds=9), NOW + timedelta(minutes=5)
LONG_AGO, DAY = NOW - timedelta(hours=1), timedelta(days=1)

WANTED = EntryRequest("ref", 0, "Intro", "", "", NOW + DAY, NOW + 2 * DAY, "UTC", "http://b")
OTHER = replace(WANTED, location="https://zoom.us/j/1")

CONFIRMED, CANCELLED = BookingStatus.CONFIRMED, BookingStatus.CANCELLED
ACTIVE = Place("google", Connection(status=ConnectionStatus.ACTIVE), 1, "primary")
DEAD = replace(ACTIVE, connection=Connection(status=ConnectionStatus.NEEDS_RECONNECT))
BLOCKED = replace(
    ACTIVE, connection=Connection(status=ConnectionStatus.ACTIVE, blocked_until=LATER)
)
NOWHERE = Place("google", None, None, None)
NO_CALENDAR = replace(ACTIVE, external_id=None)
ELSEWHERE = replace(ACTIVE, provider="icloud")
PERHAPS = replace(ACTIVE, calendar_id=None, external_id=None, candidates=((1, "primary"),))
PERHAPS_DEAD = replace(PERHAPS, connection=DEAD.connection)
ELSEWHERE_DEAD = replace(DEAD, provider="icloud")

NEW: dict[str, Any] = {}
UNKNOWN = {"attempted_at": LONG_AGO}
MADE = {
    "external_id": "e1",
    "calendar_external_id": "primary",
    "made_at": LONG_AGO,
    "state": MeetingState.READY,
    "sent": True,
}
BEHIND = MADE | {"sent": False}
UNSURE = MADE | UNKNOWN
FORGOTTEN = MADE | {"calendar_external_id": None, "state": MeetingState.LEFT}
NAMELESS = FORGOTTEN | {"external_id": None}
REFUSED = {"state": MeetingState.FAILED, "trouble": Trouble.NOT_ALLOWED, "revision": 1}
PUT_OFF = {"next_attempt_at": SOON}
BY_HAND = {"external_id": "e1", "changed_by_hand_at": LONG_AGO, "revision": 1}
PENDING = MADE | {"link_after": NOW}

READY, LEFT = (MeetingState.READY, None), (MeetingState.LEFT, None)
REMOVED = (MeetingState.REMOVED, None)
WAITS = (MeetingState.WAITING, Trouble.NOT_CONNECTED)
WAITS_FOR_RECONNECT = (MeetingState.WAITING, Trouble.NEEDS_RECONNECT)
STAYS_FOR_RECONNECT = (MeetingState.READY, Trouble.NEEDS_RECONNECT)
STAYS_BEHIND = (MeetingState.LEFT, Trouble.NOT_CONNECTED)

TABLE = [
    ("first", CONFIRMED, NEW, ACTIVE, Plan(Move.CREATE)),
    ("no calendar yet", CONFIRMED, NEW, NO_CALENDAR, Plan(says=WAITS)),
    ("nothing connected", CONFIRMED, NEW, NOWHERE, Plan(says=WAITS)),
    ("needs reconnect", CONFIRMED, NEW, DEAD, Plan(says=WAITS_FOR_RECONNECT)),
    ("throttled", CONFIRMED, NEW, BLOCKED, Plan(until=LATER)),
    ("put off", CONFIRMED, PUT_OFF, ACTIVE, Plan(until=SOON)),
    ("refused", CONFIRMED, REFUSED, ACTIVE, Plan()),
    ("refused, then moved", CONFIRMED, REFUSED | {"revision": 0}, ACTIVE, Plan(Move.CREATE)),
    ("unknown", CONFIRMED, UNKNOWN, ACTIVE, Plan(Move.CREATE)),
    ("right", CONFIRMED, MADE, ACTIVE, Plan(says=READY)),
    ("right, needs reconnect", CONFIRMED, MADE, DEAD, Plan(says=READY)),
    ("right, disconnected", CONFIRMED, MADE, NOWHERE, Plan(says=LEFT)),
    ("right, calendar forgotten", CONFIRMED, FORGOTTEN, ACTIVE, Plan(says=LEFT)),
    ("behind", CONFIRMED, BEHIND, ACTIVE, Plan(Move.UPDATE)),
    ("behind, put off", CONFIRMED, BEHIND | PUT_OFF, ACTIVE, Plan(until=SOON)),
    ("behind, disconnected", CONFIRMED, BEHIND, NOWHERE, Plan(says=STAYS_BEHIND)),
    ("behind, needs reconnect", CONFIRMED, BEHIND, DEAD, Plan(says=STAYS_FOR_RECONNECT)),
    ("behind, calendar forgotten", CONFIRMED, FORGOTTEN | {"sent": False}, ACTIVE,
     Plan(Move.CREATE)),
    ("behind, now elsewhere", CONFIRMED, FORGOTTEN | {"sent": False}, ELSEWHERE,
     Plan(Move.CREATE)),
    ("behind, id forgotten", CONFIRMED, BEHIND | {"external_id": None}, ACTIVE,
     Plan(Move.CREATE)),
    ("update unknown", CONFIRMED, UNSURE, ACTIVE, Plan(Move.UPDATE)),
    ("deleted by hand", CONFIRMED, BY_HAND, ACTIVE, Plan(says=REMOVED)),
    ("deleted by hand, then moved", CONFIRMED, BY_HAND | {"revision": 0}, ACTIVE,
     Plan(Move.CREATE)),
    ("deleted by hand, cancelled", CANCELLED, BY_HAND, ACTIVE, Plan(says=REMOVED)),
    ("link pending", CONFIRMED, PENDING, ACTIVE, Plan(Move.LOOK)),
    ("link pending, later", CONFIRMED, PENDING | {"link_after": SOON}, ACTIVE, Plan(until=SOON)),
    ("link pending, needs reconnect", CONFIRMED, PENDING, DEAD, Plan(says=STAYS_FOR_RECONNECT)),
    ("link pending, calendar forgotten", CONFIRMED, FORGOTTEN | {"link_after": NOW}, ACTIVE,
     Plan(Move.CREATE)),
    ("link pending, disconnected", CONFIRMED, FORGOTTEN | {"link_after": NOW}, NOWHERE,
     Plan(says=STAYS_BEHIND)),
    ("cancelled", CANCELLED, MADE, ACTIVE, Plan(Move.DELETE)),
    ("cancelled, throttled", CANCELLED, MADE, BLOCKED, Plan(Move.DELETE)),
    ("cancelled, put off", CANCELLED, MADE | PUT_OFF, ACTIVE, Plan(until=SOON)),
    ("cancelled, disconnected", CANCELLED, MADE, NOWHERE, Plan(says=STAYS_BEHIND)),
    ("cancelled, needs reconnect", CANCELLED, MADE, DEAD, Plan(says=STAYS_FOR_RECONNECT)),
    ("cancelled, unknown", CANCELLED, UNKNOWN, ACTIVE, Plan(Move.CLEAR)),
    ("left, connected again", CONFIRMED, FORGOTTEN, PERHAPS, Plan(Move.FIND)),
    ("left and put off", CONFIRMED, FORGOTTEN | PUT_OFF, PERHAPS, Plan(until=SOON)),
    ("left, connected, dead", CONFIRMED, FORGOTTEN, PERHAPS_DEAD, Plan(says=LEFT)),
    ("left and behind, connected, dead", CONFIRMED, FORGOTTEN | {"sent": False}, PERHAPS_DEAD,
     Plan(says=STAYS_FOR_RECONNECT)),
    ("left and cancelled, connected again", CANCELLED, NAMELESS, PERHAPS, Plan(Move.FIND)),
    ("cancelled, not found", CANCELLED, NAMELESS, ACTIVE, Plan(says=LEFT)),
    ("cancelled, left elsewhere", CANCELLED, FORGOTTEN, ELSEWHERE, Plan(says=STAYS_BEHIND)),
    ("cancelled, left, elsewhere needs reconnect", CANCELLED, FORGOTTEN, ELSEWHERE_DEAD,
     Plan(says=STAYS_BEHIND)),
    ("cancelled, unknown elsewhere", CANCELLED, UNKNOWN, ELSEWHERE, Plan(says=STAYS_BEHIND)),
    ("cancelled before anything, elsewhere", CANCELLED, NEW, ELSEWHERE, Plan(says=REMOVED)),
    ("cancelled before anything", CANCELLED, NEW, ACTIVE, Plan(says=REMOVED)),
    ("declined", BookingStatus.DECLINED, MADE, ACTIVE, Plan(Move.DELETE)),
    ("pending", BookingStatus.PENDING, NEW, ACTIVE, Plan()),
]  # fmt: skip


def decided(
    status: BookingStatus, columns: dict[str, Any], place: Place, ends_at: datetime = NOW + DAY
) -> Plan:
    columns = {"state": MeetingState.WAITING, "revision": 1, "provider": "google"} | columns
    sent = {True: WANTED, False: OTHER}.get(columns.pop("sent", None))
    booking = Booking(status=status, revision=1, ends_at=ends_at)
    return decide(booking, CalendarEntry(**columns), place, WANTED, sent, now=NOW)


@pytest.mark.parametrize(
    ("status", "columns", "place", "expected"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_the_table(
    status: BookingStatus, columns: dict[str, Any], place: Place, expected: Plan
) -> None:
    assert decided(status, columns, place) == expected


@pytest.mark.parametrize("columns", [NEW, UNKNOWN, BEHIND, PENDING])
@pytest.mark.parametrize("status", [CONFIRMED, CANCELLED])
def test_what_is_over_is_left(status: BookingStatus, columns: dict[str, Any]) -> None:
    assert decided(status, columns, ACTIVE, ends_at=NOW) == Plan()
