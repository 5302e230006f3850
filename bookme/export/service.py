"""All that BookMe keeps of a host, for taking along. No secrets: hashes, tokens and keys stay."""

from base64 import b64encode
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from bookme.connections.grants import tokens
from bookme.extensions import db
from bookme.guard import blocks
from bookme.models import (
    Attendee,
    Authenticator,
    Block,
    Booking,
    BookingEvent,
    BookingLink,
    BookingStatus,
    Calendar,
    CalendarEntry,
    Connection,
    Email,
    Identity,
    Invitation,
    KnownBrowser,
    Meeting,
    MessageRule,
    OpeningHours,
    Passkey,
    Picture,
    Question,
    RecoveryCode,
    Reminder,
    Schedule,
    Session,
    TimeOff,
    User,
)

#: The columns that are given, of each kind of row, in this order. What is not here is a secret,
#: or of use to nobody but BookMe's jobs.
COLUMNS: dict[type[Any], str] = {
    User: "name email new_email email_confirmed_at handle zone locale clock_hours"
    " default_video_provider contact headline welcome accent is_searchable alarm_minutes"
    " max_per_day max_per_week embed_sites created_at paused_at",
    Picture: "made_at",
    OpeningHours: "name zone week overrides created_at",
    TimeOff: "label zone starts_at ends_at created_at",
    Session: "label network created_at last_seen_at",
    Authenticator: "created_at confirmed_at last_used_at",
    Passkey: "name created_at last_used_at",
    RecoveryCode: "created_at used_at",
    KnownBrowser: "label created_at last_seen_at",
    Identity: "provider issuer subject created_at last_used_at",
    Invitation: "created_at expires_at",
    Block: "kind created_at",
    Schedule: "title slug description duration_minutes durations step_minutes buffer_before_minutes"
    " buffer_after_minutes notice_minutes horizon_days dates_from dates_until max_per_day"
    " max_per_week max_per_booker reschedule_notice_minutes cancel_notice_minutes zone week"
    " overrides location_kind video_provider meeting_options address caller phone max_guests"
    " visibility needs_approval answer_minutes confirms_email after_words redirect_url"
    " redirect_passes language active created_at deleted_at",
    Question: "position kind name label help required choices",
    MessageRule: "position timing minutes to_booker to_host words",
    BookingLink: "hint uses_left expires_at revoked_at created_at",
    Booking: "reference title starts_at ends_at status zone location_kind video_provider"
    " meeting_options address caller phone cancelled_by cancelled_at"
    " cancel_reason lapses_at asked_to_move_at ask_words corrected_at erase_by created_at",
    Attendee: "role name email new_email zone locale clock_hours phone notes answers source"
    " host_notes no_show_at reminders_off_at",
    Reminder: "send_at starts_at state",
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
        "picture": _picture(user.picture),
        "sessions": _all(_owned(Session, Session.user_id, user)),
        "authenticator_apps": _all(_owned(Authenticator, Authenticator.user_id, user)),
        "passkeys": _all(_owned(Passkey, Passkey.user_id, user)),
        "recovery_codes": _all(_owned(RecoveryCode, RecoveryCode.user_id, user)),
        "sign_ins": _all(_owned(Identity, Identity.user_id, user)),
        "invitations": _all(_owned(Invitation, Invitation.host_id, user)),
        "browsers": _all(_owned(KnownBrowser, KnownBrowser.user_id, user)),
        "opening_hours": _all(_owned(OpeningHours, OpeningHours.host_id, user)),
        "time_off": _all(_owned(TimeOff, TimeOff.host_id, user)),
        "schedules": [_schedule(row) for row in _schedules(user)],
        "connections": [
            {"account": tokens.label(row)} | _plain(row)
            for row in db.session.scalars(_owned(Connection, Connection.host_id, user))
        ],
        "calendars": _all(_owned(Calendar, Calendar.host_id, user)),
        "bookings": [_booking(row) for row in _bookings(user)],
        "messages": _all(account_mail),
        "known_browsers": _all(_owned(KnownBrowser, KnownBrowser.user_id, user)),
        "blocked": [{"what": blocks.shown(one)} | _plain(one) for one in blocks.of_host(user)],
    }


def _owned(model: Any, owner: Any, user: User) -> sa.Select[Any]:
    return sa.select(model).where(owner == user.id).order_by(model.id)


def _all(query: sa.Select[Any]) -> list[dict[str, Any]]:
    return _each(db.session.scalars(query))


def _each(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [_plain(row) for row in rows]


def _picture(picture: Picture | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    return _plain(picture) | {"jpeg": b64encode(picture.large).decode()}


def _schedules(user: User) -> Iterable[Schedule]:
    parts = (Schedule.questions, Schedule.message_rules, Schedule.links)
    query = _owned(Schedule, Schedule.host_id, user)
    return db.session.scalars(query.options(*(selectinload(part) for part in parts)))


def _schedule(schedule: Schedule) -> dict[str, Any]:
    return _plain(schedule) | {
        "questions": _each(schedule.questions),
        "messages": _each(schedule.message_rules),
        "links": _each(schedule.links),
    }


def _bookings(user: User) -> Iterable[Booking]:
    parts = (
        *(Booking.attendees, Booking.meeting, Booking.entry, Booking.events, Booking.emails),
        Booking.reminders,
    )
    query = _owned(Booking, Booking.host_id, user).where(Booking.status != BookingStatus.HELD)
    return db.session.scalars(query.options(*(selectinload(part) for part in parts)))


def _booking(booking: Booking) -> dict[str, Any]:
    return _plain(booking) | {
        "people": _each(booking.attendees),
        "meeting": _plain(booking.meeting) if booking.meeting is not None else None,
        "calendar_entry": _plain(booking.entry) if booking.entry is not None else None,
        "history": _each(booking.events),
        "messages": _each(booking.emails),
        "reminders": _each(booking.reminders),
    }


def _plain(row: Any) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in COLUMNS[type(row)].split()}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in found.items()
    }
