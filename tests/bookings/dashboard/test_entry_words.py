"""What the host reads of a booking's calendar entry."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from bookme.bookings.dashboard import words
from bookme.connections.calendars.letters import TROUBLES as READING_TROUBLES
from bookme.extensions import db
from bookme.jobs.calendars.trouble import trouble
from bookme.models import Actor, BookingEvent, CalendarEntry, EventKind, MeetingState, Trouble
from tests import factories
from tests.conftest import NOW

READY = {"state": MeetingState.READY, "made_at": NOW}


def entry(**columns: Any) -> CalendarEntry:
    booking = factories.booking()
    booking.entry = CalendarEntry(provider="google", **columns)
    db.session.commit()
    return booking.entry


@pytest.mark.parametrize(
    ("columns", "kind", "state", "says"),
    [
        ({}, "waiting", "Being added", ""),
        (READY, "good", "In your calendar", ""),
        (READY | {"trouble": Trouble.UNAVAILABLE}, "warn", "Not up to date", "keep trying"),
        ({"trouble": Trouble.NOT_CONNECTED}, "warn", "On hold", "Connect one"),
        (
            {"state": MeetingState.FAILED, "trouble": Trouble.NOT_ALLOWED},
            "bad",
            "Failed",
            "Check whether you can still add events",
        ),
        (READY | {"changed_by_hand_at": NOW}, "good", "In your calendar", "You changed"),
        (
            {"state": MeetingState.REMOVED, "changed_by_hand_at": NOW},
            "",
            "Removed",
            "You deleted the event yourself",
        ),
        ({"state": MeetingState.LEFT, "made_at": NOW}, "", "Left as it was", ""),
    ],
)
def test_an_entry_in_words(
    app: Flask, as_host: Any, columns: dict[str, Any], kind: str, state: str, says: str
) -> None:
    of = entry(**columns)
    assert words.entry(of, NOW)[:2] == (kind, state)
    assert says in words.entry(of, NOW)[2]
    page = as_host(of.booking.host).get(f"/dashboard/bookings/{of.booking.reference}").text
    assert "Google Calendar" in page
    assert state in page
    assert says in page


def test_one_that_never_came(app: Flask) -> None:
    of = entry()
    assert words.entry(of, NOW + timedelta(days=9))[1] == "Never added"


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble_has_words(app: Flask, trouble: Trouble) -> None:
    of = entry(state=MeetingState.WAITING, trouble=trouble)
    assert "%(" not in words.entry(of, NOW)[2] != ""


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind.startswith("entry")])
def test_every_event_has_words(app: Flask, kind: EventKind) -> None:
    event = BookingEvent(kind=kind, actor=Actor.BOOKME, at=NOW, facts={})
    booking = factories.booking()
    booking.events.append(event)
    db.session.commit()
    assert "calendar" in words.event(event, "")[1].lower()


def test_whatever_a_reading_runs_into_has_words() -> None:
    from bookme import errors

    kinds = [getattr(errors, name) for name in dir(errors)]
    found = {
        trouble(kind("google", "x"))
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, errors.ProviderError)
    }
    assert found <= set(READING_TROUBLES)
