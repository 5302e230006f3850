"""What a booking waits for before it counts, and what becomes of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from bookme.accounts import closing
from bookme.bookings import answering, links
from bookme.bookings import service as bookings
from bookme.bookings.messages.outbox import MessageKind
from bookme.bookings.service import Booker
from bookme.crypto import fingerprint
from bookme.errors import BookingClosed, LinkSpent, SlotTaken, TooLate
from bookme.export import service as export
from bookme.extensions import db
from bookme.models import (
    Actor,
    Attendee,
    Booking,
    BookingLink,
    BookingStatus,
    Email,
    EventKind,
    Hold,
    Schedule,
    Visibility,
)
from tests import factories

NOW = factories.NOW
NINE = NOW + timedelta(days=1, hours=1)  # Tuesday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANA = Booker(name="Ana", email="ana@example.com", zone="UTC")
PENDING, CONFIRMED = BookingStatus.PENDING, BookingStatus.CONFIRMED


def book(schedule: Schedule, at: datetime = NINE, key: str = "k", **given: Any) -> Booking:
    made = bookings.book(schedule, at, ANA, form_key=key, **{"now": NOW} | given)
    db.session.commit()
    return made


def asked(**columns: Any) -> Booking:
    """A request that waits for its host's answer."""
    return book(factories.schedule(needs_approval=True, **columns))


def held(**columns: Any) -> Booking:
    """A booking that waits for its booker's address to be confirmed."""
    return book(factories.schedule(confirms_email=True, **columns))


def owed(booking: Booking) -> list[tuple[str, str]]:
    """Kind and reader of the messages of the booking's present revision."""
    rows = [one for one in booking.emails if one.revision == booking.revision]
    return [(one.kind, "booker" if one.attendee_id else "host") for one in rows]


def count(model: type[Any]) -> int:
    return int(db.session.scalar(db.select(db.func.count(model.id))) or 0)


def link_to(schedule: Schedule, **columns: Any) -> BookingLink:
    made = BookingLink(
        schedule=schedule, token_hash=fingerprint("s"), hint="s", created_at=NOW, **columns
    )
    db.session.add(made)
    db.session.commit()
    return made


def test_a_request_holds_its_time_and_both_are_told(app: Flask) -> None:
    request = asked()
    assert (request.status, request.hold is not None, request.due_at) == (PENDING, True, NOW)
    assert owed(request) == [("requested", "booker"), ("requested", "host")]
    assert [event.kind for event in request.events] == [EventKind.REQUESTED]
    with pytest.raises(SlotTaken):
        book(request.schedule, key="another")


@pytest.mark.parametrize(
    ("columns", "lapses_at"),
    [
        ({"answer_minutes": 60}, NOW + HOUR),
        ({"answer_minutes": 2880}, NINE),
        ({"answer_minutes": 2880, "notice_minutes": 240}, NINE - 4 * HOUR),
        ({"answer_minutes": 2880, "notice_minutes": 24 * 60 + 45}, NINE - 24.75 * HOUR),
    ],
    ids=["time to answer", "start", "notice", "shortly before the notice"],
)
def test_a_request_waits_as_long_as_the_host_has_but_never_into_the_notice(
    app: Flask, columns: dict[str, int], lapses_at: datetime
) -> None:
    assert asked(**columns).lapses_at == lapses_at


@pytest.mark.parametrize(
    ("columns", "minutes"),
    [
        ({}, 0),
        ({"needs_approval": True}, 15),
        ({"confirms_email": True}, 15),
        ({"needs_approval": True, "confirms_email": True}, 30),
    ],
)
def test_what_is_on_offer_leaves_time_for_the_answers(
    app: Flask, columns: dict[str, bool], minutes: int
) -> None:
    notice = {"notice_minutes": 60, "step_minutes": 5, "duration_minutes": 5}
    schedule = factories.schedule(week=[[[0, 1440]]] * 7, **notice, **columns)
    first = NOW + HOUR + timedelta(minutes=minutes)
    assert bookings.next_slot(schedule, now=NOW) == first
    made = book(schedule, first)
    made = bookings.confirm_email(made, now=NOW + timedelta(minutes=15 if minutes != 30 else 14))
    if made.lapses_at is not None:
        assert NOW < made.lapses_at <= first - HOUR


def test_what_the_host_books_waits_for_nobody(app: Flask) -> None:
    schedule = factories.schedule(
        needs_approval=True, confirms_email=True, visibility=Visibility.BY_LINK
    )
    assert book(schedule, by=Actor.HOST).is_confirmed


