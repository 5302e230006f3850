"""A booking's history."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.types import Choice, UTCDateTime

if TYPE_CHECKING:
    from bookme.models.booking import Booking


class Actor(StrEnum):
    """Who did something to a booking."""

    HOST = "host"
    BOOKER = "booker"
    GUEST = "guest"
    BOOKME = "bookme"


class EventKind(StrEnum):
    """What can happen to a booking; put into words where the history is shown."""

    BOOKED = "booked"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    CORRECTED = "corrected"
    ASKED_TO_MOVE = "asked_to_move"
    NO_SHOW = "no_show"
    NO_SHOW_UNDONE = "no_show_undone"
    GUEST_LEFT = "guest_left"
    ENTRY_CREATED = "entry_created"
    ENTRY_UPDATED = "entry_updated"
    ENTRY_RECREATED = "entry_recreated"
    ENTRY_DELETED = "entry_deleted"
    ENTRY_LEFT = "entry_left"
    ENTRY_WAITS = "entry_waits"
    ENTRY_FAILED = "entry_failed"
    ENTRY_CHANGED_BY_HAND = "entry_changed_by_hand"
    MEETING_CREATED = "meeting_created"
    MEETING_UPDATED = "meeting_updated"
    MEETING_ADOPTED = "meeting_adopted"
    MEETING_RECREATED = "meeting_recreated"
    MEETING_DELETED = "meeting_deleted"
    MEETING_LEFT = "meeting_left"
    MEETING_SPARED = "meeting_spared"  # it bore no reference of ours any more
    MEETING_WAITS = "meeting_waits"
    MEETING_FAILED = "meeting_failed"
    SURPLUS_DELETED = "surplus_deleted"
    RETRIED = "retried"
    EMAIL_SENT = "email_sent"
    EMAIL_FAILED = "email_failed"
    ERASED = "erased"


class BookingEvent(Model):
    """One line of a booking's history: kinds, instants and ids, never words or persons."""

    __tablename__ = "booking_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(
        sa.ForeignKey("booking.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[EventKind] = mapped_column(Choice(EventKind))
    actor: Mapped[Actor] = mapped_column(Choice(Actor))
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    booking: Mapped["Booking"] = relationship(back_populates="events")
