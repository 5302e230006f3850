"""What two people do at the same moment: nothing is lost, said twice or broken."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from bookme.accounts import closing as accounts
from bookme.bookings import guests, links, own
from bookme.bookings import service as bookings
from bookme.bookings.messages import reminders
from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.bookings.new import Guest
from bookme.bookings.own import Correction
from bookme.bookings.service import Booker
from bookme.extensions import db
from bookme.jobs import closing
from bookme.jobs.sync import sync_booking
from bookme.models import (
    Attendee,
    Booking,
    BookingStatus,
    Email,
    EventKind,
    ReminderState,
    Role,
    Schedule,
    User,
)
from bookme.schedules import messages
from bookme.schedules import service as schedules
from bookme.schedules.links import service as made_links
from tests import factories, mails
from tests.at_once import Act, at_once
from tests.bookings.test_answer_race import asked

NOW = factories.NOW
SECOND = timedelta(seconds=1)
BO = Booker(name="Bo", email="bo@example.com", zone="UTC")


@pytest.fixture
def booking(app: Flask) -> Booking:
    """Ana's, who brings Bo and Ida."""
    made: Booking = factories.booking()
    for name in ("Bo", "Ida"):
        one = Attendee(role=Role.GUEST, name=name, email=f"{name.lower()}@example.com", zone="UTC")
        made.attendees.append(one)
    db.session.commit()
    return made


def history(booking: Booking) -> Counter[EventKind]:
    db.session.expire_all()
    return Counter(one.kind for one in booking.events)


def seen(booking_id: int) -> Booking:
    """A booking as a route finds it, with its people."""
    found = db.session.get_one(Booking, booking_id)
    assert found.booker is not None
    assert found.host is not None
    return found


# Guests


def leaves(guest: Attendee) -> Act:
    token = guests.link(guest).rpartition("/")[2]

    def look() -> Callable[[], object]:
        found = guests.booking_and_guest(token)
        if found is None:
            return lambda: None  # all of it is gone: the page says so
        booking, here = found

        def do() -> None:
            if here is not None:
                bookings.leave(here, now=NOW)
                assert booking.reference  # kept until then, as the route does

        return do

    return look


def test_a_guest_who_leaves_twice_at_once_has_left_once(app: Flask, booking: Booking) -> None:
    act, revision = leaves(booking.guests[0]), booking.revision
    assert at_once(app, [act, act]) == ["", ""]
    assert history(booking)[EventKind.GUEST_LEFT] == 1
    assert [one.name for one in booking.guests] == ["Ida"]
    assert booking.revision == revision + 1


def test_two_guests_who_leave_at_once_are_two_changes(app: Flask, booking: Booking) -> None:
    revision = booking.revision
    assert at_once(app, [leaves(one) for one in booking.guests]) == ["", ""]
    assert history(booking)[EventKind.GUEST_LEFT] == 2
    assert booking.guests == []
    assert booking.revision == revision + 2


# Reminders


def reminds(booking_id: int, now: datetime) -> Act:
    def look() -> Callable[[], object]:
        booking = seen(booking_id)
        return lambda: reminders.send_now(booking, now=now)

    return look


def test_a_reminder_that_is_sent_twice_at_once_is_one(app: Flask, booking: Booking) -> None:
    acts = [reminds(booking.id, NOW), reminds(booking.id, NOW + SECOND)]
    assert at_once(app, acts) == ["", ""]
    owed = Counter(one.attendee_id for one in db.session.query(Email))
    assert owed == {one.id: 1 for one in booking.attendees}


def test_a_guest_who_leaves_while_a_reminder_is_sent(app: Flask, booking: Booking) -> None:
    acts = [reminds(booking.id, NOW), leaves(booking.guests[0])]
    assert at_once(app, acts) == ["", ""]
    db.session.expire_all()
    owed = {one.attendee_id for one in db.session.query(Email)}
    assert owed == {one.id for one in booking.attendees}, "nothing for who has left"


def saves(schedule_id: int, minutes: list[int]) -> Act:
    def look() -> Callable[[], object]:
        schedule = db.session.get_one(Schedule, schedule_id)
        rules = [messages.usual_values()[0] | {"minutes": one} for one in minutes]
        assert schedule.message_rules
        return lambda: schedules.update(schedule, {"message_rules": rules}, now=NOW)

    return look


def syncs(booking_id: int) -> Act:
    return lambda: lambda: sync_booking(booking_id)


def test_rules_that_are_saved_while_syncs_plan_are_those_that_count(
    app: Flask, booking: Booking
) -> None:
    schedule = booking.schedule
    schedule.message_rules = messages.usual()
    made = [booking]
    for nth in (1, 2):
        at = booking.starts_at + timedelta(hours=nth)
        made.append(factories.booking(schedule=schedule, starts_at=at))
    for one in made:
        one.due_at = NOW
    db.session.commit()
    ids = [one.id for one in made]
    acts = [syncs(one) for one in ids] + [
        saves(schedule.id, minutes) for minutes in ([120], [60, 30])
    ]
    assert at_once(app, acts) == [""] * 5
    for one in ids:
        sync_booking(one)
    db.session.expire_all()
    lengths = [rule.minutes for rule in schedule.message_rules]
    assert lengths in ([120], [60, 30])
    for one in made:
        planned = Counter(
            (row.attendee_id, row.starts_at - row.send_at)
            for row in one.reminders
            if row.state is ReminderState.WAITING
        )
        wanted = [timedelta(minutes=length) for length in lengths]
        assert planned == Counter((who.id, length) for who in one.attendees for length in wanted)


