"""A person of a booking."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.types import Choice, UTCDateTime

if TYPE_CHECKING:
    from bookme.models.booking import Booking


class Role(StrEnum):
    BOOKER = "booker"
    GUEST = "guest"


class Attendee(Model):
    """A person of a booking.

    Erasing the person is erasing this row: nothing else holds their words.
    """

    __tablename__ = "attendee"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(
        sa.ForeignKey("booking.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[Role] = mapped_column(Choice(Role), default=Role.BOOKER)
    name: Mapped[str] = mapped_column(sa.String(100))
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    #: The address that a booker wants to have instead, until it is confirmed from there.
    new_email: Mapped[str] = mapped_column(sa.String(254), default="")
    zone: Mapped[str] = mapped_column(sa.String(64))
    locale: Mapped[str] = mapped_column(sa.String(16), default="en_GB")
    clock_hours: Mapped[int] = mapped_column(default=24)
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    notes: Mapped[str] = mapped_column(sa.Text, default="")
    #: What a booker was asked and has answered, in order: ``{"name": …, "question": …, "answer":
    #: …}`` each, in words.
    answers: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    #: Where a booker came from, by the address of the page: ``utm_*`` and ``ref``.
    source: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)
    #: What the host notes about the person, for the host's eyes.
    host_notes: Mapped[str] = mapped_column(sa.Text, default="")
    no_show_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The reader has switched reminders of this booking off.
    reminders_off_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    booking: Mapped["Booking"] = relationship(back_populates="attendees")

    @property
    def is_guest(self) -> bool:
        return self.role is Role.GUEST
