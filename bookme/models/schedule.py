"""An appointment schedule: what a host offers, when, and where it takes place."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookme.availability import Dates, Hours, Limit, Rules, Window
from bookme.extensions import Model
from bookme.models.types import Choice, UTCDateTime
from bookme.models.user import User

if TYPE_CHECKING:
    from bookme.models.booking_link import BookingLink
    from bookme.models.question import Question
    from bookme.models.reminder import MessageRule


#: How long a time is held until its booker has confirmed the e-mail address.
HELD_MINUTES = 15
#: The times on offer leave the host so long at least to answer a request.
LEAST_ANSWER_MINUTES = 15


class LocationKind(StrEnum):
    VIDEO = "video"
    IN_PERSON = "in_person"
    PHONE = "phone"


class Caller(StrEnum):
    """Who calls whom, for an appointment on the phone."""

    HOST = "host"
    BOOKER = "booker"


class Visibility(StrEnum):
    """How bookers come to a schedule."""

    LISTED = "listed"  # it stands on the host's page
    HIDDEN = "hidden"  # whoever knows its address
    BY_LINK = "by_link"  # with a single-use link only


class Schedule(Model):
    """What a host offers. Deleted softly: its slug is set free, and bookings keep their own
    snapshot.

    ``week`` holds seven lists of ``[opens, closes]`` in minutes of the local day, Monday first;
    ``overrides`` maps ISO dates to such a list. With an ``opening_hours_id`` they and the zone are
    a copy of that set's. An empty ``video_provider`` follows the host's default at the time of
    booking.

    :ivar durations: the lengths a booker may choose from in minutes, in order, among them
        ``duration_minutes``, which is chosen at first.
    :ivar dates_from: with ``dates_until`` the dates that can be booked, in the schedule's zone, in
        place of ``horizon_days``.
    :ivar max_per_booker: how many appointments still to come one e-mail address may hold.
    :ivar reschedule_notice_minutes: until how long before the start bookers may reschedule; None:
        until it is over. ``cancel_notice_minutes`` is the same for cancelling.
    :ivar answer_minutes: how long a booking that needs the host's answer waits for it.
    :ivar confirms_email: a booking counts once the booker has pressed the link in a mail.
    :ivar redirect_passes: what of a booking goes on to ``redirect_url``.
    """

    __tablename__ = "schedule"
    __table_args__ = (
        sa.Index(
            "uq_schedule_slug",
            "host_id",
            "slug",
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        sa.CheckConstraint("duration_minutes BETWEEN 5 AND 1440", name="duration_in_range"),
        sa.CheckConstraint("step_minutes BETWEEN 5 AND 1440", name="step_in_range"),
        sa.CheckConstraint("buffer_before_minutes BETWEEN 0 AND 1440", name="before_in_range"),
        sa.CheckConstraint("buffer_after_minutes BETWEEN 0 AND 1440", name="after_in_range"),
        sa.CheckConstraint("notice_minutes >= 0", name="notice_in_range"),
        sa.CheckConstraint("horizon_days BETWEEN 1 AND 730", name="horizon_in_range"),
        sa.CheckConstraint("max_guests BETWEEN 0 AND 10", name="guests_in_range"),
        sa.CheckConstraint("answer_minutes BETWEEN 15 AND 43200", name="answer_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    slug: Mapped[str] = mapped_column(sa.String(60))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    duration_minutes: Mapped[int] = mapped_column(default=30)
    durations: Mapped[list[int]] = mapped_column(
        sa.JSON, default=lambda context: [context.get_current_parameters()["duration_minutes"]]
    )
    step_minutes: Mapped[int] = mapped_column(default=30)
    buffer_before_minutes: Mapped[int] = mapped_column(default=0)
    buffer_after_minutes: Mapped[int] = mapped_column(default=0)
    notice_minutes: Mapped[int] = mapped_column(default=240)
    horizon_days: Mapped[int] = mapped_column(default=60)
    max_per_day: Mapped[int | None]
    max_per_week: Mapped[int | None]
    max_per_booker: Mapped[int | None]
    dates_from: Mapped[date | None]
    dates_until: Mapped[date | None]
    reschedule_notice_minutes: Mapped[int | None]
    cancel_notice_minutes: Mapped[int | None]
    opening_hours_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("opening_hours.id"), index=True
    )
    zone: Mapped[str] = mapped_column(sa.String(64))
    week: Mapped[list[list[list[int]]]] = mapped_column(sa.JSON)
    overrides: Mapped[dict[str, list[list[int]]]] = mapped_column(sa.JSON, default=dict)
    location_kind: Mapped[LocationKind] = mapped_column(Choice(LocationKind))
    video_provider: Mapped[str | None] = mapped_column(sa.String(32))
    #: None: as in the host's account at the provider.
    #: What is set for the meetings, by the option's name; what is not is left to the account.
    meeting_options: Mapped[dict[str, bool]] = mapped_column(sa.JSON, default=dict)
    address: Mapped[str] = mapped_column(sa.Text, default="")
    caller: Mapped[Caller] = mapped_column(Choice(Caller), default=Caller.HOST)
    #: The number to call when the booker calls.
    phone: Mapped[str] = mapped_column(sa.String(120), default="")
    max_guests: Mapped[int] = mapped_column(default=10)
    visibility: Mapped[Visibility] = mapped_column(Choice(Visibility), default=Visibility.LISTED)
    needs_approval: Mapped[bool] = mapped_column(default=False)
    answer_minutes: Mapped[int] = mapped_column(default=48 * 60)
    confirms_email: Mapped[bool] = mapped_column(default=False)
    #: The host's own words to who has booked.
    after_words: Mapped[str] = mapped_column(sa.Text, default="")
    redirect_url: Mapped[str] = mapped_column(sa.String(500), default="")
    redirect_passes: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    #: The language of all that bookers see of it, such as ``pt_BR``; None: each reader's own.
    language: Mapped[str | None] = mapped_column(sa.String(16))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    host: Mapped[User] = relationship()
    questions: Mapped[list["Question"]] = relationship(
        back_populates="schedule", cascade="all, delete-orphan", order_by="Question.position"
    )
    message_rules: Mapped[list["MessageRule"]] = relationship(
        back_populates="schedule", cascade="all, delete-orphan", order_by="MessageRule.position"
    )

    links: Mapped[list["BookingLink"]] = relationship(
        back_populates="schedule", cascade="all, delete-orphan", order_by="BookingLink.id"
    )

    @property
    def owner(self) -> User:
        """Whose page it stands on. ``host`` is whose time it takes; today both are one."""
        return self.host

    @property
    def hours(self) -> Hours:
        return hours_of(self.week, self.overrides, self.zone)

    @property
    def rules(self) -> Rules:
        hours = self.hours
        return Rules(
            hours=hours,
            length=self.duration_minutes,
            step=self.step_minutes,
            before=self.buffer_before_minutes,
            after=self.buffer_after_minutes,
            notice=self.notice_minutes + self.answering_minutes,
            horizon=self.dates or self.horizon_days,
            limit=Limit(hours.zone, self.max_per_day, self.max_per_week),
            host_limit=self.host.limit,
            max_per_booker=self.max_per_booker,
        )

    @property
    def dates(self) -> Dates | None:
        """The dates that can be booked, if they are a range of their own."""
        if self.dates_from is None or self.dates_until is None:
            return None
        return Dates(self.dates_from, self.dates_until)

    @property
    def answering_minutes(self) -> int:
        """How much of the time before the notice goes by with answers, at least: so that none is
        given when the notice has begun.
        """
        held = HELD_MINUTES if self.confirms_email else 0
        return held + (LEAST_ANSWER_MINUTES if self.needs_approval else 0)

    @property
    def provider(self) -> str | None:
        """The video provider a booking made now would get; None if there is none or it is no
        video.
        """
        if self.location_kind is not LocationKind.VIDEO:
            return None
        return self.video_provider or self.host.default_video_provider


def hours_of(week: list[Any], overrides: dict[str, Any], zone: str) -> Hours:
    """Hours as columns hold them."""
    return Hours(
        week=tuple(_windows(day) for day in week),
        overrides={date.fromisoformat(on): _windows(day) for on, day in overrides.items()},
        zone=ZoneInfo(zone),
    )


def _windows(day: list[Any]) -> tuple[Window, ...]:
    return tuple(Window(opens=opens, closes=closes) for opens, closes in day)
