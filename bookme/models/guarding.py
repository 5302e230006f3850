"""What keeps strangers from doing harm: counts, what hosts block, and reports."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.extensions import Model
from bookme.models.types import Choice, UTCDateTime
from bookme.models.user import User


class Tally(Model):
    """How often something happened in a short stretch of time. Holds keyed hashes only.

    :ivar key: of what is counted, for whom, and over how long.
    :ivar slot: which stretch, counted from 1970.
    :ivar until: from then on it counts for nothing.
    """

    __tablename__ = "tally"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    slot: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    count: Mapped[int]
    until: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class BlockKind(StrEnum):
    """What of a booking's sender is blocked."""

    ADDRESS = "address"
    DOMAIN = "domain"
    NETWORK = "network"


class Block(Model):
    """From whom a host takes no bookings.

    :ivar digest: a keyed hash of it, to look it up by.
    :ivar shown_sealed: it, as the host sees it; None once its person was erased, or for the network
        of a booking, which nobody is shown.
    """

    __tablename__ = "block"
    __table_args__ = (sa.UniqueConstraint("host_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    kind: Mapped[BlockKind] = mapped_column(Choice(BlockKind))
    digest: Mapped[str] = mapped_column(sa.String(64))
    seal_id: Mapped[str] = mapped_column(sa.String(32), unique=True)
    shown_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Origin(Model):
    """From which network a booking was made, as a keyed hash, for some weeks."""

    __tablename__ = "origin"

    booking_id: Mapped[int] = mapped_column(
        sa.ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True
    )
    network_digest: Mapped[str] = mapped_column(sa.String(64), index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class Flood(Model):
    """A host gets far more bookings than usual: told once, until it is over or put away.

    :ivar last_at: when the last booking came that counted as too many.
    """

    __tablename__ = "flood"

    host_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ReportKind(StrEnum):
    """What is wrong with a page that somebody reports."""

    PHISHING = "phishing"  # it pretends to be somebody else's, or asks for passwords or money
    SPAM = "spam"
    HARM = "harm"  # it harasses or threatens somebody, or is against the law
    OTHER = "other"


class Report(Model):
    """A page that somebody has reported to the operator.

    :ivar page: its path on this site.
    :ivar said_sealed: what they wrote, and their e-mail address if they gave one, as JSON.
    :ivar closed_at: when an operator was done with it.
    """

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    seal_id: Mapped[str] = mapped_column(sa.String(32), unique=True)
    host_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[ReportKind] = mapped_column(Choice(ReportKind))
    page: Mapped[str] = mapped_column(sa.String(300))
    said_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class GivenUpHandle(Model):
    """A handle under which somebody was booked, and which its host has no more: a keyed hash.

    :ivar user_id: who may take it back; None once that host is deleted.
    """

    __tablename__ = "given_up_handle"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    given_up_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    user: Mapped[User | None] = relationship()
