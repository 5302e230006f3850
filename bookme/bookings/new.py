"""What a new booking consists of, and the time that a booking takes."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.orm.attributes import set_committed_value

from bookme import inserting
from bookme.bookings.entries import provider_of
from bookme.bookings.messages.outbox import MessageKind, owe_new
from bookme.bookings.slots import hold_times
from bookme.crypto import new_token
from bookme.extensions import Model, db
from bookme.models import (
    Attendee,
    Booking,
    BookingEvent,
    BookingStatus,
    CalendarEntry,
    Hold,
    Meeting,
    Role,
    Schedule,
)


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom a booker brings."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a booker was asked and has answered, in words.

    :ivar name: what addresses call the question.
    """

    name: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Booker:
    """Who books, and how that person reads times.

    :ivar source: where they came from: ``utm_*`` and ``ref`` of the page's address.
    """

    name: str
    email: str
    zone: str
    locale: str = "en_GB"
    clock_hours: int = 24
    phone: str = ""
    notes: str = ""
    answers: tuple[Answer, ...] = ()
    source: Mapping[str, str] = field(default_factory=dict)
    guests: tuple[Guest, ...] = ()


def new_booking(
    schedule: Schedule,
    starts_at: datetime,
    booker: Booker,
    *,
    now: datetime,
    minutes: int | None = None,
) -> Booking:
    """A confirmed booking with its people; not yet added to the session. What it needs of the
    schedule is copied.
    """
    booking = inserting.made(
        Booking,
        reference=uuid4().hex,
        token=new_token(),
        schedule_id=schedule.id,
        host_id=schedule.host_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes or schedule.duration_minutes),
        status=BookingStatus.CONFIRMED,
        title=schedule.title,
        zone=schedule.zone,
        location_kind=schedule.location_kind,
        video_provider=schedule.provider,
        meeting_options=dict(schedule.meeting_options),
        address=schedule.address,
        caller=schedule.caller,
        phone=schedule.phone,
        revision=0,
        created_at=now,
        schedule=schedule,
        host=schedule.host,
    )
    set_committed_value(booking, "attendees", _people(booker))
    return booking


def _people(booker: Booker) -> list[Attendee]:
    return [_attendee(booker), *(guest_row(one, booker) for one in booker.guests)]


def insert(
    booking: Booking,
    event: dict[str, Any] | None,
    kind: MessageKind,
    *,
    calendars: str | None,
    now: datetime,
) -> None:
    """Write a new booking, a statement for each table: its people, its hold, for a video provider
    its meeting, the entry in the host's calendar, the first line of its history, and the messages
    that it owes.

    :param event: that line; none for what is held for an e-mail address.
    :param calendars: whose calendars the host has bookings added to; None: nobody's.
    """
    inserting.keyed([booking])
    for person in booking.attendees:
        person.booking_id = booking.id
    inserting.keyed(booking.attendees)
    for model, values in _rows(booking, event, calendars):
        inserting.write(model, {"booking_id": booking.id, **values})
    owe_new(booking, kind, now=now)


def know(booking: Booking) -> None:
    """Let the session have a new booking and its people as if they had been loaded. Schedule and
    host it loads for itself when it is asked: those at hand may be none of its own.
    """
    for name in ("schedule", "host"):
        del vars(booking)[name]
    inserting.know(booking, *booking.attendees)


def forget(booking: Booking) -> None:
    """Before a new booking is rolled back: the session takes it for one that had been there."""
    db.session.expunge(booking)


def _rows(
    booking: Booking, event: dict[str, Any] | None, calendars: str | None
) -> Iterator[tuple[type[Model], dict[str, Any]]]:
    """Of each kind that names the booking, what else is in its row."""
    begin, end = hold_times(booking.schedule, booking.starts_at, booking.ends_at)
    yield Hold, {"host_id": booking.host_id, "starts_at": begin, "ends_at": end}
    if booking.video_provider is not None:
        yield Meeting, {"provider": booking.video_provider}
    if provider := provider_of(booking.video_provider, calendars):
        yield CalendarEntry, {"provider": provider}
    if event is not None:
        yield BookingEvent, event


def take_time(booking: Booking) -> None:
    """Hold the time of the booking as it is now; a hold that is there moves with it."""
    begin, end = hold_times(booking.schedule, booking.starts_at, booking.ends_at)
    if booking.hold is None:
        booking.hold = Hold(host=booking.host)
    booking.hold.starts_at, booking.hold.ends_at = begin, end


def _attendee(booker: Booker) -> Attendee:
    return inserting.made(
        Attendee,
        role=Role.BOOKER,
        name=booker.name,
        email=booker.email.lower(),
        zone=booker.zone,
        locale=booker.locale,
        clock_hours=booker.clock_hours,
        phone=booker.phone,
        notes=booker.notes,
        answers=[asdict(one) for one in booker.answers],
        source=dict(booker.source),
    )


def guest_row(guest: Guest, booker: Booker | Attendee) -> Attendee:
    """A guest, of whom nothing else is known: they read times as who brings them."""
    return inserting.made(
        Attendee,
        role=Role.GUEST,
        name=guest.name,
        email=guest.email.lower(),
        zone=booker.zone,
        locale=booker.locale,
        clock_hours=booker.clock_hours,
        phone="",
        notes="",
        answers=[],
        source={},
    )