def test_an_accepted_request_is_a_booking(app: Flask) -> None:
    request = bookings.accept(asked(), now=NOW + HOUR)
    assert (request.status, request.lapses_at, request.due_at) == (CONFIRMED, None, NOW + HOUR)
    assert request.hold is not None
    assert owed(request) == [("booked", "booker"), ("booked", "host")]
    assert request.confirmed_at == NOW + HOUR


def test_a_declined_request_frees_its_time_and_keeps_the_hosts_words(app: Flask) -> None:
    request = bookings.decline(asked(), reason="I am away.", now=NOW)
    assert (request.status, request.hold, request.lapses_at) == (BookingStatus.DECLINED, None, None)
    assert (request.cancelled_by, request.cancel_reason) == (Actor.HOST, "I am away.")
    assert owed(request) == [("declined", "booker"), ("declined", "host")]
    assert book(request.schedule, key="another").status is PENDING


def test_a_request_lapses_once_its_time_has_come(app: Flask) -> None:
    request = asked(answer_minutes=60)
    bookings.lapse(request, now=NOW + HOUR - timedelta(seconds=1))
    assert request.status is PENDING
    bookings.lapse(request, now=NOW + HOUR)
    assert (request.status, request.hold, request.lapses_at) == (BookingStatus.LAPSED, None, None)
    assert owed(request) == [("lapsed", "booker"), ("lapsed", "host")]


def accept(request: Booking) -> None:
    bookings.accept(request, now=NOW)


def decline(request: Booking) -> None:
    bookings.decline(request, now=NOW)


def cancel(request: Booking) -> None:
    bookings.cancel(request, by=Actor.BOOKER, now=NOW)


def lapse(request: Booking) -> None:
    bookings.lapse(request, now=NOW + 3 * DAY)


@pytest.mark.parametrize("first", [accept, decline, cancel, lapse])
@pytest.mark.parametrize("second", [accept, decline, cancel])
def test_the_first_answer_counts_and_the_second_finds_out(
    app: Flask, first: Callable[[Booking], None], second: Callable[[Booking], None]
) -> None:
    request = asked()
    first(request)
    status, revision = request.status, request.revision
    if (first, second) == (accept, cancel):
        second(request)  # what was accepted may be cancelled
        return
    if first is second:
        second(request)
    else:
        with pytest.raises(BookingClosed):
            second(request)
    bookings.lapse(request, now=NOW + 3 * DAY)
    assert (request.status, request.revision) == (status, revision)


def test_nothing_is_answered_once_the_time_has_passed(app: Flask) -> None:
    request = asked()
    for verb in (bookings.accept, bookings.decline):
        with pytest.raises(BookingClosed):
            verb(request, now=NINE + DAY)


def test_a_request_that_moves_stays_one_and_its_time_is_counted_anew(app: Flask) -> None:
    request = asked(answer_minutes=60, reschedule_notice_minutes=9000)
    later = NOW + timedelta(minutes=30)
    bookings.reschedule(request, NINE + HOUR, by=Actor.BOOKER, now=later)
    assert (request.status, request.lapses_at) == (PENDING, later + HOUR)
    assert owed(request) == [("moved", "booker"), ("moved", "host")]


def test_a_held_time_is_told_to_its_booker_only(app: Flask) -> None:
    booking = held()
    assert (booking.status, booking.lapses_at) == (BookingStatus.HELD, NOW + HOUR / 4)
    assert owed(booking) == [("confirm", "booker")]
    assert booking.events == []
    with pytest.raises(SlotTaken):
        book(booking.schedule, key="another")
    assert book(booking.schedule) is booking, "the same form again"


@pytest.mark.parametrize(
    ("needs_approval", "status", "kind"),
    [(False, CONFIRMED, MessageKind.BOOKED), (True, PENDING, MessageKind.REQUESTED)],
)
def test_a_confirmed_address_completes_the_booking(
    app: Flask, needs_approval: bool, status: BookingStatus, kind: MessageKind
) -> None:
    booking = held(needs_approval=needs_approval)
    bookings.confirm_email(booking, now=NOW)
    assert booking.status is status
    assert owed(booking) == [(kind, "booker"), (kind, "host")]
    revision = booking.revision
    assert bookings.confirm_email(booking, now=NOW).revision == revision, "once is enough"


def test_a_held_time_that_lapses_leaves_no_trace_and_gives_its_link_back(app: Flask) -> None:
    schedule = factories.schedule(confirms_email=True, visibility=Visibility.BY_LINK)
    link = link_to(schedule)
    booking = book(schedule, link=link)
    assert links.state(link, now=NOW) is links.LinkState.USED
    assert links.shown_state(link, now=NOW) is links.LinkState.OPEN
    bookings.lapse(booking, now=NOW + HOUR / 4)
    db.session.commit()
    assert [count(model) for model in (Booking, Attendee, Hold, Email)] == [0, 0, 0, 0]
    assert links.state(link, now=NOW) is links.LinkState.OPEN
    with pytest.raises(BookingClosed):
        bookings.confirm_email(booking, now=NOW)
    assert book(schedule, link=link).id is not None


