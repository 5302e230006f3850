"""All that BookMe keeps of a host, for taking along. No secrets: hashes, tokens and keys stay."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from bookme.connections.grants import tokens
from bookme.extensions import db
from bookme.models import (
    Attendee,
    Booking,
    BookingEvent,
    Calendar,
    CalendarEntry,
    Connection,
    Email,
    Meeting,
    Schedule,
    Session,
    User,
)

#: The columns that are given, of each kind of row, in this order. What is not here is a secret,
#: or of use to nobody but BookMe's jobs.
COLUMNS: dict[type[Any], str] = {
    User: "name email new_email email_confirmed_at handle zone locale clock_hours"
    " default_video_provider created_at",
    Session: "label created_at last_seen_at",
    Schedule: "title slug description duration_minutes step_minutes buffer_before_minutes"
    " buffer_after_minutes notice_minutes horizon_days max_per_day max_per_week zone week"
    " overrides location_kind video_provider meeting_options address caller"
    " phone active created_at deleted_at",
    Booking: "reference title starts_at ends_at status zone location_kind video_provider"
    " meeting_options address caller phone cancelled_by cancelled_at"
    " cancel_reason created_at",
    Attendee: "role name email zone locale clock_hours phone notes",
    Meeting: "provider state external_id join_url passcode made_at",
    BookingEvent: "kind actor at facts",
    Email: "kind state created_at sent_at",
    Calendar: "external_id name color zone is_primary is_checked takes_bookings read_at",
    CalendarEntry: "provider calendar_external_id external_id state made_at changed_by_hand_at",
    Connection: "provider status plan scopes problem problem_at connected_at disconnected_at"
    " refreshed_at last_used_at",
}


def of_host(user: User, *, now: datetime) -> dict[str, Any]:
    """Everything of one host, ready for JSON; instants as ISO 8601 in UTC.

    Costs a handful of queries, however many bookings there are.
    """
    account_mail = _owned(Email, Email.user_id, user).where(Email.booking_id.is_(None))
    return {
        "made_at": now.isoformat(),
        "profile": _plain(user),
        "sessions": _all(_owned(Session, Session.user_id, user)),
        "schedules": _all(_owned(Schedule, Schedule.host_id, user)),
        "connections": [
            {"account": tokens.label(row)} | _plain(row)
            for row in db.session.scalars(_owned(Connection, Connection.host_id, user))
        ],
        "calendars": _all(_owned(Calendar, Calendar.host_id, user)),
        "bookings": [_booking(row) for row in _bookings(user)],
        "messages": _all(account_mail),
    }


def _owned(model: Any, owner: Any, user: User) -> sa.Select[Any]:
    return sa.select(model).where(owner == user.id).order_by(model.id)


def _all(query: sa.Select[Any]) -> list[dict[str, Any]]:
    return _each(db.session.scalars(query))


def _each(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [_plain(row) for row in rows]


def _bookings(user: User) -> Iterable[Booking]:
    parts = (Booking.attendees, Booking.meeting, Booking.entry, Booking.events, Booking.emails)
    query = _owned(Booking, Booking.host_id, user)
    return db.session.scalars(query.options(*(selectinload(part) for part in parts)))


def _booking(booking: Booking) -> dict[str, Any]:
    return _plain(booking) | {
        "people": _each(booking.attendees),
        "meeting": _plain(booking.meeting) if booking.meeting is not None else None,
        "calendar_entry": _plain(booking.entry) if booking.entry is not None else None,
        "history": _each(booking.events),
        "messages": _each(booking.emails),
    }


def _plain(row: Any) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in COLUMNS[type(row)].split()}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in found.items()
    }
