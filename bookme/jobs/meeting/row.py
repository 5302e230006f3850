"""The row of a booking's meeting, and the states it passes through."""

from datetime import datetime

from bookme.bookings import sent as kept
from bookme.jobs.meeting.calls import Task
from bookme.jobs.meeting.plan import Move
from bookme.models import Booking, Meeting, MeetingState
from bookme.providers import video


def of(booking: Booking) -> Meeting:
    assert booking.meeting is not None  # only its booking's end ends it, and then the lease is lost
    return booking.meeting


def keep(meeting: Meeting, made: video.Meeting, task: Task, now: datetime) -> None:
    sent = task.wanted if task.move is not Move.SETTLE else (task.sent or task.wanted)
    meeting.external_id, meeting.join_url, meeting.passcode = made.id, made.join_url, made.passcode
    meeting.revision = task.lease.revision
    kept.keep(meeting, sent.to_json(), revision=task.lease.revision)
    meeting.state, meeting.made_at, meeting.attempted_at = MeetingState.READY, now, None
    all_is_well(meeting)


def removed(meeting: Meeting, task: Task) -> None:
    forget(meeting)
    meeting.state, meeting.revision = MeetingState.REMOVED, task.lease.revision
    all_is_well(meeting)


def forget(meeting: Meeting) -> None:
    meeting.external_id = meeting.join_url = meeting.passcode = None
    meeting.made_at = meeting.attempted_at = None
    meeting.sent, meeting.forgotten = None, False


def all_is_well(meeting: Meeting) -> None:
    meeting.trouble = meeting.next_attempt_at = meeting.failing_since = None
    meeting.attempts = 0
