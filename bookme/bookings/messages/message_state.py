"""What a reader was last told of a booking, and what is left to say.

Every message that may have gone out keeps what it said among its facts, as instants and hashes. So
the next one is decided by comparing that with what is true now, and nobody is told of a state that
was never reached, of a change that was taken back, or of the end of what they never heard of.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bookme.bookings.messages.outbox import MessageKind
from bookme.crypto import fingerprint
from bookme.models import Booking, BookingStatus, Email, EmailState, Trouble

#: How a booking ends, and the message that tells of it.
ENDINGS = {
    BookingStatus.CANCELLED: MessageKind.CANCELLED,
    BookingStatus.DECLINED: MessageKind.DECLINED,
    BookingStatus.LAPSED: MessageKind.LAPSED,
}
#: The messages by which a reader hears of a state for the first time.
_BEGINNINGS = {
    BookingStatus.HELD: MessageKind.CONFIRM,
    BookingStatus.PENDING: MessageKind.REQUESTED,
    BookingStatus.CONFIRMED: MessageKind.BOOKED,
}


class Video(StrEnum):
    """What can be said of a booking's video link."""

    NONE = "none"  # another kind of appointment
    READY = "ready"
    COMING = "coming"
    HOST = "host"  # none can be expected before the host does something


_ONLY_THE_HOST_CAN_MEND = {
    Trouble.NOT_CONNECTED,
    Trouble.NEEDS_RECONNECT,
    Trouble.NOT_ALLOWED,
    Trouble.REJECTED,
}


def video(booking: Booking) -> Video:
    """What can be said of the booking's video link now."""
    meeting = booking.meeting
    if meeting is None:
        return Video.NONE
    if meeting.join_url is not None:
        return Video.READY
    return Video.HOST if meeting.trouble in _ONLY_THE_HOST_CAN_MEND else Video.COMING


@dataclass(frozen=True, slots=True)
class Told:
    """The state of a booking that a message speaks of.

    :ivar link: a hash of join link and passcode; None without a link.
    :ivar asked: when the host asked the booker to pick another time; None if that is settled.
    :ivar corrected: when the booker last corrected what they had entered; None if never.
    """

    starts_at: datetime
    ends_at: datetime
    video: Video
    link: str | None
    status: BookingStatus = BookingStatus.CONFIRMED
    asked: str | None = None
    corrected: str | None = None

    @property
    def ended(self) -> bool:
        """Whether there is no appointment (any more), nor the prospect of one."""
        return self.status in ENDINGS

    def reads_like(self, other: "Told") -> bool:
        """Whether a message about either would be the same to its reader's calendar."""
        return (self.starts_at, self.ends_at, self.status, self.link) == (
            other.starts_at,
            other.ends_at,
            other.status,
            other.link,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "status": str(self.status),
            "video": str(self.video),
            "link": self.link,
            "asked": self.asked,
            "corrected": self.corrected,
        }

    @classmethod
    def from_json(cls, values: Any) -> "Told":
        # What was sent before bookings could wait for an answer says only whether it had ended.
        before = BookingStatus.CANCELLED if values.get("ended") else BookingStatus.CONFIRMED
        return cls(
            starts_at=datetime.fromisoformat(values["starts_at"]),
            ends_at=datetime.fromisoformat(values["ends_at"]),
            video=Video(values["video"]),
            link=values["link"],
            status=BookingStatus(values.get("status", before)),
            asked=values.get("asked"),
            corrected=values.get("corrected"),
        )


def truth(booking: Booking) -> Told:
    """What a message would say of the booking now."""
    meeting = booking.meeting
    link = None
    if meeting is not None and meeting.join_url is not None:
        link = fingerprint(f"{meeting.join_url}\0{meeting.passcode or ''}")[:16]
    return Told(
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        video=video(booking),
        link=link,
        status=booking.status,
        asked=_written(booking.asked_to_move_at),
        corrected=_written(booking.corrected_at),
    )


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def last_told(emails: list[Email]) -> Told | None:
    """What one reader was told last, of the messages to that reader; None if nothing."""
    gone_out = [one for one in emails if one.state is EmailState.SENT or one.maybe_sent]
    said = [one.facts for one in gone_out if "told" in one.facts]
    last = max(said, key=lambda facts: str(facts["told_at"]), default=None)
    return Told.from_json(last["told"]) if last is not None else None


def tell(email: Email, told: Told, *, now: datetime) -> None:
    """Keep what a message says, before it goes out."""
    email.facts = {**email.facts, "told": told.to_json(), "told_at": now.isoformat()}


def left_to_say(told: Told | None, now_true: Told, *, to_host: bool) -> MessageKind | None:
    """The kind of message that brings a reader from what was told to what is true, if any."""
    if now_true.ended:
        return ENDINGS[now_true.status] if told is not None and not told.ended else None
    if to_host and now_true.status is BookingStatus.HELD:
        return None
    if told is None:
        return _BEGINNINGS[now_true.status]
    if told.ended:
        return None  # an appointment does not come back
    return _change(told, now_true, to_host=to_host)


def _change(told: Told, now_true: Told, *, to_host: bool) -> MessageKind | None:
    if told.status is not now_true.status:
        return _BEGINNINGS[now_true.status]
    if (told.starts_at, told.ends_at) != (now_true.starts_at, now_true.ends_at):
        return MessageKind.MOVED
    if not to_host and now_true.asked not in (None, told.asked):
        return MessageKind.ASKED
    if now_true.corrected not in (None, told.corrected):
        return MessageKind.CORRECTED
    if now_true.status is not BookingStatus.CONFIRMED:
        return None  # of a link there is nothing to say yet
    if now_true.link is not None and now_true.link != told.link:
        return MessageKind.LINK
    if to_host and now_true.video is Video.HOST and told.video is not Video.HOST:
        return MessageKind.LINK
    return None
