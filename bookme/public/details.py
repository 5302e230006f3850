"""Booking a time: the details form and its sending."""

from datetime import datetime, timedelta
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from bookme import queue
from bookme.availability import Refusal
from bookme.bookings import email_proof, months
from bookme.bookings import service as bookings
from bookme.bookings.asking.form import new_key
from bookme.bookings.email_proof import Right
from bookme.bookings.slots import takes_bookings
from bookme.clock import utcnow
from bookme.errors import LinkSpent, SlotTaken, TooMuchMail
from bookme.extensions import db
from bookme.guard import coming
from bookme.guard.coming import Blocked, TooManyBookings
from bookme.models import Booking, Schedule
from bookme.public import change_words, fields, held_back, times, versions, visits, words
from bookme.public.carried import Carried, carried
from bookme.public.entrance import Entrance, entrance, shut_page
from bookme.public.forms import BookingForm
from bookme.public.notices import address_after
from bookme.public.offers import fresh_times, length_in, offered
from bookme.public.reader import Reader, visitor
from bookme.public.routes import bp
from bookme.public.sent import Sent, plainly
from bookme.web import htmx, limits, locks, trap

#: A browser may show the form again as it was, with what was typed and with its key: sent once
#: more, that leads to the booking which is there. Nobody else may keep it.
_FOR_THE_WAY_BACK = "private, no-cache"


@bp.get("/<handle>/<slug>/book")
def details(handle: str, slug: str) -> ResponseReturnValue:
    """Ask who books the time that was picked."""
    now = utcnow()
    seen = versions.seen(handle, now=now)
    come = entrance(handle, slug, request.args, asking=True, seen=seen)
    schedule, starts_at = come.schedule, offered(request.args.get("at", ""))
    if starts_at is None:
        where: dict[str, Any] = {"handle": handle, "slug": slug} | come.carried
        return htmx.redirect(url_for("public.show", **where))
    visits.noted(seen)
    reader = visitor(request.args, request.headers.get("Accept-Language"), schedule)
    minutes, source = length_in(request.args.get("minutes")), carried(request, schedule)
    refused = bookings.refusal(schedule, starts_at, now=now, minutes=minutes)
    form = BookingForm.of(schedule, reader, source) if source.typed else None
    page = _page(come, form, reader, refused, starts_at, minutes, now=now)
    if page.status_code == 200 and refused is None:
        page.headers["Cache-Control"] = _FOR_THE_WAY_BACK
    return page


@bp.post("/<handle>/<slug>/book")
@limits.per_address("60/minute", "300/hour", "1000/day")
def book(handle: str, slug: str) -> ResponseReturnValue:
    """Book a time, or show the form again with what is wrong and what was typed."""
    come, now = entrance(handle, slug, request.form, asking=True), utcnow()
    schedule = come.schedule
    reader = visitor(request.form, request.headers.get("Accept-Language"), schedule)
    source = carried(request, schedule)
    sent = None if trap.is_caught() else plainly(request.form, schedule, reader, source)
    if sent is None:
        form, sent = _checked(schedule, reader, source)
        if sent is None:
            return _again(come, form, reader, None, now=now, status=422)
    try:
        booking = bookings.book(
            schedule,
            sent.starts_at,
            sent.booker,
            form_key=sent.form_key,
            now=now,
            minutes=sent.minutes,
            link=come.link,
        )
        warning = coming.booked(booking, network=limits.network(), now=now)
    except SlotTaken as error:
        form = BookingForm.of(schedule, reader)
        if error.reason == Refusal.BOOKER_LIMIT:  # no other time would help
            form.email.errors = [words.reason(error.reason, schedule.host.name)]
            return _again(come, form, reader, None, now=now, status=422)
        return _again(come, form, reader, error.reason, now=now, status=422)
    except LinkSpent:
        locks.let_go()
        return shut_page(come, now, status=409)
    except (Blocked, TooManyBookings, TooMuchMail) as error:
        bookings.forget(booking)
        db.session.rollback()
        form = BookingForm.of(schedule, reader)
        status = held_back.said(form, error, schedule)
        return _again(come, form, reader, None, now=now, status=status)
    made, address = booking.id, _address_after(booking)
    message = warning.id if warning is not None else None
    db.session.commit()  # after it, asking the row for anything would open another transaction
    queue.hurry(made)
    if message:
        queue.hurry_email(message)
    return htmx.redirect(address)


def _checked(
    schedule: Schedule, reader: Reader, source: Carried
) -> tuple[BookingForm, Sent | None]:
    """The form as it was sent, and with what, if nothing is wrong."""
    form = BookingForm.of(schedule, reader)
    sent = form.sent(reader, source)
    if sent is not None and trap.is_caught():
        form.form_errors.append(trap.words())
        sent = None
    return form, sent


def _address_after(booking: Booking) -> str:
    """The booking's page; one that gives no right to it where the booker's address is confirmed
    first, also for a form that is sent again afterwards.
    """
    if email_proof.was_needed(booking):
        return url_for("public.held", token=email_proof.token(booking, Right.LOOK))
    return address_after(booking)


def _again(
    come: Entrance,
    form: BookingForm,
    reader: Reader,
    refused: str | None,
    *,
    now: datetime,
    status: int,
) -> Response:
    """The form as it was sent, with what is wrong."""
    locks.let_go()
    starts_at = form.starts_at.data if not form.starts_at.errors else None
    minutes = length_in(form.minutes.data)
    return _page(come, form, reader, refused, starts_at, minutes, now=now, status=status)


def _page(
    come: Entrance,
    form: BookingForm | None,
    reader: Reader,
    refused: str | None,
    starts_at: datetime | None,
    minutes: int | None,
    *,
    now: datetime,
    status: int = 200,
) -> Response:
    """:param form: None where nothing is filled in."""
    schedule, host = come.schedule, come.schedule.host
    if not takes_bookings(schedule):
        return htmx.render("public/closed.html", "public/_closed.html", status, schedule=schedule)
    if come.is_shut(now):
        return shut_page(come, now)
    if minutes not in schedule.durations:
        minutes = schedule.duration_minutes
    is_offered, fresh = not refused and starts_at is not None, list[datetime]()
    if not is_offered:
        fresh = fresh_times(schedule, starts_at, reader.zone, now=now, minutes=minutes)
    return htmx.render(
        "public/details.html",
        "public/_details.html",
        status,
        schedule=schedule,
        form=form,
        fields=fields.of(schedule, form, reader, begins=is_offered),
        key=form.form_key.data if form is not None else new_key(),
        carried=carried(request, schedule),
        reader=reader,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes) if starts_at is not None else None,
        minutes=minutes,
        may_be_theirs=refused == Refusal.TAKEN,
        refused=words.reason(refused, host.name) if refused else None,
        fresh=months.by_day(fresh, reader.zone),
        words=words,
        times=times,
        kept=come.carried,
        before=change_words.before(schedule),
    )
