"""The time that a booking takes."""

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.types import UTCDateTime
from bookme.models.user import User

if TYPE_CHECKING:
    from bookme.models.booking import Booking


class Hold(Model):
    """The stretch of a host's time that a booking takes, buffers included.

    Two requests may both find a slot free, so the database has the last word: PostgreSQL by this
    constraint, SQLite by the triggers that the migrations make.
    """

    __tablename__ = "hold"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        ExcludeConstraint(
            # A range of one id needs no btree_gist extension, unlike "host_id WITH =".
            (
                sa.func.int8range(sa.column("host_id"), sa.column("host_id"), sa.text("'[]'")),
                "&&",
            ),
            (sa.func.tstzrange(sa.column("starts_at"), sa.column("ends_at")), "&&"),
            using="gist",
            name="ex_hold_overlap",
        ).ddl_if(dialect="postgresql"),
        sa.Index("ix_hold_host_start", "host_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    booking_id: Mapped[int] = mapped_column(
        sa.ForeignKey("booking.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)

    host: Mapped[User] = relationship()
    booking: Mapped["Booking"] = relationship(back_populates="hold")
