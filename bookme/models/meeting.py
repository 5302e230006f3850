"""The meeting of a booking at its video provider: what the outside has seen so far."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.booking import Booking
from bookme.models.types import Choice, UTCDateTime


class MeetingState(StrEnum):
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    REMOVED = "removed"
    LEFT = "left"


class Trouble(StrEnum):
    """Why a meeting is not as it should be; put into words where it is shown."""

    NOT_CONNECTED = "not_connected"
    NEEDS_RECONNECT = "needs_reconnect"
    UNAVAILABLE = "unavailable"
    UNKNOWN_OUTCOME = "unknown_outcome"
    DAILY_LIMIT = "daily_limit"
    NOT_ALLOWED = "not_allowed"
    REJECTED = "rejected"
    CLIENT_REFUSED = "client_refused"
    STARTED = "started"
    CALENDAR_GONE = "calendar_gone"
    STORAGE_FULL = "storage_full"
    LED_ELSEWHERE = "led_elsewhere"  # to a host that this server does not trust


class Meeting(Model):
    """At most one a booking. ``attempted_at`` is committed before a create is sent and cleared
    with its
    answer: an attempt without an ``external_id`` means that nobody knows whether the meeting
    exists.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        sa.Index(
            "ix_meeting_forgotten",
            "booking_id",
            sqlite_where=sa.text("forgotten = 1"),
            postgresql_where=sa.text("forgotten"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(
        sa.ForeignKey("booking.id", ondelete="CASCADE"), unique=True
    )
    provider: Mapped[str] = mapped_column(sa.String(32))
    state: Mapped[MeetingState] = mapped_column(Choice(MeetingState), default=MeetingState.WAITING)
    external_id: Mapped[str | None] = mapped_column(sa.String(64))
    join_url: Mapped[str | None] = mapped_column(sa.Text)
    passcode: Mapped[str | None] = mapped_column(sa.String(64))
    #: The booking's revision that the provider has seen, and the request it was sent as.
    revision: Mapped[int] = mapped_column(default=0)
    sent: Mapped[dict[str, object] | None] = mapped_column(sa.JSON)
    #: It may have words at the provider of which none are kept here any more
    #: (:mod:`bookme.bookings.sent`): they go as soon as it can be reached.
    forgotten: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    attempted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: When the provider's list is looked at once more for surplus meetings of an unknown outcome.
    look_again_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    trouble: Mapped[Trouble | None] = mapped_column(Choice(Trouble))
    #: The first attempt in a row that failed through no fault of the host's.
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    made_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    booking: Mapped[Booking] = relationship(back_populates="meeting")
