"""All models: one metadata, one file an aggregate."""

from bookme.models.booking import (
    Actor,
    Attendee,
    Booking,
    BookingEvent,
    BookingStatus,
    EventKind,
    Hold,
    Role,
)
from bookme.models.calendar import BusyTime, Calendar, CalendarEntry
from bookme.models.connection import AuthorizationAttempt, Connection, ConnectionStatus, Problem
from bookme.models.deauthorization import Deauthorization
from bookme.models.email import Email, EmailState
from bookme.models.meeting import Meeting, MeetingState, Trouble
from bookme.models.operations import Alarm, Chore, Heartbeat
from bookme.models.schedule import Caller, LocationKind, Schedule
from bookme.models.user import Session, User

__all__ = [
    "Actor",
    "Alarm",
    "Attendee",
    "AuthorizationAttempt",
    "Booking",
    "BookingEvent",
    "BookingStatus",
    "BusyTime",
    "Calendar",
    "CalendarEntry",
    "Caller",
    "Chore",
    "Connection",
    "ConnectionStatus",
    "Deauthorization",
    "Email",
    "EmailState",
    "EventKind",
    "Heartbeat",
    "Hold",
    "LocationKind",
    "Meeting",
    "MeetingState",
    "Problem",
    "Role",
    "Schedule",
    "Session",
    "Trouble",
    "User",
]
