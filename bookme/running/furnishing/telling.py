"""Playing one visit: each verb at its own time, with the messages that it owed."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from bookme.bookings import links as booking_links
from bookme.bookings import people, service
from bookme.models import Actor, Booking, BookingLink, BookingStatus, Schedule, Visibility
from bookme.running.furnishing import delivered
from bookme.running.furnishing.days import Days
from bookme.running.furnishing.visits import Visit, free_time
from bookme.schedules.links import service as links

_LINK_DAYS = 60
#: What is told as over has ended before so long.
_MARGIN = timedelta(hours=3)
#: When, on the way from the booking to the appointment, what happens.
_CONFIRMED, _ANSWERED, _MOVED, _ENDED = 0.001, 0.1, 0.4, 0.7


def earlier(visit: Visit, schedule: Schedule, days: Days, *, links_to: str = "") -> Booking | None:
    """Book as somebody did some days ago, and let happen what has happened since; None where there
    was no free time.

    What would have been sent counts as sent.

    :param links_to: where the links of meetings lead that are over, without the meeting's number.
    """
    wanted = days.at(days.workday(visit.day), visit.clock)
    length = timedelta(days=visit.ahead)
    at = min(wanted, days.now) - length
    start = free_time(schedule, visit.day, visit.clock, now=at, days=days, minutes=visit.minutes)
    if start is None or (visit.day < 0 and start > days.now - _MARGIN):
        return None
    booking = _book(visit, schedule, start, now=at)
    _sent(booking, at, links_to)
    for share, act in _turns(visit, booking, days):
        act(at + length * share)
        _sent(booking, at + length * share, links_to)
    delivered.timed(booking, until=days.now)
    booking.due_at = None
    if visit.asked:
        service.ask_to_move(booking, visit.asked, now=days.now)
    _note(visit, booking)
    return booking


def today(visit: Visit, schedule: Schedule, days: Days) -> Booking | None:
    """Book as somebody does right now, and leave all that follows to BookMe; None where there is no
    free time.
    """
    now = days.now
    start = free_time(schedule, visit.day, visit.clock, now=now, days=days, minutes=visit.minutes)
    if start is None:
        return None
    booking = _book(visit, schedule, start, now=now)
    if not visit.is_open:
        for _share, act in _answers(booking):
            act(now)
    return booking


#: What happens at a moment.
_Act = Callable[[datetime], object]


def _book(visit: Visit, schedule: Schedule, start: datetime, *, now: datetime) -> Booking:
    link, said, key = _link(schedule, now), visit.booker(schedule), visit.form_key
    length = visit.minutes
    return service.book(schedule, start, said, form_key=key, minutes=length, link=link, now=now)


def _link(schedule: Schedule, now: datetime) -> BookingLink | None:
    if schedule.visibility is not Visibility.BY_LINK:
        return None
    return booking_links.find(schedule, links.create(schedule, days=_LINK_DAYS, now=now))


def _sent(booking: Booking, at: datetime, links_to: str) -> None:
    delivered.meeting(booking, at=at, links_to=links_to)
    delivered.news(booking, at=at)


def _turns(visit: Visit, booking: Booking, days: Days) -> Iterator[tuple[float, _Act]]:
    """What happens to a booking after it was made, each at its share of the way to its time."""
    if visit.declined:
        yield _ANSWERED, lambda at: service.decline(booking, reason=visit.declined, now=at)
    else:
        yield from _answers(booking)
    if visit.moved_to:
        yield _MOVED, lambda at: _move(visit, booking, days, at)
    if visit.cancelled:
        reason, by = visit.cancelled, Actor.BOOKER
        yield _ENDED, lambda at: service.cancel(booking, by=by, reason=reason, now=at)


def _answers(booking: Booking) -> Iterator[tuple[float, _Act]]:
    if booking.status is BookingStatus.HELD:
        yield _CONFIRMED, lambda at: service.confirm_email(booking, now=at)
    if booking.status is BookingStatus.PENDING:
        yield _ANSWERED, lambda at: service.accept(booking, now=at)


def _move(visit: Visit, booking: Booking, days: Days, at: datetime) -> None:
    day, clock = visit.moved_to or (visit.day, visit.clock)
    to = free_time(booking.schedule, day, clock, now=at, days=days, moving=booking)
    if to is not None:
        service.reschedule(booking, to, by=Actor.BOOKER, now=at)


def _note(visit: Visit, booking: Booking) -> None:
    booker = booking.booker
    if booker is None:
        return
    if visit.notes:
        people.note(booker, visit.notes)
    if visit.is_no_show:
        people.note_no_show(booker, came=False, now=booking.starts_at + timedelta(minutes=15))
