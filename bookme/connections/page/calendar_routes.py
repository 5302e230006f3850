"""Which calendars are looked into, and where bookings are added."""

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme import queue
from bookme.accounts import access
from bookme.accounts.access import login_required
from bookme.clock import utcnow
from bookme.connections import providers, service
from bookme.connections.calendars import rows as calendar_rows
from bookme.connections.page import calendar_notes, calendar_words, cards, finding_words, pages
from bookme.connections.page.cards import View
from bookme.connections.page.forms import BookingCalendarForm
from bookme.connections.page.routes import bp
from bookme.extensions import db
from bookme.web import htmx


@bp.post("/<provider>/calendars")
@login_required
def choose(provider: str) -> ResponseReturnValue:
    """Check these calendars of one provider for conflicts, and no others."""
    connection = pages.connection(provider)
    form = pages.checked_form(calendar_rows.of_connection(connection.id))
    if not form.validate_on_submit():
        gone = _("One of these calendars no longer exists. Nothing was saved. Check your choice.")
        return pages.page(provider, View.OPEN, told=("bad", gone), checked=form, status=422)
    to_read = service.choose_calendars(connection, form.checked.data or [], now=utcnow())
    db.session.commit()
    pages.read_soon(to_read)
    said = calendar_words.chosen(len(form.checked.data or []), provider)
    return pages.said(provider, "good", said, View.OPEN)


@bp.post("/<provider>/calendars/list")
@login_required
def list_again(provider: str) -> ResponseReturnValue:
    """Ask the provider which calendars there are now, and have those read that are checked."""
    connection = pages.connection(provider)
    finding, to_read = service.look_again(connection, now=utcnow())
    pages.read_soon(to_read)
    return pages.said(provider, *finding_words.list_refreshed(finding, provider), View.OPEN)


@bp.get("/<provider>/reading")
@login_required
def reading(provider: str) -> ResponseReturnValue:
    """Whether a provider's calendars have been read by now; without htmx, the whole page."""
    asked = min(request.args.get("asked", 0, int), cards.MOST_ASKED)
    if not (htmx.wants_fragment() and providers.exists(provider)):
        return htmx.redirect(url_for("connections.index"))
    row = cards.row(access.host(), provider)
    notes = calendar_notes.notes(row, access.host().locale) if "open" in request.args else {}
    return htmx.render("", "connections/_reading.html", row=row, asked=asked, notes=notes)


@bp.post("/bookings")
@login_required
def take_bookings() -> ResponseReturnValue:
    """Add bookings to this calendar from now on, or to none."""
    form = pages.taking_form()
    if form is None:
        flash(_("There's no calendar to add bookings to. Connect one first."), "warn")
        return htmx.redirect(url_for("connections.index"))
    if not form.validate_on_submit():
        return _taking_refused()
    try:
        due = service.take_bookings(access.host(), form.calendar.data or None, now=utcnow())
    except service.NoSuchCalendar:  # it went between the form and the host's lock
        db.session.rollback()
        return _taking_refused()
    db.session.commit()
    for booking_id in due:
        queue.hurry(booking_id)
    if htmx.wants_fragment():
        return _taking(form, saved=True)
    flash(_("Saved."), "good")
    return htmx.redirect(url_for("connections.index"))


def _taking_refused() -> Response:
    form = pages.taking_form()
    if form is None:
        return htmx.redirect(url_for("connections.index"))
    form.calendar.errors = [_("Choose one of these. The list has changed.")]
    return _taking(form, 422)


def _taking(form: BookingCalendarForm, status: int = 200, *, saved: bool = False) -> Response:
    if htmx.wants_fragment():
        return htmx.render("", "connections/_taking.html", status, taking=form, saved=saved)
    return pages.page(providers.WITH_CALENDARS[0], taking=form, status=status)
