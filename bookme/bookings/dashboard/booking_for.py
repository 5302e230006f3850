"""A host books for somebody: chooses a schedule, then a time, then says for whom."""

from datetime import datetime

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from bookme.bookings import service
from bookme.bookings.asking import questions
from bookme.bookings.dashboard import forms, picker
from bookme.bookings.dashboard.acts import done, enough
from bookme.bookings.dashboard.book_for_form import BookForForm
from bookme.bookings.dashboard.routes import bp
from bookme.clock import utcnow
from bookme.errors import SlotTaken, TooMuchMail
from bookme.extensions import db
from bookme.guard import mailing
from bookme.guard.mailing import Cause
from bookme.models import Actor, Schedule
from bookme.schedules import listing as schedules
from bookme.schedules import service as all_schedules
from bookme.web import bounds, htmx, limits
from bookme.web.fields import instant_in


@bp.get("/book")
def choose_schedule() -> ResponseReturnValue:
    """What to book for somebody."""
    after = request.args.get("after", type=bounds.row_id)
    found = schedules.page(current_user, after=after)
    return render_template("bookings/book_what.html", found=found, after=after)


@bp.get("/book/<int:schedule_id>")
def choose_time(schedule_id: int) -> ResponseReturnValue:
    """When: one of the schedule's free times, or another one that nothing else takes."""
    schedule, form = _schedule(schedule_id), forms.AnyTimeForm(request.args, meta={"csrf": False})
    if "on" in request.args and form.validate():
        at = form.instant(current_user.zone)
        if at is not None:
            return htmx.redirect(_details(schedule, at))
    here = url_for("bookings.choose_time", schedule_id=schedule.id)
    there = url_for("bookings.choose_person", schedule_id=schedule.id)
    return htmx.render(
        "bookings/book_when.html",
        "bookings/_picker.html",
        form=form,
        **picker.context(schedule, here, there, now=utcnow()),
    )


@bp.get("/book/<int:schedule_id>/for")
def choose_person(schedule_id: int) -> ResponseReturnValue:
    """For whom."""
    schedule = _schedule(schedule_id)
    try:
        starts_at = instant_in(request.args.get("at", "").replace(" ", "+"))
    except ValueError:
        return htmx.redirect(url_for("bookings.choose_time", schedule_id=schedule_id))
    form = BookForForm.of(
        schedule, starts_at, minutes=_minutes(schedule), anywhere="anywhere" in request.args
    )
    return _page(schedule, form)


@bp.post("/book/<int:schedule_id>/for")
@limits.per_address("60/minute", "300/hour")
def book_for(schedule_id: int) -> ResponseReturnValue:
    """Book, or show the form again with what is wrong and what was typed."""
    schedule = _schedule(schedule_id)
    form = BookForForm.of(schedule)
    if not form.validate_on_submit() or form.starts_at.data is None:
        return _page(schedule, form, status=422)
    try:
        booking = service.book(
            schedule,
            form.starts_at.data,
            form.booker(current_user),
            form_key=form.form_key.data,
            minutes=form.minutes.data,
            by=Actor.HOST,
            anywhere=form.anywhere.data == "yes",
            now=utcnow(),
        )
        if booking.revision == 1:  # not the same form again
            people = [person.email for person in booking.attendees]
            mailing.take(people, Cause.HOST, network=f"host {booking.host_id}", now=utcnow())
    except TooMuchMail as error:
        service.forget(booking)
        db.session.rollback()
        form.email.errors = [enough(error)]
        return _page(_schedule(schedule_id), form, status=429)
    except SlotTaken as error:
        db.session.rollback()
        form.starts_at.errors = [picker.reason(error.reason)]
        return _page(_schedule(schedule_id), form, status=422)
    return done(booking, _("Booked. We'll send both of you a confirmation."))


def _schedule(schedule_id: int) -> Schedule:
    return all_schedules.find(current_user, schedule_id) or abort(404)


def _minutes(schedule: Schedule) -> int:
    """The length that the address names, else the one chosen at first."""
    minutes = request.args.get("minutes", type=int)
    return minutes if minutes in schedule.durations else schedule.duration_minutes


def _details(schedule: Schedule, at: datetime) -> str:
    """Where a time leads that the schedule need not offer."""
    return url_for(
        "bookings.choose_person",
        schedule_id=schedule.id,
        at=f"{at:%Y-%m-%dT%H:%M:%SZ}",
        minutes=_minutes(schedule),
        anywhere="yes",
    )


def _page(schedule: Schedule, form: BookForForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "bookings/book_whom.html",
        schedule=schedule,
        form=form,
        prefix=questions.PREFIX,
        by_host=True,
    )
    return page, status
