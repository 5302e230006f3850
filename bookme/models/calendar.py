"""A host's calendars, what they say of the host's time, and the entries BookMe writes there."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.booking import Booking
from bookme.models.connection import Connection
from bookme.models.leased import Leased
from bookme.models.meeting import MeetingState, Trouble
from bookme.models.types import Choice, UTCDateTime
from bookme.models.user import User


class Calendar(Leased, Model):
    """One calendar of a connection. ``takes_bookings`` is true for at most one a host.

    ``failing_since`` is the first reading in a row that failed: an hour later the host's schedules
    offer no times, until it is read again or no longer checked. Nothing is known of what lies
    beyond ``read_until``, so no times are offered there either.
    """

    __tablename__ = "calendar"
    __table_args__ = (
        sa.UniqueConstraint("connection_id", "external_id"),
        sa.Index(
            "uq_calendar_takes_bookings",
            "host_id",
            unique=True,
            sqlite_where=sa.text("takes_bookings"),
            postgresql_where=sa.text("takes_bookings"),
        ),
        sa.Index("ix_calendar_read_after", "read_after"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[int] = mapped_column(
        sa.ForeignKey("connection.id", ondelete="CASCADE"), index=True
    )
    external_id: Mapped[str] = mapped_column(sa.String(1024))
    name: Mapped[str] = mapped_column(sa.String(255))
    color: Mapped[str | None] = mapped_column(sa.String(32))
    zone: Mapped[str | None] = mapped_column(sa.String(64))
    is_primary: Mapped[bool] = mapped_column(default=False)
    may_write: Mapped[bool] = mapped_column(default=False)
    is_checked: Mapped[bool] = mapped_column(default=False)
    takes_bookings: Mapped[bool] = mapped_column(default=False)
    #: Its busy times as of this instant; None before the first reading.
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: When it is read next; None when it is not checked.
    read_after: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: A page of its host was visited: for a while it is read more often.
    visited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    trouble: Mapped[Trouble | None] = mapped_column(Choice(Trouble))
    attempts: Mapped[int] = mapped_column(default=0)
    #: The host was told of the first failure, and that no times are offered any more.
    told_failing_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    told_closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Entries that the last reading did not understand; date and title of the first, sealed.
    unclear_count: Mapped[int] = mapped_column(default=0)
    unclear_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)

    host: Mapped[User] = relationship()
    connection: Mapped[Connection] = relationship()


class BusyTime(Model):
    """A stretch that a checked calendar says is taken; replaced as a whole by each reading.

    ``entry_id`` tells the entries that BookMe wrote itself apart: they don't count.
    """

    __tablename__ = "busy_time"
    __table_args__ = (sa.Index("ix_busy_time_calendar_start", "calendar_id", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(sa.ForeignKey("calendar.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entry_id: Mapped[str] = mapped_column(sa.String(1024))

    calendar: Mapped[Calendar] = relationship()


class CalendarEntry(Model):
    """The entry of a booking in its host's calendar: at most one a booking.

    For Google Meet and Microsoft Teams the entry carries the meeting, and then lives in that
    provider's main calendar. It is there if ``made_at`` is set. Its ``external_id`` stays when it
    is removed, so that a reading that still shows it is known for what it is. ``attempted_at`` is
    committed before a create is sent, with the calendar it is sent to, and cleared with its answer;
    creating again there after an unknown outcome finds what was made, because ``attempt`` is then
    the same.
    """

    __tablename__ = "calendar_entry"
    __table_args__ = (
        sa.Index(
            "ix_calendar_entry_forgotten",
            "booking_id",
            sqlite_where=sa.text("forgotten = 1"),
            postgresql_where=sa.text("forgotten"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(
        sa.ForeignKey("booking.id", ondelete="CASCADE"), unique=True
    )
    calendar_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("calendar.id", ondelete="SET NULL"), index=True
    )
    provider: Mapped[str] = mapped_column(sa.String(32))
    #: The calendar's own id at the provider, kept for as long as the entry may be there.
    calendar_external_id: Mapped[str | None] = mapped_column(sa.String(1024))
    state: Mapped[MeetingState] = mapped_column(Choice(MeetingState), default=MeetingState.WAITING)
    external_id: Mapped[str | None] = mapped_column(sa.String(1024), index=True)
    etag: Mapped[str | None] = mapped_column(sa.String(255))
    #: Counts entries begun for this booking: a deleted Google event keeps its id for ever.
    attempt: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    sent: Mapped[dict[str, object] | None] = mapped_column(sa.JSON)
    #: As of a meeting.
    forgotten: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    attempted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: A link of Meet or Teams that the provider is still making is asked for again then.
    link_after: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    trouble: Mapped[Trouble | None] = mapped_column(Choice(Trouble))
    #: The first attempt in a row that failed through no fault of the host's.
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    #: The host changed or deleted it by hand: it stands until the booking itself changes.
    changed_by_hand_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    made_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: After its connection had ended it was looked for over the one that was made since.
    sought_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    booking: Mapped[Booking] = relationship(back_populates="entry")
    calendar: Mapped[Calendar | None] = relationship()
