"""Messages at times that a host sets: before an appointment begins, and after its end."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.attendee import Attendee
from bookme.models.booking import Booking
from bookme.models.email import Email
from bookme.models.schedule import Schedule
from bookme.models.types import Choice, UTCDateTime
from bookme.models.user import User


class Timing(StrEnum):
    BEFORE_START = "before_start"
    AFTER_END = "after_end"


class MessageRule(Model):
    """A message that a schedule sends at a time: who gets it, when, and the host's own words.

    :ivar minutes: before the start, or after the end.
    """

    __tablename__ = "message_rule"
    __table_args__ = (
        sa.CheckConstraint("minutes BETWEEN 0 AND 43200", name="minutes_in_range"),
        sa.Index("ix_message_rule_schedule", "schedule_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(sa.ForeignKey("schedule.id", ondelete="CASCADE"))
    position: Mapped[int]
    timing: Mapped[Timing] = mapped_column(Choice(Timing))
    minutes: Mapped[int]
    to_booker: Mapped[bool] = mapped_column(default=True)  # and the guests
    to_host: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(sa.Text, default="")

    schedule: Mapped[Schedule] = relationship(back_populates="message_rules")


class ReminderState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"  # or as good as: its message is in the outbox
    DROPPED = "dropped"  # nobody needs it any more


class Reminder(Model):
    """A message that is to go to one reader at a time, made and dropped with each change of the
    booking. Unlike news, it is void once its time has gone.

    Exactly one of ``attendee_id`` and ``user_id`` names the reader. It holds no words: those are
    the rule's, found when it is sent.

    :ivar starts_at: the booking's start it was made for; for another one it says nothing.
    :ivar email: the message that it became.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        sa.Index(
            "ix_reminder_waiting",
            "send_at",
            "booking_id",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(
        sa.ForeignKey("booking.id", ondelete="CASCADE"), index=True
    )
    rule_id: Mapped[int] = mapped_column(
        sa.ForeignKey("message_rule.id", ondelete="CASCADE"), index=True
    )
    attendee_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("attendee.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    send_at: Mapped[datetime] = mapped_column(UTCDateTime)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[ReminderState] = mapped_column(
        Choice(ReminderState), default=ReminderState.WAITING
    )
    email_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("email.id", ondelete="SET NULL"), index=True
    )

    booking: Mapped[Booking] = relationship(back_populates="reminders")
    rule: Mapped[MessageRule] = relationship()
    attendee: Mapped[Attendee | None] = relationship()
    user: Mapped[User | None] = relationship()
    email: Mapped[Email | None] = relationship()