# Links


def books(schedule_id: int, secret: str) -> Act:
    def look() -> Callable[[], object]:
        schedule = db.session.get_one(Schedule, schedule_id)
        link, at = links.find(schedule, secret), NOW + timedelta(days=1, hours=2)
        assert schedule.host.is_confirmed
        return lambda: bookings.book(schedule, at, BO, form_key="k", link=link, now=NOW)

    return look


def revokes(schedule_id: int, secret: str) -> Act:
    def look() -> Callable[[], object]:
        link = links.find(db.session.get_one(Schedule, schedule_id), secret)
        assert link is not None
        return lambda: made_links.revoke(link, now=NOW)

    return look


def test_a_link_that_is_revoked_while_it_is_booked_with_is_one_or_the_other(app: Flask) -> None:
    schedule = factories.schedule()
    secret = made_links.create(schedule, days=None, now=NOW)
    db.session.commit()
    raised = at_once(app, [books(schedule.id, secret), revokes(schedule.id, secret)])
    link = links.find(schedule, secret)
    assert link is not None
    db.session.refresh(link)
    if raised == ["", "LinkSpent"]:
        assert (link.uses_left, link.revoked_at, db.session.query(Booking).count()) == (0, None, 1)
    else:
        assert raised == ["LinkSpent", ""]
        assert (link.uses_left, link.revoked_at, db.session.query(Booking).count()) == (1, NOW, 0)


# The end of an account


def closes(host_id: int) -> Act:
    def look() -> Callable[[], object]:
        host = db.session.get_one(User, host_id)

        def do() -> None:
            accounts.begin(host, now=NOW)
            db.session.commit()
            closing.close_account(host_id)

        return do

    return look


def accepts(booking_id: int) -> Act:
    def look() -> Callable[[], object]:
        booking = seen(booking_id)
        return lambda: bookings.accept(booking, now=NOW)

    return look


def test_a_request_that_is_accepted_while_its_host_leaves_is_cancelled(app: Flask) -> None:
    booking = asked(needs_approval=True)
    host_id, booking_id = booking.host_id, booking.id
    raised = at_once(app, [accepts(booking_id), closes(host_id)])
    assert raised in (["", ""], ["BookingClosed", ""])
    sync_booking(booking_id)
    closing.close_account(host_id)
    sync_booking(booking_id)
    db.session.expire_all()
    assert booking.status is BookingStatus.CANCELLED
    assert booking.hold is None
    told = [one.subject for one in mails.sent(app) if one.to == ["ana@example.com"]]
    assert told[-1].startswith("Cancelled")
    assert Counter(one.partition(":")[0] for one in told)["Cancelled"] == 1


def test_a_guest_who_leaves_while_the_account_goes_stops_nothing(
    app: Flask, booking: Booking
) -> None:
    host_id, act = booking.host_id, leaves(booking.guests[0])
    accounts.begin(booking.host, now=NOW)
    booking.status, booking.hold = BookingStatus.CANCELLED, None
    db.session.commit()
    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        raised = at_once(app, [act, lambda: lambda: closing.close_account(host_id)])
        closing.close_account(host_id)
    assert raised in (["", ""], ["BookingClosed", ""])
    db.session.expire_all()
    assert db.session.query(User).count() == 0


# What bookers have entered


def corrects(booking_id: int, to: Correction) -> Act:
    def look() -> Callable[[], object]:
        booking = seen(booking_id)
        booker = booking.booker
        return lambda: (own.correct(booking, to, now=NOW), booker)

    return look


def test_of_two_corrections_at_once_the_later_one_counts_whole(
    app: Flask, booking: Booking
) -> None:
    revision = booking.revision
    guests = tuple(Guest(one.name, one.email) for one in booking.guests)
    name = Correction(name="Ana Lima", phone="", notes="", answers=(), guests=guests)
    notes = replace(name, name="Ana Costa", notes="My knee hurts.")
    assert at_once(app, [corrects(booking.id, one) for one in (name, notes)]) == ["", ""]
    assert history(booking)[EventKind.CORRECTED] == 2
    assert booking.booker is not None
    assert (booking.booker.name, booking.booker.notes) in (
        (name.name, name.notes),
        (notes.name, notes.notes),
    )
    assert booking.revision == revision + 2


def test_an_address_that_is_confirmed_while_another_is_asked_for(
    app: Flask, booking: Booking
) -> None:
    owe(booking, MessageKind.BOOKED, now=NOW)
    own.ask_for_email(booking, "new@example.com")
    db.session.commit()
    booking_id = booking.id

    def confirms() -> Callable[[], object]:
        found = seen(booking_id)
        booker = found.booker
        return lambda: (own.confirm_email(found, "new@example.com", now=NOW), booker)

    def asks() -> Callable[[], object]:
        found = seen(booking_id)
        return lambda: own.ask_for_email(found, "other@example.com")

    raised = at_once(app, [confirms, asks])
    db.session.expire_all()
    booker = booking.booker
    assert booker is not None
    assert booker.new_email == "other@example.com", "the last that was asked for"
    if raised == ["", ""]:
        assert booker.email == "new@example.com"
    else:
        assert raised == ["BookingClosed", ""]
        assert booker.email == "ana@example.com"
