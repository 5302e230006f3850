"""Hosts, and the browsers in which they are signed in."""

from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.availability import Limit
from bookme.extensions import Model
from bookme.models.leased import Queued
from bookme.models.types import UTCDateTime

if TYPE_CHECKING:
    from bookme.models.connection import Connection
    from bookme.models.operations import Operator


class SetUpStep(IntEnum):
    """The screens of the set-up, in order."""

    ADDRESS = 1
    HOURS = 2
    CONNECTIONS = 3
    LINK = 4


class User(Queued, Model, UserMixin):
    """A host.

    ``epoch`` is part of every confirmation and reset link: raising it makes all older links
    useless.
    """

    __tablename__ = "user"
    __table_args__ = (
        sa.CheckConstraint("clock_hours IN (12, 24)", name="clock_hours_known"),
        sa.CheckConstraint("email = lower(email)", name="email_folded"),
        sa.CheckConstraint("set_up_step BETWEEN 1 AND 4", name="set_up_step_in_range"),
        sa.Index(
            "ix_user_unconfirmed",
            "created_at",
            sqlite_where=sa.text("email_confirmed_at IS NULL"),
            postgresql_where=sa.text("email_confirmed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    #: The address a host wants to change to; it replaces ``email`` once confirmed.
    new_email: Mapped[str | None] = mapped_column(sa.String(254))
    email_confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Empty for who has no password and signs in otherwise.
    password_hash: Mapped[str] = mapped_column(sa.String(255))
    epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    name: Mapped[str] = mapped_column(sa.String(100))
    handle: Mapped[str] = mapped_column(sa.String(40), unique=True)
    zone: Mapped[str] = mapped_column(sa.String(64), default="UTC")
    locale: Mapped[str] = mapped_column(sa.String(16), default="en_GB")
    clock_hours: Mapped[int] = mapped_column(default=24)
    default_video_provider: Mapped[str | None] = mapped_column(sa.String(32))
    #: How bookers reach the host otherwise, in the host's words.
    contact: Mapped[str] = mapped_column(sa.String(200), default="")
    #: Under the name on public pages, such as what the host does.
    headline: Mapped[str] = mapped_column(sa.String(120), default="")
    #: A word of welcome on the host's page.
    welcome: Mapped[str] = mapped_column(sa.Text, default="")
    #: The colour of public pages and mails, as ``#rrggbb``; None: BookMe's own.
    accent: Mapped[str | None] = mapped_column(sa.String(7))
    #: Whether search engines may list the host's public pages.
    is_searchable: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    #: How long before the start a calendar file rings; None: the reader's program decides.
    alarm_minutes: Mapped[int | None]
    #: Limits over all schedules, in the host's zone.
    max_per_day: Mapped[int | None]
    max_per_week: Mapped[int | None]
    #: Part of the address of the calendar feed: another one makes older addresses useless. None:
    #: there is no feed.
    feed_epoch: Mapped[int | None]
    #: The origins of the sites that may show the host's public pages inside their own.
    embed_sites: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    #: Where the set-up goes on: the first of its steps that isn't saved. None: it's over, as it is
    #: once there is a schedule.
    set_up_step: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: The host has asked to be deleted: signed out and unpublished, while bookers are being told.
    closing_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    #: The operator has taken the host's pages down; no new bookings, and those there are stay.
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: When the deletion was last given to the queue.

    sessions: Mapped[list["Session"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", passive_deletes=True
    )
    connections: Mapped[list["Connection"]] = relationship(
        back_populates="host", cascade="all, delete-orphan", passive_deletes=True
    )

    picture: Mapped["Picture | None"] = relationship(
        back_populates="user", cascade="all, delete-orphan", passive_deletes=True
    )

    operator: Mapped["Operator | None"] = relationship(viewonly=True)

    @property
    def is_confirmed(self) -> bool:
        return self.email_confirmed_at is not None

    @property
    def limit(self) -> Limit:
        """How many appointments may start in a day and a week, over all schedules."""
        return Limit(ZoneInfo(self.zone), self.max_per_day, self.max_per_week)


class Picture(Model):
    """A host's picture as bookers see it: square JPEGs that were drawn anew from what was uploaded.

    :ivar digest: of ``large``, in hexadecimal; part of its address, which so never goes stale.
    """

    __tablename__ = "picture"

    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(sa.String(64))
    small: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    large: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship(back_populates="picture")


class Session(Model):
    """One browser in which a host is signed in. The cookie holds a random id, this row its hash."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: The browser in a few words, such as "Firefox on Linux".
    label: Mapped[str] = mapped_column(sa.String(80), default="")
    #: Roughly where it was signed in from, such as "203.0.113.0/24" or "private".
    network: Mapped[str] = mapped_column(sa.String(50), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    #: When the host last showed here who they are, by a second factor or a password.
    proven_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship(back_populates="sessions")
