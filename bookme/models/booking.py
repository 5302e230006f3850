"""A booking."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from bookme.extensions import Model
from bookme.models.attendee import Attendee, Role
from bookme.models.booking_event import Actor, BookingEvent, EventKind
from bookme.models.hold import Hold
from bookme.models.leased import Leased
from bookme.models.schedule import Caller, LocationKind, Schedule
from bookme.models.types import Choice, UTCDateTime
from bookme.models.user import User

if TYPE_CHECKING:
    from bookme.models.calendar import CalendarEntry
    from bookme.models.email import Email
    from bookme.models.meeting import Meeting
    from bookme.models.reminder import Reminder


class BookingStatus(StrEnum):
    HELD = "held"  # until the booker has confirmed the e-mail address
    PENDING = "pending"  # until the host has answered
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    LAPSED = "lapsed"  # the host has not answered in time


#: With these a booking takes its host's time.
HOLDING = (BookingStatus.HELD, BookingStatus.PENDING, BookingStatus.CONFIRMED)


class Booking(Leased, Model):
    """One appointment. This row is the truth; what the outside has seen of it is a copy.

    ``reference`` is public (mails' Message-IDs, the meeting's agenda, calendar ids, logs),
    ``token`` is secret and stands only in the booker's own links. ``revision`` grows with each
    change that the outside must learn of. ``due_at`` says when there is work to do (None: none),
    the lease who is at it.
    """

    __tablename__ = "booking"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.Index("ix_booking_host_start", "host_id", "starts_at", "id"),
        sa.Index("ix_booking_host_status", "host_id", "status", "starts_at", "id"),
        sa.Index("ix_booking_schedule_start", "schedule_id", "starts_at"),
        sa.Index("ix_booking_due_at", "due_at"),
        sa.Index(
            "ix_booking_host_due",
            "host_id",
            "due_at",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        ),
        sa.Index("ix_booking_host_created", "host_id", "created_at"),
        *(
            sa.Index(
                name,
                *("host_id", order, "id"),
                sqlite_where=sa.text("missed = 1"),
                postgresql_where=sa.text("missed"),
            )
            for name, order in (
                ("ix_booking_host_missed", "starts_at"),
                ("ix_booking_host_missed_created", "created_at"),
            )
        ),
        sa.Index(
            "ix_booking_lapses_at",
            "lapses_at",
            sqlite_where=sa.text("lapses_at IS NOT NULL"),
            postgresql_where=sa.text("lapses_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(32), unique=True)
    token: Mapped[str] = mapped_column(sa.String(48), unique=True)
    schedule_id: Mapped[int] = mapped_column(sa.ForeignKey("schedule.id"))
    host_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    status: Mapped[BookingStatus] = mapped_column(Choice(BookingStatus))
    #: A hash of the form's random key and the booker's e-mail: the same form sent again is no
    #: second booking.
    form_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    # The schedule as it was when booked.
    title: Mapped[str] = mapped_column(sa.String(120))
    zone: Mapped[str] = mapped_column(sa.String(64))
    location_kind: Mapped[LocationKind] = mapped_column(Choice(LocationKind))
    video_provider: Mapped[str | None] = mapped_column(sa.String(32))
    meeting_options: Mapped[dict[str, bool]] = mapped_column(sa.JSON, default=dict)
    address: Mapped[str] = mapped_column(sa.Text, default="")
    caller: Mapped[Caller] = mapped_column(Choice(Caller), default=Caller.HOST)
    phone: Mapped[str] = mapped_column(sa.String(120), default="")
    cancelled_by: Mapped[Actor | None] = mapped_column(Choice(Actor))
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancel_reason: Mapped[str] = mapped_column(sa.Text, default="")
    #: When a booking that waits for somebody's answer ends by itself.
    lapses_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The host has asked the booker to pick another time.
    asked_to_move_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ask_words: Mapped[str] = mapped_column(sa.Text, default="")
    #: When the booker last corrected what they had entered.
    corrected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The booker wants to be erased: once everybody has been told of the end, and by then anyway.
    erase_by: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Somebody did not come. That stands with the person; here it is for lists to go by.
    missed: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=0)
    #: The calendar attachment's SEQUENCE, and a hash of the content it was last raised for.
    sequence: Mapped[int] = mapped_column(default=0)
    sequence_digest: Mapped[str | None] = mapped_column(sa.String(64))
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    #: For its sync, which asks: whether it ever had a meeting, and whose calendars its host
    #: has bookings added to.
    had_meeting: Mapped[bool | None] = query_expression(expire_on_flush=False)
    calendars: Mapped[str | None] = query_expression(expire_on_flush=False)

    schedule: Mapped[Schedule] = relationship()
    host: Mapped[User] = relationship()
    attendees: Mapped[list[Attendee]] = relationship(
        back_populates="booking", cascade="all, delete-orphan", order_by="Attendee.id"
    )
    hold: Mapped[Hold | None] = relationship(back_populates="booking", cascade="all, delete-orphan")
    meeting: Mapped["Meeting | None"] = relationship(
        back_populates="booking", cascade="all, delete-orphan"
    )
    entry: Mapped["CalendarEntry | None"] = relationship(
        back_populates="booking", cascade="all, delete-orphan"
    )
    emails: Mapped[list["Email"]] = relationship(
        back_populates="booking", cascade="all, delete-orphan", order_by="Email.id"
    )
    events: Mapped[list[BookingEvent]] = relationship(
        back_populates="booking", cascade="all, delete-orphan", order_by="BookingEvent.id"
    )
    reminders: Mapped[list["Reminder"]] = relationship(
        back_populates="booking", cascade="all, delete-orphan", order_by="Reminder.send_at"
    )

    @property
    def booker(self) -> Attendee | None:
        """Who booked; None once that person's data was erased."""
        return next((person for person in self.attendees if person.role is Role.BOOKER), None)

    @property
    def guests(self) -> list[Attendee]:
        """Whom the booker brings."""
        return [person for person in self.attendees if person.role is Role.GUEST]

    @property
    def name(self) -> str | None:
        """The booker's; None once that person's data was erased."""
        return self.booker.name if self.booker is not None else None

    @property
    def holds_time(self) -> bool:
        return self.status in HOLDING

    @property
    def is_open(self) -> bool:
        """Whether the booking counts or waits for its host: what can be changed and cancelled."""
        return self.status in (BookingStatus.PENDING, BookingStatus.CONFIRMED)

    @property
    def awaits_answer(self) -> bool:
        """Whether somebody has to answer before anything is made outside."""
        return self.status in (BookingStatus.HELD, BookingStatus.PENDING)

    @property
    def is_confirmed(self) -> bool:
        return self.status is BookingStatus.CONFIRMED

    @property
    def confirmed_at(self) -> datetime:
        """Since when the booking counts, once it does."""
        kinds = (EventKind.BOOKED, EventKind.ACCEPTED)
        since = [event.at for event in self.events if event.kind in kinds]
        return max(since, default=self.created_at)

    def is_over(self, now: datetime) -> bool:
        return self.ends_at <= now

    def change(self, now: datetime) -> None:
        """One revision further, and due at once. The lease stays: a change must not end one."""
        self.revision += 1
        self.due_at = now
        self.queued_at = None
