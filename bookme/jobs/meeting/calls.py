"""The calls to a video provider that a move makes, and nothing else: no database, no decision."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bookme.clock import utcnow
from bookme.connections.grants import tokens
from bookme.errors import NotFound, ProviderError, WrongAccount
from bookme.jobs.lease import Lease
from bookme.jobs.meeting.plan import Move
from bookme.providers.video import Meeting, MeetingRequest, VideoProvider

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Task:
    """One move, as plain values: no row is looked at during a call.

    :ivar meeting_id: the provider's, if there is one.
    :ivar sent: what it was sent last, if that is certain.
    :ivar attempted_at: when an attempt was begun whose outcome nobody knows.
    :ivar is_older: the meeting was made before the present connection, so "not yours" and "no such
        user" mean that the meeting is out of reach, not that the connection is broken.
    """

    lease: Lease
    move: Move
    connection_id: int
    wanted: MeetingRequest = field(repr=False)
    sent: MeetingRequest | None = field(repr=False)
    is_wanted: bool
    meeting_id: str | None
    attempted_at: datetime | None
    is_older: bool
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What a look into the provider's list came to.

    :ivar adopted: the meeting that is the booking's, with its passcode.
    :ivar removed: how many were deleted.
    """

    adopted: Meeting | None
    removed: int


def create(task: Task) -> Meeting:
    return _call(task, lambda video: video.create(task.wanted))


def update(task: Task) -> Meeting | None:
    """Change the meeting; return it as it is then, if its link may be another one now.

    :raises NotFound: if the meeting is gone, or out of reach.
    """
    meeting_id = task.meeting_id or ""

    def change(video: VideoProvider) -> Meeting | None:
        video.update(meeting_id, task.wanted, task.sent)
        return None if task.sent is not None else video.get(meeting_id)

    return _call(task, change)


def delete(task: Task) -> bool:
    """Delete the booking's meeting; return whether it is gone.

    One without our reference stays: its host has made it their own.
    """
    meeting_id = task.meeting_id or ""

    def remove(video: VideoProvider) -> bool:
        if video.get(meeting_id).reference != task.wanted.reference:
            return False
        video.cancel(meeting_id)
        return True

    try:
        return _call(task, remove)
    except NotFound:
        return True  # out of reach, which is as good as gone


def settle(task: Task) -> Found:
    """Find what an attempt of unknown outcome made: to be adopted, or deleted if unwanted.

    Nothing is deleted that may be the host's own: only what bears our reference.
    """
    sought = task.sent or task.wanted

    def look(video: VideoProvider) -> Found:
        found = video.find(sought, attempted_at=task.attempted_at or task.begun_at)
        if task.is_wanted:
            return Found(_adopt(video, found, sought.reference), 0)
        return Found(None, _remove(video, [one.id for one in _ours(video, found, sought)]))

    return _call(task, look)


def look_again(task: Task) -> Found:
    """Delete every meeting with the booking's reference but the one that is the booking's."""

    def look(video: VideoProvider) -> Found:
        found = video.find(task.wanted, attempted_at=task.begun_at)
        ours = _ours(video, found, task.wanted)
        adopted = None
        if task.is_wanted and task.meeting_id is None:
            adopted = _adopt(video, ours, task.wanted.reference)
        keep = adopted.id if adopted else task.meeting_id
        return Found(adopted, _remove(video, [one.id for one in ours if one.id != keep]))

    return _call(task, look)


def _ours(video: VideoProvider, found: list[Meeting], sought: MeetingRequest) -> list[Meeting]:
    """Those that bear the booking's reference. A listing may be silent about that: then each is
    looked at.
    """
    seen = (one if one.reference else _seen(video, one) for one in found)
    return [one for one in seen if one is not None and one.reference == sought.reference]


def _seen(video: VideoProvider, listed: Meeting) -> Meeting | None:
    try:
        return video.get(listed.id)
    except NotFound:
        return None


def _adopt(video: VideoProvider, found: list[Meeting], reference: str) -> Meeting | None:
    """Take the first that is still there. Our reference is put into one that has none, so that from
    now on it is known as the booking's: what has none is neither changed nor deleted.
    """
    for listed in found:
        meeting = _seen(video, listed)  # a listing does not carry the passcode
        if meeting is None:
            continue
        if meeting.reference is None:
            video.mark(meeting, reference)
        if meeting.reference in (None, reference):
            return meeting
    return None


def _remove(video: VideoProvider, meeting_ids: list[str]) -> int:
    for meeting_id in meeting_ids:
        video.cancel(meeting_id)
    return len(meeting_ids)


def _call(task: Task, action: Callable[[VideoProvider], T]) -> T:
    """Let the action talk to the provider.

    :raises ProviderError: whose ``sent`` says whether any try of the action may have taken effect;
        what went wrong on the way to a token did not.
    """
    sent = []

    def watched(video: VideoProvider) -> T:
        try:
            return action(video)
        except ProviderError as error:
            sent.append(error.sent)
            if task.is_older and isinstance(error, WrongAccount):
                raise NotFound(error.provider, error.detail, request_id=error.request_id) from None
            raise

    try:
        return tokens.using(task.connection_id, watched, clock=utcnow, about_user=not task.is_older)
    except ProviderError as error:
        error.sent = any(sent)
        raise
