"""When a host works: named sets of opening hours, and the time off that goes before all of them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.availability import Hours
from bookme.extensions import Model
from bookme.models.schedule import hours_of
from bookme.models.types import UTCDateTime
from bookme.models.user import User

#: Nine to five, Mondays to Fridays: what a host begins with.
OFFICE_HOURS = [[[9 * 60, 17 * 60]]] * 5 + [[], []]


class OpeningHours(Model):
    """A named set of opening hours, which any of the host's schedules may use.

    A schedule that uses one has a copy of its zone, week and overrides, so that its page asks for
    nothing more; whoever changes a set changes the copies with it. The host's oldest set is the one
    that new schedules begin with. ``week`` and ``overrides`` are as in
    :class:`~bookme.models.schedule.Schedule`.
    """

    __tablename__ = "opening_hours"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    zone: Mapped[str] = mapped_column(sa.String(64))
    week: Mapped[list[list[list[int]]]] = mapped_column(sa.JSON)
    overrides: Mapped[dict[str, list[list[int]]]] = mapped_column(sa.JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    host: Mapped[User] = relationship()

    @property
    def hours(self) -> Hours:
        return hours_of(self.week, self.overrides, self.zone)


class TimeOff(Model):
    """A stretch of time in which none of a host's schedules takes bookings.

    :ivar zone: the one its dates were typed in; whole days are shown as such in it.
    """

    __tablename__ = "time_off"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.Index("ix_time_off_host_end", "host_id", "ends_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(sa.String(120), default="")
    zone: Mapped[str] = mapped_column(sa.String(64))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    host: Mapped[User] = relationship()
