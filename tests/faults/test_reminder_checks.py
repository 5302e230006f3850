"""The checks of messages at times."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bookme.models import BookingStatus, Timing
from tests.faults.observed import Rule, Span
from tests.faults.reminder_checks import by_hand, reminders
from tests.faults.staged import HOST, START, Shown, known, reminder, seen

HOUR = timedelta(hours=1)
OLD = START - HOUR
CANCELLED = {"status": BookingStatus.CANCELLED}
HOURLY = known(rules=(Rule(60, to_booker=True, to_host=False),))


@pytest.mark.parametrize(
    ("changes", "came", "complaint"),
    [
        ({}, [reminder()], ""),
        ({}, [reminder(), reminder()], ""),
        ({}, [], "was not reminded"),
        ({}, [reminder(), reminder(id=8)], "besides another"),
        ({}, [reminder(to=HOST, end="host"), reminder()], "nobody wants"),
        ({}, [reminder(to="eve@example.com"), reminder()], "whom it does not concern"),
        ({}, [reminder(minutes=30), reminder()], "nobody wants"),
        ({}, [reminder(start=OLD), reminder()], "of another time"),
        ({}, [reminder(at=OLD - HOUR)], "of another time"),
        ({}, [reminder(text="It is over.")], "something else"),
        (CANCELLED | {"spans": ()}, [reminder()], "of another time"),
        (CANCELLED | {"spans": (Span(START, OLD - HOUR, OLD - HOUR / 2),)}, [], ""),
        ({"spans": (Span(START, OLD + HOUR / 2, None),)}, [], ""),
        ({"spans": (Span(START, OLD + HOUR / 2, None),)}, [reminder()], "of another time"),
    ],
)
def test_reminders(changes: dict[str, Any], came: list[dict[str, Any]], complaint: str) -> None:
    found = " ".join(reminders(seen(bookings=[replace(HOURLY, **changes)], mail=came)))
    assert complaint in found
    assert bool(found) is bool(complaint)


FOLLOWED = known(rules=(Rule(0, True, True, Timing.AFTER_END),), ends_at=START + HOUR / 2)
OVER: dict[str, Any] = {"kind": "after_end", "minutes": 0, "text": "Your appointment is over."}


@pytest.mark.parametrize(
    ("minutes", "came", "complaint"),
    [
        (31, [{}, {"to": HOST, "end": "host"}], ""),
        (29, [], ""),
        (31, [{}], "to the host: was not reminded"),
        (31, [{}, {"to": HOST, "end": "host", "at": START}], "too late"),
        (31, [{"text": "A reminder of your appointment."}], "something else"),
    ],
)
def test_what_follows_an_appointment(
    minutes: int, came: list[dict[str, Any]], complaint: str
) -> None:
    at = START + HOUR / 2
    told = [reminder(**{"at": at, **OVER, **one}) for one in came]
    both = seen(bookings=[FOLLOWED], mail=told, at=START + HOUR * minutes / 60)
    found = " ".join(reminders(both))
    assert complaint in found
    assert bool(found) is bool(complaint)


@pytest.mark.parametrize(
    ("reminded", "came", "is_right"),
    [
        (START, [reminder(kind="by_hand")], True),
        (START, [], False),
        (START, [reminder(kind="by_hand"), reminder(kind="by_hand", minutes=61)], False),
        (OLD, [], True),
        (None, [reminder(kind="by_hand")], False),
    ],
)
def test_reminders_by_hand(reminded: Any, came: list[dict[str, Any]], is_right: bool) -> None:
    assert (not list(by_hand(seen(mail=came), [Shown(reminded=reminded)]))) is is_right
