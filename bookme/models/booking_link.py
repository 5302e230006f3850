"""A link that admits one booking."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.booking import Booking
from bookme.models.schedule import Schedule
from bookme.models.types import UTCDateTime


class BookingLink(Model):
    """A single-use link to a schedule. The address holds a secret, this row its hash.

    :ivar hint: the first characters of the secret, by which a host tells links apart.
    :ivar uses_left: one until somebody has booked with it; the booking takes it in its transaction.
    """

    __tablename__ = "booking_link"
    __table_args__ = (
        sa.CheckConstraint("uses_left >= 0", name="uses_left_in_range"),
        sa.Index("ix_booking_link_schedule", "schedule_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(sa.ForeignKey("schedule.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    hint: Mapped[str] = mapped_column(sa.String(8))
    uses_left: Mapped[int] = mapped_column(default=1)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    booking_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("booking.id", ondelete="SET NULL"), index=True
    )

    schedule: Mapped[Schedule] = relationship(back_populates="links")
    booking: Mapped[Booking | None] = relationship()
