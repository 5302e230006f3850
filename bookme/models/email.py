"""A message that is owed to somebody. It holds ids, not words: it is rendered when it is sent."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.attendee import Attendee
from bookme.models.booking import Booking
from bookme.models.leased import Leased
from bookme.models.types import Choice, UTCDateTime
from bookme.models.user import User


class EmailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"  # nobody needs it any more: replaced, erased, never told of the booking
    FAILED = "failed"  # refused for good, or given up


class Email(Leased, Model):
    """One message to one reader, sent at least once under one Message-ID made from ``dedupe_key``.

    One of ``attendee_id`` and ``user_id`` names the reader, and neither the operator; an erased
    reader's messages go with the row. ``revision`` is the booking's revision that the message
    tells of.
    """

    __tablename__ = "email"
    __table_args__ = (
        sa.Index("ix_email_state_next_attempt_at", "state", "next_attempt_at"),
        sa.Index(
            "ix_email_to_sealed",
            "id",
            sqlite_where=sa.text("to_sealed IS NOT NULL"),
            postgresql_where=sa.text("to_sealed IS NOT NULL"),
        ),
        sa.Index("ix_email_state_created_at", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    booking_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("booking.id", ondelete="CASCADE"), index=True
    )
    attendee_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("attendee.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    #: What else the words need, as kinds and instants only (such as the start before a move).
    facts: Mapped[dict[str, object]] = mapped_column(sa.JSON, default=dict)
    #: Another address than the host's present one, until the message is out.
    to_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    revision: Mapped[int] = mapped_column(default=0)
    state: Mapped[EmailState] = mapped_column(Choice(EmailState), default=EmailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    #: Committed before the message is handed to the server and taken back when that refuses it:
    #: after a crash in between nobody knows, and then the reader counts as told.
    maybe_sent: Mapped[bool] = mapped_column(default=False)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Its reader has had as many messages as strangers may cause in a day: it waits so long.
    not_before: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Why the last attempt failed, as the server's code and no more, such as ``smtp 451``.
    problem: Mapped[str | None] = mapped_column(sa.String(80))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    booking: Mapped[Booking | None] = relationship(back_populates="emails")
    attendee: Mapped[Attendee | None] = relationship()
    user: Mapped[User | None] = relationship()
