"""Rows for tests. Each function's docstring states the defaults that a test may rely on."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from bookme.crypto import new_token
from bookme.extensions import db
from bookme.models import (
    Attendee,
    Booking,
    BookingStatus,
    Hold,
    LocationKind,
    Meeting,
    Schedule,
    User,
)

#: A Monday, as in conftest.
NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
#: The password of every host made here, and its hash (cheap parameters, so that tests are quick).
PASSWORD = "correct horse battery staple"

WEEKDAYS = [[[540, 720]]] * 5 + [[], []]


def host(**columns: Any) -> User:
    """Mara, confirmed, ``/mara``, in UTC, a 24 h clock, no default video provider, password
    PASSWORD.
    """
    return _save(_host(columns))


def _host(columns: dict[str, Any]) -> User:
    number = uuid4().hex[:8] if columns.pop("another", False) else ""
    defaults: dict[str, Any] = {
        "email": f"mara{number}@example.com",
        "email_confirmed_at": NOW,
        "password_hash": _hashed(PASSWORD),
        "name": "Mara Lindqvist",
        "handle": f"mara{number}",
        "zone": "UTC",
        "created_at": NOW,
    }
    return User(**defaults | columns)


def schedule(**columns: Any) -> Schedule:
    """Intro call (``intro``) of a new host: Mondays to Fridays, 9 to 12 UTC, 30 minutes every 30,
    no notice,
    60 days ahead, in person at "1 Main Street"."""
    return _save(_schedule(columns))


def _schedule(columns: dict[str, Any]) -> Schedule:
    defaults: dict[str, Any] = {
        "title": "Intro call",
        "slug": "intro",
        "zone": "UTC",
        "week": WEEKDAYS,
        "overrides": {},
        "notice_minutes": 0,
        "location_kind": LocationKind.IN_PERSON,
        "address": "1 Main Street",
        "created_at": NOW,
    }
    if "host" not in columns:
        columns["host"] = _host({})
    return Schedule(**defaults | columns)


def booking(**columns: Any) -> Booking:
    """Ana Costa (ana@example.com, Lisbon) has booked Tuesday 2027-03-02, 9:00 UTC, on a new
    schedule; the
    row is not due, at revision 1, with a hold and, for a video provider, a waiting meeting."""
    of = columns.pop("schedule", None) or _flushed(_schedule({}))
    starts_at = columns.pop("starts_at", NOW + timedelta(days=1, hours=1))
    minutes = timedelta(minutes=of.duration_minutes)
    provider = columns.pop("video_provider", None)
    row = Booking(
        **{
            "reference": uuid4().hex,
            "token": new_token(),
            "schedule": of,
            "host": of.host,
            "starts_at": starts_at,
            "ends_at": starts_at + minutes,
            "status": BookingStatus.CONFIRMED,
            "title": of.title,
            "zone": of.zone,
            "location_kind": LocationKind.VIDEO if provider else of.location_kind,
            "video_provider": provider,
            "address": of.address,
            "revision": 1,
            "created_at": NOW,
        }
        | columns
    )
    row.attendees = [Attendee(name="Ana Costa", email="ana@example.com", zone="Europe/Lisbon")]
    if row.holds_time:
        row.hold = Hold(host=of.host, starts_at=row.starts_at, ends_at=row.ends_at)
    if provider:
        row.meeting = Meeting(provider=provider)
    return _save(row)


def _save(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row


def _flushed(row: Any) -> Any:
    """With the defaults of its columns; committed with what it is made for."""
    db.session.add(row)
    db.session.flush()
    return row


@cache
def _hashed(password: str) -> str:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)