def test_nothing_else_can_be_done_to_a_held_time(app: Flask) -> None:
    booking = held()
    for by in (Actor.BOOKER, Actor.HOST):
        with pytest.raises(BookingClosed):
            bookings.cancel(booking, by=by, now=NOW)
        with pytest.raises(BookingClosed):
            bookings.reschedule(booking, NINE + HOUR, by=by, now=NOW)
    with pytest.raises(BookingClosed):
        bookings.accept(booking, now=NOW)


def test_the_host_is_told_nothing_of_held_times(app: Flask) -> None:
    booking = held()
    host = booking.host
    assert export.of_host(host, now=NOW)["bookings"] == []
    assert closing.count_coming(host, now=NOW) == 0
    assert bookings.erase_booker(host, ANA.email, now=NOW) == 0
    db.session.commit()
    assert count(Booking) == 0


def test_a_host_who_leaves_gets_no_more_bookings(app: Flask) -> None:
    booking = held()
    booking.host.closing_at = NOW
    db.session.commit()
    with pytest.raises(BookingClosed):
        bookings.confirm_email(booking, now=NOW)


@pytest.mark.parametrize(
    "columns",
    [{"uses_left": 0}, {"revoked_at": NOW}, {"expires_at": NOW}],
    ids=["used", "revoked", "expired"],
)
def test_a_spent_link_admits_nobody(app: Flask, columns: dict[str, Any]) -> None:
    schedule = factories.schedule(visibility=Visibility.BY_LINK)
    link = link_to(schedule, **columns)
    with pytest.raises(LinkSpent):
        book(schedule, link=link)
    assert (count(Booking), links.find(schedule, "s")) == (0, link)


def test_where_links_are_needed_nobody_books_without_one(app: Flask) -> None:
    with pytest.raises(LinkSpent):
        book(factories.schedule(visibility=Visibility.BY_LINK))


def test_a_link_admits_one_booking_and_its_form_sent_again_is_the_same(app: Flask) -> None:
    schedule = factories.schedule(visibility=Visibility.BY_LINK)
    link = link_to(schedule)
    booking = book(schedule, link=link)
    assert (link.uses_left, link.booking) == (0, booking)
    assert book(schedule, link=link) is booking
    with pytest.raises(LinkSpent):
        book(schedule, NINE + HOUR, key="another", link=link)


def test_a_time_that_was_taken_leaves_the_link_unused(app: Flask) -> None:
    schedule = factories.schedule(visibility=Visibility.BY_LINK)
    link = link_to(schedule)
    book(schedule, by=Actor.HOST)
    with pytest.raises(SlotTaken):
        book(schedule, key="another", link=link)
    assert links.state(link, now=NOW) is links.LinkState.OPEN


def test_a_link_of_another_schedule_is_unknown(app: Flask) -> None:
    schedule = factories.schedule()
    link_to(schedule)
    other = factories.schedule(host=schedule.host, slug="other")
    assert links.find(other, "s") is None


@pytest.mark.parametrize("after", [0, 1], ids=["in time", "late"])
def test_bookers_change_a_booking_until_the_cut_off_and_hosts_after_it(
    app: Flask, after: int
) -> None:
    cut_offs = {"reschedule_notice_minutes": 1440, "cancel_notice_minutes": 120}
    booking = book(factories.schedule(**cut_offs))
    late = timedelta(seconds=after)

    def move(by: Actor) -> None:
        to = NINE + DAY if booking.starts_at == NINE else NINE
        bookings.reschedule(booking, to, by=by, now=booking.starts_at - DAY + late)

    if after:
        with pytest.raises(TooLate):
            move(Actor.BOOKER)
        with pytest.raises(TooLate):
            bookings.cancel(booking, by=Actor.BOOKER, now=NINE - 2 * HOUR + late)
        move(Actor.HOST)
        bookings.cancel(booking, by=Actor.HOST, now=NINE)
    else:
        move(Actor.BOOKER)
        bookings.cancel(booking, by=Actor.BOOKER, now=NINE + DAY - 2 * HOUR)
    assert booking.status is BookingStatus.CANCELLED


def test_the_time_to_answer_is_never_past(app: Flask) -> None:
    schedule = factories.schedule(answer_minutes=60, notice_minutes=6000)
    assert answering.answer_by(schedule, NINE, now=NOW) == NOW + HOUR / 4
    assert answering.answer_by(schedule, NOW + HOUR / 10, now=NOW) == NOW + HOUR / 10
