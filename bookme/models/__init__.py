"""All models: one metadata, one file an aggregate."""

from bookme.models.attendee import Attendee, Role
from bookme.models.booking import HOLDING, Booking, BookingStatus
from bookme.models.booking_event import Actor, BookingEvent, EventKind
from bookme.models.booking_link import BookingLink
from bookme.models.calendar import BusyTime, Calendar, CalendarEntry
from bookme.models.connection import AuthorizationAttempt, Connection, ConnectionStatus, Problem
from bookme.models.deauthorization import Deauthorization
from bookme.models.email import Email, EmailState
from bookme.models.factor import (
    Authenticator,
    KnownBrowser,
    Passkey,
    PendingProof,
    RecoveryCode,
    Step,
    WrongCode,
)
from bookme.models.guarding import (
    Block,
    BlockKind,
    Flood,
    GivenUpHandle,
    Origin,
    Report,
    ReportKind,
    Tally,
)
from bookme.models.hold import Hold
from bookme.models.hours import OFFICE_HOURS, OpeningHours, TimeOff
from bookme.models.meeting import Meeting, MeetingState, Trouble
from bookme.models.operations import Alarm, Chore, Heartbeat, Operator, OperatorAct
from bookme.models.question import Question, QuestionKind
from bookme.models.reminder import MessageRule, Reminder, ReminderState, Timing
from bookme.models.schedule import (
    HELD_MINUTES,
    LEAST_ANSWER_MINUTES,
    Caller,
    LocationKind,
    Schedule,
    Visibility,
    hours_of,
)
from bookme.models.search_word import SearchWord
from bookme.models.sign_in import Identity, Invitation, PendingLink, Purpose, SignInAttempt
from bookme.models.user import Picture, Session, SetUpStep, User
from bookme.models.version import HostVersion

__all__ = [
    "HELD_MINUTES",
    "HOLDING",
    "OFFICE_HOURS",
    "LEAST_ANSWER_MINUTES",
    "Actor",
    "Alarm",
    "Attendee",
    "Authenticator",
    "AuthorizationAttempt",
    "Block",
    "BlockKind",
    "Booking",
    "BookingEvent",
    "BookingLink",
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
    "Flood",
    "GivenUpHandle",
    "Heartbeat",
    "Hold",
    "KnownBrowser",
    "HostVersion",
    "Identity",
    "Invitation",
    "LocationKind",
    "Meeting",
    "MeetingState",
    "MessageRule",
    "OpeningHours",
    "Operator",
    "OperatorAct",
    "Origin",
    "Passkey",
    "PendingLink",
    "PendingProof",
    "Picture",
    "Problem",
    "Purpose",
    "Question",
    "QuestionKind",
    "RecoveryCode",
    "Reminder",
    "ReminderState",
    "Report",
    "ReportKind",
    "Role",
    "Schedule",
    "SearchWord",
    "Session",
    "SetUpStep",
    "SignInAttempt",
    "Step",
    "Tally",
    "TimeOff",
    "Timing",
    "Trouble",
    "User",
    "Visibility",
    "WrongCode",
    "hours_of",
]
