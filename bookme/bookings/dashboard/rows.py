"""What lists show of bookings: columns of one statement, whatever they belong to, no objects."""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from bookme.extensions import db
from bookme.models import (
    HOLDING,
    Attendee,
    Booking,
    BookingStatus,
    LocationKind,
    Meeting,
    MeetingState,
    Role,
    Trouble,
)

#: What the host has to look at; what BookMe tries again by itself is none of it.
IN_HAND = (Trouble.NOT_ALLOWED, Trouble.REJECTED, Trouble.STORAGE_FULL)


class Row(NamedTuple):
    """One booking as lists show it.

    :ivar name: the booker's; None once that was erased.
    :ivar missed: somebody did not come.
    :ivar provider: whose meeting it has; None without one. ``trouble`` and ``join_url`` are its.
    """

    id: int
    reference: str
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    status: BookingStatus
    title: str
    location_kind: LocationKind
    video_provider: str | None
    lapses_at: datetime | None
    asked_to_move_at: datetime | None
    name: str | None
    missed: bool
    provider: str | None
    meeting_state: MeetingState | None
    trouble: Trouble | None
    join_url: str | None

    @property
    def holds_time(self) -> bool:
        return self.status in HOLDING

    @property
    def is_confirmed(self) -> bool:
        return self.status is BookingStatus.CONFIRMED

    @property
    def has_failed(self) -> bool:
        """Whether its meeting waits for the host to try again."""
        is_failed = self.meeting_state is MeetingState.FAILED or self.trouble in IN_HAND
        return self.is_confirmed and is_failed

    def is_over(self, now: datetime) -> bool:
        return self.ends_at <= now


def read(query: Any) -> list[Row]:
    """The bookings that a query of :func:`rows` finds."""
    return list(map(Row._make, db.session.execute(query)))


def rows() -> Any:
    """The columns of :class:`Row`, of all bookings."""
    booker = aliased(Attendee)
    of_booking = (
        *(Booking.id, Booking.reference, Booking.starts_at, Booking.ends_at, Booking.created_at),
        *(Booking.status, Booking.title, Booking.location_kind, Booking.video_provider),
        *(Booking.lapses_at, Booking.asked_to_move_at),
    )
    of_meeting = Meeting.provider, Meeting.state, Meeting.trouble, Meeting.join_url
    is_booker = sa.and_(booker.booking_id == Booking.id, booker.role == Role.BOOKER)
    return (
        sa.select(*of_booking, booker.name, Booking.missed, *of_meeting)
        .select_from(Booking)
        .outerjoin(booker, is_booker)
        .outerjoin(Meeting, Meeting.booking_id == Booking.id)
    )
