"""The pages of a booker's own booking, which several addresses end in."""

from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from bookme.bookings import months
from bookme.bookings.calendar_links import calendar_links
from bookme.bookings.slots import takes_bookings
from bookme.models import Booking
from bookme.public import change_words, embedded, times, words
from bookme.public.browser import Custom
from bookme.public.forms import CancelForm, MoveForm
from bookme.public.links import Links
from bookme.public.looks import next_look
from bookme.public.notices import news
from bookme.public.offers import fresh_times
from bookme.public.onward import onward
from bookme.public.picker import picker
from bookme.public.reader import Reader, reader_of, visitor
from bookme.public.zone_list import zone_list
from bookme.web import htmx


def is_closed(booking: Booking, now: datetime) -> bool:
    """Whether nothing can be done to it any more."""
    return not booking.is_open or booking.is_over(now)


def booking_page(booking: Booking, now: datetime, status: int = 200) -> ResponseReturnValue:
    """When, where, and what can be done; htmx gets the video link or word of it, or is led here if
    what it has sent can't be done any more.
    """
    if status >= 400 and htmx.wants_fragment():
        return htmx.redirect(url_for("public.booked", token=booking.token))
    reader = reader_of_booking(booking)
    return htmx.render(
        "public/booked.html",
        "public/_meeting.html",
        status,
        booking=booking,
        reader=reader,
        news=news(booking, request.args.get("done"), reader, now),
        look=next_look(request.args),
        calendars=(calendar_links(booking, reader=booking.booker) if booking.is_confirmed else []),
        times=times,
        closed=is_closed(booking, now),
        onward=onward(booking),
        movable=takes_bookings(booking.schedule),
        now=now,
        words=words,
        changes=change_words,
    )


def move_picker(booking: Booking, now: datetime) -> ResponseReturnValue:
    """The schedule's picker, for a booking that looks for another time."""
    schedule, reader = booking.schedule, reader_of_booking(booking)
    if not takes_bookings(schedule):
        return htmx.render(
            "public/unmovable.html", "public/_unmovable.html", booking=booking, reader=reader
        )
    found = picker(schedule, reader, request.args, now=now, moving=booking)
    here = url_for("public.reschedule", token=booking.token)
    return htmx.render(
        "public/reschedule.html",
        "public/_picker.html",
        schedule=schedule,
        moving=booking,
        reader=reader,
        picker=found,
        links=Links(here, here, reader, found, embedded.kept()),
        zones=zone_list(reader, now) if request.args.get("choose") == "zone" else None,
        now=now,
        words=words,
    )


def move_page(
    booking: Booking, form: MoveForm, refused: str | None, *, now: datetime, status: int = 200
) -> ResponseReturnValue:
    """From when to when; where the new time cannot be had, others instead."""
    reader = reader_of_booking(booking)
    starts_at = form.starts_at.data if not form.starts_at.errors else None
    fresh = []
    if refused or starts_at is None:
        fresh = fresh_times(booking.schedule, starts_at, reader.zone, now=now, moving=booking)
    return htmx.render(
        "public/move.html",
        "public/_move.html",
        status,
        booking=booking,
        form=form,
        reader=reader,
        starts_at=starts_at,
        refused=words.reason(refused, booking.host.name) if refused else None,
        fresh=months.by_day(fresh, reader.zone),
        times=times,
        words=words,
    )


def cancel_page(booking: Booking, form: CancelForm, status: int = 200) -> ResponseReturnValue:
    """Asks before a booking is cancelled."""
    page = render_template(
        "public/cancel.html",
        booking=booking,
        form=form,
        reader=reader_of_booking(booking),
        times=times,
        words=words,
    )
    return page, status


def reader_of_booking(booking: Booking) -> Reader:
    """The booker's own way of reading times, unless the address asks for another."""
    booker = booking.booker
    if booker is None:
        return visitor(request.args, request.headers.get("Accept-Language"), booking.schedule)
    custom = Custom(booker.locale, booker.clock_hours)
    return reader_of(request.args, zone=booker.zone, custom=custom)
